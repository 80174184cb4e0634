"""Traffic of which the truth is known: how often each question's first match is really right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.matching.match import Thresholds
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss, Vote
from bot.storage.traffic import Traffic

START = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
LIVE = Thresholds(answer=0.6, suggest=0.3)
_LATER = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Town:
    """Hold how people ask and how often they say what they think of a reply (0-1).

    A first match of confidence c is right with the probability c ** `boldness`: with 1 confidences
    are honest, below it too modest, above it too bold.
    """

    boldness: float = 1.0
    votes: float = 0.3
    picks: float = 0.6
    dismissals: float = 0.6

    def truth(self, confidence: float) -> float:
        """Return how often a first match of a confidence is right."""
        return float(confidence**self.boldness)

    def precision(self, threshold: float) -> float:
        """Return how often answers from a threshold on are right, over very much traffic."""
        sure = _confidences(np.random.default_rng(0), 200_000)
        return float((sure[sure >= threshold] ** self.boldness).mean())

    def traffic(self, seed: int, size: int = 1500) -> Traffic:
        """Return the log of as many questions, each asked once, at the live thresholds."""
        draw = np.random.default_rng(seed)
        parts = [
            self._asked(number, float(sure), draw)
            for number, sure in enumerate(_confidences(draw, size), start=1)
        ]
        return Traffic(
            tuple(each for part in parts for each in part.heard),
            tuple(each for part in parts for each in part.exchanges),
            tuple(each for part in parts for each in part.feedback),
            tuple(each for part in parts for each in part.dismissed),
        )

    def _asked(self, number: int, sure: float, draw: np.random.Generator) -> Traffic:
        """Return what is logged of one question, by a person who asks nothing else."""
        right = draw.random() < self.truth(sure)
        says = draw.random()
        text, at, after = f"question {number}", START, START + _LATER
        candidates = (Candidate("first", sure), Candidate("second", sure / 3))
        heard = Heard(number, number, text, "en", "fallback", candidates, at)
        if sure >= LIVE.answer:
            answered = Exchange(number, 1, 2, ("first",), at, number, text)
            vote = Feedback(number, 2, number, "first", _vote(right=right), after)
            votes = (vote,) if says < self.votes else ()
            return Traffic((replace(heard, kind="answer"),), (answered,), votes)
        if sure < LIVE.suggest:
            return Traffic((heard,))
        suggested = (replace(heard, kind="suggest"),)
        fits = right or draw.random() < 0.5
        if fits and says < self.picks:
            picked = "first" if right else "second"
            return Traffic(suggested, (Exchange(number, 1, 2, (picked,), after, number, text),))
        if not fits and says < self.dismissals:
            return Traffic(
                suggested, dismissed=(Miss(number, text, "en", candidates, after, "dismissed"),)
            )
        return Traffic(suggested)


def _vote(*, right: bool) -> Vote:
    return "helpful" if right else "not_helpful"


def _confidences(draw: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return confidences as a matcher has them: many high, some low, few between."""
    high, low = draw.beta(8, 1.2, size), draw.beta(1.5, 3, size)
    return np.where(draw.random(size) < 0.65, high, low)
