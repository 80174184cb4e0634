"""What the front asks of the conversation, as protocols that its fakes can satisfy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.conversation.messages import Answered, Incoming, Turn
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.problems import Problem


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
        """Return why the last reply was given, in Markdown, or None if there is none."""
        ...

    async def search(self, text: str, language: str | None, limit: int) -> tuple[Answered, ...]:
        """Return the best entries for a few words, at most `limit`."""
        ...

    def language(self, tag: str | None) -> str:
        """Return the language of the knowledge base that suits an IETF tag."""
        ...


class ReloadReport(Protocol):
    """Say what a reload changed, by entry ids, or why it was refused."""

    @property
    def version(self) -> str:
        """Return the version that is live now."""
        ...

    @property
    def added(self) -> tuple[str, ...]:
        """Return the ids of new entries."""
        ...

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the ids of entries with another content."""
        ...

    @property
    def removed(self) -> tuple[str, ...]:
        """Return the ids of entries that are gone."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what keeps the new knowledge from going live; empty if it is live."""
        ...


class Reloader(Protocol):
    """Build the knowledge anew and put it live if it is sound."""

    async def reload(self) -> ReloadReport:
        """Reload and return what changed."""
        ...

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Have every report handed to somebody else too."""
        ...
