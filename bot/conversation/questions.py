"""Split a message into the questions it asks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.knowledge.wordings import Phrases
from bot.matching.normalise import normalise, words

_SENTENCE_END = re.compile(r"(?<=[?!؟;:+])\s*|\n+|(?<=[^\W\d_]{2}\.)\s+")
_GAP = re.compile(r"[^\S\n]+")
_MOST_QUESTIONS = 6
"""So many are answered; a message with more has the others to ask again."""

_MOST_PIECES = 40
"""A text in more pieces is no message of questions: it is taken as a whole."""

_SHORT = 2


class Splitter:
    """Know where one question ends and the next begins in a language."""

    def __init__(self, phrases: Phrases) -> None:
        self._questions = frozenset(map(normalise, phrases.question_words))
        self._requests = frozenset(map(normalise, phrases.requests))
        self._fillers = sorted((words(f) for f in phrases.fillers), key=len, reverse=True)
        self._openers = sorted((words(o) for o in phrases.openers), key=len, reverse=True)
        joint = _any_of(phrases.joints)
        start = _any_of([*phrases.question_words, *phrases.requests])
        self._joint = re.compile(
            rf"\s*,?\s+(?:{joint})\s+(?=(?:{start})\b)|\s*,\s+(?=(?:{start})\b)", re.IGNORECASE
        )

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return the questions in the order of the text; one or none: the whole text."""
        questions = tuple(dict.fromkeys(filter(self._is_question, self._pieces(text))))
        return questions[:_MOST_QUESTIONS] if len(questions) > 1 else (text,)

    def background(self, text: str) -> tuple[str, str] | None:
        """Return what leads up to the only question of a text, and the question; else None."""
        pieces = self._pieces(text)
        questions = [piece for piece in pieces if self._is_question(piece)]
        if len(questions) != 1 or len(pieces) == 1:
            return None
        return ". ".join(piece for piece in pieces if piece != questions[0]), questions[0]

    def _pieces(self, text: str) -> list[str]:
        pieces = [
            piece.strip(" ,.+:;")
            for sentence in _SENTENCE_END.split(_GAP.sub(" ", text))
            for piece in self._joint.split(sentence)
        ]
        said = [piece for piece in pieces if piece]
        return said if len(said) <= _MOST_PIECES else [text]

    def _is_question(self, piece: str) -> bool:
        said = words(piece)
        for lead in (*self._fillers, *self._openers, *self._fillers):
            if lead and said[: len(lead)] == lead and len(said) > len(lead):
                said = said[len(lead) :]
        if piece.endswith(("?", "؟")):
            return bool(said)
        if not said:
            return False
        return said[0] in self._questions or (said[0] in self._requests and len(said) > _SHORT)


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))
