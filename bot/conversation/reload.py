"""Replace the live knowledge by a newer one, or keep it if the newer one is broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.problems import KnowledgeError, Problem


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """Say which version is live and what changed, by entry id; with problems it was kept."""

    version: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Reloader:
    """Build a new edition beside the live one and publish it if it isn't broken.

    `build` reads and fits an edition, away from the event loop; it raises KnowledgeError.
    Reloads wait for one another.
    """

    def __init__(self, build: Callable[[], Edition], conversation: Conversation) -> None:
        self._build = build
        self._conversation = conversation
        self._one_at_a_time = asyncio.Lock()

    async def reload(self) -> ReloadReport:
        """Return what became of the reload."""
        async with self._one_at_a_time:
            old = self._conversation.knowledge
            try:
                edition = await asyncio.to_thread(self._build)
            except KnowledgeError as error:
                return ReloadReport(old.version, problems=error.problems)
            self._conversation.publish(edition)
            return compare(old, edition.knowledge)


def compare(old: KnowledgeBase, new: KnowledgeBase) -> ReloadReport:
    """Return the difference between two knowledge bases by entry id."""
    before, after = _by_name(old), _by_name(new)
    return ReloadReport(
        version=new.version,
        added=tuple(name for name in after if name not in before),
        changed=tuple(n for n, entry in after.items() if n in before and before[n] != entry),
        removed=tuple(name for name in before if name not in after),
    )


def _by_name(knowledge: KnowledgeBase) -> dict[str, Entry]:
    """Return the entries by id, with the language where it isn't the default one."""
    return {
        entry.id
        if entry.language == knowledge.default_language
        else f"{entry.id} ({entry.language})": entry
        for entry in knowledge.entries
    }
