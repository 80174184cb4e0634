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
    help_screen,
    plain_screen,
    start_screen,
    topics_screen,
    turn_screen,
)
from bot.fronts.telegram.translate import Command
from bot.fronts.why_text import why_text

_LOG = logging.getLogger(__name__)
_STILL = {"topics": topics_screen, "about": about_screen}
FOR_ADMINS = ("misses", "stats", "tune", "why", "reload", "versions")
"""The commands that only admins have, in the order of their menu."""


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
        """Return what a command shows; one that isn't there for this user says so."""
        knowledge = self._conversation.knowledge
        language = self._conversation.language(command.utterance.language)
        words = knowledge.wordings_in(language)
        is_admin = command.utterance.user in self._admins
        if command.name in FOR_ADMINS and not is_admin:
            _LOG.warning("Somebody who isn't an admin sent /%s", command.name)
            return plain_screen(words.unknown_command)
        if still := _STILL.get(command.name):
            return still(knowledge, language)
        match command.name:
            case "start":
                screen = await self._start(command, language, frame)
            case "help":
                shows_all = is_admin and not frame.in_group
                screen = help_screen(knowledge, language, FOR_ADMINS if shows_all else ())
            case "why":
                screen = await self._why(command, language)
            case "privacy" | "mydata" | "forgetme":
                screen = await self._personal.run(command, words, is_admin=is_admin)
            case _:
                screen = plain_screen(words.unknown_command)
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
        knowledge = self._conversation.knowledge
        chat, replied_to = command.utterance.chat, command.replied_to
        if replied_to is None:
            kept = await self._conversation.explain(chat, command.utterance.user)
        else:
            exchange = await self._exchanges.of(chat, replied_to)
            kept = exchange.explanation if exchange else None
        why = why_text(kept or "", knowledge, language)
        return plain_screen(why or knowledge.wordings_in(language).nothing_to_explain)
