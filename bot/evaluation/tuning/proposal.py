"""Propose thresholds for a language, or say why there is nothing to propose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.evaluation.measures import Rate
from bot.evaluation.tuning.estimates import STEPS, Point, Scale
from bot.evaluation.tuning.questions import Question
from bot.matching.match import Thresholds

ENOUGH = 30
"""With fewer signs than this nothing is proposed."""

_ENOUGH_CHOICES = 10
_USEFUL = 1 / 3
"""Suggestions of which surely less than this share is picked are no help."""

Reason = Literal["proposed", "too early", "unsure", "out of reach", "as it is"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Hold what thresholds would give: how many questions are answered, get suggestions, neither.

    `point` is the curve's at the threshold of answers.
    """

    thresholds: Thresholds
    point: Point
    suggested: Rate
    refused: Rate


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold what signs tell of a language's thresholds.

    `now` are the live thresholds and `then` the proposed ones, or None, and `reason` says why.
    `gained` are the questions that would newly be answered, `lost` those that no longer would;
    `signs` count how many questions somebody told of, `right` how many first matches were right.
    """

    language: str
    target: float
    reason: Reason
    questions: int
    signs: int
    right: int
    curve: tuple[Point, ...]
    now: Outlook
    then: Outlook | None = None
    gained: tuple[Question, ...] = ()
    lost: tuple[Question, ...] = ()


def propose(language: str, asked: Sequence[Question], live: Thresholds, target: float) -> Proposal:
    """Propose the lowest threshold from which answers are right often enough.

    That is where the lower bound of the precision reaches `target` (0-1); no lower than any sign
    tells of, and no higher than the live one while this seems right often enough. The live
    thresholds are compared by the same rule: whether the confidence reaches them.
    """
    own = [each for each in asked if each.language == language]
    scale = Scale(own)
    told = [each for each in own if each.right is not None]
    now = _outlook(own, scale, live)
    nothing = Proposal(
        *(language, target, "as it is", len(own), len(told)),
        right=sum(each.right is True for each in told),
        curve=scale.curve(),
        now=now,
    )
    answer = _lowest(scale, nothing.curve, live.answer, target)
    if reason := _reason_against(nothing, answer):
        return replace(nothing, reason=reason)
    then = _outlook(own, scale, _with_suggestions(own, answer, live))
    gained, lost = _between(own, answer, live.answer), _between(own, live.answer, answer)
    if not (gained or lost or then.suggested != now.suggested):
        return nothing
    return replace(nothing, reason="proposed", then=then, gained=gained, lost=lost)


def _lowest(scale: Scale, curve: Sequence[Point], live: float, target: float) -> float:
    """Return the lowest threshold that is surely precise enough, over 1 if there is none.

    Of those that answer the same questions it is the one nearest to the live one.
    """
    least = math.floor(min(scale.lowest, live) * STEPS) / STEPS
    found = (p for p in curve if p.threshold >= least and p.precision.low >= target)
    enough = next(found, None)
    if enough is None:
        return math.inf
    alike = [p.threshold for p in curve if p.answered == enough.answered]
    return min(alike, key=lambda threshold: abs(threshold - live))


def _reason_against(proposal: Proposal, answer: float) -> Reason | None:
    if proposal.signs < ENOUGH:
        return "too early"
    live = proposal.now.thresholds.answer
    if answer > live and (proposal.now.point.precision.share or 0.0) >= proposal.target:
        return "unsure"
    return "out of reach" if math.isinf(answer) else None


def _with_suggestions(asked: Sequence[Question], answer: float, live: Thresholds) -> Thresholds:
    """Return thresholds with that of suggestions where they begin to help.

    It stays where it is, as no sign tells of suggestions that weren't made, but is never above that
    of answers, and goes up past suggestions that people surely pick less than every third time.
    """
    start = suggest = min(live.suggest, answer)
    useless = 0
    for step in range(math.floor(start * STEPS) + 1, round(answer * STEPS) + 1):
        end = step / STEPS
        chosen = [q.chosen for q in asked if start <= q.confidence < end and q.chosen is not None]
        high = (Rate(sum(chosen), len(chosen)).interval or (0.0, 1.0))[1]
        if len(chosen) >= _ENOUGH_CHOICES and len(chosen) > useless and high < _USEFUL:
            suggest, useless = end, len(chosen)
    return Thresholds(answer, min(suggest, answer))


def _outlook(asked: Sequence[Question], scale: Scale, thresholds: Thresholds) -> Outlook:
    point = scale.at(thresholds.answer)
    suggested = sum(thresholds.suggest <= q.confidence < thresholds.answer for q in asked)
    refused = len(asked) - point.answered.count - suggested
    total = len(asked)
    return Outlook(thresholds, point, Rate(suggested, total), Rate(refused, total))


def _between(asked: Sequence[Question], low: float, high: float) -> tuple[Question, ...]:
    """Return the questions from a confidence up to below another, the surest first."""
    found = [each for each in asked if low <= each.confidence < high]
    return tuple(sorted(found, key=lambda each: -each.confidence))
