"""What the peers share: the rule that gives a ranker a threshold, learnt as ours is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np

from benchmarks.phrasings import Phrasings
from benchmarks.subjects import Ranked

ABSENT_REFUSED = 0.7
"""The share of questions about a left-out entry that the threshold refuses."""

_SAMPLE = 250


class Peer(ABC):
    """Rank by a score of its own, without a threshold of its own."""

    name: str

    def __init__(self) -> None:
        self._phrasings = Phrasings((), ())

    def build(self, phrasings: Phrasings) -> None:
        """Fit to some phrasings, in place of any before."""
        self.__dict__.pop("threshold", None)
        self._phrasings = phrasings
        self._fit(phrasings)

    def rank(self, text: str) -> Ranked:
        """Return the best label for a text."""
        return self._best(text, None)

    @cached_property
    def threshold(self) -> float:
        """Return the score that 70 % of phrases don't pass when their whole entry is left out."""
        texts, labels = self._phrasings.texts, self._phrasings.labels
        places = np.linspace(0, len(texts) - 1, min(_SAMPLE, len(texts))).astype(int)
        scores = [self._best(texts[place], labels[place]).score for place in places]
        bound = np.quantile(scores, ABSENT_REFUSED, method="higher")
        return float(np.nextafter(bound, np.inf))

    @abstractmethod
    def _fit(self, phrasings: Phrasings) -> None:
        """Index the phrasings."""

    @abstractmethod
    def _best(self, text: str, left_out: int | None) -> Ranked:
        """Return the best label but one that is left out."""
