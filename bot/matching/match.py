"""What the matcher answers: ranked entries that explain themselves."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.entry import Entry
from bot.matching.reading import Reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold the parts of a confidence.

    `score` is the ridge's (about 0-1), `margin` its lead over the best other entry (negative for a
    runner-up). `similarity` is the cosine to the phrase that matched best, made of the cosines by
    words and meaning, or by words and letters. `coverage` is the share (0-1, weighed by rarity) of
    the utterance's content words found in the entry's phrases; `uncovered` are the stems that
    aren't.
    `nearest_negative` is the cosine to the nearest question known to have no answer.
    `question_fit` says how much likelier the entry is asked in this way ("where", "how much") than
    another: a logarithm.
    """

    score: float
    margin: float
    similarity: float
    coverage: float
    nearest_negative: float
    question_fit: float = 0.0
    uncovered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Pair an entry with the phrase of it that matched, and how sure the matcher is (0-1)."""

    entry: Entry
    phrase: str
    confidence: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hold how an utterance was read and its matches, best first."""

    reading: Reading
    matches: tuple[Match, ...] = ()

    @property
    def best(self) -> Match | None:
        """Return the first match, if there is any."""
        return self.matches[0] if self.matches else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Hold the confidences from which the bot answers, and from which it suggests."""

    answer: float
    suggest: float
