"""Who taught, reloaded or tuned: by name, and findable for /forgetme."""

from __future__ import annotations

from typing import Self

from bot.storage.pseudonyms import Pseudonym


class Author(str):
    """Hold a person's name that also knows whose it is, so that it can be taken away again."""

    __slots__ = ("user",)
    user: int

    def __new__(cls, name: str, user: int) -> Self:
        """Name the author with a user's id."""
        author = super().__new__(cls, name)
        author.user = user
        return author


def whose(author: str, pseudonym: Pseudonym | None) -> int | None:
    """Return the pseudonym of an author, or None for one that is nobody's name."""
    return pseudonym(author.user) if pseudonym and isinstance(author, Author) else None
