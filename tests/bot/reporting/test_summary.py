"""From what is counted to what a report says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest

from bot.reporting.schedule import due_week
from bot.reporting.summary import (
    Missed,
    Summary,
    missed_by_people,
    summarise,
    without_refused,
)
from bot.reporting.weak import weak_entries
from bot.settings.values import Weekly
from bot.storage.figures import (
    Asked,
    Details,
    Handover,
    NoFigures,
    Overview,
    Ranked,
    Replies,
    Span,
    Votes,
    Wanted,
)
from bot.storage.store import ReplyKind, Vote
from tests.fakes import make_knowledge

NOW = dt.datetime(2026, 11, 15, 18, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)


@dataclass
class FakeFigures(NoFigures):
    """Count the same in each span; `asked` keeps the spans."""

    found: Overview
    asked: list[Span] = field(default_factory=list)

    async def overview(self, span: Span) -> Overview:
        """Return what was given."""
        self.asked.append(span)
        return self.found

    async def details(self, span: Span) -> Details:
        """Return a few of each."""
        return Details((Asked("oak", 3),), (), (Wanted("cats?", 1),))


def _replies(kind: ReplyKind, count: int, days_ago: int = 0, language: str = "en") -> Replies:
    return Replies(TODAY - days_ago * DAY, language, kind, count)


def _votes(vote: Vote, count: int, entry: str = "oak") -> Votes:
    return Votes(TODAY, entry, vote, count)


OVERVIEW = Overview(
    (
        _replies("answer", 6),
        _replies("answer", 2, 1, "ar"),
        _replies("suggest", 1, 1, "ar"),
        _replies("fallback", 1, 6),
        _replies("chitchat", 9),
    ),
    (_votes("helpful", 3), _votes("not_helpful", 1)),
    Handover(2, 1, dt.timedelta(minutes=4)),
)


async def _summary(days: int = 7, retention: int = 90) -> tuple[Summary, list[Span]]:
    figures = FakeFigures(OVERVIEW)
    return await summarise(figures, days, NOW, retention), figures.asked


async def test_a_week_is_today_and_six_days_before() -> None:
    """The days before are as many, up to the same hour, so that the two can be compared."""
    summary, (now, before) = await _summary()
    assert now == Span(dt.datetime(2026, 11, 9, tzinfo=dt.UTC), NOW)
    assert before == Span(now.since - 7 * DAY, NOW - 7 * DAY)
    assert (summary.since, summary.until) == (dt.date(2026, 11, 9), TODAY)
    assert [day.day for day in summary.days] == [TODAY - n * DAY for n in range(6, -1, -1)]


async def test_totals_are_the_sum_of_the_days() -> None:
    """Small talk is no question, and shares are of the questions."""
    summary, _ = await _summary()
    totals = summary.totals
    assert (totals.questions, totals.answered, totals.small_talk) == (10, 8, 9)
    assert totals.share(totals.answered) == pytest.approx(0.8)
    assert totals.helpful_share == pytest.approx(0.75)
    assert totals.handover.opened == 2
    assert [day.totals.questions for day in summary.days] == [1, 0, 0, 0, 0, 3, 6]
    assert summary.languages == (("en", 7), ("ar", 3))
    assert summary.before == totals


async def test_days_that_are_not_kept_are_not_compared() -> None:
    """Where older rows are pruned, a rise would only seem to be one."""
    summary, spans = await _summary(days=30, retention=45)
    assert summary.before is None
    assert len(spans) == 1


async def test_a_new_bot_is_not_compared_with_nothing() -> None:
    """Neither are there shares of nothing."""
    summary = await summarise(NoFigures(), 7, NOW, 90)
    assert summary.before is None
    assert summary.totals.is_empty
    assert summary.totals.share(0) is None
    assert summary.totals.helpful_share is None


def test_texts_are_missed_once_a_person() -> None:
    """Case and marks make no other text; the wording typed last is shown."""
    wanted = [
        Wanted("Any cats?", 1),
        Wanted("any CATS", 1),
        Wanted("any cats", 2),
        Wanted("dogs", None),
        Wanted("dogs", None),
        Wanted("Dogs!", None),
        Wanted("???", 1),
    ]
    assert missed_by_people(wanted) == (
        Missed("dogs", 3),
        Missed("Any cats?", 2),
        Missed("???", 1),
    )


async def test_what_is_known_to_have_no_answer_is_wanted_no_more() -> None:
    """Admins said so, or the files do, and people ask on; the questions still count."""
    summary, _ = await _summary()
    summary = replace(summary, missed=(Missed("Any cats?", 2), Missed("dogs", 1)))
    knowledge = replace(make_knowledge(), unanswered={"en": ("any CATS",)})
    found = without_refused(summary, knowledge)
    assert found == replace(summary, missed=(Missed("dogs", 1),))


def test_weak_entries_are_unsure_or_disliked() -> None:
    """A few accidents make no entry weak; those that fail most people come first."""
    ranked = [
        Ranked("sure", 40, 0.95, 2),
        Ranked("unsure", 3, 0.6, 1),
        Ranked("rare", 2, 0.3, 2),
        Ranked("suggested", 8, 0.8, 4),
        Ranked("liked", 50, 0.9, 0),
    ]
    votes = [
        _votes("not_helpful", 1, "sure"),
        _votes("not_helpful", 2, "linked"),
        _votes("not_helpful", 2, "liked"),
        _votes("helpful", 20, "liked"),
    ]
    found = weak_entries(ranked, votes)
    assert [each.entry for each in found] == ["suggested", "linked", "unsure"]
    assert (found[1].count, found[1].confidence) == (0, None)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-16T08:59:59", None),
        ("2026-11-16T09:00:00", "2026-W47"),
        ("2026-11-17T08:59:59", "2026-W47"),
        ("2026-11-17T09:00:00", None),
        ("2027-01-04T10:00:00", "2027-W01"),
    ],
)
def test_a_digest_is_due_for_a_day(now: str, week: str | None) -> None:
    """Before its time and a day after it, nothing is due."""
    instant = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    assert due_week(Weekly(0, dt.time(9)), instant) == week


def test_a_digest_at_the_end_of_a_week_belongs_to_that_week() -> None:
    """Sunday's digest is still due on Monday morning, of the week before."""
    monday = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
    assert due_week(Weekly(6, dt.time(21)), monday) == "2026-W46"
