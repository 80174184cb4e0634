"""A toy set of questions and a subject that knows what it is told."""

from __future__ import annotations

from benchmarks.phrasings import Phrasings
from benchmarks.sets import OUT_OF_SCOPE, Row
from benchmarks.subjects import Ranked

INTENTS = ("card", "hours", "loan", "place", "wifi")


def rows(count: int = 12, split: str = "train", first: int = 0) -> list[Row]:
    """Return so many texts of each intent, all different."""
    return [
        Row(f"{intent} question number {number}", intent, split)
        for intent in INTENTS
        for number in range(first, first + count)
    ]


def out_of_scope(count: int = 4) -> list[Row]:
    """Return texts that mean none of the intents."""
    return [Row(f"nothing like it {number}", OUT_OF_SCOPE, "val") for number in range(count)]


class Parrot:
    """Know an intent by the first word of its phrases; score 1 for it, 0 for a guess of label 0."""

    name = "parrot"
    threshold = 0.5

    def __init__(self) -> None:
        self.built: list[Phrasings] = []
        self._labels: dict[str, int] = {}

    def build(self, phrasings: Phrasings) -> None:
        """Learn the first words."""
        self.built.append(phrasings)
        taught = zip(phrasings.texts, phrasings.labels, strict=True)
        self._labels = {text.split()[0]: label for text, label in taught}

    def rank(self, text: str) -> Ranked:
        """Return the label of the first word."""
        label = self._labels.get(text.split(maxsplit=1)[0])
        return Ranked(0, 0.0) if label is None else Ranked(label, 1.0)
