"""bm25s: Okapi's BM25 with eagerly computed scores, in numpy."""

from __future__ import annotations

import bm25s
import numpy as np

from benchmarks.phrasings import Phrasings
from benchmarks.subjects import Ranked
from benchmarks.subjects.peer import Peer


class Bm25s(Peer):
    """Score every phrase with the library's own tokens, stop words left out, and take the best."""

    name = "bm25s"

    def __init__(self) -> None:
        super().__init__()
        self._index = bm25s.BM25()
        self._labels = np.empty(0, np.int64)
        self._stopwords: str | None = None

    def _fit(self, phrasings: Phrasings) -> None:
        self._labels = np.array(phrasings.labels)
        self._stopwords = "en" if phrasings.language == "en" else None
        self._index = bm25s.BM25()
        self._index.index(self._tokens(list(phrasings.texts)), show_progress=False)

    def _best(self, text: str, left_out: int | None) -> Ranked:
        tokens = self._tokens([text])[0]
        known = [token for token in tokens if token and token in self._index.vocab_dict]
        if not known:
            return Ranked(None)
        scores = self._index.get_scores(known)
        if left_out is not None:
            scores = np.where(self._labels == left_out, -np.inf, scores)
        place = int(scores.argmax())
        return Ranked(int(self._labels[place]), float(scores[place]))

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        tokens: list[list[str]] = bm25s.tokenize(
            texts,
            stopwords=self._stopwords,
            return_ids=False,
            show_progress=False,
            allow_empty=False,
        )
        return tokens
