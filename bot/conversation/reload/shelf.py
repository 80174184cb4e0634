"""The shelf: the files on disk, the versions kept of them, and editions built from those."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from bot.conversation.edition import Edition
from bot.errors import StorageError
from bot.knowledge.problems import KnowledgeError
from bot.knowledge.snapshot import Snapshot, unpacked
from bot.storage.authors import Author
from bot.storage.versions import VersionBook

_log = logging.getLogger(__name__)


class Shelf:
    """Keep the versions of the files in a book.

    `read` takes a snapshot of the files on disk and `build` makes an edition of unpacked ones;
    both may raise KnowledgeError and do their work in threads.
    """

    def __init__(
        self,
        book: VersionBook,
        read: Callable[[], Snapshot],
        build: Callable[[Path, Path], Edition],
    ) -> None:
        self.book = book
        self._read = read
        self._build = build

    async def on_disk(self) -> str:
        """Return the version of the files on disk, or "" if they can't be read."""
        snapshot = await self._snapshot()
        return snapshot.version if snapshot else ""

    async def keep(self, version: str, author: Author) -> None:
        """Note that a version is live, with its files; raises StorageError."""
        snapshot = await self._snapshot()
        if snapshot and snapshot.version == version:
            await self.book.keep(version, snapshot.files, author)
        elif (files := await self.book.files(version)) is not None:
            await self.book.keep(version, files, author)
        else:
            _log.warning("The files have changed again: version %s isn't kept.", version)

    async def take(self, version: str) -> Edition | None:
        """Build an edition from the files of a version, or return None if it isn't kept.

        Raises StorageError, and KnowledgeError if the version is broken.
        """
        files = await self.book.files(version)
        return None if files is None else await asyncio.to_thread(self._from, Snapshot(files))

    async def first(self, build: Callable[[], Edition]) -> Edition:
        """Return the edition to start with: `build` makes that of the files on disk.

        A rollback that was published last counts instead of the files it was made for. Where it
        can't be had, the files count.
        """
        on_disk = await self.on_disk()
        try:
            published = await self.book.published()
            if published and on_disk and published.instead_of == on_disk:
                if kept := await self.take(published.files):
                    _log.info("Version %s is live, rolled back to.", published.files)
                    return kept
                _log.error("Version %s isn't kept any more: the files count.", published.files)
        except (KnowledgeError, StorageError) as error:
            _log.error("The files count, as a rollback can't be had: %s", error)
        return build()

    async def _snapshot(self) -> Snapshot | None:
        try:
            return await asyncio.to_thread(self._read)
        except KnowledgeError:
            return None

    def _from(self, snapshot: Snapshot) -> Edition:
        with unpacked(snapshot) as (folder, seeds):
            return self._build(folder, seeds)
