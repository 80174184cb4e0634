"""Replace the live knowledge by a newer one, or keep it if the newer one is broken."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.errors import StorageError
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.problems import KnowledgeError, Problem
from bot.storage.store import Store

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 1.0
"""Seconds between two looks at what other processes announced."""


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

    `build` reads and fits an edition, away from the event loop; it raises KnowledgeError. Reloads
    wait for one another. What went live here is announced through the store, and what another
    process announced is followed.
    """

    def __init__(
        self, build: Callable[[], Edition], conversation: Conversation, store: Store
    ) -> None:
        self._build = build
        self._conversation = conversation
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._seen: str | None = None
        self._observers: list[Callable[[ReloadReport], None]] = []

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Have every report handed to somebody else too."""
        self._observers.append(observer)

    async def reload(self) -> ReloadReport:
        """Return what became of the reload; where it went live, others hear of it."""
        report = await self._reload()
        if not report.problems:
            try:
                await self._store.announce(report.version)
            except StorageError as error:
                _log.error("The other bots don't hear of the new knowledge: %s", error)
        return report

    async def follow(self, seen: str | None) -> None:
        """Reload once for each version that another process announces, until cancelled.

        `seen` is what was announced before the live knowledge was read.
        """
        self._seen = seen
        while True:
            await asyncio.sleep(_LOOK_AGAIN)
            announced = await self._announced()
            if announced != self._seen:
                self._seen = announced
                await self._catch_up(announced)

    async def _catch_up(self, announced: str | None) -> None:
        if announced in {None, self._conversation.knowledge.version}:
            return
        report = await self._reload()
        if report.version == announced:
            _log.info("Version %s of the knowledge is live here too.", announced)
        else:
            _log.warning(
                "Another bot has version %s of the knowledge live, but the files here are of "
                "version %s: give all bots the same files.",
                *(announced, report.version),
            )

    async def _announced(self) -> str | None:
        try:
            return await self._store.announced()
        except StorageError:
            return self._seen

    async def _reload(self) -> ReloadReport:
        async with self._one_at_a_time:
            old = self._conversation.knowledge
            try:
                edition = await asyncio.to_thread(self._build)
            except KnowledgeError as error:
                report = ReloadReport(old.version, problems=error.problems)
            else:
                self._conversation.publish(edition)
                report = compare(old, edition.knowledge)
        for observer in self._observers:
            observer(report)
        return report


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
