"""What is kept about a person, and that it can be shown and forgotten."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.database import engine_url
from bot.storage.pseudonyms import pseudonyms
from bot.storage.remedies import place
from bot.storage.sql import SqlStore
from bot.storage.store import (
    Candidate,
    Exchange,
    Feedback,
    Heard,
    Kept,
    Memory,
    Miss,
    Session,
    Store,
)
from tests.bot.storage.conftest import (
    EXPIRY,
    RETENTION,
    SECRET,
    TICK,
    FakeClock,
    open_store,
    refusal,
    rows,
)

SARA, OMAR, GROUP = 4_242_424_242, 3_131_313_131, -1_001_234_567_890


def _memories(user: int, chat: int, clock: FakeClock) -> list[Memory]:
    """Return one memory of each kind, of a person in a chat."""
    candidates = (Candidate("isoj-where", 0.5),)
    return [
        Session(chat, user, "en", utterance="where?"),
        Heard(chat, user, "where?", "en", "suggest", candidates, clock()),
        Miss(user, "where?", "en", candidates, clock()),
        Feedback(chat, 11, user, "isoj-where", "helpful", clock()),
        Exchange(chat, 10, 11, ("isoj-where",), clock()),
    ]


async def _fill(store: Store, clock: FakeClock) -> None:
    """Let two people talk to the bot, each in private and both in a group."""
    for user in (SARA, OMAR):
        for chat in (user, GROUP):
            await store.keep(_memories(user, chat, clock))
            clock.advance(TICK)


def _without_chats(kept: Kept) -> Kept:
    """Return all that is kept, without the chats: SQL shows their pseudonyms."""
    return Kept(
        tuple(replace(each, chat=0) for each in kept.sessions),
        tuple(replace(each, chat=0) for each in kept.heard),
        kept.misses,
        tuple(replace(each, chat=0) for each in kept.feedback),
    )


async def test_all_that_is_kept_about_a_person_is_shown(store: Store, clock: FakeClock) -> None:
    """Every kind comes back whole, from every chat, oldest first; exchanges hold no person."""
    first = _memories(SARA, SARA, clock)
    await store.keep(first)
    clock.advance(TICK)
    second = _memories(SARA, GROUP, clock)
    await store.keep([*second, *_memories(OMAR, OMAR, clock)])
    both = first + second
    expected = Kept(
        tuple(each for each in both if isinstance(each, Session)),
        tuple(each for each in both if isinstance(each, Heard)),
        tuple(each for each in both if isinstance(each, Miss)),
        tuple(each for each in both if isinstance(each, Feedback)),
    )
    assert _without_chats(await store.kept_about(SARA)) == _without_chats(expected)


async def test_the_oldest_comes_first_whatever_came_first(store: Store, clock: FakeClock) -> None:
    """A record that arrives late, a changed vote and a renewed session stand where time says."""
    early = clock()
    clock.advance(TICK)
    await store.keep([*_memories(SARA, SARA, clock), *_memories(SARA, GROUP, clock)])
    clock.advance(TICK)
    await store.keep(
        [
            Session(SARA, SARA, "ar"),
            Heard(GROUP, SARA, "late", "en", "answer", (), early),
            Miss(SARA, "late", "en", (), early),
            Feedback(SARA, 11, SARA, "isoj-where", "not_helpful", clock()),
        ]
    )
    kept = await store.kept_about(SARA)
    assert [each.language for each in kept.sessions] == ["en", "ar"]
    assert [each.text for each in kept.heard] == ["late", "where?", "where?"]
    assert [each.text for each in kept.misses] == ["late", "where?", "where?"]
    assert [each.vote for each in kept.feedback] == ["helpful", "not_helpful"]


async def test_nothing_is_kept_about_a_stranger(store: Store, clock: FakeClock) -> None:
    """Somebody who never wrote has nothing to be shown or forgotten."""
    await _fill(store, clock)
    assert await store.kept_about(1) == Kept()
    assert await store.forget(1) == 0


async def test_forgetting_takes_all_of_one_person(store: Store, clock: FakeClock) -> None:
    """Two of each kind and the exchange of the private chat go, once."""
    await _fill(store, clock)
    before = await store.kept_about(OMAR)
    assert await store.forget(SARA) == 9
    assert await store.kept_about(SARA) == Kept()
    assert await store.session(SARA, SARA) is None
    assert await store.session(GROUP, SARA) is None
    assert await store.answer_to(SARA, 10) is None
    assert await store.forget(SARA) == 0
    assert await store.kept_about(OMAR) == before


async def test_forgetting_leaves_what_belongs_to_others(store: Store, clock: FakeClock) -> None:
    """The exchanges of a group and of another's private chat stay."""
    await _fill(store, clock)
    await store.forget(SARA)
    assert await store.answer_to(GROUP, 10) is not None
    assert await store.answer_to(OMAR, 10) is not None
    assert await store.session(GROUP, OMAR) is not None


async def test_a_forgotten_person_may_come_back(store: Store, clock: FakeClock) -> None:
    """Forgetting is no ban: what is kept later is shown later."""
    await _fill(store, clock)
    await store.forget(SARA)
    await store.keep([Miss(SARA, "again?", "en", (), clock())])
    assert [each.text for each in (await store.kept_about(SARA)).misses] == ["again?"]


def test_pseudonyms_are_stable() -> None:
    """What was kept last year is found this year: these figures must never change."""
    pseudonym = pseudonyms("secret")
    assert [pseudonym(each) for each in (0, 1, -1, SARA, GROUP)] == [
        -6_158_255_692_092_078_084,
        154_261_971_604_933_967,
        -343_739_346_795_464_290,
        -7_683_662_280_955_289_404,
        -3_784_635_787_218_155_494,
    ]


def test_pseudonyms_fit_into_a_column_of_a_database() -> None:
    """All are signed integers of 64 bits and different, for people, groups and the greatest id."""
    pseudonym = pseudonyms(SECRET)
    found = {pseudonym(each) for each in (*range(-5000, 5000), 2**52 - 1, -(2**52) + 1)}
    assert len(found) == 10_002
    assert all(-(2**63) <= each < 2**63 for each in found)
    assert min(found) < 0 < max(found)


def test_pseudonyms_of_other_keys_differ() -> None:
    """Without the key nobody can look a person up, also with a longer or empty one."""
    keys = ("a", "b", "", "a" * 1000, "مفتاح", "a\0")
    assert len({pseudonyms(key)(SARA) for key in keys}) == len(keys)


async def test_another_key_is_refused(database: str, clock: FakeClock) -> None:
    """One line names the database and the setting, no key, and nothing is changed."""
    store = await open_store(database, EXPIRY, RETENTION, clock)
    await _fill(store, clock)
    await store.close()
    line = await refusal(database, clock, secret="another key")
    assert line.startswith(f"{place(engine_url(database))} keeps people under another key: set ")
    assert "set MAJLIS_SECRET to what it was" in line
    assert not re.search(f"another key[^:]|{SECRET}", line)
    store = await open_store(database, EXPIRY, RETENTION, clock)
    assert await store.session(GROUP, SARA) is not None
    assert await rows(store, "SELECT fingerprint FROM keys") == [(pseudonyms(SECRET)(0),)]
    await store.close()


async def test_of_two_keys_that_come_together_one_is_refused(
    new_postgres_database: str, clock: FakeClock
) -> None:
    """Two bots with different keys can't both begin a new database that they share."""
    database = new_postgres_database
    found = await asyncio.gather(
        *(open_store(database, EXPIRY, RETENTION, clock, secret) for secret in "ab" * 3),
        return_exceptions=True,
    )
    stores = [each for each in found if isinstance(each, SqlStore)]
    kept = [await rows(each, "SELECT fingerprint FROM keys") for each in stores]
    await asyncio.gather(*(each.close() for each in stores))
    refused = [str(each) for each in found if isinstance(each, StorageError)]
    assert ["MAJLIS_SECRET" in each for each in refused] == [True] * 3
    assert kept in ([[(pseudonyms(secret)(0),)]] * 3 for secret in "ab")


async def test_another_key_counts_where_nobody_is_kept_yet(
    tmp_path: Path, clock: FakeClock
) -> None:
    """A first start with a mistyped token doesn't lock a new file against the right one."""
    database = str(tmp_path / "majlis.db")
    for secret in ("mistyped", SECRET):
        store = await open_store(database, EXPIRY, RETENTION, clock, secret)
        assert await rows(store, "SELECT fingerprint FROM keys") == [(pseudonyms(secret)(0),)]
        await store.close()
    store = await open_store(database, EXPIRY, RETENTION, clock)
    await store.keep([Session(GROUP, SARA, "en")])
    await store.close()
    assert "MAJLIS_SECRET" in await refusal(database, clock, secret="mistyped")


def traces(folder: Path, identity: int) -> list[str]:
    """Return the files in which an id stands, in figures or as SQLite or C write integers."""
    needles = [b"%d" % abs(identity)]
    for order in ("big", "little"):
        needles += [identity.to_bytes(width, order, signed=True) for width in (6, 8)]
    return [
        file.name
        for file in folder.rglob("*")
        if file.is_file() and any(needle in file.read_bytes() for needle in needles)
    ]


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def test_a_trace_would_be_seen(tmp_path: Path) -> None:
    """The search itself finds both spellings of an id."""
    (tmp_path / "text").write_bytes(b'{"id": %d}' % SARA)
    (tmp_path / "row").write_bytes(b"\x05" + GROUP.to_bytes(6, "big", signed=True))
    assert traces(tmp_path, SARA) == ["text"]
    assert traces(tmp_path, GROUP) == ["row"]


@pytest.mark.parametrize("identity", [SARA, OMAR, GROUP])
async def test_no_id_stands_in_the_files(
    identity: int, sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """Neither the database nor its write-ahead log holds an id, before and after the end."""
    await _fill(sql_store, clock)
    assert (path.parent / f"{path.name}-wal").stat().st_size > 0
    assert traces(path.parent, identity) == []
    await sql_store.close()
    assert traces(path.parent, identity) == []


async def test_no_id_stands_in_the_tables(any_sql_store: SqlStore, clock: FakeClock) -> None:
    """No column of any row holds an id, whatever the database."""
    await _fill(any_sql_store, clock)
    found = []
    for table in ("sessions", "utterances", "misses", "feedback", "exchanges"):
        found += await rows(any_sql_store, f"SELECT * FROM {table}")
    assert len(found) == 19
    assert not re.search(r"4242424242|3131313131|1001234567890", repr(found))


async def test_what_is_forgotten_leaves_no_trace(
    sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """While the bot runs, the text is gone from the file and from its write-ahead log."""
    log = path.with_name(f"{path.name}-wal")
    await sql_store.keep(_secrets(clock))
    assert b"my secret" in _bytes(log)
    await sql_store.forget(SARA)
    assert b"my secret" not in _bytes(path) + _bytes(log)


async def test_what_is_forgotten_late_leaves_no_trace(
    sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """Text that has got from the write-ahead log into the file goes from there, others' stays."""
    log = path.with_name(f"{path.name}-wal")
    await sql_store.keep([*_secrets(clock), Miss(OMAR, "hers", "en", (), clock())])
    await sql_store._transactions.tidy()
    assert b"my secret" in _bytes(path)
    await sql_store.forget(SARA)
    assert b"my secret" not in _bytes(path) + _bytes(log)
    assert b"hers" in _bytes(path)


@pytest.mark.parametrize("seed", range(8))
async def test_what_is_forgotten_leaves_no_trace_where_rows_have_moved(
    seed: int, sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """Nor do the copies stay that SQLite makes when it parts and joins pages."""
    chance = random.Random(seed)
    for _ in range(300):
        user = chance.choice([SARA, 1, 2, 3, 4])
        text = ("my secret " if user == SARA else "another's ") * chance.choice([1, 3, 30, 100])
        session = Session(chance.randint(1, 9), user, "en", utterance=text)
        await sql_store.keep([session, Miss(user, text, "en", (), clock())])
    await sql_store.forget(SARA)
    assert b"my secret" not in _bytes(path) + _bytes(path.with_name(f"{path.name}-wal"))


async def test_what_is_forgotten_while_somebody_reads_is_tried_again(
    sql_store: SqlStore, path: Path, clock: FakeClock
) -> None:
    """A backup that holds on to the log is in the way, which is no silent success."""
    await sql_store.keep([Miss(SARA, "my secret", "en", (), clock())])
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM misses").fetchall()
        with pytest.raises(StorageError, match="held by another program"):
            await sql_store.forget(SARA)
    await sql_store.forget(SARA)
    assert b"my secret" not in _bytes(path) + _bytes(path.with_name(f"{path.name}-wal"))


def _secrets(clock: FakeClock) -> list[Memory]:
    """Return memories of all sizes, from a part of a page to many."""
    texts = [f"my secret {number} " * 4**number for number in range(7)]
    sessions = [Session(chat, SARA, "en", utterance=text) for chat, text in enumerate(texts)]
    heard = [Heard(SARA, SARA, text, "en", "fallback", (), clock()) for text in texts]
    return [*sessions, *heard, *(Miss(SARA, text, "en", (), clock()) for text in texts)]
