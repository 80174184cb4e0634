"""Whose names stand on what admins did, and that they can be taken away."""

from __future__ import annotations

import pytest

from bot.storage.authors import Author
from bot.storage.lessons import Decision
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_lessons import SqlLessonBook
from bot.storage.sql_tunings import SqlTunings
from bot.storage.sql_versions import SqlVersionBook
from bot.storage.store import Deed, Kept
from bot.storage.tunings import Tuning
from tests.bot.storage.conftest import SECRET, FakeClock, rows

ADA, OTHER_ADA = 4_242_424_242, 3_131_313_131


@pytest.fixture
async def store(any_sql_store: SqlStore, clock: FakeClock) -> SqlStore:
    """Return a store in which two people of one name, and the files, did something each."""
    transactions, hidden = any_sql_store._transactions, pseudonyms(SECRET)
    book = SqlLessonBook(transactions, clock, hidden)
    versions = SqlVersionBook(transactions, clock, hidden)
    tunings = SqlTunings(transactions, hidden)
    for author in (Author("Ada", ADA), Author("Ada", OTHER_ADA), Author("files")):
        name = f"{author.name} {author.user}"
        await book.decide(Decision(name, (), author))
        await versions.keep(name, {}, author)
        await tunings.choose([Tuning("en", 0.5, 0.4, author, clock())])
    return any_sql_store


async def _authors(store: SqlStore) -> list[list[str]]:
    tables = ("lessons", "versions", "tunings")
    found = [await rows(store, f"SELECT author FROM {table} ORDER BY id") for table in tables]
    return [[author for (author,) in each] for each in found]


async def test_forgetting_takes_the_name_from_what_was_taught(store: SqlStore) -> None:
    """What was done stays, also that of somebody else of the same name."""
    assert await _authors(store) == [["Ada", "Ada", "files"]] * 3
    await store.forget(ADA)
    assert await _authors(store) == [["", "Ada", "files"]] * 3


async def test_what_an_admin_did_is_shown_to_them_until_they_are_forgotten(
    store: SqlStore, clock: FakeClock
) -> None:
    """It is kept under their name, so /mydata says so."""
    done = [Deed(clock(), "taught"), Deed(clock(), "put live"), Deed(clock(), "tuned")]
    assert list((await store.kept_about(ADA)).deeds) == done
    await store.forget(ADA)
    assert await store.kept_about(ADA) == Kept()


async def test_an_admin_called_files_isnt_the_files(
    any_sql_store: SqlStore, clock: FakeClock
) -> None:
    """What is read back tells them apart without the id; somebody forgotten is neither."""
    versions = SqlVersionBook(any_sql_store._transactions, clock, pseudonyms(SECRET))
    files = Author("files")
    await versions.keep("v1", {}, files)
    await versions.keep("v2", {}, Author("files", ADA))
    assert await _put_live(versions) == [Author("files", hidden=True), files]
    await any_sql_store.forget(ADA)
    assert await _put_live(versions) == [Author(""), files]


async def _put_live(versions: SqlVersionBook) -> list[Author]:
    return [each.author for each in await versions.latest(2)]


async def test_authors_ids_are_hidden(store: SqlStore) -> None:
    """No id itself is in the database, and after /forgetme not even its pseudonym."""
    tables = ("lessons", "versions", "tunings")
    found = str([await rows(store, f"SELECT * FROM {table}") for table in tables])
    hidden = str(pseudonyms(SECRET)(ADA))
    assert hidden in found
    await store.forget(ADA)
    found = str([await rows(store, f"SELECT user_id FROM {table}") for table in tables])
    assert hidden not in found
    assert str(ADA) not in found
