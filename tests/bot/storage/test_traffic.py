"""What people asked and thought of it, read from a database that a bot filled."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge.lessons import Content, NewEntry, NewPhrase
from bot.storage.authors import Author
from bot.storage.lessons import Decision
from bot.storage.sql import SqlStore
from bot.storage.sql_lessons import SqlLessonBook
from bot.storage.sql_traffic import SqlTrafficLog
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss
from bot.storage.traffic import Traffic
from tests.bot.storage.conftest import FakeClock

PHRASE = NewPhrase("en", "place", "where then")
ENTRY = NewEntry("en", "moon", "sky", "Where is the moon?", "Far away.")
CANDIDATES = (Candidate("place", 0.4),)


@pytest.fixture
def log(any_sql_store: SqlStore) -> SqlTrafficLog:
    """Return the log of each kind of database in turn."""
    return SqlTrafficLog(any_sql_store._transactions)


async def _ask(store: SqlStore, clock: FakeClock, text: str = "where?") -> None:
    await store.keep(
        [
            Heard(1, 2, text, "en", "suggest", CANDIDATES, clock()),
            Exchange(1, 10, 11, ("place",), clock(), 2, text, "why"),
            Feedback(1, 11, 2, "place", "helpful", clock()),
            Miss(2, text, "en", (), clock(), "dismissed"),
        ]
    )


async def test_a_new_database_has_no_traffic(log: SqlTrafficLog) -> None:
    """Nothing was asked."""
    assert await log.traffic() == Traffic()


async def test_all_of_it_is_read_together(
    log: SqlTrafficLog, any_sql_store: SqlStore, clock: FakeClock
) -> None:
    """People and chats have the same pseudonym everywhere, and nobody the real id."""
    await _ask(any_sql_store, clock)
    found = await log.traffic()
    (heard,), (exchange,), (vote,), (miss,) = (
        *(found.heard, found.exchanges, found.feedback),
        found.dismissed,
    )
    assert (heard.text, heard.kind, heard.candidates, heard.at) == (
        *("where?", "suggest", CANDIDATES),
        clock(),
    )
    assert heard.chat == exchange.chat == vote.chat != 1
    assert heard.user == exchange.user == vote.user == miss.user != 2
    assert (exchange.answer, exchange.entries, exchange.text) == (11, ("place",), "where?")
    assert (vote.message, vote.vote, miss.text) == (11, "helpful", "where?")


async def test_what_tells_nothing_is_left_out(
    log: SqlTrafficLog, any_sql_store: SqlStore, clock: FakeClock
) -> None:
    """Small talk, exchanges without a question, and misses for other causes."""
    await any_sql_store.keep(
        [
            Heard(1, 2, "hi", "en", "chitchat", (), clock()),
            Exchange(1, 10, 11, ("place",), clock()),
            Miss(2, "where?", "en", (), clock(), "unchosen"),
        ]
    )
    assert await log.traffic() == Traffic()


async def test_only_the_latest_is_read_if_wished(
    log: SqlTrafficLog, any_sql_store: SqlStore, clock: FakeClock
) -> None:
    """What came at the instant itself counts, what came before doesn't."""
    await _ask(any_sql_store, clock, "before?")
    clock.advance(dt.timedelta(hours=1))
    await _ask(any_sql_store, clock, "after?")
    found = await log.traffic(clock())
    assert [each.text for each in found.heard] == ["after?"]
    assert [each.text for each in found.dismissed] == ["after?"]


@pytest.mark.parametrize(
    ("contents", "entries"),
    [
        ((PHRASE,), ["place"]),
        ((PHRASE, ENTRY), [""]),
        ((ENTRY,), [""]),
        ((), []),
    ],
)
async def test_answered_misses_tell_what_answered_them(
    log: SqlTrafficLog,
    any_sql_store: SqlStore,
    clock: FakeClock,
    contents: tuple[Content, ...],
    entries: list[str],
) -> None:
    """A phrase names its entry, a new entry none that was there; ignoring tells nothing."""
    book = SqlLessonBook(any_sql_store._transactions, clock)
    await any_sql_store.keep([Miss(2, "where?", "en", (), clock())])
    (miss,) = await book.open_misses(9)
    number = await book.decide(Decision("press", contents, Author("Ann"), (miss.id,)))
    found = (await log.traffic()).settled
    assert [each.entry for each in found] == entries
    assert all((each.decision, each.text) == (number, "where?") for each in found)
