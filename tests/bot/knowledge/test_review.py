"""Days by which an answer should be looked at."""

from __future__ import annotations

import datetime as dt

from bot.knowledge.check import check
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry

_DAY = dt.date(2027, 3, 1)


def test_an_answer_past_its_review_is_advice(folder: KnowledgeFolder) -> None:
    """The line of the day is named; an answer that is old may still be given."""
    loaded = folder.topic(entry(review_by="2027-03-01"), desk()).load()
    (problem,) = check(loaded, _DAY + dt.timedelta(days=1))
    assert problem.severity == "advice"
    assert str(problem).startswith("knowledge/en/office.yaml:11: office-hours: was to be looked at")
    assert "2027-03-01" in problem.text


def test_the_day_of_the_review_is_early_enough(folder: KnowledgeFolder) -> None:
    """Nothing is said up to that day."""
    loaded = folder.topic(entry(review_by="2027-03-01"), desk()).load()
    assert not check(loaded, _DAY)


def test_today_counts_where_no_day_is_given(folder: KnowledgeFolder) -> None:
    """The check goes by the calendar."""
    folder.topic(entry(review_by="2020-01-31"), desk(review_by="9999-12-31"))
    (problem,) = folder.problems()
    assert problem.startswith("advice: ")
