"""The store of the terminal and the tests: everything in dictionaries, gone at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import TypeVar, assert_never

from bot.storage.ages import cutoff
from bot.storage.store import (
    PREFERENCES_STAY,
    Exchange,
    Feedback,
    Heard,
    Kept,
    Memory,
    Miss,
    Preference,
    Recanted,
    Retracted,
    Session,
)

_Record = TypeVar("_Record", Heard, Miss, Feedback)


class MemoryStore:
    """Keep everything in memory, by the same rules as SqlStore.

    `utterances`, `misses`, `feedback`, `exchanges` and `preferences` are there to be looked at.
    `clock` returns the present instant with its time zone.
    """

    def __init__(
        self,
        session_expiry: dt.timedelta,
        retention: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._session_expiry = session_expiry
        self._retention = retention
        self._clock = clock
        self._sessions: dict[tuple[int, int], tuple[Session, dt.datetime]] = {}
        self.utterances: list[Heard] = []
        self.misses: list[Miss] = []
        self.feedback: dict[tuple[int, int, int], Feedback] = {}
        self.exchanges: dict[tuple[int, int], Exchange] = {}
        self.preferences: dict[int, Preference] = {}

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        session, at = self._sessions.get((chat, user), (None, None))
        fresh = at is not None and at >= cutoff(self._clock(), self._session_expiry)
        return session if fresh else None

    async def preference(self, user: int) -> Preference | None:
        """Return what a person chose, or None; reading it counts as use."""
        if found := self.preferences.get(user):
            self.preferences[user] = replace(found, at=self._clock())
        return found

    async def keep(self, memories: Sequence[Memory]) -> None:
        """Store all of them."""
        for memory in memories:
            self._keep(memory)

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        return self.exchanges.get((chat, question))

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the latest exchange that an answer's message ended, or None."""
        ended = [e for e in self.exchanges.values() if (e.chat, e.answer) == (chat, answer)]
        return max(ended, key=lambda e: (e.at, e.question), default=None)

    async def kept_about(self, user: int) -> Kept:
        """Return all that is kept about a person, in whatever chat."""
        sessions = sorted(self._sessions.values(), key=itemgetter(1))
        return Kept(
            tuple(session for session, _ in sessions if session.user == user),
            _about(user, self.utterances),
            _about(user, self.misses),
            _about(user, self.feedback.values()),
            preference=self.preferences.get(user),
        )

    async def forget(self, user: int) -> int:
        """Delete all that is kept about a person and return how many rows went."""
        before = self._rows()
        self._sessions = {k: s for k, s in self._sessions.items() if s[0].user != user}
        self.utterances = [each for each in self.utterances if each.user != user]
        self.misses = [each for each in self.misses if each.user != user]
        self.feedback = {k: each for k, each in self.feedback.items() if each.user != user}
        self.preferences = {k: each for k, each in self.preferences.items() if k != user}
        self.exchanges = {
            k: each for k, each in self.exchanges.items() if user not in {each.chat, each.user}
        }
        return before - self._rows()

    async def prune(self) -> int:
        """Delete what is past its retention, expired sessions too, and return how many rows."""
        before = self._rows()
        now = self._clock()
        kept = cutoff(now, self._retention)
        fresh = cutoff(now, min(self._session_expiry, self._retention))
        self._sessions = {k: s for k, s in self._sessions.items() if s[1] >= fresh}
        self.utterances = [u for u in self.utterances if u.at >= kept]
        self.misses = [m for m in self.misses if m.at >= kept]
        self.feedback = {k: f for k, f in self.feedback.items() if f.at >= kept}
        self.exchanges = {k: e for k, e in self.exchanges.items() if e.at >= kept}
        used = cutoff(now, PREFERENCES_STAY)
        self.preferences = {k: p for k, p in self.preferences.items() if p.at >= used}
        return before - self._rows()

    async def close(self) -> None:
        """Do nothing: there are no connections."""

    def _keep(self, memory: Memory) -> None:
        match memory:
            case Session():
                self._sessions[memory.chat, memory.user] = (memory, self._clock())
            case Heard():
                self.utterances.append(memory)
            case Miss():
                self.misses.append(memory)
            case Recanted(user, text, cause):
                taken_back = (user, text, cause)
                self.misses = [m for m in self.misses if (m.user, m.text, m.cause) != taken_back]
            case Feedback():
                self.feedback[memory.chat, memory.message, memory.user] = memory
            case Retracted(chat, message, user):
                self.feedback.pop((chat, message, user), None)
            case Preference(user):
                self.preferences.pop(user, None)
                if memory.language is not None:
                    self.preferences[user] = memory
            case Exchange():
                self.exchanges[memory.chat, memory.question] = memory
            case _:
                assert_never(memory)

    def _rows(self) -> int:
        logs = (
            *(self._sessions, self.utterances, self.misses, self.feedback, self.exchanges),
            self.preferences,
        )
        return sum(len(log) for log in logs)


def _about(user: int, records: Iterable[_Record]) -> tuple[_Record, ...]:
    return tuple(sorted((each for each in records if each.user == user), key=attrgetter("at")))
