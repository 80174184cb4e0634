"""What is kept of people who asked for a person, and the port through which it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from bot.storage.store import Vote


@dataclass(frozen=True, slots=True)
class Opening:
    """Say who asks for a person, and what they asked the bot.

    `token` names the press that asks, so that an update handled again opens nothing twice.
    """

    token: str
    chat: int
    user: int
    name: str
    language: str
    question: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Say where operators see a case: in which chat, in which topic if any, and under which card.

    A case whose card couldn't be sent yet has none.
    """

    chat: int
    thread: int | None = None
    card: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Hold what one person asks operators.

    `chat` is where the person is, None once the case is closed and they have been told. All times
    are in UTC.
    """

    number: int
    token: str
    chat: int | None
    name: str
    language: str
    question: str
    opened: dt.datetime
    seen: Seen | None = None
    answered: dt.datetime | None = None
    closed: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Relay:
    """Link a message of the person to one in the chat of the operators, one the other's copy.

    `text` is what an operator wrote; what people write isn't kept once more.
    """

    case: int
    operator_message: int
    person_message: int
    by_person: bool
    text: str | None = None


class Cases(Protocol):
    """Keep cases and what was relayed in them, for any number of processes.

    Every method raises StorageError when the database can't be reached or written.
    """

    async def open(self, opening: Opening) -> Case:
        """Open a case and return it, or the one that the token opened or that the chat has open."""
        ...

    async def open_of(self, chat: int) -> Case | None:
        """Return the open case of a person's chat, or None."""
        ...

    async def find(self, number: int, chat: int | None = None) -> Case | None:
        """Return a case by its number, if given only if it is of that person's chat."""
        ...

    async def at(self, operator_chat: int, thread: int) -> Case | None:
        """Return the latest case in a topic of the operators, open or closed, or None."""
        ...

    async def shown_as(self, operator_chat: int, message: int) -> Case | None:
        """Return the case whose card or whose person's message operators see in a message."""
        ...

    async def last_thread(self, chat: int, operator_chat: int) -> int | None:
        """Return the operators' topic for the last case of a person's chat that had one there."""
        ...

    async def place(self, number: int, seen: Seen | None) -> None:
        """Remember where operators see a case."""
        ...

    async def relay(self, relay: Relay) -> None:
        """Remember what was relayed; the first message of an operator answers the case.

        Of an operator's message that was copied twice, the later copy counts.
        """
        ...

    async def reword(self, relay: Relay) -> None:
        """Remember that what an operator wrote has another text now."""
        ...

    async def of_person(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the person's chat, or None."""
        ...

    async def of_operators(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the operators' chat, or None."""
        ...

    async def last_answer(self, number: int) -> str | None:
        """Return the last text that an operator wrote in a case, or None."""
        ...

    async def close(self, number: int, token: str) -> bool:
        """Close a case; True for the token that closed it, also when asked again."""
        ...

    async def release(self, number: int) -> None:
        """Let go of the person's chat in a closed case: they have been told."""
        ...

    async def vote(self, number: int, chat: int, vote: Vote) -> bool:
        """Keep how a person found the help in a closed case; False if it isn't theirs."""
        ...

    async def waiting(self, since: dt.datetime) -> tuple[Case, ...]:
        """Return the open cases from before an instant, unanswered, whose people aren't told so."""
        ...

    async def tell(self, number: int) -> bool:
        """Claim to tell a person that nobody has answered yet: of all who ask, one gets True.

        A claim that is neither settled nor given back lapses after a while.
        """
        ...

    async def told(self, number: int) -> None:
        """Note that a person has been told that nobody has answered yet."""
        ...

    async def untell(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        ...
