"""The operators' room: what people and operators say to one another goes the right way."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import CallbackQuery, Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.conversation.reload import ReloadReport
from bot.errors import StorageError
from bot.fronts.telegram.operators.handovers import Handovers
from bot.fronts.telegram.operators.hopes import Hopes
from bot.fronts.telegram.operators.pages import KIND
from bot.fronts.telegram.operators.presses import CasePresses
from bot.fronts.telegram.operators.reach import OutOfReach
from bot.fronts.telegram.operators.relaying import Blocked, Relaying
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.translate import Command, author_of
from bot.fronts.telegram.verdicts import Done
from bot.logs import Trouble
from bot.storage.cases import Case, Cases

_LOG = logging.getLogger(__name__)
_RELAYED = Done(KIND)


@dataclass(frozen=True, slots=True)
class OperatorsRoom:
    """Let people talk to operators, through the bot, for as long as their case is open.

    `patience` is how long a person waits for an operator before being told that nobody answers;
    `look_again` are the seconds between two looks at who waits.
    """

    cases: Cases
    handovers: Handovers
    relaying: Relaying
    presses: CasePresses
    hopes: Hopes
    clock: Callable[[], dt.datetime]
    patience: dt.timedelta
    look_again: float
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _untold: asyncio.Event = field(default_factory=asyncio.Event)
    _trouble: Trouble = field(default_factory=lambda: Trouble(_LOG))

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Relay a message of a case; commands, and all that is of no case, belong elsewhere."""
        if message.chat.id == self.handovers.office.chat:
            return await self._hear_operator(message, said)
        if message.chat.type != ChatType.PRIVATE:
            return None
        case = await self.cases.open_of(message.chat.id)
        if case is None or not _says_something(message):
            return None
        if isinstance(said, Command):
            if said.name == "forgetme":
                await self.handovers.forget(case)
            return None
        try:
            await self.relaying.from_person(case, message)
        except OutOfReach as error:
            await self.handovers.out_of_reach(case, error)
        return _RELAYED

    async def press(self, query: CallbackQuery) -> Done | None:
        """Do what a button says, or return None if it isn't one of this room's."""
        return Done("press") if await self.presses.press(query) else None

    async def attend(self) -> None:
        """Tell people that nobody answers, or that there is an answer, until cancelled."""
        with contextlib.suppress(StorageError, TelegramError):
            await self.handovers.office.check()
        self._changed.set()  # the knowledge may be another one than at the last stop
        while True:
            try:
                await self.look()
            except (StorageError, TelegramError) as error:
                self._trouble.log(
                    logging.WARNING, "People who wait can't be told how it stands: %s", error
                )
                await asyncio.sleep(self.look_again)
                continue
            self._trouble.over("People who wait can be told again how it stands.")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.look_again):
                    await self._changed.wait()

    async def look(self) -> None:
        """Tell whoever is to be told something by now; raises TelegramError and StorageError."""
        for case in await self.cases.waiting(self.clock() - self.patience):
            await self.handovers.own_up(case)
        if self._changed.is_set() or self._untold.is_set():
            self._changed.clear()
            self._untold.set()
            if await self.hopes.fulfil():
                self._untold.clear()

    def reloaded(self, report: ReloadReport) -> None:
        """Learn that other knowledge may be live."""
        if not report.problems:
            self._changed.set()

    async def _hear_operator(self, message: Message, said: Said) -> Done | None:
        if isinstance(said, Command) or not _says_something(message) or author_of(message) is None:
            return None
        if (message.text or "").startswith("/"):
            return None  # another bot's command
        case = await self._case_of(message)
        if case is None:
            return None
        try:
            await self.relaying.from_operator(case, message)
        except Blocked:
            await self.handovers.blocked(case)
        return _RELAYED

    async def _case_of(self, message: Message) -> Case | None:
        """Return the case in whose topic a message is, or to whose card or copies it replies."""
        chat, thread = message.chat.id, message.message_thread_id
        if message.is_topic_message and thread and (case := await self.cases.at(chat, thread)):
            return case
        earlier = message.reply_to_message
        author = earlier.from_user if earlier else None
        if earlier is None or author is None or author.id != message.get_bot().id:
            return None
        return await self.cases.shown_as(chat, earlier.message_id)


def _says_something(message: Message) -> bool:
    """Return whether people see anything in a message: service messages say nothing."""
    return bool(message.text or (message.effective_attachment and not message.successful_payment))
