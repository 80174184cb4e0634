"""The room of the versions: /reload and /versions for admins, and the buttons under them."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.conversation.reload import AT_START, FROM_FILES
from bot.fronts.filling import fill
from bot.fronts.reload_text import reload_text, rolled_back_text
from bot.fronts.telegram.ports import Conversation, Reloader, ReloadReport
from bot.fronts.telegram.render import render
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen, plain_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Command, is_in_group, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.markdown import escape, plain
from bot.knowledge.snapshot import files_version
from bot.knowledge.wordings import Wordings
from bot.reporting.labels import date
from bot.storage.authors import Author
from bot.storage.versions import Version

_LOG = logging.getLogger(__name__)
_DONE = Done("reload")
_FORCE = "force"
_LISTED = 10
_IN_A_ROW = 5
_FORMAT = re.compile(r"1R(?P<kind>[pb]):(?P<version>[^:]+)(:(?P<live>[^:]+))?")
_PUBLISH, _BACK = "p", "b"
"""Kinds of buttons: publish the version that was refused, and go back to a version."""


class ReloadingRoom:
    """Let admins reload the knowledge, force what was refused, and go back to a version.

    A button names the version it is for, so that one under an old message does nothing.
    """

    def __init__(
        self,
        reloader: Reloader,
        conversation: Conversation,
        sender: Sender,
        admins: frozenset[int],
    ) -> None:
        self._reloader = reloader
        self._conversation = conversation
        self._sender = sender
        self._admins = admins

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Reply to /reload and /versions of an admin."""
        if not isinstance(said, Command) or said.utterance.user not in self._admins:
            return None
        if said.name not in {"reload", "versions"}:
            return None
        words = self._words(said.utterance.language)
        async with self._sender.typing(place_of(message)):
            if said.name == "versions":
                screen = await self._versions(words)
            else:
                user = message.from_user
                author = Author(user.first_name, user.id) if user else Author("")
                force = said.argument.strip().lower() == _FORCE
                report = await self._reloader.reload(author, force=force)
                screen = await self._reloaded(report, words, quoting=not is_in_group(message))
        await self._sender.send(place_of(message), screen)
        return _DONE

    async def press(self, query: CallbackQuery) -> Done | None:
        """Do what one of this room's buttons says, for an admin."""
        if not query.data or not query.data.startswith("1R"):
            return None
        words, message = self._words(query.from_user.language_code), query.message
        pressed, user = _FORMAT.fullmatch(query.data), query.from_user
        screen = None
        if query.from_user.id not in self._admins:
            _LOG.warning("Somebody who isn't an admin pressed a button for admins")
        elif pressed and message:
            quoting = not is_in_group(message)
            async with self._sender.typing(place_of(message)):
                screen = await self._pressed(
                    pressed, Author(user.first_name, user.id), words, quoting=quoting
                )
        if screen is None or message is None:
            await self._sender.answer(query, plain(words.stale_button))
        else:
            if not await self._sender.edit(message.chat.id, message.message_id, screen):
                await self._sender.send(place_of(message), screen)
            await self._sender.answer(query)
        return _DONE

    async def attend(self) -> None:
        """Have nothing to do by itself."""

    async def _pressed(
        self, pressed: re.Match[str], author: Author, words: Wordings, *, quoting: bool
    ) -> Screen | None:
        """Return what to show then, or None where the button is for another version."""
        version, live = pressed["version"], pressed["live"] or ""
        if pressed["kind"] == _PUBLISH:
            report = await self._reloader.reload(author, force=True, only=version)
            return None if report.stale else await self._reloaded(report, words, quoting=quoting)
        report = await self._reloader.roll_back(version, author, live=live)
        if report.stale:
            return None
        keyboard = self._back(words.versions.button_undo, report.before) if report.before else None
        return Screen(render(rolled_back_text(report, words)), keyboard, kind="reload")

    async def _reloaded(self, report: ReloadReport, words: Wordings, *, quoting: bool) -> Screen:
        """Return what became of a reload, with the button that suits it."""
        keyboard = None
        if report.candidate:
            data = f"1R{_PUBLISH}:{report.candidate}"
            keyboard = _markup([_button(words.versions.button_anyway, data)])
        elif report.before and not report.problems:
            keyboard = self._back(words.versions.button_back, report.before)
        return Screen(render(reload_text(report, words, quoting=quoting)), keyboard, kind="reload")

    def _back(self, label: str, version: str) -> InlineKeyboardMarkup:
        return _markup([_button(label, self._going_to(version))])

    async def _versions(self, words: Wordings) -> Screen:
        """Return the last versions, with a button for each that isn't live."""
        found = await self._reloader.versions(_LISTED)
        if not found:
            return plain_screen(words.versions.nothing_earlier, "reload")
        live = self._live
        lines = [
            _line(number, version, words, live=version.version == live)
            for number, version in enumerate(found, 1)
        ]
        buttons = [
            _button(str(number), self._going_to(version.version))
            for number, version in enumerate(found, 1)
            if version.version != live
        ]
        text = fill(words.versions.listed, versions="\n" + "\n".join(lines))
        return Screen(render(text), _markup(buttons) if buttons else None, kind="reload")

    @property
    def _live(self) -> str:
        return files_version(self._conversation.knowledge.version)

    def _going_to(self, version: str) -> str:
        """Return the data of a button that goes to a version while this one is live."""
        return f"1R{_BACK}:{version}:{self._live}"

    def _words(self, tag: str | None) -> Wordings:
        knowledge = self._conversation.knowledge
        return knowledge.wordings_in(self._conversation.language(tag))


def _line(number: int, version: Version, words: Wordings, *, live: bool) -> str:
    is_from_files = version.author in {FROM_FILES, AT_START}
    author = escape(version.author.name) or words.versions.somebody
    line = fill(
        words.versions.line,
        number=str(number),
        date=f"{date(version.at, words.report.months)}, {version.at:%H:%M}",
        author=words.versions.from_files if is_from_files else author,
        version=escape(version.version),
    )
    return fill(words.versions.live, line=line) if live else line


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(plain(label), callback_data=data)


def _markup(buttons: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    rows = [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]
    return InlineKeyboardMarkup(rows)
