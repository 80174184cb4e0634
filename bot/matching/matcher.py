"""Rank the entries of one language for an utterance."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.entry import Entry
from bot.matching.encoder import Encoder
from bot.matching.evidence import Nearness, Vocabulary, as_features, gather
from bot.matching.features import CosineIndex, Floats, character_grams
from bot.matching.learning import Lessons, Taken, learn
from bot.matching.logistic import Logistic
from bot.matching.match import Confusion, Match, Ranking, Thresholds
from bot.matching.reading import Reader
from bot.matching.ridge import Labels, Ridge, fit
from bot.matching.speller import Speller, WordList
from bot.matching.stemming import Stemmer

WORDS, LETTERS, MEANING = 0.15, 0.15, 0.70
"""The shares of the three cosines; without an encoder the first two share what there is."""


@dataclass(frozen=True, slots=True)
class Language:
    """Hold what the matcher knows of a language besides the knowledge base.

    `function_words` carry no content ("the", "where"), `fillers` no meaning at all ("please").
    """

    code: str
    word_list: WordList = WordList()
    function_words: frozenset[str] = frozenset()
    fillers: tuple[str, ...] = ()


class Matcher:
    """Match by ridge regression over word and letter cosines; see ARCHITECTURE.md.

    Built by `fit_matcher`. `thresholds` are learnt from the knowledge base alone.
    """

    def __init__(  # noqa: PLR0913 - the parts of a fitted model
        self,
        entries: Sequence[Entry],
        phrases: Sequence[str],
        labels: Labels,
        reader: Reader,
        similarity: Similarity,
        vocabulary: Vocabulary,
        ridge: Ridge,
        lessons: Lessons,
    ) -> None:
        self._entries = entries
        self._phrases = phrases
        self._labels = labels
        self._nearness = Nearness(labels)
        self._reader = reader
        self._similarity = similarity
        self._vocabulary = vocabulary
        self._ridge = ridge
        self._confidence: Logistic = lessons.confidence
        self._taken = lessons.confusions
        self.thresholds: Thresholds = lessons.thresholds

    def rank(self, text: str, limit: int = 3, among: Collection[str] | None = None) -> Ranking:
        """Return up to `limit` matches for what a person typed, most confident first.

        `among` are the ids of the only entries to consider.
        """
        reading = self._reader(text)
        cosines = self._similarity.cosines(reading.words)
        if not cosines.any():
            return Ranking(reading)
        scores = self._ridge.scores(cosines)
        if among is not None:
            outside = [n for n, entry in enumerate(self._entries) if entry.id not in among]
            scores[outside] = -np.inf
            limit = min(limit, len(self._entries) - len(outside))
        best = np.argsort(-scores, kind="stable")[:limit]
        stems = self._similarity.stems(reading.words)
        nearness = self._nearness.of_rows(cosines[None, :])[0]
        evidence = [
            gather(scores, nearness, e, self._vocabulary.coverage(stems, e)) for e in best
        ]
        confidences = self._confidence(as_features(evidence))
        matches = [
            Match(self._entries[e], self._nearest_phrase(cosines, e), float(c), why)
            for e, c, why in zip(best, confidences, evidence, strict=True)
        ]
        return Ranking(reading, tuple(sorted(matches, key=lambda m: -m.confidence)))

    def confusions(self) -> tuple[Confusion, ...]:
        """Return the phrases that, left out, this matcher would confidently give to another entry."""
        return tuple(map(self._confusion, self._taken))

    def _confusion(self, taken: Taken) -> Confusion:
        phrase = self._phrases[taken.phrase]
        cosines = self._similarity.cosines(self._reader(phrase).words)
        nearest = self._nearest_phrase(cosines, taken.entry)
        entry = self._entries[taken.entry]
        match = Match(entry, nearest, taken.confidence, taken.evidence)
        return Confusion(self._entries[self._labels[taken.phrase]], phrase, match)

    def _nearest_phrase(self, cosines: Floats, entry: int) -> str:
        own = np.flatnonzero(self._labels == entry)
        return self._phrases[own[cosines[own].argmax()]]


class Similarity:
    """Fuse the cosines by stemmed words, letters and meaning between utterances and phrases."""

    def __init__(
        self,
        texts: Sequence[Sequence[str]],
        stemmer: Callable[[str], str],
        encoder: Encoder | None,
    ) -> None:
        self._stemmer = stemmer
        self._encoder = encoder
        total = WORDS + LETTERS + (MEANING if encoder else 0)
        self._words, self._letters, self._meaning = WORDS / total, LETTERS / total, MEANING / total
        self._vectors = encoder.encode([" ".join(text) for text in texts]) if encoder else None
        self._by_words = CosineIndex(texts, self.stems)
        self._by_letters = CosineIndex(texts, character_grams)

    def stems(self, words: Iterable[str]) -> list[str]:
        """Return the stems of normalised words."""
        return [self._stemmer(word) for word in words]

    def cosines(self, words: Sequence[str]) -> Floats:
        """Return the n fused cosines (0-1) of an utterance to the phrases."""
        fused: Floats = self._words * self._by_words.cosines(words)
        fused += self._letters * self._by_letters.cosines(words)
        if self._encoder is not None and self._vectors is not None:
            fused += self._meaning * (self._vectors @ self._encoder.encode([" ".join(words)])[0])
        return fused

    def pairwise(self) -> Floats:
        """Return the n x n fused cosines between the phrases."""
        fused = self._by_words.pairwise()
        fused *= self._words
        letters = self._by_letters.pairwise()
        letters *= self._letters
        fused += letters
        if self._vectors is not None:
            fused += self._meaning * (self._vectors @ self._vectors.T)
        return fused


def fit_matcher(
    entries: Sequence[Entry],
    language: Language,
    unanswered: Sequence[str] = (),
    encoder: Encoder | None = None,
) -> Matcher:
    """Fit a matcher on the phrases and negatives of entries of one language.

    `unanswered` are questions that no entry answers. An entry's own negatives count like them.
    """
    labelled = [(phrase, n) for n, entry in enumerate(entries) for phrase in entry.phrases]
    negatives = [(phrase, -1) for entry in entries for phrase in entry.negatives]
    labelled += negatives + [(phrase, -1) for phrase in unanswered]
    phrases = [phrase for phrase, _ in labelled]
    labels: Labels = np.array([label for _, label in labelled], np.int32)
    stemmer = Stemmer(language.code)
    reader, texts = _read(phrases, language)
    similarity = Similarity(texts, stemmer, encoder)
    stems = [similarity.stems(text) for text in texts]
    function_stems = frozenset(map(stemmer, language.function_words))
    vocabulary = Vocabulary(stems, labels, len(entries), function_stems)
    pairwise = similarity.pairwise()
    ridge, left_out = fit(pairwise.copy(), labels, len(entries))
    lessons = learn(left_out, pairwise, labels, stems, vocabulary)
    return Matcher(entries, phrases, labels, reader, similarity, vocabulary, ridge, lessons)


def _read(phrases: Sequence[str], language: Language) -> tuple[Reader, list[tuple[str, ...]]]:
    """Return a reader that knows the phrases' words, and how it reads the phrases."""
    plain = Reader(Speller((), WordList()), language.fillers)
    texts = [plain(phrase).words for phrase in phrases]
    speller = Speller((word for text in texts for word in text), language.word_list)
    return Reader(speller, language.fillers), texts
