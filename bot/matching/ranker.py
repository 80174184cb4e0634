"""Rank entries by number and gather the evidence for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.evidence import Nearness, Vocabulary, gather
from bot.matching.features import Floats
from bot.matching.match import Evidence
from bot.matching.question_kinds import QuestionKinds
from bot.matching.ridge import Labels, LocalRidge
from bot.matching.similarity import Similarity

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """Pair an entry's number with the evidence for it."""

    entry: int
    evidence: Evidence


class Ranker:
    """Rank m entries by the cosines of a text to n phrases.

    `labels` are the numbers of the phrases' entries in ascending order, then -1 for negatives.
    """

    def __init__(
        self,
        similarity: Similarity,
        labels: Labels,
        vocabulary: Vocabulary,
        question_kinds: QuestionKinds,
        entries: int,
    ) -> None:
        self._similarity = similarity
        self._vectors = similarity.vectors
        self._ridge = LocalRidge(self._vectors, labels, entries)
        self._vocabulary = vocabulary
        self._question_kinds = question_kinds
        self._nearness = Nearness(labels)

    def between(self, phrases: Sequence[int]) -> Iterator[Floats]:
        """Yield about the n cosines to all phrases of each of some phrases, by their numbers."""
        for start in range(0, len(phrases), _AT_ONCE):
            yield from self._vectors[list(phrases[start : start + _AT_ONCE])] @ self._vectors.T

    def rank(
        self,
        words: Sequence[str],
        cosines: Floats,
        limit: int = 1,
        excluded: Collection[int] = (),
        own: int | None = None,
    ) -> list[Candidate]:
        """Return up to `limit` candidates, the highest score first.

        `excluded` entries don't take part. `own` is the entry of which the text itself is a phrase
        that was left out: it must not vouch for itself.
        """
        scores = self._ridge.scores(cosines)
        scores[list(excluded)] = -np.inf
        limit = min(limit, len(scores) - len(set(excluded)))
        best = [int(entry) for entry in np.argsort(-scores, kind="stable")[:limit]]
        nearness = self._nearness(cosines)
        stems = self._similarity.stems(words)
        return [
            Candidate(
                entry,
                gather(
                    scores,
                    nearness,
                    entry,
                    self._vocabulary.coverage(stems, entry, left_out=entry == own),
                    self._question_kinds.fit(words, entry, left_out=entry == own),
                ),
            )
            for entry in best
        ]
