"""The composition root: the only place that constructs."""

from __future__ import annotations

import asyncio
import ctypes
import datetime as dt
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition, build_edition
from bot.conversation.reload import Reloader
from bot.errors import StorageError
from bot.knowledge.check import check
from bot.knowledge.load import Loaded, load
from bot.knowledge.problems import KnowledgeError, Problem
from bot.matching.collisions import collisions
from bot.matching.encoder import Encoder
from bot.matching.encoder.choose import load_encoder
from bot.settings import Settings, default_knowledge
from bot.storage.journal import Journal
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from bot.storage.pseudonyms import pseudonyms
from bot.storage.store import Store

_log = logging.getLogger(__name__)
_PRUNE_AGAIN = 5 * 60
"""Seconds; /privacy promises minutes for the shortest lived."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Hold the parts a front needs."""

    conversation: Conversation
    reloader: Reloader
    store: Store
    journal: Journal


def load_knowledge(settings: Settings) -> Loaded:
    """Read the knowledge and its documents; raises KnowledgeError with every problem."""
    return load(settings.knowledge, settings.seeds, default_knowledge())


def build(settings: Settings, encoder: Encoder | None = None) -> Edition:
    """Read the knowledge and fit what understands it, with the settings' encoder or a given one.

    Raises KnowledgeError, and EncoderError if the encoder can't be loaded.
    """
    return _fit(load_knowledge(settings), encoder or _encoder(settings))


def build_checked(settings: Settings, encoder: Encoder | None = None) -> Edition:
    """Build an edition that may go live over another; raises KnowledgeError if it is broken."""
    loaded = load_knowledge(settings)
    if broken := [each for each in check(loaded) if each.severity == "broken"]:
        raise KnowledgeError(broken)
    return _fit(loaded, encoder or _encoder(settings))


def find_collisions(loaded: Loaded, settings: Settings) -> list[Problem]:
    """Return the phrases with which the live matchers confuse entries (seconds of work)."""
    edition = _fit(loaded, _encoder(settings))
    return [
        problem
        for language, understanding in edition.understanding.items()
        for problem in collisions(loaded, understanding.matcher, language)
    ]


def now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def in_memory(settings: Settings) -> Bot:
    """Return a bot that remembers nothing once it stops."""
    store = MemoryStore(
        session_expiry=dt.timedelta(minutes=settings.session_minutes),
        retention=dt.timedelta(days=settings.retention),
        clock=now,
    )
    return _bot(settings, store, MemoryJournal(store, now))


@asynccontextmanager
async def durable(settings: Settings) -> AsyncIterator[Bot]:
    """Yield a bot on the settings' database, with its chores running.

    Raises StorageError if the database can't be used, and KnowledgeError.
    """
    from bot.storage.database import open_database  # noqa: PLC0415 - the terminal needs no SQL
    from bot.storage.sql import SqlStore  # noqa: PLC0415
    from bot.storage.sql_journal import SqlJournal  # noqa: PLC0415

    pseudonym = pseudonyms(settings.secret or settings.token)
    transactions = await open_database(settings.database, pseudonym)
    store = SqlStore(
        transactions,
        pseudonym,
        session_expiry=dt.timedelta(minutes=settings.session_minutes),
        retention=dt.timedelta(days=settings.retention),
        clock=now,
    )
    lease = dt.timedelta(seconds=settings.lease)
    journal = SqlJournal(transactions, pseudonym, lease=lease, clock=now)
    try:
        if not transactions.is_shared:
            await journal.take_over()
        announced = await store.announced()
        bot = _bot(settings, store, journal)
        async with _chores(settings, bot, announced):
            yield bot
    finally:
        await store.close()


@asynccontextmanager
async def _chores(settings: Settings, bot: Bot, announced: str | None) -> AsyncIterator[None]:
    """Prune, follow other processes and watch files while the block runs."""
    work = [_prune(bot.store), bot.reloader.follow(announced)]
    if settings.watch:
        work.append(_watch(settings, bot.reloader))
    chores = [asyncio.create_task(each) for each in work]
    for chore in chores:
        chore.add_done_callback(_report)
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


def _report(chore: asyncio.Task[None]) -> None:
    if not chore.cancelled() and (error := chore.exception()):
        _log.error("A chore of the bot ended; restart the bot to have it done", exc_info=error)


def _encoder(settings: Settings) -> Encoder:
    return load_encoder(settings.encoder, settings.cache)


def _fit(loaded: Loaded, encoder: Encoder) -> Edition:
    """Fit an edition in one thread: for the matcher's small systems a pool costs more."""
    threadpool_limits(limits=1, user_api="blas")
    edition = build_edition(loaded.knowledge, encoder)
    _give_back_memory()
    return edition


def _give_back_memory() -> None:
    """Return what fitting took in passing to the system, where the C library can (glibc)."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def _bot(settings: Settings, store: Store, journal: Journal) -> Bot:
    encoder = _encoder(settings)
    conversation = Conversation(build(settings, encoder), store, now)
    reloader = Reloader(lambda: build_checked(settings, encoder), conversation, store)
    return Bot(conversation, reloader, store, journal)


async def _prune(store: Store) -> None:
    while True:
        try:
            if gone := await store.prune():
                _log.info("Pruned %d rows past their retention.", gone)
        except StorageError as error:
            _log.error("Nothing could be pruned: %s", error)
        await asyncio.sleep(_PRUNE_AGAIN)


async def _watch(settings: Settings, reloader: Reloader) -> None:
    from watchfiles import awatch  # noqa: PLC0415 - most bots watch nothing

    folders = [folder for folder in (settings.knowledge, settings.seeds) if folder.is_dir()]
    async for _ in awatch(*folders):
        report = await reloader.reload()
        if report.problems:
            problems = "\n".join(map(str, report.problems))
            _log.warning("Kept the old knowledge, because the new one is broken:\n%s", problems)
        else:
            _log.info("The knowledge is live, version %s.", report.version)
