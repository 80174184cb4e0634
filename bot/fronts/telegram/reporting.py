"""The room of the figures: /stats for admins, and the digest that comes by itself each week."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.errors import StorageError
from bot.fronts.telegram.floods import asked_pause
from bot.fronts.telegram.once import Once
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.report_buttons import PERIODS, days_of
from bot.fronts.telegram.report_screen import KIND, report_screen
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen, plain_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Command, Place, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.entry import Entry
from bot.knowledge.wordings import Wordings
from bot.reporting.picture import WORDS, Painter
from bot.reporting.schedule import due_week
from bot.reporting.summary import summarise, without_refused
from bot.settings.values import Weekly
from bot.storage.digests import Digests, Due
from bot.storage.figures import Figures

_LOG = logging.getLogger(__name__)
_DONE = Done(KIND)
_COMMAND = "stats"
_LOOK_AGAIN = 60.0  # seconds
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold what reports are made of; `retention` is in days, and `clock` gives the time in UTC."""

    figures: Figures
    conversation: Conversation
    painter: Painter
    retention: int
    clock: Callable[[], dt.datetime]

    async def screen(self, days: int, tag: str | None, *, digest: bool = False) -> Screen:
        """Return the report of so many days in the language of a tag; raises StorageError.

        A digest ends with yesterday, so that the weeks join.
        """
        knowledge, now = self.conversation.knowledge, self.clock()
        words = self.words(tag).report
        end = dt.datetime.combine(now.date(), dt.time(), dt.UTC) - _TICK if digest else now
        summary = await summarise(self.figures, days, end, self.retention)
        summary, picture = without_refused(summary, knowledge), None
        if not summary.totals.is_empty:
            named = {name: str(getattr(words, f"picture_{name}")) for name in WORDS}
            picture = await self.painter.paint(summary, named, words.months)
        review = to_review(knowledge.entries, now.date()) if digest else None
        return report_screen(summary, knowledge, words, picture, review)

    def words(self, tag: str | None) -> Wordings:
        """Return the wordings of the language that suits a tag."""
        return self.conversation.knowledge.wordings_in(self.conversation.language(tag))


class ReportingRoom:
    """Show admins the figures, when they ask, and once a week where `weekly` says when.

    `digests` remembers who got which, without which none are sent.
    """

    def __init__(
        self,
        desk: Desk,
        sender: Sender,
        admins: frozenset[int],
        weekly: Weekly | None = None,
        digests: Digests | None = None,
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._admins = admins
        self._weekly = weekly
        self._digests = digests

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Reply to /stats of an admin, in the private chat."""
        user = message.from_user
        if not isinstance(said, Command) or said.name != _COMMAND:
            return None
        if user is None or user.id not in self._admins:
            return None
        place, tag = place_of(message), said.utterance.language
        if message.chat.type != ChatType.PRIVATE:
            await self._sender.send(place, plain_screen(self._desk.words(tag).private_only))
            return _DONE
        async with self._sender.typing(place):
            screen = await self._desk.screen(PERIODS[0], tag)
        await self._sender.send(place, screen)
        return _DONE

    async def press(self, query: CallbackQuery) -> Done | None:
        """Show the days that a button names, in the same message."""
        days, message = days_of(query.data), query.message
        if days is None or message is None or query.from_user.id not in self._admins:
            return None
        screen = await self._desk.screen(days, query.from_user.language_code)
        if not await self._edited(message, screen):
            await self._sender.send(place_of(message), screen)
        await self._sender.answer(query)
        return _DONE

    async def attend(self) -> None:
        """Send the digest when it is due, until cancelled."""
        if self._weekly is None or self._digests is None:
            return
        once = Once(self._digests.claim, self._digests.give_back, self._digests.settle)
        while True:
            pause = _LOOK_AGAIN
            if week := due_week(self._weekly, self._desk.clock()):
                try:
                    pause = await self._send_digest(week, once)
                except StorageError as error:
                    _LOG.warning("The digest of the week has to wait: %s", error)
            await asyncio.sleep(pause)

    async def _edited(self, message: MaybeInaccessibleMessage, screen: Screen) -> bool:
        """Turn a report into another; a photo can't become a text."""
        had_picture = isinstance(message, Message) and bool(message.photo)
        if had_picture and not screen.picture:
            return False
        return await self._sender.edit(message.chat.id, message.message_id, screen)

    async def _send_digest(self, week: str, once: Once[Due]) -> float:
        """Send a digest to every admin who hasn't got it; return when to look again, in seconds.

        Raises StorageError.
        """
        pause, drawn = _LOOK_AGAIN, list[Screen]()
        for admin in sorted(self._admins):
            try:
                await once.tell((week, admin), partial(self._tell, admin, drawn))
            except TelegramError as error:
                _LOG.warning("The digest for admin %d has to wait: %s", admin, error)
                pause = max(pause, asked_pause(error))
        return pause

    async def _tell(self, admin: int, drawn: list[Screen]) -> None:
        """Send the digest, drawn for the first who gets it, to an admin who can be reached."""
        if not drawn:
            drawn.append(await self._desk.screen(PERIODS[0], None, digest=True))
        try:
            await self._sender.send(Place(admin), drawn[0])
        except (BadRequest, Forbidden) as error:
            _LOG.warning("Admin %d, who has to press Start, got no digest: %s", admin, error)


def to_review(entries: Sequence[Entry], today: dt.date) -> tuple[Entry, ...]:
    """Return the entries whose day of review is past, longest first."""
    due = [each for each in entries if each.review_by is not None and each.review_by < today]
    return tuple(sorted(due, key=lambda entry: str(entry.review_by)))
