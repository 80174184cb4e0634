"""rapidfuzz over whole phrases: what most FAQ bots begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from rapidfuzz import fuzz, process, utils

from benchmarks.phrasings import Phrasings
from benchmarks.subjects import Ranked
from benchmarks.subjects.peer import Peer

Scorer = Callable[..., Any]
SCORERS: dict[str, Scorer] = {"WRatio": fuzz.WRatio, "token_set_ratio": fuzz.token_set_ratio}


class Fuzzy(Peer):
    """Take the phrase that `extractOne` finds, after its own `default_process`."""

    def __init__(self, scorer: str) -> None:
        super().__init__()
        self.name = f"rapidfuzz {scorer}"
        self._scorer = SCORERS[scorer]
        self._choices: list[str] = []

    def _fit(self, phrasings: Phrasings) -> None:
        self._choices = [utils.default_process(text) for text in phrasings.texts]

    def _best(self, text: str, left_out: int | None) -> Ranked:
        choices: Sequence[str | None] = self._choices
        if left_out is not None:
            labelled = zip(self._choices, self._phrasings.labels, strict=True)
            choices = [None if label == left_out else choice for choice, label in labelled]
        query = utils.default_process(text)
        best = process.extractOne(query, choices, scorer=self._scorer)
        found = cast("tuple[str, float, int] | None", best)  # None if every choice is
        if found is None:
            return Ranked(None)
        _, score, place = found
        return Ranked(self._phrasings.labels[place], float(score))
