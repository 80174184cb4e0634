"""The methods with which a bot describes itself."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from .chat import Json
from .errors import refuse
from .world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
LIMITS = {
    "name": (64, "BOT_TITLE_INVALID"),
    "description": (512, "BOT_DESCRIPTION_TOO_LONG"),
    "short_description": (120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
}
DEFAULT_MENU = {"type": "default"}


def set_commands(world: World, parameters: Json) -> bool:
    """List commands for a scope and a language."""
    commands = parameters["commands"]
    if len(commands) > COMMAND_LIMIT:
        refuse("BOT_COMMANDS_TOO_MUCH")
    if any(not COMMAND.fullmatch(command["command"]) for command in commands):
        refuse("BOT_COMMAND_INVALID")
    if any(not 1 <= len(command["description"]) <= DESCRIPTION_LIMIT for command in commands):
        refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[_key(world, parameters)] = commands
    return True


def get_commands(world: World, parameters: Json) -> list[Json]:
    """Return the commands of a scope and a language."""
    return world.profile.commands.get(_key(world, parameters), [])


def delete_commands(world: World, parameters: Json) -> bool:
    """Forget the commands of a scope and a language."""
    world.profile.commands.pop(_key(world, parameters), None)
    return True


def set_text(field: str, world: World, parameters: Json) -> bool:
    """Set the name or a description for a language."""
    limit, refusal = LIMITS[field]
    text = parameters.get(field, "")
    if len(text) > limit:
        refuse(refusal)
    world.profile.texts[field, _language(parameters)] = text
    return True


def get_text(field: str, world: World, parameters: Json) -> Json:
    """Return the name or a description for a language, else the one for all."""
    default = world.bot.first_name if field == "name" else ""
    texts = world.profile.texts
    text = texts.get((field, _language(parameters))) or texts.get((field, ""))
    return {field: text or default}


def set_menu(world: World, parameters: Json) -> bool:
    """Choose the menu button, for one private chat or for all."""
    chat_id = parameters.get("chat_id")
    if chat_id is not None:
        world.find_chat(chat_id)
    world.profile.menus[chat_id] = parameters.get("menu_button", DEFAULT_MENU)
    return True


def get_menu(world: World, parameters: Json) -> Json:
    """Return the menu button of a private chat."""
    menus = world.profile.menus
    return menus.get(parameters.get("chat_id")) or menus.get(None, DEFAULT_MENU)


def _key(world: World, parameters: Json) -> tuple[str, str]:
    scope = parameters.get("scope", {"type": "default"})
    if "chat_id" in scope:
        world.find_chat(scope["chat_id"])
    return json.dumps(scope, sort_keys=True), _language(parameters)


def _language(parameters: Json) -> str:
    language = str(parameters.get("language_code", ""))
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        refuse("invalid language code specified")
    return language


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": partial(set_text, "name"),
    "getMyName": partial(get_text, "name"),
    "setMyDescription": partial(set_text, "description"),
    "getMyDescription": partial(get_text, "description"),
    "setMyShortDescription": partial(set_text, "short_description"),
    "getMyShortDescription": partial(get_text, "short_description"),
    "setChatMenuButton": set_menu,
    "getChatMenuButton": get_menu,
}
