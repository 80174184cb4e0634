"""The room of the figures: /stats for admins, and the digest that comes by itself each week."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.errors import StorageError
from bot.fronts.telegram.floods import asked_pause
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
from bot.reporting.summary import summarise
from bot.settings.values import Weekly
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
        picture = None
        if not summary.totals.is_empty:
            named = {name: str(getattr(words, f"picture_{name}")) for name in WORDS}
            picture = await self.painter.paint(summary, named)
        review = to_review(knowledge.entries, now.date()) if digest else None
        return report_screen(summary, knowledge, words, picture, review)

    def words(self, tag: str | None) -> Wordings:
        """Return the wordings of the language that suits a tag."""
        return self.conversation.knowledge.wordings_in(self.conversation.language(tag))


class ReportingRoom:
    """Show admins the figures, when they ask, and once a week where `weekly` says when."""

    def __init__(
        self, desk: Desk, sender: Sender, admins: frozenset[int], weekly: Weekly | None = None
    ) -> None:
        self._desk = desk
        self._sender = sender
        self._admins = admins
        self._weekly = weekly
        self._settled: str | None = None

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
        if self._weekly is None or not self._admins:
            return
        while True:
            week = due_week(self._weekly, self._desk.clock())
            if week and week != self._settled:
                try:
                    await self._send_digest(self._weekly, week)
                except StorageError as error:
                    _LOG.warning("The digest of the week has to wait: %s", error)
            await asyncio.sleep(_LOOK_AGAIN)

    async def _edited(self, message: MaybeInaccessibleMessage, screen: Screen) -> bool:
        """Turn a report into another; a photo can't become a text."""
        had_picture = isinstance(message, Message) and bool(message.photo)
        if had_picture and not screen.picture:
            return False
        return await self._sender.edit(message.chat.id, message.message_id, screen)

    async def _send_digest(self, weekly: Weekly, week: str) -> None:
        """Send a digest to every admin, if no other process does; raises StorageError.

        Where Telegram can't be reached it is given back, for later or for another process.
        """
        desk, settled = self._desk, set[int]()
        if await desk.figures.claim_digest(week, desk.clock()):
            try:
                screen = await desk.screen(PERIODS[0], None, digest=True)
                while due_week(weekly, desk.clock()) == week:
                    pause = await self._tell(screen, settled)
                    if not settled:
                        return
                    if settled == self._admins:
                        break
                    await asyncio.sleep(pause)
            finally:
                if not settled:
                    await desk.figures.give_back_digest(week)
        self._settled = week

    async def _tell(self, screen: Screen, settled: set[int]) -> float:
        """Send a message to the admins who aren't settled yet; return how long others wait."""
        pause = _LOOK_AGAIN
        for admin in sorted(self._admins - settled):
            try:
                await self._sender.send(Place(admin), screen)
            except (BadRequest, Forbidden) as error:
                _LOG.warning("Admin %d, who has to press Start, got no digest: %s", admin, error)
            except TelegramError as error:
                _LOG.warning("The digest for admin %d has to wait: %s", admin, error)
                pause = max(pause, asked_pause(error))
                continue
            settled.add(admin)
        return pause


def to_review(entries: Sequence[Entry], today: dt.date) -> tuple[Entry, ...]:
    """Return the entries whose day of review is past, longest first."""
    due = [each for each in entries if each.review_by is not None and each.review_by < today]
    return tuple(sorted(due, key=lambda entry: str(entry.review_by)))
