"""The versions of the knowledge, what is published, and what people asked: alike in each store."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.storage.asked import Asked, MemoryQuestionLog, QuestionLog
from bot.storage.authors import Author
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore
from bot.storage.sql_asked import SqlQuestionLog
from bot.storage.sql_versions import SqlVersionBook
from bot.storage.store import Heard, Miss
from bot.storage.versions import MOST, MemoryVersionBook, Publication, Version, VersionBook
from tests.bot.storage.conftest import RETENTION, FakeClock, Room

FILES = {"knowledge/en/a.yaml": b"topic: \xc3\xa9\n", "seeds/b.txt": bytes(range(256))}
SECOND = dt.timedelta(seconds=1)
ADA, BOB = Author("Ada"), Author("Bob")


@pytest.fixture
def book(room: Room, clock: FakeClock) -> VersionBook:
    """Return the versions in each kind of store."""
    if isinstance(room.store, SqlStore):
        return SqlVersionBook(room.store._transactions, clock)
    return MemoryVersionBook(clock)


@pytest.fixture
def log(room: Room) -> QuestionLog:
    """Return what was asked, in each kind of store."""
    if isinstance(room.store, SqlStore):
        return SqlQuestionLog(room.store._transactions)
    assert isinstance(room.store, MemoryStore)
    return MemoryQuestionLog(room.store)


async def _keep(book: VersionBook, clock: FakeClock, *versions: str, author: Author = ADA) -> None:
    for version in versions:
        clock.advance(SECOND)
        await book.keep(version, {"a": version.encode()}, author)


async def test_files_come_back_byte_for_byte(book: VersionBook) -> None:
    """Whatever is in a file is there again, and a version that isn't kept has none."""
    await book.keep("v1", FILES, ADA)
    assert await book.files("v1") == FILES
    assert await book.files("v2") is None


async def test_versions_are_listed_by_when_they_went_live(
    book: VersionBook, clock: FakeClock
) -> None:
    """The latest comes first, also if it was live before; it has the author who put it there."""
    await _keep(book, clock, "v1", "v2")
    await _keep(book, clock, "v1", author=BOB)
    first, second = await book.latest(10)
    assert first == Version("v1", BOB, clock())
    assert second == Version("v2", ADA, clock() - SECOND)
    assert await book.latest(1) == (first,)


async def test_what_is_live_already_keeps_its_author(book: VersionBook, clock: FakeClock) -> None:
    """A restart doesn't take the place of whoever put the version live."""
    await _keep(book, clock, "v1")
    await _keep(book, clock, "v1", author=Author("start"))
    assert [each.author for each in await book.latest(10)] == [ADA]


async def test_the_last_twenty_stay(book: VersionBook, clock: FakeClock) -> None:
    """Older ones go, with their files."""
    await _keep(book, clock, *(f"v{n}" for n in range(MOST + 3)))
    kept = await book.latest(100)
    assert [each.version for each in kept] == [f"v{n}" for n in range(MOST + 2, 2, -1)]
    assert await book.files("v2") is None


async def test_nothing_is_published_at_first(book: VersionBook) -> None:
    """A new database knows of no publication."""
    assert await book.published() is None


async def test_what_is_published_last_counts(book: VersionBook) -> None:
    """A version is live everywhere until the next one is, maybe the same one again."""
    numbers = []
    for version in ("v1", "v2", "v1"):
        await book.publish(version, "")
        published = await book.published()
        assert published
        assert published == Publication(published.number, version, version, published.number)
        numbers.append(published.number)
    assert numbers == sorted(set(numbers))


async def test_a_rollback_counts_through_lessons(book: VersionBook) -> None:
    """What is published about lessons changes nothing in which files count."""
    await book.publish("v1", "v2")
    rollback = await book.published()
    await book.publish("v1+abc")
    published = await book.published()
    assert rollback
    assert published
    number = published.number
    assert published == Publication(number, "v1+abc", "v1", rollback.number, "v2")
    await book.publish("v2+abc", "")
    assert (await book.published() or rollback).instead_of == ""


async def test_lessons_alone_say_nothing_about_files(book: VersionBook) -> None:
    """Where no files were ever published, none count."""
    await book.publish("v1+abc")
    published = await book.published()
    assert published
    assert published == Publication(published.number, "v1+abc")


async def test_what_counts_outlives_its_retention(
    room: Room, book: VersionBook, clock: FakeClock
) -> None:
    """Pruning leaves the last publication of all, and the last about files."""
    for version, instead_of in (("v0", ""), ("v1", "v2"), ("v1+a", None), ("v1+b", None)):
        await book.publish(version, instead_of)
    before = await book.published()
    clock.advance(RETENTION * 2)
    gone = await room.store.prune()
    assert await book.published() == before
    assert gone == (2 if isinstance(room.store, SqlStore) else 0)


async def test_questions_come_latest_first_and_once(
    room: Room, log: QuestionLog, clock: FakeClock
) -> None:
    """Case, punctuation and who asked make no other question; another language does."""
    asked = [("Where?", "en"), ("Who?", "en"), ("who", "de"), ("where", "en"), ("When?", "en")]
    for number, (text, language) in enumerate(asked):
        await room.store.keep([Heard(1, number, text, language, "answer", (), clock())])
    found = [(each.text, each.language) for each in await log.asked(10)]
    assert found == [("When?", "en"), ("where", "en"), ("who", "de"), ("Who?", "en")]
    assert [each.text for each in await log.asked(2)] == ["When?", "where"]


async def test_a_disliked_answer_is_known(room: Room, log: QuestionLog, clock: FakeClock) -> None:
    """A vote against an answer counts for its question; other misses don't."""
    for text in ("Where?", "Who?"):
        await room.store.keep([Heard(1, 2, text, "en", "answer", (), clock())])
    await room.store.keep([Miss(2, "where?", "en", (), clock(), "not_helpful")])
    await room.store.keep([Miss(2, "Who?", "en", (), clock(), "unchosen")])
    assert await log.asked(10) == (Asked("Who?", "en"), Asked("Where?", "en", disliked=True))
