"""What the store in SQL does beyond the contract."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import traceback
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.store import Candidate, Feedback, Heard, Miss, Session, Store
from tests.bot.storage.conftest import EXPIRY, RETENTION, SECRET, FakeClock, open_store, rows

TYPED = "what a person typed"


def test_it_is_a_store(sql_store: SqlStore) -> None:
    """The type checker and the port agree."""
    store: Store = sql_store
    assert store is sql_store


async def test_everything_outlives_the_process(path: Path, clock: FakeClock) -> None:
    """What one store wrote, the next one on the same file reads."""
    first = await open_store(str(path), EXPIRY, RETENTION, clock)
    await first.keep([Session(1, 2, "en", "isoj-who")])
    await first.close()
    second = await open_store(str(path), EXPIRY, RETENTION, clock)
    assert await second.session(1, 2) == Session(1, 2, "en", "isoj-who")
    await second.close()


async def test_closing_leaves_one_file(path: Path, clock: FakeClock) -> None:
    """The write-ahead log is merged, so that the file alone can be copied."""
    store = await open_store(str(path), EXPIRY, RETENTION, clock)
    await store.keep([Session(1, 2, "en")])
    await store.close()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("busy_timeout", 2000),
    ],
)
async def test_sqlite_is_set_up(sql_store: SqlStore, pragma: str, value: object) -> None:
    """Every connection has the settings that make SQLite quick, safe and patient."""
    assert await rows(sql_store, f"PRAGMA {pragma}") == [(value,)]


async def test_an_utterance_is_logged_in_full(sql_store: SqlStore, clock: FakeClock) -> None:
    """The log holds the text, what became of it, the candidates as JSON, and pseudonyms."""
    pseudonym = pseudonyms(SECRET)
    heard = Heard(-5, 2**52, "where?", "en", "suggest", (Candidate("isoj-where", 0.5),), clock())
    await sql_store.keep([heard])
    assert await rows(sql_store, "SELECT * FROM utterances") == [
        (
            1,
            pseudonym(-5),
            pseudonym(2**52),
            "where?",
            "en",
            "suggest",
            '[{"entry": "isoj-where", "confidence": 0.5}]',
            "2025-03-01 12:00:00.000000",
        )
    ]


async def test_a_miss_is_kept_in_full(sql_store: SqlStore, clock: FakeClock) -> None:
    """A miss holds its text and candidates."""
    await sql_store.keep([Miss(2, "where?", "en", (Candidate("isoj-where", 0.1),), clock())])
    assert await rows(sql_store, "SELECT user_id, text, language, candidates FROM misses") == [
        (pseudonyms(SECRET)(2), "where?", "en", '[{"entry": "isoj-where", "confidence": 0.1}]')
    ]


async def test_the_latest_vote_is_kept(sql_store: SqlStore, clock: FakeClock) -> None:
    """A vote and its entry are replaced together."""
    await sql_store.keep([Feedback(1, 11, 2, "isoj-where", "helpful", clock())])
    await sql_store.keep([Feedback(1, 11, 2, "isoj-who", "not_helpful", clock())])
    assert await rows(sql_store, "SELECT entry, vote FROM feedback") == [
        ("isoj-who", "not_helpful")
    ]


async def test_what_no_database_takes_is_replaced(sql_store: SqlStore) -> None:
    """NUL and half surrogate pairs leave a mark where they were."""
    await sql_store.keep([Session(1, 2, "en", utterance="a\0b\ud83dc")])
    session = await sql_store.session(1, 2)
    assert session is not None
    assert session.utterance == "a\ufffdb?c"


async def test_a_naive_time_is_refused(sql_store: SqlStore, clock: FakeClock) -> None:
    """A time without a zone is a mistake in the program and is named as one."""
    naive = clock().replace(tzinfo=None)
    with pytest.raises(StorageError, match="has no time zone"):
        await sql_store.keep([Miss(2, "where?", "en", (), naive)])


async def test_a_retention_longer_than_the_calendar_keeps_all(path: Path, clock: FakeClock) -> None:
    """The greatest timedelta means for ever."""
    store = await open_store(str(path), EXPIRY, dt.timedelta.max, clock)
    await store.keep([Miss(2, "where?", "en", (), clock())])
    assert await store.prune() == 0
    await store.close()


async def test_many_writers_lose_nothing(sql_store: SqlStore, clock: FakeClock) -> None:
    """Writes at the same time all arrive."""
    heard = Heard(1, 2, "where?", "en", "fallback", (), clock())
    await asyncio.gather(*(sql_store.keep([heard]) for _ in range(100)))
    assert await rows(sql_store, "SELECT count(*) FROM utterances") == [(100,)]


async def test_two_stores_write_to_one_file(
    sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """Writers of two processes wait for each other instead of failing."""
    other = await open_store(str(path), EXPIRY, RETENTION, clock)
    heard = Heard(1, 2, "where?", "en", "fallback", (), clock())
    await asyncio.gather(*(each.keep([heard]) for each in (sql_store, other) * 25))
    assert await rows(other, "SELECT count(*) FROM utterances") == [(50,)]
    await other.close()


async def test_the_store_survives_a_cancelled_write(any_sql_store: SqlStore) -> None:
    """A task cancelled anywhere in a write neither keeps the connection nor breaks it."""
    for turns in range(30):
        task = asyncio.ensure_future(any_sql_store.keep([Session(1, 2, "en")]))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await any_sql_store.keep([Session(1, 3, "ar")])
    assert await any_sql_store.session(1, 3) == Session(1, 3, "ar")
    gc.collect()


async def test_a_write_whose_caller_went_is_ended_before_the_store_closes(
    database: str, clock: FakeClock
) -> None:
    """A transaction that has begun is committed, whoever still waits for it."""
    store = await open_store(database, EXPIRY, RETENTION, clock)
    task = asyncio.ensure_future(store.keep([Session(1, 2, "en")]))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()
    assert task.cancelled()
    store = await open_store(database, EXPIRY, RETENTION, clock)
    assert await store.session(1, 2) is not None
    await store.close()


async def test_a_failed_write_names_the_file_and_no_personal_text(
    sql_store: SqlStore, path: Path
) -> None:
    """An operator learns which database failed; what people typed stays out of logs."""
    await rows(sql_store, "DROP TABLE sessions")
    with pytest.raises(StorageError, match=f"{path.name} can't be used") as caught:
        await sql_store.keep([Session(1, 2, "en", utterance=TYPED)])
    assert "\n" not in str(caught.value)
    assert TYPED not in "".join(traceback.format_exception(caught.value, chain=True))


async def test_a_failed_read_is_a_storage_error(sql_store: SqlStore) -> None:
    """Reading fails by the same name as writing."""
    await rows(sql_store, "DROP TABLE exchanges")
    with pytest.raises(StorageError, match="no such table: exchanges"):
        await sql_store.answer_to(1, 10)


async def test_pruning_is_all_or_nothing(sql_store: SqlStore, clock: FakeClock) -> None:
    """If one table can't be pruned, no other is."""
    await sql_store.keep([Session(1, 2, "en")])
    clock.advance(RETENTION * 2)
    await rows(sql_store, "DROP TABLE exchanges")
    with pytest.raises(StorageError):
        await sql_store.prune()
    assert await rows(sql_store, "SELECT count(*) FROM sessions") == [(1,)]
