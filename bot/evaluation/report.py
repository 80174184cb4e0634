"""All that an evaluation found, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.conversation.edition import Edition
from bot.evaluation.confusions import Confusion, confusions, false_answers
from bot.evaluation.curves import CurvePoint, Reliability, curve, reliability
from bot.evaluation.measures import (
    InScope,
    Latency,
    OutOfScope,
    measure_in_scope,
    measure_latency,
    measure_out_of_scope,
)
from bot.evaluation.trial import Trial
from bot.matching.match import Thresholds

Mode: TypeAlias = Literal["utterances", "cross-validation"]


@dataclass(frozen=True, slots=True)
class Report:
    """Hold the measures, and the trials they were made of.

    `mode` says what was asked: the conversation with utterances, or the matcher with the
    knowledge's own phrases left out. `version` and `entries` (their number) are the knowledge's,
    `thresholds` its live ones by language.
    """

    mode: Mode
    version: str
    entries: int
    thresholds: Mapping[str, Thresholds]
    in_scope: InScope
    out_of_scope: OutOfScope
    latency: Latency
    reliability: Reliability
    curve: tuple[CurvePoint, ...]
    confusions: tuple[Confusion, ...]
    false_answers: tuple[Confusion, ...]
    trials: tuple[Trial, ...]

    @property
    def unanswered(self) -> tuple[Trial, ...]:
        """Return the trials that should have got an answer and got none."""
        kinds = {"offered", "misoffered", "silent"}
        return tuple(t for t in self.trials if t.case.entry is not None and t.outcome in kinds)


def make_report(mode: Mode, edition: Edition, trials: Sequence[Trial]) -> Report:
    """Measure one or more trials."""
    understanding = edition.understanding.items()
    return Report(
        mode=mode,
        version=edition.knowledge.version,
        entries=len(edition.knowledge.entries),
        thresholds={language: each.matcher.thresholds for language, each in understanding},
        in_scope=measure_in_scope(trials),
        out_of_scope=measure_out_of_scope(trials),
        latency=measure_latency(trials),
        reliability=reliability(trials),
        curve=curve(trials),
        confusions=confusions(trials),
        false_answers=false_answers(trials),
        trials=tuple(trials),
    )
