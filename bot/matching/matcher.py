"""Rank the entries of one language for an utterance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.knowledge.entry import Entry
from bot.knowledge.stemming import Stemmer
from bot.matching.encoder import Encoder
from bot.matching.evidence import Vocabulary, as_features
from bot.matching.features import Floats
from bot.matching.learning import learn
from bot.matching.match import Match, Ranking, Thresholds
from bot.matching.question_kinds import QuestionKinds
from bot.matching.ranker import Candidate, Ranker
from bot.matching.reading import Reader
from bot.matching.ridge import Labels
from bot.matching.similarity import Similarity
from bot.matching.speller import Speller, WordList


@dataclass(frozen=True, slots=True)
class Language:
    """Hold what the matcher knows of a language besides the knowledge base.

    `function_words` carry no content ("the", "where"), `fillers` no meaning at all ("please").
    `question_words` tell what is asked for ("where", "how much").
    """

    code: str
    word_list: WordList = field(default_factory=WordList)
    function_words: frozenset[str] = frozenset()
    fillers: tuple[str, ...] = ()
    question_words: tuple[str, ...] = ()


class Matcher:
    """Match utterances to entries; see ARCHITECTURE.md for the way.

    `unanswered` are questions that no entry answers; an entry's own negatives count like them.
    `thresholds` are learnt from the knowledge base alone.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        language: Language,
        unanswered: Sequence[str] = (),
        encoder: Encoder | None = None,
    ) -> None:
        self._entries = entries
        self._phrases, self._labels = _labelled(entries, unanswered)
        self._reader, texts = _read(self._phrases, language)
        stemmer = Stemmer(language.code)
        self._similarity = Similarity(texts, stemmer, encoder)
        vocabulary = Vocabulary(
            [self._similarity.stems(text) for text in texts],
            self._labels,
            len(entries),
            frozenset(map(stemmer, language.function_words)),
        )
        kinds = QuestionKinds(texts, self._labels, len(entries), language.question_words, stemmer)
        self._ranker = Ranker(self._similarity, self._labels, vocabulary, kinds, len(entries))
        lessons = learn(self._ranker, texts, self._labels)
        self._confidence = lessons.confidence
        self.thresholds: Thresholds = lessons.thresholds

    def rank(self, text: str, limit: int = 3, among: Collection[str] | None = None) -> Ranking:
        """Return up to `limit` matches for what a person typed, most confident first.

        `among` are the ids of the only entries to consider.
        """
        reading = self._reader(text)
        cosines = self._similarity.cosines(reading.words)
        if not cosines.any():
            return Ranking(reading)
        excluded = [
            number
            for number, entry in enumerate(self._entries)
            if among is not None and entry.id not in among
        ]
        candidates = self._ranker.rank(reading.words, cosines, limit, excluded)
        confidences = self._confidence(as_features(each.evidence for each in candidates))
        matches = [
            self._match(candidate, cosines, float(confidence))
            for candidate, confidence in zip(candidates, confidences, strict=True)
        ]
        return Ranking(reading, tuple(sorted(matches, key=lambda match: -match.confidence)))

    def _match(self, candidate: Candidate, cosines: Floats, confidence: float) -> Match:
        own = np.flatnonzero(self._labels == candidate.entry)
        phrase = self._phrases[own[cosines[own].argmax()]]
        return Match(self._entries[candidate.entry], phrase, confidence, candidate.evidence)


def _labelled(entries: Sequence[Entry], unanswered: Sequence[str]) -> tuple[list[str], Labels]:
    """Return all phrases in the order of the entries, then the negatives, and their labels."""
    labelled = [(phrase, n) for n, entry in enumerate(entries) for phrase in entry.phrases]
    labelled += [(phrase, -1) for entry in entries for phrase in entry.negatives]
    labelled += [(phrase, -1) for phrase in unanswered]
    return [phrase for phrase, _ in labelled], np.array([n for _, n in labelled], np.int32)


def _read(phrases: Sequence[str], language: Language) -> tuple[Reader, list[tuple[str, ...]]]:
    """Return a reader that knows the phrases' words, and how it reads the phrases."""
    plain = Reader(Speller((), WordList()), language.fillers)
    texts = [plain(phrase).words for phrase in phrases]
    speller = Speller((word for text in texts for word in text), language.word_list)
    return Reader(speller, language.fillers), texts
