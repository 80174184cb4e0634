"""Compare verdicts of the conversation with those of the matcher alone."""

from __future__ import annotations

import pytest

from benchmarks.differences import Difference, Verdict, differences, verdict
from benchmarks.sets import Question, QuestionSet
from benchmarks.subjects import Ranked
from bot.matching.match import Thresholds
from tests.bot.matching import library

THRESHOLDS = Thresholds(answer=0.6, suggest=0.3)


@pytest.mark.parametrize(
    ("label", "score", "expected", "judged"),
    [
        (1, 0.9, 1, "right"),
        (2, 0.9, 1, "wrong"),
        (1, 0.4, 1, "offered"),
        (2, 0.4, 1, "silent"),
        (1, 0.1, 1, "silent"),
        (1, 0.9, None, "wrong"),
        (1, 0.4, None, "right"),
    ],
)
def test_judges_by_label_and_thresholds(
    label: int, score: float, expected: int | None, judged: Verdict
) -> None:
    """An answer is right or wrong, a first suggestion is offered, the rest is silence."""
    assert verdict(Ranked(label, score), THRESHOLDS, expected) == judged


@pytest.mark.parametrize(
    ("matcher", "conversation", "is_loss"),
    [("right", "silent", True), ("silent", "wrong", True), ("wrong", "silent", False)],
)
def test_silence_is_better_than_a_wrong_answer(
    matcher: Verdict, conversation: Verdict, is_loss: bool
) -> None:
    """A loss is a worse verdict of the conversation, a gain a better one."""
    assert Difference("s", "t", "e", matcher, "m", 0.5, conversation, "r").is_loss is is_loss


def test_finds_an_entry_that_small_talk_takes_away() -> None:
    """A question that an entry answers but small talk intercepts is reported as a loss."""
    pool = {"hours": library.HOURS, "place": library.PLACE, "bot": ("what are you", "are you it")}
    asked = (Question("who are you", "bot"), Question("Where is the library?", "place"))
    found = list(differences(QuestionSet("toy", "en", pool, asked), None, size=0))
    assert [(each.text, each.reply) for each in found if each.is_loss] == [
        ("who are you", "small talk: who_are_you")
    ]
