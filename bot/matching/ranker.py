"""Rank entries by number and gather the evidence for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.evidence import Listener, Nearness, gather
from bot.matching.features import Floats
from bot.matching.match import Evidence
from bot.matching.ridge import LocalRidge


@dataclass(frozen=True, slots=True)
class Candidate:
    """Pair an entry's number with the evidence for it."""

    entry: int
    evidence: Evidence


class Ranker:
    """Rank m entries by the cosines of a text to n phrases."""

    def __init__(self, ridge: LocalRidge, nearness: Nearness, listen: Listener) -> None:
        self._ridge = ridge
        self._nearness = nearness
        self._listen = listen

    def __call__(
        self,
        stems: Sequence[str],
        cosines: Floats,
        limit: int,
        excluded: Collection[int] = (),
        own: int | None = None,
    ) -> list[Candidate]:
        """Return up to `limit` candidates, the highest score first.

        `excluded` entries don't take part. `own` is the entry of which the text itself is a phrase
        that was left out (its cosine is -inf): it must not vouch for itself.
        """
        scores = self._ridge.scores(cosines)
        scores[list(excluded)] = -np.inf
        limit = min(limit, len(scores) - len(set(excluded)))
        nearness = self._nearness(cosines)
        return [
            Candidate(
                entry,
                gather(scores, nearness, entry, self._listen(stems, entry, left_out=entry == own)),
            )
            for entry in map(int, np.argsort(-scores, kind="stable")[:limit])
        ]
