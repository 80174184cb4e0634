"""Handing a person over to operators, and back to the bot."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from telegram.error import BadRequest, Forbidden

from bot.fronts.telegram.once import Once
from bot.fronts.telegram.operators.office import Office
from bot.fronts.telegram.operators.pages import (
    closed_page,
    note,
    opened_page,
    out_of_reach_page,
    waiting_page,
)
from bot.fronts.telegram.operators.reach import OUT_OF_REACH, OutOfReach
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Place
from bot.knowledge.wordings import Wordings
from bot.storage.cases import Case, Cases, Opening

_LOG = logging.getLogger(__name__)
_UNSEEN, _BLOCKED, _FORGOTTEN = "out of reach", "blocked", "forgotten"
"""The tokens of cases that nobody closed by a button."""


@dataclass(frozen=True, slots=True)
class Handovers:
    """Open and close cases, and tell both sides; `waits` tells whose case nobody answers."""

    cases: Cases
    office: Office
    sender: Sender
    conversation: Conversation
    waits: Once[int]

    async def open(self, opening: Opening) -> str:
        """Open a case and return the notice for who asked for it, empty if a message says all."""
        case = await self.cases.open(opening)
        words = self.words(opening.language).operators
        if case.closed:
            return words.already_over
        if case.token != opening.token:
            return words.already_open
        try:
            case = await self.office.show(case)
        except (BadRequest, OutOfReach) as error:
            await self.out_of_reach(case, error)
        else:
            await self.sender.send(Place(opening.chat), opened_page(case, words))
        return ""

    async def out_of_reach(self, case: Case, error: Exception) -> None:
        """Close a case that operators don't get to see, and tell the person so."""
        _LOG.error(OUT_OF_REACH, self.office.chat, error)
        if await self.cases.close(case.number, _UNSEEN):
            words = self.words(case.language).operators
            await self._tell_person(case, out_of_reach_page(case, words))
            await self.cases.release(case.number)

    async def blocked(self, case: Case) -> None:
        """Close a case whose person can't be written to any more, and tell the operators so."""
        if await self.cases.close(case.number, _BLOCKED):
            await self.office.say(case, note(self.office.words.blocked, case))
            await self.office.finish(case)
            await self.cases.release(case.number)

    async def close(self, case: Case, token: str, *, by_person: bool) -> bool:
        """Close a case and tell both sides; return False if something else closed it before."""
        if not await self.cases.close(case.number, token):
            return False
        await self._part(case, by_person=by_person)
        await self.cases.release(case.number)
        return True

    async def forget(self, case: Case) -> None:
        """End the case of a person who wants to be forgotten; until all know, it stays open."""
        await self._part(case, by_person=True)
        await self.cases.close(case.number, _FORGOTTEN)
        await self.cases.release(case.number)

    async def own_up(self, case: Case) -> None:
        """Tell a person, once, that no operator has answered; raises TelegramError."""
        page = waiting_page(case, self.words(case.language).operators)
        await self.waits.tell(case.number, partial(self._tell_person, case, page))

    def words(self, language: str) -> Wordings:
        """Return what people read in a language."""
        return self.conversation.knowledge.wordings_in(language)

    async def _part(self, case: Case, *, by_person: bool) -> None:
        """Tell both sides that a case is over."""
        words = self.office.words
        await self._tell_person(case, closed_page(case, self.words(case.language)))
        wording = words.ended_by_person if by_person else words.ended_by_operator
        await self.office.say(case, note(wording, case))
        await self.office.finish(case)

    async def _tell_person(self, case: Case, screen: Screen) -> None:
        """Tell a person something, if they haven't left or blocked the bot."""
        if case.chat is None:
            return
        try:
            await self.sender.send(Place(case.chat), screen)
        except (BadRequest, Forbidden) as error:
            _LOG.info("A person can't be told about their case: %s", error)
