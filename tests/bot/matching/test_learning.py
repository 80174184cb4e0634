"""Learning: how far a match can be trusted, from trials alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bot.matching import learning
from bot.matching.evidence import as_features
from bot.matching.learning import ABSENT_REFUSED, NEGATIVES_REFUSED, SUGGESTED, Lessons, learn
from bot.matching.match import Evidence
from bot.matching.trials import Kind, Trial

MANY = 1000


def _evidence(strength: float, near: float = 0.7) -> Evidence:
    """Return evidence all of whose parts are so strong (0-1), with a negative so near."""
    return Evidence(strength, strength - 0.5, strength, strength, near, strength - 0.5)


def _some(
    kind: Kind, count: int, weakest: float = 0.0, strongest: float = 1.0, *, right: bool = False
) -> list[Trial]:
    """Return so many trials, evenly spread from the weakest evidence to the strongest."""
    strengths = np.linspace(weakest, strongest, count)
    return [Trial(kind, _evidence(float(strength)), right) for strength in strengths]


def _truthful(count: int = MANY) -> list[Trial]:
    """Return trials in which right matches have the stronger evidence."""
    return [
        *_some(Kind.PHRASE, count, 0.4, 1.0, right=True),
        *_some(Kind.PHRASE, count, 0.2, 0.7),
        *_some(Kind.ENTRY, count, 0.1, 0.7),
        *_some(Kind.NEGATIVE, count, 0.1, 0.7),
        *_some(Kind.BACKGROUND, count, 0.0, 0.4),
    ]


def _contrary(count: int = MANY) -> list[Trial]:
    """Return trials in which right matches have the weaker evidence, and negatives are near."""
    right, wrong = Kind.PHRASE, Kind.NEGATIVE
    return [
        Trial(kind, _evidence(float(strength), near=1 - float(strength)), kind is right)
        for kind, start in ((right, 0.0), (wrong, 0.5))
        for strength in np.linspace(start, start + 0.5, count)
    ]


def _sure(lessons: Lessons, evidence: Sequence[Evidence]) -> list[float]:
    """Return how sure the lessons are of each evidence."""
    return [float(each) for each in lessons.confidence(as_features(evidence))]


def _refused(lessons: Lessons, trials: Sequence[Trial], threshold: float) -> float:
    """Return the share of trials that stay below a threshold."""
    sure = _sure(lessons, [trial.evidence for trial in trials])
    return float(np.mean([each < threshold for each in sure]))


PROBES = [_evidence(strength, near) for strength in (0.1, 0.5, 0.9) for near in (0.6, 0.9)]


def test_confidence_follows_the_evidence_of_right_matches() -> None:
    """Where strong evidence was right, it is trusted, and weak evidence isn't."""
    lessons = learn(_truthful())
    weak, strong = _sure(lessons, [_evidence(0.1), _evidence(0.95)])
    assert weak < 0.3
    assert strong > 0.7


@pytest.mark.parametrize("trials", [_truthful(), _contrary()], ids=["truthful", "contrary"])
@pytest.mark.parametrize(
    "part", ["score", "margin", "similarity", "coverage", "nearest_negative", "question_fit"]
)
def test_evidence_for_never_counts_against(part: str, trials: list[Trial]) -> None:
    """More of it raises the confidence or leaves it; only a nearer negative lowers it."""
    confidence = learn(trials).confidence
    base = Evidence(0.5, 0.1, 0.7, 0.5, 0.7, 0.0)
    steps = [replace(base, **{part: getattr(base, part) + more}) for more in (0.0, 0.1, 0.2)]
    changes = np.diff(confidence(as_features(steps)))
    assert ((changes <= 0) if part == "nearest_negative" else (changes >= 0)).all()


def test_without_questions_known_to_have_no_answer_their_nearness_says_nothing() -> None:
    """Where no negative was tried, how near one is neither helps nor harms."""
    lessons = learn(_some(Kind.ENTRY, 5))
    near, far = _sure(lessons, [_evidence(0.6, near=0.9), _evidence(0.6, near=0.6)])
    assert near == far


@pytest.mark.parametrize("kind", [Kind.NEGATIVE, Kind.BACKGROUND])
def test_a_near_question_without_an_answer_speaks_against_a_match(kind: Kind) -> None:
    """As soon as negatives or background questions were tried, their nearness counts."""
    lessons = learn(_some(kind, 1))
    near, far = _sure(lessons, [_evidence(0.6, near=0.9), _evidence(0.6, near=0.6)])
    assert near < far


def test_with_hardly_a_right_trial_the_prior_stands() -> None:
    """Too few right matches and any number of wrong ones teach no confidence."""
    few = [*_some(Kind.PHRASE, learning._FEW - 1, right=True), *_some(Kind.ENTRY, MANY)]
    assert _sure(learn(few), PROBES) == _sure(learn([]), PROBES)


def test_the_more_trials_the_less_the_prior_counts() -> None:
    """A belief that trials contradict yields step by step."""
    prior = np.array(_sure(learn(_some(Kind.NEGATIVE, 1)), PROBES))
    distances = [
        np.abs(np.array(_sure(learn(_contrary(count)), PROBES)) - prior).sum()
        for count in (1, 10, 100, MANY)
    ]
    assert distances == sorted(distances)
    assert distances[0] < distances[-1]


@pytest.mark.parametrize("kind", [Kind.ENTRY, Kind.NEGATIVE, Kind.BACKGROUND])
def test_a_kind_weighs_the_same_however_many_there_are(kind: Kind) -> None:
    """Trying each of a kind three times over teaches the same confidence."""
    trials = _truthful(50)
    more = [trial for trial in trials if trial.kind is kind] * 2
    found, expected = (_sure(learn(each), PROBES) for each in ([*trials, *more], trials))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_order_of_trials_makes_no_difference() -> None:
    """The same trials the other way round teach the same."""
    trials = _truthful(50)
    found, expected = learn(reversed(trials)), learn(trials)
    np.testing.assert_allclose(_sure(found, PROBES), _sure(expected, PROBES), atol=1e-6)
    assert found.thresholds.answer == pytest.approx(expected.thresholds.answer, abs=1e-6)


def test_the_answer_threshold_refuses_its_share_of_absent_entries() -> None:
    """Without enough negatives, of the questions about left-out entries the share stays below."""
    absent = _some(Kind.ENTRY, MANY)
    lessons = learn(absent)
    refused = _refused(lessons, absent, lessons.thresholds.answer)
    assert refused == pytest.approx(ABSENT_REFUSED, abs=0.01)


def test_the_answer_threshold_refuses_its_share_of_negatives() -> None:
    """Where there are many negatives, these tell, not the absent entries."""
    negatives = _some(Kind.NEGATIVE, MANY, 0.3, 0.9)
    lessons = learn([*negatives, *_some(Kind.ENTRY, MANY, 0.0, 0.2)])
    refused = _refused(lessons, negatives, lessons.thresholds.answer)
    assert refused == pytest.approx(NEGATIVES_REFUSED, abs=0.01)


def test_the_suggest_threshold_refuses_its_share_of_both() -> None:
    """Of negatives and questions about left-out entries together the share gets no suggestion."""
    unanswered = [*_some(Kind.NEGATIVE, MANY, 0.3, 0.9), *_some(Kind.ENTRY, MANY, 0.1, 0.6)]
    lessons = learn(unanswered)
    assert lessons.thresholds.suggest < lessons.thresholds.answer
    refused = _refused(lessons, unanswered, lessons.thresholds.suggest)
    assert refused == pytest.approx(SUGGESTED, abs=0.01)


@pytest.mark.parametrize(
    ("share", "trials"),
    [
        pytest.param("ABSENT_REFUSED", _some(Kind.ENTRY, MANY), id="absent entries"),
        pytest.param("NEGATIVES_REFUSED", _some(Kind.NEGATIVE, MANY), id="negatives"),
        pytest.param("ABSENT_REFUSED", _some(Kind.ENTRY, 20), id="a few absent entries"),
    ],
)
def test_the_more_is_to_be_refused_the_higher_is_the_answer_threshold(
    share: str, trials: list[Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for a greater share raises the threshold and leaves the confidence."""
    found: list[Lessons] = []
    for asked in (0.1, 0.5, 0.8, 0.99):
        monkeypatch.setattr(learning, share, asked)
        found.append(learn(trials))
    answers = [lessons.thresholds.answer for lessons in found]
    assert answers == sorted(answers)
    assert answers[0] < answers[-1]
    assert len({tuple(_sure(lessons, PROBES)) for lessons in found}) == 1


def test_easy_negatives_open_no_door() -> None:
    """A hundred negatives that nothing is near to leave the threshold where it was without them."""
    some = [*_some(Kind.PHRASE, MANY), *_some(Kind.ENTRY, MANY)]
    easy = [
        Trial(Kind.NEGATIVE, Evidence(0.0, 0.0, 0.1, 0.0, 0.1), right=False) for _ in range(MANY)
    ]
    alone, beside = learn(some).thresholds.answer, learn([*some, *easy]).thresholds.answer
    assert beside > alone / 2


def test_the_more_gets_no_suggestion_the_higher_is_that_threshold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asking for a greater share raises it, as far as the answer threshold."""
    monkeypatch.setattr(learning, "ABSENT_REFUSED", 0.7)
    suggests: list[float] = []
    for asked in (0.1, 0.4, 0.6, 0.99):
        monkeypatch.setattr(learning, "SUGGESTED", asked)
        thresholds = learn(_some(Kind.ENTRY, MANY)).thresholds
        suggests.append(thresholds.suggest)
    assert suggests == sorted(set(suggests))
    assert len(suggests) == 4
    assert suggests[-1] == thresholds.answer


def test_the_fewer_are_refused_the_nearer_is_what_is_expected() -> None:
    """Thresholds leave the expected ones as trials come in."""
    expected = learn([]).thresholds
    counts = (1, learning._ENOUGH // 4, learning._ENOUGH // 2, learning._ENOUGH)
    found = [learn(_some(Kind.ENTRY, count, 0.0, 0.0)).thresholds for count in counts]
    for distances in (
        [abs(each.answer - expected.answer) for each in found],
        [abs(each.suggest - expected.suggest) for each in found],
    ):
        assert distances == sorted(set(distances))


def test_a_few_negatives_leave_the_answer_threshold_to_absent_entries() -> None:
    """One negative, however sure of it the matcher is, doesn't set the threshold."""
    absent = _some(Kind.ENTRY, MANY)
    lessons = learn([*absent, *_some(Kind.NEGATIVE, 1, 1.0, 1.0)])
    refused = _refused(lessons, absent, lessons.thresholds.answer)
    assert refused == pytest.approx(ABSENT_REFUSED, abs=0.01)


@pytest.mark.parametrize(
    "trials",
    [
        pytest.param([], id="nothing"),
        pytest.param(_some(Kind.PHRASE, 1, right=True), id="a phrase"),
        pytest.param(_some(Kind.PHRASE, MANY, right=True), id="all right"),
        pytest.param(_some(Kind.PHRASE, MANY), id="all wrong"),
        pytest.param(_some(Kind.ENTRY, 2), id="absent entries"),
        pytest.param(_some(Kind.NEGATIVE, MANY), id="negatives"),
        pytest.param(_some(Kind.BACKGROUND, MANY), id="background"),
        pytest.param(_truthful(), id="truthful"),
        pytest.param(_contrary(), id="contrary"),
    ],
)
def test_whatever_was_tried_the_lessons_are_in_order(trials: list[Trial]) -> None:
    """It takes no less to answer than to suggest, and confidences are probabilities."""
    lessons = learn(trials)
    assert 0 <= lessons.thresholds.suggest <= lessons.thresholds.answer <= 1
    assert all(0 <= sure <= 1 for sure in _sure(lessons, PROBES))


def test_lessons_are_the_same_each_time() -> None:
    """Learning twice gives the same, also from trials that come one by one."""
    first, second = learn(_truthful()), learn(iter(_truthful()))
    assert first.thresholds == second.thresholds
    assert _sure(first, PROBES) == _sure(second, PROBES)
