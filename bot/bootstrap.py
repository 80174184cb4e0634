"""The composition root: the only place that constructs."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.building import build, build_checked, encoder_of, load_knowledge
from bot.chores import at_work, prune, strike, watch
from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.conversation.reload import Reloader, Shelf
from bot.conversation.taught import Taught, chosen_thresholds
from bot.errors import StorageError
from bot.evaluation.tuning.tuner import Tuner
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.snapshot import take_snapshot
from bot.matching.encoder import Encoder
from bot.settings import Settings
from bot.storage.asked import MemoryQuestionLog
from bot.storage.cases import Cases
from bot.storage.digests import Digests
from bot.storage.drafts import Drafts
from bot.storage.figures import Figures
from bot.storage.journal import Journal
from bot.storage.lessons import LessonBook
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from bot.storage.moves import Moves
from bot.storage.pseudonyms import pseudonyms
from bot.storage.store import Store
from bot.storage.tunings import Tunings
from bot.storage.versions import MemoryVersionBook, VersionBook
from bot.storage.wishes import Wishes
from bot.teaching.classroom import Classroom, taught

if TYPE_CHECKING:
    from bot.fronts.telegram.parts import Parts

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """Hold the parts a front needs; without a database there is no teaching."""

    conversation: Conversation
    reloader: Reloader
    store: Store
    journal: Journal
    classroom: Classroom | None = None
    drafts: Drafts | None = None
    figures: Figures | None = None
    cases: Cases | None = None
    wishes: Wishes | None = None
    digests: Digests | None = None
    moves: Moves | None = None
    tuner: Tuner | None = None


def now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def in_memory(settings: Settings) -> Bot:
    """Return a bot that remembers nothing once it stops, and knows what one was taught before.

    Whatever is wrong with the settings' database becomes a line of the log: the files will do.
    """
    store = MemoryStore(
        session_expiry=dt.timedelta(minutes=settings.session_minutes),
        retention=dt.timedelta(days=settings.retention),
        clock=now,
    )
    encoder = encoder_of(settings)
    edition, known = _live_now(settings, encoder)
    conversation = Conversation(edition, store, now)
    reloader = Reloader(
        lambda: build_checked(settings, encoder, known),
        conversation,
        MemoryQuestionLog(store),
        _shelf(settings, MemoryVersionBook(now), encoder, lambda: known),
    )
    return Bot(conversation, reloader, store, MemoryJournal(store, now))


@asynccontextmanager
async def durable(settings: Settings) -> AsyncIterator[Bot]:
    """Yield a bot on the settings' database, with its chores running.

    Raises StorageError if the database can't be used, and KnowledgeError.
    """
    from bot.storage.database import open_database  # noqa: PLC0415 - the terminal needs no SQL
    from bot.storage.sql import SqlStore  # noqa: PLC0415
    from bot.storage.sql_asked import SqlQuestionLog  # noqa: PLC0415
    from bot.storage.sql_cases import SqlCases  # noqa: PLC0415
    from bot.storage.sql_digests import SqlDigests  # noqa: PLC0415
    from bot.storage.sql_drafts import SqlDrafts  # noqa: PLC0415
    from bot.storage.sql_figures import SqlFigures  # noqa: PLC0415
    from bot.storage.sql_journal import SqlJournal  # noqa: PLC0415
    from bot.storage.sql_lessons import SqlLessonBook  # noqa: PLC0415
    from bot.storage.sql_moves import SqlMoves  # noqa: PLC0415
    from bot.storage.sql_traffic import SqlTrafficLog  # noqa: PLC0415
    from bot.storage.sql_tunings import SqlTunings  # noqa: PLC0415
    from bot.storage.sql_versions import SqlVersionBook  # noqa: PLC0415
    from bot.storage.sql_wishes import SqlWishes  # noqa: PLC0415

    pseudonym = pseudonyms(settings.secret or settings.token)
    session_expiry = dt.timedelta(minutes=settings.session_minutes)
    transactions = await open_database(settings.database, pseudonym)
    store = SqlStore(
        transactions,
        pseudonym,
        session_expiry=session_expiry,
        retention=dt.timedelta(days=settings.retention),
        clock=now,
    )
    lease = dt.timedelta(seconds=settings.lease)
    journal = SqlJournal(transactions, pseudonym, lease=lease, clock=now)
    try:
        if not transactions.is_shared:
            await journal.take_over()
        versions = SqlVersionBook(transactions, now, pseudonym)
        published = await versions.published()
        book = SqlLessonBook(transactions, now, pseudonym)
        drafts = SqlDrafts(transactions, pseudonym, expiry=session_expiry, clock=now)
        encoder = encoder_of(settings)
        tunings = SqlTunings(transactions, pseudonym)
        known = await _known(book, tunings)
        knowing = _knowing(book, tunings)
        shelf = _shelf(settings, versions, encoder, knowing)
        edition = await shelf.first(lambda: build(settings, encoder, known))
        conversation = Conversation(edition, store, now)
        reloader = Reloader(
            lambda: build_checked(settings, encoder, knowing()),
            conversation,
            SqlQuestionLog(transactions),
            shelf,
        )
        await reloader.started()
        classroom = Classroom(book, conversation, encoder, reloader.refresh)
        figures = SqlFigures(transactions)
        cases = SqlCases(transactions, pseudonym, clock=now)
        wishes = SqlWishes(transactions, pseudonym, clock=now)
        bot = Bot(
            *(conversation, reloader, store, journal, classroom, drafts, figures),
            cases=cases,
            wishes=wishes,
            digests=SqlDigests(transactions, pseudonym, clock=now),
            moves=SqlMoves(transactions),
            tuner=Tuner(SqlTrafficLog(transactions), tunings, conversation, reloader.refresh, now),
        )
        work = [
            prune(store),
            reloader.follow(published),
            strike(book, reloader, conversation, lambda: load_knowledge(settings).knowledge),
        ]
        if settings.watch:
            work.append(watch((settings.knowledge, settings.seeds), reloader))
        async with at_work(work):
            yield bot
    finally:
        await store.close()


def telegram_parts(bot: Bot) -> Parts:
    """Return what the Telegram front works with."""
    from bot.fronts.telegram.parts import Parts  # noqa: PLC0415 - the terminal needs none of it

    return Parts(clock=now, **{each.name: getattr(bot, each.name) for each in fields(bot)})


def _live_now(settings: Settings, encoder: Encoder) -> tuple[Edition, Taught]:
    """Return what a bot on the settings' database answers from, and what it was taught of that."""
    if _may_have_database(settings.database):
        from bot.storage.reading import NoDatabaseError  # noqa: PLC0415 - as below

        try:
            return asyncio.run(_read_live(settings, encoder))
        except NoDatabaseError:
            pass
        except StorageError as error:
            _log.warning("I answer from the files alone, without what was taught. %s", error)
    return build(settings, encoder), Taught()


def _may_have_database(database: str) -> bool:
    """Tell whether it is worth half a second of imports to look for a database."""
    try:
        return "://" in database or Path(database).expanduser().exists()
    except (OSError, RuntimeError):
        return True


async def _read_live(settings: Settings, encoder: Encoder) -> tuple[Edition, Taught]:
    from bot.storage.reading import reading  # noqa: PLC0415 - the terminal needs no SQL
    from bot.storage.sql_lessons import SqlLessonBook  # noqa: PLC0415
    from bot.storage.sql_tunings import SqlTunings  # noqa: PLC0415
    from bot.storage.sql_versions import SqlVersionBook  # noqa: PLC0415

    async with reading(settings.database) as transactions:
        known = await _known(SqlLessonBook(transactions, now), SqlTunings(transactions))
        shelf = _shelf(settings, SqlVersionBook(transactions, now), encoder, lambda: known)
        return await shelf.first(lambda: build(settings, encoder, known)), known


async def _known(book: LessonBook, tunings: Tunings) -> Taught:
    """Return all that admins taught and chose; raises StorageError."""
    return replace(await taught(book), thresholds=chosen_thresholds(await tunings.chosen()))


def _knowing(book: LessonBook, tunings: Tunings) -> Callable[[], Taught]:
    """Return what reads, from a thread, all that is taught and chosen then.

    It raises KnowledgeError where the database fails: half of the knowledge mustn't go live.
    """
    loop = asyncio.get_running_loop()

    def know() -> Taught:
        try:
            return asyncio.run_coroutine_threadsafe(_known(book, tunings), loop).result()
        except StorageError as error:
            raise KnowledgeError([Problem("lessons", 0, "", str(error))]) from error

    return know


def _shelf(
    settings: Settings, book: VersionBook, encoder: Encoder, know: Callable[[], Taught]
) -> Shelf:
    """Return the shelf of the versions; what went live once is built without being checked."""

    def build_kept(folder: Path, seeds: Path) -> Edition:
        return build(replace(settings, knowledge=folder, seeds=seeds), encoder, know())

    return Shelf(book, lambda: take_snapshot(settings.knowledge, settings.seeds), build_kept)
