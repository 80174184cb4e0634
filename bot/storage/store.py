"""What the bot remembers, and the port through which it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Vote = Literal["helpful", "not_helpful"]
ReplyKind = Literal["answer", "suggest", "fallback", "chitchat"]
Cause = Literal["fallback", "dismissed", "not_helpful", "unchosen"]
"""Why an utterance counts as missed: no answer, "None of these", a vote, suggestions ignored."""


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

    user: int
    text: str
    language: str
    candidates: tuple[Candidate, ...]
    at: dt.datetime
    cause: Cause = "fallback"


@dataclass(frozen=True, slots=True)
class Recanted:
    """Take back the misses of one cause that a person's utterance was recorded as."""

    user: int
    text: str
    cause: Cause


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

    `entries` are the ids answered with, empty for other replies. `at` is in UTC. `user` (who
    isn't told when it is read) asked `text`, and `explanation` tells why the reply was given; they
    are empty where there is nothing to tell.
    """

    chat: int
    question: int
    answer: int
    entries: tuple[str, ...]
    at: dt.datetime
    user: int = 0
    text: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Retracted:
    """Take back a person's vote on one answer."""

    chat: int
    message: int
    user: int


@dataclass(frozen=True, slots=True)
class Preference:
    """Record the language that a person chose, or that they chose none after all (None).

    `at` is in UTC; when it is read, it says when the choice was last of use.
    """

    user: int
    language: str | None
    at: dt.datetime


PREFERENCES_STAY = dt.timedelta(days=90)
"""How long a preference is kept that nobody uses."""

Memory = Session | Heard | Miss | Recanted | Feedback | Retracted | Exchange | Preference


@dataclass(frozen=True, slots=True)
class Handover:
    """Record that a person asked for a person, what operators wrote, and how that was found."""

    at: dt.datetime
    name: str
    question: str
    answers: tuple[str, ...] = ()
    closed: dt.datetime | None = None
    vote: Vote | None = None


@dataclass(frozen=True, slots=True)
class Hope:
    """Record what a person wants to be told the answer to, and when they were told."""

    at: dt.datetime
    text: str
    told: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Record that an admin taught, put a version live or tuned, which keeps their name."""

    at: dt.datetime
    kind: Literal["taught", "put live", "tuned"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold all that is kept about a person, oldest first; chats have the ids they are kept by."""

    sessions: tuple[Session, ...] = ()
    heard: tuple[Heard, ...] = ()
    misses: tuple[Miss, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    handovers: tuple[Handover, ...] = ()
    hopes: tuple[Hope, ...] = ()
    deeds: tuple[Deed, ...] = ()
    preference: Preference | None = None


class Store(Protocol):
    """Keep sessions, the utterance log, misses, feedback, exchanges and what is published.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session of a person in a chat, or None if there is none or it expired."""
        ...

    async def preference(self, user: int) -> Preference | None:
        """Return what a person chose, or None; reading it counts as use, once a day."""
        ...

    async def keep(self, memories: Sequence[Memory]) -> None:
        """Store all of them or none.

        A session takes the place of the one before and its time starts anew, a vote that of the
        same person's earlier one on the message, an exchange that of the question's earlier one.
        """
        ...

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Return the exchange that a question's message began, or None."""
        ...

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Return the latest exchange that an answer's message ended, or None."""
        ...

    async def kept_about(self, user: int) -> Kept:
        """Return all that is kept about a person, in whatever chat."""
        ...

    async def forget(self, user: int) -> int:
        """Delete all that is kept about a person and return how many rows went."""
        ...

    async def prune(self) -> int:
        """Delete what is past its retention and return how many rows went."""
        ...

    async def close(self) -> None:
        """Release the connections."""
        ...
