"""What the bot remembers, and the port through which it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol

Vote = Literal["helpful", "not_helpful"]
ReplyKind = Literal["answer", "suggest", "fallback", "chitchat"]


@dataclass(frozen=True, slots=True)
class Session:
    """Hold what a conversation needs from its earlier turns.

    `given` are the entries answered so far, latest last. `utterance` is what suggestions on screen
    are for (it becomes a miss if none of them fits). `explanation` tells why the last reply was
    given. A session older than the store's expiry is gone.
    """

    chat: int
    user: int
    language: str
    last_entry: str | None = None
    given: tuple[str, ...] = ()
    utterance: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Name an entry the matcher considered and how sure it was (0-1)."""

    entry: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Record one utterance and what became of it. `at` is in UTC."""

    chat: int
    user: int
    text: str
    language: str
    kind: ReplyKind
    candidates: tuple[Candidate, ...]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Miss:
    """Record an utterance that got no accepted answer, with the best candidates. `at` is in UTC."""

    text: str
    language: str
    candidates: tuple[Candidate, ...]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """Record a person's vote on one answer; a later vote on the same message replaces it."""

    chat: int
    message: int
    user: int
    entry: str
    vote: Vote
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Link a question's message to the message that answered it, in one chat.

    `entries` are the ids answered with, empty for other replies. `at` is in UTC.
    """

    chat: int
    question: int
    answer: int
    entries: tuple[str, ...]
    at: dt.datetime


class Store(Protocol):
    """Keep sessions, the utterance log, misses, feedback and exchanges.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        ...

    async def save_session(self, session: Session) -> None:
        """Store a session over the one before and start its time anew."""
        ...

    async def record(self, heard: Heard) -> None:
        """Append to the utterance log."""
        ...

    async def add_miss(self, miss: Miss) -> None:
        """Append to the misses."""
        ...

    async def vote(self, feedback: Feedback) -> None:
        """Store a vote in place of the same person's earlier one on the message."""
        ...

    async def remember(self, exchange: Exchange) -> None:
        """Store which message answered which, in place of an earlier link of the question."""
        ...

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        ...

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the exchange that an answer's message ended, or None."""
        ...

    async def prune(self) -> int:
        """Delete what is past its retention and return how many rows went."""
        ...

    async def close(self) -> None:
        """Release the connections."""
        ...
