"""What every database counts alike."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert

from bot.storage import schema
from bot.storage.figures import (
    Asked,
    Details,
    Handover,
    NoFigures,
    Overview,
    Replies,
    Span,
    Votes,
)
from bot.storage.sql import SqlStore
from bot.storage.sql_figures import SqlFigures
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss, ReplyKind

SUNDAY = dt.date(2025, 3, 2)
MONDAY = dt.date(2025, 3, 3)
SINCE = dt.datetime(2025, 3, 2, tzinfo=dt.UTC)
SPAN = Span(SINCE, SINCE + dt.timedelta(days=2))
LATE = SINCE + dt.timedelta(hours=23, minutes=30)


@pytest.fixture
def figures(any_sql_store: SqlStore) -> SqlFigures:
    """Count in each kind of database in turn."""
    return SqlFigures(any_sql_store._transactions)


def _heard(kind: ReplyKind, at: dt.datetime, *candidates: Candidate, language: str = "en") -> Heard:
    return Heard(1, 2, "where?", language, kind, candidates, at)


async def test_replies_are_counted_by_day_language_and_kind(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """A day is one of UTC; the span's first instant counts, the one after it doesn't."""
    zone = dt.timezone(dt.timedelta(hours=-5))
    await any_sql_store.keep(
        [
            _heard("answer", SINCE),
            _heard("answer", LATE.astimezone(zone)),
            _heard("fallback", LATE),
            _heard("answer", LATE, language="ar"),
            _heard("chitchat", LATE + dt.timedelta(hours=1)),
            _heard("answer", SPAN.until),
            _heard("answer", SINCE - dt.timedelta(microseconds=1)),
        ]
    )
    found = (await figures.overview(SPAN)).replies
    assert set(found) == {
        Replies(SUNDAY, "en", "answer", 2),
        Replies(SUNDAY, "en", "fallback", 1),
        Replies(SUNDAY, "ar", "answer", 1),
        Replies(MONDAY, "en", "chitchat", 1),
    }
    assert found[-1].day == MONDAY


async def test_votes_are_counted_by_day_and_entry(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """A vote that was changed counts once, as it is now."""
    for vote in ("helpful", "not_helpful"):
        await any_sql_store.keep([Feedback(1, 11, 2, "oak", vote, LATE)])
    await any_sql_store.keep([Feedback(1, 11, 3, "oak", "helpful", SINCE)])
    await any_sql_store.keep([Feedback(1, 12, 3, "elm", "helpful", SPAN.until)])
    found = (await figures.overview(SPAN)).votes
    assert set(found) == {
        Votes(SUNDAY, "oak", "not_helpful", 1),
        Votes(SUNDAY, "oak", "helpful", 1),
    }


async def test_entries_count_as_often_as_they_answered(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """Two entries in one reply count both; showing the source of an answer doesn't."""
    replies = [("oak", "elm"), ("oak",), (), ('it"s',)]
    await any_sql_store.keep(
        [
            *(Exchange(1, n, n, ids, LATE, 2, "?", "why") for n, ids in enumerate(replies)),
            Exchange(1, 20, 20, ("oak",), LATE),
            Exchange(1, 21, 21, ("oak",), SPAN.until, 2, "?", "why"),
        ]
    )
    found = (await figures.details(SPAN)).asked
    assert found == (Asked("oak", 2), Asked("elm", 1), Asked('it"s', 1))


async def test_a_reply_of_an_older_program_counts_too(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """Rows that have no explanation, because none was kept then, are replies."""
    old = {"chat_id": 1, "question_id": 1, "answer_id": 2, "entries": ["oak"], "at": LATE}
    await any_sql_store._transactions.execute(insert(schema.exchanges).values(old))
    assert (await figures.details(SPAN)).asked == (Asked("oak", 1),)


async def test_first_candidates_tell_how_sure_the_matcher_was(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """Only the first candidate counts, and only where it was answered with or suggested."""
    runner_up = Candidate("elm", 0.3)
    await any_sql_store.keep(
        [
            _heard("answer", LATE, Candidate("oak", 0.9), runner_up),
            _heard("suggest", LATE, Candidate("oak", 0.5), runner_up),
            _heard("fallback", LATE, Candidate("oak", 0.1)),
            _heard("answer", LATE),
        ]
    )
    (found,) = (await figures.details(SPAN)).ranked
    assert (found.entry, found.count, found.suggested) == ("oak", 2, 1)
    assert found.confidence == pytest.approx(0.7)


async def test_wanted_texts_come_once_a_person_and_newest_first(
    figures: SqlFigures, any_sql_store: SqlStore
) -> None:
    """A person who repeats a question counts once; what is settled is wanted no more."""
    for person, text in ((2, "parrots?"), (3, "parrots?"), (2, "cats?"), (2, "parrots?")):
        await any_sql_store.keep([Miss(person, text, "en", (), LATE)])
    await any_sql_store.keep([Miss(2, "dogs?", "en", (), SPAN.until)])
    settled = {"text": "taught", "language": "en", "candidates": [], "at": LATE, "settled_by": 1}
    nobody = {"text": "whose?", "language": "en", "candidates": [], "at": LATE}
    for row in (settled, nobody):
        await any_sql_store._transactions.execute(insert(schema.misses).values(row))
    found = (await figures.details(SPAN)).wanted
    assert [each.text for each in found] == ["whose?", "parrots?", "cats?", "parrots?"]
    assert found[0].person is None
    assert found[1].person == found[2].person != found[3].person


@pytest.mark.parametrize(
    ("minutes", "median"), [([], None), ([7], 7), ([30, 2], 16), ([90, 3, 5], 5), ([1, 2, 4, 9], 3)]
)
async def test_cases_are_counted_and_waits_have_a_median(
    figures: SqlFigures, any_sql_store: SqlStore, minutes: list[int], median: int | None
) -> None:
    """A case that nobody answered counts as opened, and has no wait."""
    day = dt.timedelta(days=1)
    for number, wait in enumerate([*minutes, None]):
        people = {"chat_id": number, "user_id": number}
        row = {"token": str(number), "language": "en", "question": "?"} | people
        answered = None if wait is None else LATE + dt.timedelta(minutes=wait)
        times = {"opened_at": LATE, "answered_at": answered}
        closed = {"closed_at": LATE + day if number == 0 else None}
        statement = insert(schema.cases).values(row | times | closed)
        await any_sql_store._transactions.execute(statement)
    found = (await figures.overview(SPAN)).handover
    assert (found.opened, found.closed) == (len(minutes) + 1, 1)
    assert found.wait == (None if median is None else dt.timedelta(minutes=median))
    later = await figures.overview(Span(SPAN.until, SPAN.until + day))
    assert later.handover == Handover()


async def test_an_empty_database_has_nothing_to_count(figures: SqlFigures) -> None:
    """A new bot's figures are empty, like those of one that keeps nothing."""
    nothing = NoFigures()
    assert await figures.overview(SPAN) == await nothing.overview(SPAN) == Overview()
    assert await figures.details(SPAN) == await nothing.details(SPAN) == Details()
