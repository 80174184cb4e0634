"""The cases of tests and of a bot that remembers nothing once it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.storage.cases import Case, Opening, Relay, Seen
from bot.storage.store import Vote
from bot.storage.telling import TELLING_LEASE


@dataclass(slots=True)
class _Kept:
    """Hold a case with what only its keeper needs to know."""

    case: Case
    chat: int
    closed_by: str = ""
    told: bool = False
    free_at: dt.datetime | None = None
    vote: Vote | None = None


class MemoryCases:
    """Keep cases in memory, by the same rules as SqlCases.

    `clock` returns the present instant with its time zone.
    """

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._cases: dict[int, _Kept] = {}
        self._relays: dict[tuple[int, int], Relay] = {}

    async def open(self, opening: Opening) -> Case:
        """Open a case and return it, or the one that the token opened or that the chat has open."""
        for kept in self._cases.values():
            if kept.case.token == opening.token:
                return kept.case
        if case := await self.open_of(opening.chat):
            return case
        number = len(self._cases) + 1
        case = Case(
            *(number, opening.token, opening.chat, opening.name),
            *(opening.language, opening.question, self._clock()),
        )
        self._cases[number] = _Kept(case, opening.chat)
        return case

    async def open_of(self, chat: int) -> Case | None:
        """Return the open case of a person's chat, or None."""
        return self._latest(k for k in self._cases.values() if k.chat == chat and _is_open(k))

    async def find(self, number: int, chat: int | None = None) -> Case | None:
        """Return a case by its number, if given only if it is of that person's chat."""
        kept = self._cases.get(number)
        return kept.case if kept and chat in {None, kept.chat} else None

    async def at(self, operator_chat: int, thread: int) -> Case | None:
        """Return the latest case in a topic of the operators, open or closed, or None."""
        return self._latest(k for k in self._in(operator_chat) if _seen(k).thread == thread)

    async def shown_as(self, operator_chat: int, message: int) -> Case | None:
        """Return the case whose card or whose person's message operators see in a message."""
        theirs = {
            relay.case
            for relay in self._relays.values()
            if relay.by_person and relay.operator_message == message
        }
        return self._latest(
            kept
            for kept in self._in(operator_chat)
            if _seen(kept).card == message or kept.case.number in theirs
        )

    async def last_thread(self, chat: int, operator_chat: int) -> int | None:
        """Return the operators' topic for the last case of a person's chat that had one there."""
        theirs = [kept for kept in self._in(operator_chat) if kept.chat == chat]
        threads = [thread for kept in theirs if (thread := _seen(kept).thread)]
        return threads[-1] if threads else None

    async def place(self, number: int, seen: Seen | None) -> None:
        """Remember where operators see a case."""
        self._change(number, seen=seen)

    async def relay(self, relay: Relay) -> None:
        """Remember what was relayed; the first message of an operator answers the case."""
        self._relays[relay.case, relay.operator_message] = relay
        kept = self._cases.get(relay.case)
        if kept and not relay.by_person and kept.case.answered is None:
            self._change(relay.case, answered=self._clock())

    async def reword(self, relay: Relay) -> None:
        """Remember that what an operator wrote has another text now."""
        before = self._relays.get((relay.case, relay.operator_message))
        if before and not before.by_person:
            self._relays[relay.case, relay.operator_message] = replace(before, text=relay.text)

    async def of_person(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the person's chat, or None."""
        return self._last(r for r in self._of(number) if r.person_message == message)

    async def of_operators(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the operators' chat, or None."""
        return self._last(r for r in self._of(number) if r.operator_message == message)

    async def last_answer(self, number: int) -> str | None:
        """Return the last text that an operator wrote in a case, or None."""
        relay = self._last(r for r in self._of(number) if not r.by_person and r.text is not None)
        return relay.text if relay else None

    async def close(self, number: int, token: str) -> bool:
        """Close a case; True for the token that closed it, also when asked again."""
        kept = self._cases.get(number)
        if kept and _is_open(kept):
            self._change(number, closed=self._clock())
            kept.closed_by = token
        return kept is not None and kept.closed_by == token

    async def release(self, number: int) -> None:
        """Let go of the person's chat in a closed case: they have been told."""
        kept = self._cases.get(number)
        if kept and not _is_open(kept):
            self._change(number, chat=None)

    async def vote(self, number: int, chat: int, vote: Vote) -> bool:
        """Keep how a person found the help in a closed case; False if it isn't theirs."""
        kept = self._cases.get(number)
        if kept is None or kept.chat != chat or _is_open(kept):
            return False
        kept.vote = vote
        return True

    async def waiting(self, since: dt.datetime) -> tuple[Case, ...]:
        """Return the open cases from before an instant, unanswered, whose people aren't told so."""
        return tuple(
            kept.case
            for kept in self._cases.values()
            if _is_untold(kept) and kept.case.opened <= since
        )

    async def tell(self, number: int) -> bool:
        """Claim to tell a person that nobody has answered yet."""
        kept = self._cases.get(number)
        now = self._clock()
        if kept is None or not _is_untold(kept) or (kept.free_at or now) > now:
            return False
        kept.free_at = now + TELLING_LEASE
        return True

    async def told(self, number: int) -> None:
        """Note that a person has been told that nobody has answered yet."""
        if kept := self._cases.get(number):
            kept.told = True

    async def untell(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        if kept := self._cases.get(number):
            kept.free_at = None

    def _in(self, operator_chat: int) -> list[_Kept]:
        return [kept for kept in self._cases.values() if _seen(kept).chat == operator_chat]

    def _of(self, number: int) -> list[Relay]:
        return [relay for relay in self._relays.values() if relay.case == number]

    def _change(self, number: int, **changes: object) -> None:
        if kept := self._cases.get(number):
            kept.case = replace(kept.case, **changes)  # type: ignore[arg-type]

    @staticmethod
    def _latest(found: Iterable[_Kept]) -> Case | None:
        return max((kept.case for kept in found), key=lambda case: case.number, default=None)

    @staticmethod
    def _last(found: Iterable[Relay]) -> Relay | None:
        return max(found, key=lambda relay: relay.operator_message, default=None)


def _seen(kept: _Kept) -> Seen:
    return kept.case.seen or Seen(0)


def _is_open(kept: _Kept) -> bool:
    return kept.case.closed is None


def _is_untold(kept: _Kept) -> bool:
    return _is_open(kept) and kept.case.answered is None and not kept.told
