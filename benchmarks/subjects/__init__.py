"""What is measured: the matcher in its forms, and what else people use for the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from benchmarks.phrasings import Phrasings

NOTHING = float("-inf")


@dataclass(frozen=True, slots=True)
class Ranked:
    """Hold the best label for a text, None if there isn't one, and its score (higher is surer)."""

    label: int | None
    score: float = NOTHING


class Subject(Protocol):
    """Find the label of a text among the phrasings it was built of."""

    @property
    def name(self) -> str:
        """Return what a table calls it."""

    @property
    def threshold(self) -> float:
        """Return the score from which the best label is given as the answer."""

    def build(self, phrasings: Phrasings) -> None:
        """Fit to some phrasings, in place of any before."""

    def rank(self, text: str) -> Ranked:
        """Return the best label for a text."""
