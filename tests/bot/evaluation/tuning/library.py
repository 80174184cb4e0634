"""Questions of which the tests know what is proposed."""

from __future__ import annotations

from bot.evaluation.tuning.proposal import Proposal, propose
from bot.evaluation.tuning.questions import Question
from bot.storage.store import ReplyKind
from tests.bot.evaluation.tuning.simulation import LIVE


def asked(
    confidence: float, *, right: bool | None = None, chosen: bool | None = None, count: int = 1
) -> list[Question]:
    """Return questions that got the reply of their confidence at the live thresholds."""
    kind: ReplyKind = "answer" if confidence >= LIVE.answer else "suggest"
    if confidence < LIVE.suggest:
        kind = "fallback"
    return [
        Question(
            *(f"question <{number}> at {confidence}", "en", kind, "place", confidence),
            *(right, chosen),
        )
        for number in range(count)
    ]


def proposal(*groups: list[Question], target: float = 0.9) -> Proposal:
    """Return what is proposed for English."""
    return propose("en", [each for group in groups for each in group], LIVE, target)


SURE = asked(0.8, right=True, count=50)
LOWERED = (SURE, asked(0.5, right=True, chosen=True, count=50), asked(0.1, count=10))
"""Questions at 0.5 that only get suggestions, of which the first is always right."""
