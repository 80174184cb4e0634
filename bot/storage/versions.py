"""The versions of the knowledge that went live, with their files, and which is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.knowledge.snapshot import files_version
from bot.storage.authors import Author

MOST = 20
"""So many versions stay."""


@dataclass(frozen=True, slots=True)
class Version:
    """Name a version of the files, who put it live and when it went live last, in UTC."""

    version: str
    author: Author
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Publication:
    """Say what is live everywhere; a higher `number` is later.

    `version` is that of the whole knowledge base. `files` is the version of the files that were
    published last, under the number `files_number`: it isn't the latest where something else was,
    such as a lesson. They count instead of the files of version `instead_of`, where that isn't "".
    """

    number: int
    version: str
    files: str = ""
    files_number: int = 0
    instead_of: str = ""


class VersionBook(Protocol):
    """Keep versions and what is published; every method raises StorageError if that fails."""

    async def keep(self, version: str, files: Mapping[str, bytes], author: Author) -> None:
        """Note that a version went live; nothing if it is the latest. The last twenty stay."""
        ...

    async def files(self, version: str) -> Mapping[str, bytes] | None:
        """Return the files of a version by name, or None if it isn't kept."""
        ...

    async def latest(self, most: int) -> tuple[Version, ...]:
        """Return at most so many versions, the one that went live last first."""
        ...

    async def publish(self, version: str, instead_of: str | None = None) -> None:
        """Tell all processes on this database which version of the knowledge is live.

        `instead_of` is the version of the files that it counts instead of, "" where it is that of
        the files themselves, and None where this isn't about files.
        """
        ...

    async def published(self) -> Publication | None:
        """Return what was published last, or None."""
        ...


class MemoryVersionBook:
    """Keep versions in memory, by the same rules."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[Version, dict[str, bytes]]] = {}
        self._published: Publication | None = None

    async def keep(self, version: str, files: Mapping[str, bytes], author: Author) -> None:
        """Note that a version went live; nothing if it is the latest. The last twenty stay."""
        if next(reversed(self._kept), None) == version:
            return
        self._kept.pop(version, None)
        self._kept[version] = (Version(version, author, self._clock()), dict(files))
        for old in list(self._kept)[:-MOST]:
            del self._kept[old]

    async def files(self, version: str) -> Mapping[str, bytes] | None:
        """Return the files of a version by name, or None if it isn't kept."""
        return self._kept[version][1] if version in self._kept else None

    async def latest(self, most: int) -> tuple[Version, ...]:
        """Return at most so many versions, the one that went live last first."""
        return tuple(kept for kept, _ in reversed(self._kept.values()))[:most]

    async def publish(self, version: str, instead_of: str | None = None) -> None:
        """Remember which version is live."""
        before = self._published or Publication(0, "")
        number = before.number + 1
        if instead_of is None:
            self._published = replace(before, number=number, version=version)
        else:
            files = files_version(version)
            self._published = Publication(number, version, files, number, instead_of)

    async def published(self) -> Publication | None:
        """Return what was published last, or None."""
        return self._published
