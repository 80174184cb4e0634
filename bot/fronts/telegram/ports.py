"""What the front asks of the conversation, as protocols that its fakes can satisfy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.conversation.messages import Answer, Answered, Incoming, Turn
from bot.conversation.reload import FROM_FILES, ReloadReport
from bot.knowledge.entry import KnowledgeBase
from bot.storage.authors import Author
from bot.storage.versions import Version

__all__ = ["Conversation", "ReloadReport", "Reloader"]


class Conversation(Protocol):
    """Answer what people type, whichever messenger they type it in."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Return the live knowledge base; a reload replaces it, so read it once an update."""
        ...

    async def turn(self, incoming: Incoming) -> Turn:
        """Return the reply to what a person typed or picked, and what is to be kept of it."""
        ...

    async def explain(self, chat: int, user: int) -> str | None:
        """Return why the last reply was given, as it is kept, or None if there is none."""
        ...

    async def search(self, text: str, language: str | None, limit: int) -> tuple[Answered, ...]:
        """Return the best entries for a few words, at most `limit`."""
        ...

    async def answer(self, text: str, language: str) -> Answer | None:
        """Return the answer to a whole text, asked by nobody, or None if there is none."""
        ...

    def language(self, tag: str | None) -> str:
        """Return the language of the knowledge base that suits an IETF tag."""
        ...


class Reloader(Protocol):
    """Put newer or older knowledge live, after trying the newer."""

    async def reload(
        self, author: Author = FROM_FILES, *, force: bool = False, only: str | None = None
    ) -> ReloadReport:
        """Reload and return what changed; with `only`, nothing but that version of the files."""
        ...

    async def roll_back(self, version: str, author: Author, *, live: str = "") -> ReloadReport:
        """Go back to a version of the files, if `live` is the one that is live."""
        ...

    async def versions(self, most: int) -> tuple[Version, ...]:
        """Return at most so many versions, the latest first; raises StorageError."""
        ...

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Have every report handed to somebody else too."""
        ...
