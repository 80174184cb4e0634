"""Rank the entries of one language for an utterance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from bot.knowledge.entry import Entry
from bot.knowledge.stemming import Stemmer
from bot.matching.corpus import build_corpus, labelled
from bot.matching.encoder import Encoder
from bot.matching.evidence import Listener, Nearness, Vocabulary, as_features
from bot.matching.features import Floats
from bot.matching.language import Language
from bot.matching.learning import learn
from bot.matching.match import Match, Ranking, Thresholds
from bot.matching.question_kinds import QuestionKinds
from bot.matching.ranker import Candidate, Ranker
from bot.matching.reading import Reader, Words
from bot.matching.ridge import LocalRidge
from bot.matching.similarity import Similarity
from bot.matching.speller import Speller
from bot.matching.trials import Trials

_MANY = 50_000
_LOOKED_AT = 3
"""Matches whose confidence is compared, even where fewer are wanted."""

_REMEMBERED, _SHORT = 1024, 200
"""How many questions are remembered with their rankings, and how many characters they may have."""


class Matcher:
    """Match utterances to entries; see ARCHITECTURE.md for the way.

    `unanswered` are questions that no entry answers; an entry's own negatives count like them.
    `thresholds` are learnt from the knowledge base alone, unless some are given. `slow` says that a
    message may take over 10 ms: by an encoder that isn't quick, or by very many phrases.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        language: Language,
        unanswered: Sequence[str] = (),
        encoder: Encoder | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._entries = entries
        self._phrases, labels = labelled(entries, unanswered)
        self._reader, texts = _read(self._phrases, language)
        corpus = build_corpus(texts, labels, language, encoder)
        self._labels = corpus.labels
        stemmer = Stemmer(language.code)
        self._similarity = Similarity(corpus, stemmer, encoder)
        stems = [self._similarity.stems(text) for text in corpus.texts]
        function_stems = frozenset(map(stemmer, language.function_words))
        listen = Listener(
            Vocabulary(stems, self._labels, len(entries), function_stems),
            QuestionKinds(stems, self._labels, len(entries), language.question_words, stemmer),
        )
        ridge = LocalRidge(self._similarity, self._labels, len(entries))
        self._rank = Ranker(ridge, Nearness(self._labels), listen)
        lessons = learn(Trials(corpus, self._similarity, stems, listen))
        self._confidence = lessons.confidence
        self.thresholds: Thresholds = thresholds or lessons.thresholds
        self._remembered = lru_cache(_REMEMBERED)(self._find)
        self.slow = self._similarity.slow or len(self._labels) > _MANY

    def rank(
        self,
        text: str,
        limit: int = 3,
        among: Collection[str] | None = None,
        leaving_out: str | None = None,
    ) -> Ranking:
        """Return up to `limit` matches for what a person typed, most confident first.

        `among` are the ids of the only entries to consider. `leaving_out` is a phrase that doesn't
        count this time, so that it can be tried as if the knowledge hadn't got it.

        What many people ask in the same words is worked out once.
        """
        if among is None and leaving_out is None and len(text) <= _SHORT:
            return self._remembered(text, limit)
        return self._find(text, limit, among, leaving_out)

    def _find(
        self,
        text: str,
        limit: int,
        among: Collection[str] | None = None,
        leaving_out: str | None = None,
    ) -> Ranking:
        reading = self._reader(text)
        cosines = self._similarity.cosines(reading.words)
        if not cosines.any():
            return Ranking(reading)
        own = None
        for number in self._numbers_of(leaving_out):
            cosines[number] = -np.inf
            own = int(self._labels[number])
        stems = self._similarity.stems(reading.words)
        wide = max(limit, _LOOKED_AT)
        candidates = self._rank(stems, cosines, wide, self._without(among), own)
        confidences = self._confidence(as_features(each.evidence for each in candidates))
        matches = [
            self._match(candidate, cosines, float(confidence))
            for candidate, confidence in zip(candidates, confidences, strict=True)
        ]
        matches.sort(key=lambda match: -match.confidence)
        return Ranking(reading, tuple(matches[:limit]))

    def _numbers_of(self, phrase: str | None) -> list[int]:
        """Return the numbers of a phrase, none for None."""
        if phrase is None:
            return []
        return [n for n, each in enumerate(self._phrases) if each == phrase]

    def _without(self, among: Collection[str] | None) -> list[int]:
        """Return the numbers of the entries that aren't among some ids."""
        if among is None:
            return []
        return [n for n, entry in enumerate(self._entries) if entry.id not in among]

    def _match(self, candidate: Candidate, cosines: Floats, confidence: float) -> Match:
        own = np.flatnonzero(self._labels == candidate.entry)
        phrase = self._phrases[own[cosines[own].argmax()]]
        return Match(self._entries[candidate.entry], phrase, confidence, candidate.evidence)


def _read(phrases: Sequence[str], language: Language) -> tuple[Reader, list[Words]]:
    """Return a reader that knows the phrases' words, and how it reads the phrases.

    Equal words are one object: many that soon go would leave holes in the memory.
    """
    plain = Reader(list, language.fillers)
    same: dict[str, str] = {}
    texts = [tuple(same.setdefault(w, w) for w in plain(phrase).words) for phrase in phrases]
    speller = Speller((word for text in texts for word in text), language.words)
    return Reader(speller, language.fillers), texts
