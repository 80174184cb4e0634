"""The methods that change messages: edits, deletions, pins, reactions."""

from collections.abc import Callable
from typing import Any

from .chat import Chat, Json
from .content import read_caption, read_text
from .errors import refuse
from .markup import read_inline_keyboard
from .schema import load_spec
from .send import photo_of
from .world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
TEXT = ("text", "entities", "link_preview_options")
CAPTION = ("caption", "caption_entities")
MARKUP = ("reply_markup",)
MEDIA = (*TEXT, *CAPTION, "photo", "document")


def edit_message_text(world: World, parameters: Json) -> Json | bool:
    """Give a message another text."""
    content = read_text(parameters).json()
    if "link_preview_options" in parameters:
        content["link_preview_options"] = parameters["link_preview_options"]
    return _edit(world, parameters, content, TEXT)


def edit_message_caption(world: World, parameters: Json) -> Json | bool:
    """Give a photo or a document another caption."""
    caption = read_caption(parameters)
    return _edit(world, parameters, caption.json(*CAPTION) if caption.text else {}, CAPTION)


def edit_message_media(world: World, parameters: Json) -> Json | bool:
    """Give a message another photo with its caption, or a text one; an upload is always new."""
    media = parameters["media"]
    caption = read_caption(media)
    described = caption.json(*CAPTION) if caption.text else {}
    return _edit(world, parameters, photo_of(media["media"]) | described, MEDIA)


def edit_message_reply_markup(world: World, parameters: Json) -> Json | bool:
    """Give a message other buttons."""
    return _edit(world, parameters, {}, ())


def delete_message(world: World, parameters: Json) -> bool:
    """Delete a message that the bot may delete."""
    chat = world.open_chat(parameters["chat_id"])
    message = world.find_message(chat, parameters["message_id"], "to delete")
    if not _may_delete(chat, message):
        refuse("message can't be deleted")
    _remove(world, chat, message["message_id"])
    return True


def delete_messages(world: World, parameters: Json) -> bool:
    """Delete several messages, skipping those that aren't there."""
    chat = world.open_chat(parameters["chat_id"])
    found = [chat.messages[i] for i in parameters["message_ids"] if i in chat.messages]
    for message in found:
        if _may_delete(chat, message):
            _remove(world, chat, message["message_id"])
    return True


def pin_message(world: World, parameters: Json) -> bool:
    """Pin a message."""
    chat = world.open_chat(parameters["chat_id"])
    message = world.find_message(chat, parameters["message_id"], "to pin")
    _check_rights(chat, "manage pinned messages in the chat")
    chat.pinned.append(message["message_id"])
    return True


def unpin_message(world: World, parameters: Json) -> bool:
    """Unpin a message, or the last one pinned."""
    chat = world.open_chat(parameters["chat_id"])
    _check_rights(chat, "manage pinned messages in the chat")
    pinned = parameters.get("message_id", chat.pinned[-1] if chat.pinned else 0)
    if pinned not in chat.pinned:
        refuse("message to unpin not found")
    chat.pinned.remove(pinned)
    return True


def set_reaction(world: World, parameters: Json) -> bool:
    """React to a message with one of the listed emoji, or take the reaction back."""
    chat = world.open_chat(parameters["chat_id"])
    message = world.find_message(chat, parameters["message_id"], "to react")
    reactions = parameters.get("reaction", [])
    if len(reactions) > 1:
        refuse("REACTIONS_TOO_MANY")
    if any(r["type"] != "emoji" or not is_reaction(r["emoji"]) for r in reactions):
        refuse("REACTION_INVALID")
    chat.reactions[message["message_id"]] = reactions
    world.pulse.beat()
    return True


def is_reaction(emoji: str) -> bool:
    """Tell whether Telegram offers this emoji as a reaction."""
    return emoji in load_spec()["reactions"]


def _edit(world: World, parameters: Json, content: Json, replaced: tuple[str, ...]) -> Json | bool:
    """Change a message, which must be the bot's own and become another one."""
    chat, message = _find_edited(world, parameters)
    if message["message_id"] not in chat.own and "via_bot" not in message:
        refuse("message can't be edited")
    if replaced != MEDIA and ("text" in replaced) != ("text" in message) and replaced:
        kind = "text" if "text" in replaced else "caption"
        refuse(f"there is no {kind} in the message to edit")
    new = content | read_inline_keyboard(parameters)
    fields = replaced + MARKUP
    if {name: message[name] for name in fields if name in message} == new:
        refuse(NOT_MODIFIED)
    revised = world.revise(chat, message["message_id"], new, drop=fields)
    return True if "inline_message_id" in parameters else revised


def _find_edited(world: World, parameters: Json) -> tuple[Chat, Json]:
    if "inline_message_id" in parameters:
        place = world.inline_messages.get(parameters["inline_message_id"])
        chat_id, message_id = place or refuse("MESSAGE_ID_INVALID")
        return world.chats[chat_id], world.chats[chat_id].messages[message_id]
    if "chat_id" not in parameters:
        refuse("chat_id is empty")
    if "message_id" not in parameters:
        refuse("message identifier is not specified")
    chat = world.open_chat(parameters["chat_id"])
    return chat, world.find_message(chat, parameters["message_id"], "to edit")


def _may_delete(chat: Chat, message: Json) -> bool:
    is_own = message["message_id"] in chat.own
    return is_own or chat.kind == "private" or chat.bot == "administrator"


def _remove(world: World, chat: Chat, message_id: int) -> None:
    del chat.messages[message_id]
    chat.deleted.add(message_id)
    world.pulse.beat()


def _check_rights(chat: Chat, what: str) -> None:
    if chat.kind != "private" and chat.bot != "administrator":
        refuse(f"not enough rights to {what}")


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_message,
    "unpinChatMessage": unpin_message,
    "setMessageReaction": set_reaction,
}
