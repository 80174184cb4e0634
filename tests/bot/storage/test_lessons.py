"""The lesson book and the drafts, wherever they are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.knowledge.lessons import Content, NewEntry, NewPhrase, OutOfScope
from bot.storage.authors import Author
from bot.storage.database import open_database
from bot.storage.drafts import Drafts, MemoryDrafts
from bot.storage.lessons import Decision, LessonBook, MemoryLessonBook
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_drafts import SqlDrafts
from bot.storage.sql_lessons import SqlLessonBook
from bot.storage.store import Miss, Recanted, Store
from tests.bot.storage.conftest import ALL, EXPIRY, RETENTION, SECRET, TICK, FakeClock
from tests.fakes import make_store
from tests.postgres import Postgres

ADA = Author("Ada")
CONTENTS: tuple[Content, ...] = (
    NewPhrase("en", "oak", "how old is an oak"),
    NewEntry("en", "elm", "trees", "What is elm?", "A **tree**.", ("elm tree",)),
    OutOfScope("ar", "كم عمرك"),
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold what belongs together in one place."""

    store: Store
    book: LessonBook
    drafts: Drafts


@pytest.fixture(params=ALL)
async def desk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, clock: FakeClock
) -> AsyncIterator[Desk]:
    """Return a book, drafts and a store over the same misses."""
    if request.param == "memory":
        memory = make_store()
        yield Desk(
            memory, MemoryLessonBook(lambda: memory.misses, clock), MemoryDrafts(EXPIRY, clock)
        )
        return
    name = str(tmp_path_factory.mktemp("book") / "majlis.db")
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        name = await postgres.new_database()
    pseudonym = pseudonyms(SECRET)
    transactions = await open_database(name, pseudonym)
    store = SqlStore(
        transactions, pseudonym, session_expiry=EXPIRY, retention=RETENTION, clock=clock
    )
    drafts = SqlDrafts(transactions, pseudonym, expiry=EXPIRY, clock=clock)
    yield Desk(store, SqlLessonBook(transactions, clock), drafts)
    await store.close()


async def missed(desk: Desk, clock: FakeClock, *texts: str) -> tuple[int, ...]:
    """Record misses of two people and return their ids, the oldest first."""
    for number, text in enumerate(texts):
        await desk.store.keep([Miss(number % 2, text, "en", (), clock(), "dismissed")])
    return tuple(each.id for each in reversed(await desk.book.open_misses(100)))


async def test_misses_are_open_until_somebody_decides(desk: Desk, clock: FakeClock) -> None:
    """The newest comes first, people are told apart without being named, and a limit holds."""
    ids = await missed(desk, clock, "one", "two", "three")
    found = await desk.book.open_misses(2)
    assert [(each.text, each.cause, each.at) for each in found] == [
        ("three", "dismissed", clock()),
        ("two", "dismissed", clock()),
    ]
    everybody = [each.person for each in await desk.book.open_misses(9)]
    assert everybody[0] == everybody[2] != everybody[1]
    await desk.book.decide(Decision("press", (), ADA, ids[:2]))
    assert [each.text for each in await desk.book.open_misses(9)] == ["three"]


async def test_what_was_decided_comes_back_whole(desk: Desk, clock: FakeClock) -> None:
    """Every kind of lesson, who taught it and when."""
    number = await desk.book.decide(Decision("press:1", CONTENTS, ADA, ()))
    [decided] = await desk.book.decided()
    assert (decided.number, decided.contents, decided.author) == (number, CONTENTS, ADA)
    assert (decided.token, decided.at) == ("press:1", clock())
    assert [lesson.content for lesson in decided.lessons] == list(CONTENTS)


async def test_the_same_press_decides_once(desk: Desk, clock: FakeClock) -> None:
    """An update that is handled again changes nothing and finds the first number."""
    ids = await missed(desk, clock, "one", "two")
    first = await desk.book.decide(Decision("press", CONTENTS[:1], ADA, ids[:1]))
    again = await desk.book.decide(Decision("press", CONTENTS, Author("Bob"), ids))
    assert again == first
    assert [each.contents for each in await desk.book.decided()] == [CONTENTS[:1]]
    assert len(await desk.book.open_misses(9)) == 1


async def test_undoing_opens_the_misses_again(desk: Desk, clock: FakeClock) -> None:
    """Once; what doesn't stand can't be undone."""
    ids = await missed(desk, clock, "one", "two")
    number = await desk.book.decide(Decision("press", CONTENTS, ADA, ids))
    other = await desk.book.decide(Decision("other", CONTENTS[:1], ADA, ()))
    assert await desk.book.undo(number)
    assert not await desk.book.undo(number)
    assert not await desk.book.undo(99)
    assert [each.number for each in await desk.book.decided()] == [other]
    assert len(await desk.book.open_misses(9)) == 2


async def test_what_the_files_took_up_is_struck(desk: Desk, clock: FakeClock) -> None:
    """It teaches nothing any more, and its misses don't come back."""
    ids = await missed(desk, clock, "one")
    number = await desk.book.decide(Decision("press", CONTENTS, ADA, ids))
    await desk.book.strike([])
    await desk.book.strike([number])
    assert await desk.book.decided() == ()
    assert await desk.book.open_misses(9) == ()


async def test_a_miss_can_be_taken_back(desk: Desk, clock: FakeClock) -> None:
    """Only that person's, and only for that cause."""
    clock.advance(TICK)
    await missed(desk, clock, "one", "one")
    await desk.store.keep([Recanted(0, "one", "unchosen")])
    assert len(await desk.book.open_misses(9)) == 2
    await desk.store.keep([Recanted(0, "one", "dismissed")])
    assert len(await desk.book.open_misses(9)) == 1


async def test_a_draft_is_kept_replaced_and_dropped(desk: Desk) -> None:
    """Each person has one in each chat."""
    assert await desk.drafts.draft(1, 2) is None
    await desk.drafts.keep(1, 2, {"step": "answer"})
    await desk.drafts.keep(1, 2, {"step": "ready", "draft": {"id": "elm"}})
    await desk.drafts.keep(1, 3, {"step": "search"})
    assert await desk.drafts.draft(1, 2) == {"step": "ready", "draft": {"id": "elm"}}
    await desk.drafts.drop(1, 2)
    await desk.drafts.drop(1, 2)
    assert await desk.drafts.draft(1, 2) is None
    assert await desk.drafts.draft(1, 3) == {"step": "search"}


async def test_a_draft_expires(desk: Desk, clock: FakeClock) -> None:
    """What somebody began yesterday doesn't swallow today's question."""
    await desk.drafts.keep(1, 2, {"step": "answer"})
    clock.advance(EXPIRY + dt.timedelta(seconds=1))
    assert await desk.drafts.draft(1, 2) is None
