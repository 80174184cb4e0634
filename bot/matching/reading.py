"""Read an utterance as the words to match: normalised, without fillers, spelling corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.matching.normalise import words

Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """Tell which word was read as which."""

    typed: str
    read: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold the words to match and the corrections made on the way."""

    words: Words
    corrections: tuple[Correction, ...] = ()


class Reader:
    """Read utterances; `fillers` ("please", "can you tell me") go at either end.

    `correct` gives a word for each word, as a `Speller` does; `list` takes them as they are. An
    utterance of nothing but fillers keeps them: then they are what was said.
    """

    def __init__(
        self, correct: Callable[[Sequence[str]], Sequence[str]], fillers: Iterable[str]
    ) -> None:
        self._correct = correct
        filler_words = {tuple(words(filler)) for filler in fillers}
        self._fillers = frozenset(each for each in filler_words if each)
        self._starting = _longest_by(0, self._fillers)
        self._ending = _longest_by(-1, self._fillers)

    def __call__(self, text: str) -> Reading:
        """Return how an utterance is read."""
        typed = words(text)
        read = self._correct(typed)
        changed = tuple(
            Correction(before, after)
            for before, after in zip(typed, read, strict=True)
            if before != after
        )
        return Reading(tuple(self._without_fillers(read)), changed)

    def _without_fillers(self, said: Sequence[str]) -> Sequence[str]:
        start, end = 0, len(said)
        while start < end and (size := self._filler_at(said[start:end], from_start=True)):
            start += size
        while start < end and (size := self._filler_at(said[start:end], from_start=False)):
            end -= size
        return said[start:end] or said

    def _filler_at(self, said: Sequence[str], *, from_start: bool) -> int:
        """Return how many words the longest filler at one end has, or 0."""
        longest = self._starting.get(said[0]) if from_start else self._ending.get(said[-1])
        for size in range(min(longest or 0, len(said)), 0, -1):
            part = said[:size] if from_start else said[-size:]
            if tuple(part) in self._fillers:
                return size
        return 0


def _longest_by(end: int, fillers: Iterable[Words]) -> dict[str, int]:
    """Return the length of the longest filler by its first (0) or last (-1) word."""
    longest: dict[str, int] = {}
    for filler in sorted(fillers, key=len):
        longest[filler[end]] = len(filler)
    return longest
