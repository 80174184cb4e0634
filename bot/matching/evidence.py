"""Gather the evidence for and against an entry as the features a confidence is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.features import Floats
from bot.matching.logistic import Doubles
from bot.matching.match import Evidence
from bot.matching.question_kinds import QuestionKinds
from bot.matching.ridge import Labels

_FAR = 0.5


class Vocabulary:
    """Know the content stems of each entry's phrases and how rare each is.

    `function_stems` are the words every sentence has; they say nothing about the entry.
    """

    def __init__(
        self,
        stems: Sequence[Sequence[str]],
        labels: Labels,
        entries: int,
        function_stems: frozenset[str],
    ) -> None:
        self._function_stems = function_stems
        documents = Counter(stem for text in stems for stem in set(text))
        self._idf = {
            stem: float(np.log((1 + len(stems)) / (1 + count)) + 1)
            for stem, count in documents.items()
        }
        self._unknown_idf = float(np.log(1 + len(stems)) + 1)
        self._counts = [Counter[str]() for _ in range(entries)]
        for text, label in zip(stems, labels, strict=True):
            if label >= 0:
                self._counts[label].update(set(text))

    def coverage(
        self, stems: Iterable[str], entry: int, *, left_out: bool = False
    ) -> tuple[float, tuple[str, ...]]:
        """Return the covered share of the content stems (0 where there are none) and the others.

        `left_out` says that the text is a phrase of the entry and must not vouch for itself.
        """
        content = [s for s in dict.fromkeys(stems) if s not in self._function_stems]
        if not content:
            return 0.0, ()
        needed = 1 + left_out
        uncovered = tuple(s for s in content if self._counts[entry][s] < needed)
        total = sum(self._idf.get(s, self._unknown_idf) for s in content)
        lost = sum(self._idf.get(s, self._unknown_idf) for s in uncovered)
        return 1 - lost / total, uncovered


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what the words of a text say for an entry; see `Evidence`."""

    coverage: float
    uncovered: tuple[str, ...]
    question_fit: float


class Listener:
    """Tell what the words of a text say for an entry."""

    def __init__(self, vocabulary: Vocabulary, question_kinds: QuestionKinds) -> None:
        self._vocabulary = vocabulary
        self._question_kinds = question_kinds

    def __call__(self, stems: Sequence[str], entry: int, *, left_out: bool = False) -> Said:
        """Return what the stems of a text say for an entry (its number).

        `left_out` says that the text is a phrase of the entry and must not vouch for itself.
        """
        coverage, uncovered = self._vocabulary.coverage(stems, entry, left_out=left_out)
        fit = self._question_kinds.fit(stems, entry, left_out=left_out)
        return Said(coverage, uncovered, fit)


class Nearness:
    """Reduce n cosines to phrases to the greatest one of each entry, and of the negatives (last).

    Where all phrases of an entry, or all negatives, are left out (-inf), nothing is near: 0.
    The labels must stand in ascending order with the negatives' -1 at the end.
    """

    def __init__(self, labels: Labels) -> None:
        self._starts = np.concatenate([[0], np.flatnonzero(np.diff(labels)) + 1])
        self._has_negatives = bool(len(labels) and labels[-1] < 0)

    def __call__(self, cosines: Floats) -> Floats:
        """Return entries + 1 maxima of n cosines; the last is 0 where nothing is negative."""
        reduced: Floats = np.maximum.reduceat(cosines, self._starts)
        reduced[np.isneginf(reduced)] = 0
        return reduced if self._has_negatives else np.append(reduced, np.float32(0))


def gather(scores: Floats, nearness: Floats, column: int, said: Said) -> Evidence:
    """Return the evidence for the entry at a column of the scores.

    The first columns of `nearness` are those of the scores; its last is for the negatives.
    """
    others = np.delete(scores, column)
    best_other = others.max(initial=-np.inf)
    return Evidence(
        score=float(scores[column]),
        margin=float(scores[column] - best_other) if np.isfinite(best_other) else 0.0,
        similarity=float(nearness[column]),
        coverage=said.coverage,
        nearest_negative=float(nearness[-1]),
        question_fit=said.question_fit,
        uncovered=said.uncovered,
    )


def as_features(evidence: Iterable[Evidence]) -> Doubles:
    """Return the evidence as rows of six features.

    Negatives further than a cosine of 0.5 say nothing: a knowledge with one negative must not take
    every other question for answerable.
    """
    rows = [
        (
            e.score,
            e.margin,
            e.similarity,
            e.coverage,
            max(e.nearest_negative, _FAR),
            e.question_fit,
        )
        for e in evidence
    ]
    return np.array(rows).reshape(-1, 6)
