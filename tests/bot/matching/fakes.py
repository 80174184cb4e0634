"""Stand-ins for what the matcher's parts ask: the meaning of a text, and what its words say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.encoder import Vectors
from bot.matching.evidence import Listener, Said


class WordEncoder:
    """Encode a text as the sum of its words' meanings.

    The words of a group mean the same, and nothing that another group means; a word without a group
    isn't read.
    """

    name = "words"

    def __init__(self, *groups: str, quick: bool = True) -> None:
        self.quick = quick
        self._axes = {word: axis for axis, group in enumerate(groups) for word in group.split()}
        self.dimensions = len(groups)

    def reads(self, language: str) -> bool:
        """Take every language."""
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit row for each text, zero where no word is read."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for axis in (self._axes.get(word) for word in text.split()):
                if axis is not None:
                    row[axis] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows


@dataclass(frozen=True, slots=True)
class Heard:
    """Hold what a listener was asked."""

    stems: tuple[str, ...]
    entry: int
    left_out: bool


class RecordingListener(Listener):
    """Say the same of every text, and keep what was asked in `heard`."""

    said = Said(0.5, ("parrot",), 1.5)

    def __init__(self) -> None:
        self.heard: list[Heard] = []

    def __call__(self, stems: Sequence[str], entry: int, *, left_out: bool = False) -> Said:
        """Return what it always says."""
        self.heard.append(Heard(tuple(stems), entry, left_out))
        return self.said
