"""The thresholds that signs speak for."""

from __future__ import annotations

import pytest

from bot.evaluation.tuning.estimates import Scale
from bot.evaluation.tuning.proposal import propose
from bot.evaluation.tuning.questions import questions
from bot.matching.match import Thresholds
from tests.bot.evaluation.tuning.library import LOWERED, SURE, asked, proposal
from tests.bot.evaluation.tuning.simulation import LIVE, Town

TARGET = 0.85


@pytest.mark.parametrize(
    "town",
    [
        pytest.param(Town(boldness=0.5), id="too modest"),
        pytest.param(Town(boldness=0.2, votes=0.1), id="far too modest, few votes"),
        pytest.param(Town(), id="honest"),
        pytest.param(Town(boldness=2, votes=0.5), id="too bold"),
    ],
)
def test_what_is_proposed_holds_in_truth(town: Town) -> None:
    """Of simulated traffic the truth is known: answers are right as often as was asked for.

    People pick suggestions more often than they vote, and say more of some replies than of others.
    """
    proposed = []
    for seed in range(8):
        found = propose("en", questions(town.traffic(seed)), LIVE, TARGET)
        if found.then:
            proposed.append(found.then.thresholds.answer)
    assert len(proposed) >= 3
    assert min(map(town.precision, proposed)) >= TARGET - 0.02


def test_modest_confidences_are_answered_earlier() -> None:
    """Where the matcher is right more often than it says, more questions get an answer."""
    found = propose("en", questions(Town(boldness=0.3).traffic(1)), LIVE, TARGET)
    assert found.then
    assert found.then.thresholds.answer < LIVE.answer
    assert len(found.gained) > 100
    assert found.then.point.answered.count == found.now.point.answered.count + len(found.gained)


def test_signs_of_one_kind_of_reply_dont_drown_the_others() -> None:
    """900 answered rightly with 45 votes weigh more than 100 suggestions that all were picked."""
    scale = Scale(
        [
            *asked(0.8, right=True, count=45),
            *asked(0.8, count=855),
            *asked(0.5, right=False, count=100),
        ]
    )
    precision = scale.at(0.4).precision
    assert precision.share == pytest.approx(0.9)
    assert precision.signs == 145
    assert precision.low < 0.9 < precision.high


def test_what_nobody_speaks_of_may_be_all_wrong() -> None:
    """Suggestions without a sign widen the interval by their share."""
    scale = Scale([*asked(0.8, right=True, count=75), *asked(0.5, count=25)])
    alone, together = scale.at(0.6).precision, scale.at(0.4).precision
    assert together.share == alone.share == 1.0
    assert together.low == pytest.approx(0.75 * alone.low)
    assert together.high == 1.0


def test_the_lowest_sure_threshold_is_proposed() -> None:
    """Signs reach down to 0.5, and so does the threshold; suggestions stay."""
    found = proposal(*LOWERED)
    assert found.reason == "proposed"
    assert found.then
    assert found.then.thresholds == Thresholds(0.5, LIVE.suggest)
    assert (len(found.gained), found.lost) == (50, ())
    assert (found.now.suggested.count, found.then.suggested.count) == (50, 0)
    assert (found.questions, found.signs, found.right) == (110, 100, 100)


def test_wrong_answers_raise_the_threshold() -> None:
    """Those of low confidence are given no longer, and suggested instead."""
    found = proposal(SURE, asked(0.65, right=False, count=20), asked(0.65, right=True, count=5))
    assert found.then
    assert found.then.thresholds == Thresholds(0.66, LIVE.suggest)
    assert (found.gained, len(found.lost)) == ((), 25)
    assert found.then.suggested.count == 25


def test_few_signs_are_too_few() -> None:
    """29 say nothing yet, however well they speak."""
    assert proposal(SURE[:29]).reason == "too early"
    assert proposal(SURE[:29]).then is None
    assert proposal(target=0.5).reason == "too early"


def test_without_reason_nothing_is_raised() -> None:
    """While answers seem right often enough, uncertainty alone costs nobody an answer."""
    found = proposal(asked(0.7, right=True, count=31), asked(0.7, right=False, count=3))
    assert (found.reason, found.then) == ("unsure", None)


def test_what_cant_be_reached_is_said() -> None:
    """Answers are wrong at every confidence."""
    mixed = (asked(0.9, right=True, count=20), asked(0.9, right=False, count=20))
    assert proposal(*mixed).reason == "out of reach"


def test_what_would_change_nothing_isnt_proposed() -> None:
    """No question lies between the thresholds."""
    assert proposal(SURE).reason == "as it is"


def test_useless_suggestions_are_given_up() -> None:
    """Where nearly everybody says "None of these", there are none any more."""
    found = proposal(
        SURE,
        asked(0.5, right=True, chosen=True, count=60),
        asked(0.35, right=False, chosen=False, count=15),
    )
    assert found.then
    assert found.then.thresholds == Thresholds(0.5, 0.36)


def test_suggestions_never_begin_above_answers() -> None:
    """Where even the least sure suggestions are right, all of them become answers."""
    found = propose("en", [*SURE, *asked(0.2, right=True, count=60)], Thresholds(0.6, 0.25), 0.9)
    assert found.then
    assert found.then.thresholds == Thresholds(0.2, 0.2)


def test_other_languages_are_left_out() -> None:
    """Each has its own thresholds."""
    assert propose("ar", SURE, LIVE, 0.9).questions == 0
