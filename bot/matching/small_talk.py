"""Recognise small talk, alone or around a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.matching.normalise import words
from bot.matching.speller import Speller, WordList

Kind = TypeVar("Kind", bound=str)
_Words = tuple[str, ...]
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True, slots=True)
class Recognised(Generic[Kind]):
    """Hold the kind of small talk found, if any, and the text of the question that remains."""

    kind: Kind | None
    rest: str


class SmallTalkRecogniser(Generic[Kind]):
    """Know small talk by its phrases, after correcting the spelling.

    A text is small talk if it is a phrase, or holds one and has no word that the phrases of its
    kind don't have ("are you a human or a robot"). `before` and `after` are the kinds that may
    stand before or after a question ("hi, …", "… thanks").
    """

    def __init__(
        self,
        phrases: Mapping[Kind, Sequence[str]],
        before: frozenset[Kind],
        after: frozenset[Kind],
        word_list: WordList,
        fillers: Sequence[str],
    ) -> None:
        self._kinds: dict[_Words, Kind] = {
            said: kind
            for kind, each in phrases.items()
            for phrase in each
            if (said := tuple(words(phrase)))
        }
        self._before = {phrase for phrase, kind in self._kinds.items() if kind in before}
        self._after = {phrase for phrase, kind in self._kinds.items() if kind in after}
        self._words_of: dict[Kind, set[str]] = {}
        for phrase, kind in self._kinds.items():
            self._words_of.setdefault(kind, set()).update(phrase)
        self._fillers = {tuple(words(filler)) for filler in fillers} - self._kinds.keys()
        self._longest = max(map(len, self._kinds), default=0)
        vocabulary = (word for phrase in self._kinds for word in phrase)
        self._speller = Speller(vocabulary, WordList(word_list.common))

    def __call__(self, text: str) -> Recognised[Kind]:
        """Return the small talk in a text and what else the text says."""
        typed = tuple(words(text))
        said = tuple(self._speller(typed))
        if whole := self._kinds.get(said) or self._made_of_phrases(said):
            return Recognised(whole, "")
        start, end, kind = 0, len(said), None
        while size := self._size_at(said[start:end], from_start=True):
            kind = self._more_telling(kind, said[start : start + size])
            start += size
        while size := self._size_at(said[start:end], from_start=False):
            kind = self._more_telling(kind, said[end - size : end])
            end -= size
        rest = said[start:end]
        if kind is not None and (other := self._kinds.get(rest) or self._made_of_phrases(rest)):
            return Recognised(other, "")
        if all((word,) in self._fillers for word in rest):
            return Recognised(kind, "" if kind else text)
        return Recognised(kind, _part(text, typed, start, end))

    def _size_at(self, said: _Words, *, from_start: bool) -> int:
        for size in range(min(self._longest, len(said)), 0, -1):
            if from_start and said[:size] in self._before:
                return size
            if not from_start and said[-size:] in self._after:
                return size
        return 0

    def _made_of_phrases(self, said: _Words) -> Kind | None:
        spoken = set(said)
        return next(
            (
                kind
                for phrase, kind in self._kinds.items()
                if len(phrase) > 1 and spoken.issuperset(phrase) and spoken <= self._words_of[kind]
            ),
            None,
        )

    def _more_telling(self, kind: Kind | None, phrase: _Words) -> Kind:
        """Prefer what follows a greeting over the greeting itself."""
        found = self._kinds[phrase]
        return kind if kind is not None and found == "greeting" else found


def _part(text: str, typed: _Words, start: int, end: int) -> str:
    """Return the text from one word to another as it was typed, punctuation included."""
    places = list(_TOKEN.finditer(text))
    if len(places) != len(typed):
        return " ".join(typed[start:end])
    stop = places[end].start() if end < len(places) else len(text)
    return text[places[start].start() : stop].strip(" ,")
