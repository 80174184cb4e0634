"""The commands: each turns into a screen; those for admins don't exist for anybody else."""

from __future__ import annotations

import logging

from bot.conversation.messages import Choice
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.personal import Personal
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.screens import (
    Screen,
    about_screen,
    fallback_screen,
    help_screen,
    plain_screen,
    start_screen,
    topics_screen,
    turn_screen,
)
from bot.fronts.telegram.translate import Command

_LOG = logging.getLogger(__name__)
_STILL = {"help": help_screen, "topics": topics_screen, "about": about_screen}
_FOR_ADMINS = frozenset({"why", "reload", "versions"})


class Commands:
    """Run commands; `admins` are the ids of the users who may see reasons."""

    def __init__(
        self,
        conversation: Conversation,
        personal: Personal,
        exchanges: Exchanges,
        admins: frozenset[int],
    ) -> None:
        self._conversation = conversation
        self._exchanges = exchanges
        self._personal = personal
        self._admins = admins

    async def run(self, command: Command, frame: Frame) -> Screen:
        """Return what a command shows; one that isn't there for this user, the fallback."""
        knowledge = self._conversation.knowledge
        language = self._conversation.language(command.utterance.language)
        user = command.utterance.user
        if command.name in _FOR_ADMINS and user not in self._admins:
            _LOG.warning("Somebody who isn't an admin sent /%s", command.name)
            return fallback_screen(knowledge, language)
        if still := _STILL.get(command.name):
            return still(knowledge, language)
        match command.name:
            case "start":
                screen = await self._start(command, language, frame)
            case "why":
                screen = await self._why(command, language)
            case "privacy" | "mydata" | "forgetme":
                screen = await self._personal.run(command, knowledge.wordings_in(language))
            case _:
                screen = fallback_screen(knowledge, language)
        return screen

    async def _start(self, command: Command, language: str, frame: Frame) -> Screen:
        """Return the answer that a link asks for, or the welcome."""
        knowledge = self._conversation.knowledge
        heard = command.utterance
        if not command.argument or knowledge.entry(command.argument, language) is None:
            return start_screen(knowledge, language)
        choice = Choice(heard.chat, heard.user, command.argument, heard.language)
        return turn_screen(await self._conversation.turn(choice), knowledge, frame)

    async def _why(self, command: Command, language: str) -> Screen:
        """Explain the answer that the command replies to, else the last one this admin got."""
        words = self._conversation.knowledge.wordings_in(language)
        chat, replied_to = command.utterance.chat, command.replied_to
        if replied_to is None:
            reason = await self._conversation.explain(chat, command.utterance.user)
        else:
            exchange = await self._exchanges.of(chat, replied_to)
            reason = exchange.explanation if exchange else None
        return plain_screen(reason or words.nothing_to_explain)
