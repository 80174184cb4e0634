"""Who taught, reloaded or tuned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Author:
    """Hold the name of who did something; "" for somebody who was forgotten.

    `user` is a person's id, known only on the way into the store. `hidden` says of an author read
    back that there is an id, kept as a pseudonym: who has neither may be no person.
    """

    name: str
    user: int | None = None
    hidden: bool = False
