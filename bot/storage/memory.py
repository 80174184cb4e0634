"""The store of the terminal and the tests: everything in dictionaries, gone at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.storage.ages import cutoff
from bot.storage.store import Exchange, Feedback, Heard, Miss, Session


class MemoryStore:
    """Keep everything in memory, by the same rules as SqlStore.

    `utterances`, `misses`, `feedback` and `exchanges` are there to be looked at.
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

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        session, at = self._sessions.get((chat, user), (None, None))
        fresh = at is not None and at >= cutoff(self._clock(), self._session_expiry)
        return session if fresh else None

    async def save_session(self, session: Session) -> None:
        """Store a session over the one before and start its time anew."""
        self._sessions[session.chat, session.user] = (session, self._clock())

    async def record(self, heard: Heard) -> None:
        """Append to the utterance log."""
        self.utterances.append(heard)

    async def add_miss(self, miss: Miss) -> None:
        """Append to the misses."""
        self.misses.append(miss)

    async def vote(self, feedback: Feedback) -> None:
        """Store a vote in place of the same person's earlier one on the message."""
        self.feedback[feedback.chat, feedback.message, feedback.user] = feedback

    async def remember(self, exchange: Exchange) -> None:
        """Store which message answered which, in place of an earlier link of the question."""
        self.exchanges[exchange.chat, exchange.question] = exchange

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        return self.exchanges.get((chat, question))

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the latest exchange that an answer's message ended, or None."""
        ended = [e for e in self.exchanges.values() if (e.chat, e.answer) == (chat, answer)]
        return max(ended, key=lambda e: (e.at, e.question), default=None)

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
        return before - self._rows()

    async def close(self) -> None:
        """Do nothing: there are no connections."""

    def _rows(self) -> int:
        logs = (self._sessions, self.utterances, self.misses, self.feedback, self.exchanges)
        return sum(len(log) for log in logs)
