"""What a bot does by itself: prune, watch files, forget what these have taken up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.conversation.reload import Reloader, log_line
from bot.errors import StorageError
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.lessons import settled
from bot.knowledge.problems import KnowledgeError
from bot.storage.lessons import LessonBook
from bot.storage.store import Store

_log = logging.getLogger(__name__)
_PRUNE_AGAIN = 5 * 60
"""Seconds; /privacy promises minutes for the shortest lived."""

Chore = Coroutine[object, object, None]


@asynccontextmanager
async def at_work(work: Iterable[Chore]) -> AsyncIterator[None]:
    """Do chores while the block runs; one that fails is logged, the others go on."""
    chores = [asyncio.create_task(each) for each in work]
    for chore in chores:
        chore.add_done_callback(_report)
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


async def prune(store: Store) -> None:
    """Delete what is past its retention, every few minutes, until cancelled."""
    while True:
        try:
            if gone := await store.prune():
                _log.info("Pruned %d rows past their retention.", gone)
        except StorageError as error:
            _log.error("Nothing could be pruned: %s", error)
        await asyncio.sleep(_PRUNE_AGAIN)


async def watch(folders: Iterable[Path], reloader: Reloader) -> None:
    """Reload whenever a file in one of the folders changes, until cancelled."""
    from watchfiles import awatch  # noqa: PLC0415 - most bots watch nothing

    async for _ in awatch(*(folder for folder in folders if folder.is_dir())):
        report = await reloader.reload()
        _log.log(logging.WARNING if report.problems else logging.INFO, "%s", log_line(report))


async def strike(
    book: LessonBook, reloader: Reloader, live: Conversation, read: Callable[[], KnowledgeBase]
) -> None:
    """Forget lessons once the files that are live have taken them up, now and at each reload.

    `read` reads the knowledge on disk, in a thread.
    """
    reloaded = asyncio.Event()
    reloader.observe(lambda _: reloaded.set())
    while True:
        try:
            await _strike_settled(book, live, read)
        except (StorageError, KnowledgeError) as error:
            _log.error("Lessons stay in the book, as it can't be compared: %s", error)
        await reloaded.wait()
        reloaded.clear()


async def _strike_settled(
    book: LessonBook, live: Conversation, read: Callable[[], KnowledgeBase]
) -> None:
    decided = [each for each in await book.decided() if each.contents]
    if not decided:
        return
    files = await asyncio.to_thread(read)
    if not live.knowledge.version.startswith(files.version):
        return  # other files are live than those on the disk
    await book.strike([e.number for e in decided if settled(files, e.lessons) == e.lessons])


def _report(chore: asyncio.Task[None]) -> None:
    if not chore.cancelled() and (error := chore.exception()):
        _log.error("A chore of the bot ended; restart the bot to have it done", exc_info=error)
