"""Follow what other processes on the same database publish."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from bot.errors import StorageError
from bot.storage.versions import Publication, VersionBook

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 0.25
"""Seconds between two looks at what other processes published."""


class Following(Protocol):
    """Have some version live, and put another one there."""

    @property
    def version(self) -> str:
        """Return the version of the whole knowledge base that is live."""
        ...

    async def take_over(self, files: str) -> None:
        """Put a version of the files live that is so elsewhere, if it can be had."""
        ...

    async def rebuild(self) -> object:
        """Build the live files anew with what is taught and tuned now."""
        ...

    async def prepare(self) -> None:
        """Get ready for the next reload, if that isn't done."""
        ...


async def follow(here: Following, book: VersionBook, seen: Publication | None) -> None:
    """Follow what is published from now on, until cancelled.

    `seen` is what was published before the live knowledge was read.
    """
    while True:
        await asyncio.sleep(_LOOK_AGAIN)
        try:
            published = await book.published()
        except StorageError:
            continue
        if published is not None and published != seen:
            before, seen = seen, published
            about_files = before is None or before.files_number != published.files_number
            # What was published between two looks may say more than what came last.
            skipped = published.number > (before.number if before else 0) + 1
            await _catch_up(here, published, about_files=about_files, skipped=skipped)
        await here.prepare()


async def _catch_up(
    here: Following, published: Publication, *, about_files: bool, skipped: bool
) -> None:
    if about_files and published.files:
        await here.take_over(published.files)
    if skipped or here.version != published.version:
        await here.rebuild()
    if here.version == published.version:
        _log.info("Version %s of the knowledge is live here too.", published.version)
    else:
        _log.warning(
            "Another bot has version %s of the knowledge live, but here it is version %s: "
            "give all bots the same files, the same release of Majlis and one database.",
            *(published.version, here.version),
        )
