"""Find the entries that need a look: unsure matches, suggestions, votes against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage.figures import Ranked, Votes

_FEW = 3
"""How often an entry must have ranked first before its mean confidence says anything."""

_UNSURE = 0.75
_AGAINST = 2
"""How many votes against an answer are more than an accident."""

_A_THIRD = 1 / 3
_HALF = 1 / 2


@dataclass(frozen=True, slots=True)
class Weak:
    """Hold an entry that people are often not well served with, and why.

    `count` is how often it ranked first, `confidence` the matcher's mean then (0-1, None if it
    never ranked), `suggested` how often it was suggested only.
    """

    entry: str
    count: int
    confidence: float | None
    suggested: int
    helpful: int
    not_helpful: int

    @property
    def is_unsure(self) -> bool:
        """Tell whether the matcher's mean confidence is low."""
        return self.confidence is not None and self.confidence < _UNSURE

    @property
    def is_weak(self) -> bool:
        """Tell whether the figures say enough, and nothing good."""
        votes = self.helpful + self.not_helpful
        if self.count >= _FEW and (self.is_unsure or self.suggested >= self.count * _HALF):
            return True
        return self.not_helpful >= max(_AGAINST, votes * _A_THIRD)


def weak_entries(ranked: Iterable[Ranked], votes: Iterable[Votes]) -> tuple[Weak, ...]:
    """Return the weak entries, those first with which most people weren't served well."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in votes:
        counts[each.entry, each.vote] += each.count
    by_entry = {each.entry: each for each in ranked}
    found = [
        _weak(entry, by_entry.get(entry), counts)
        for entry in dict.fromkeys([*by_entry, *(entry for entry, _ in counts)])
    ]
    weak = [each for each in found if each.is_weak]
    return tuple(sorted(weak, key=_urgency))


def _weak(entry: str, ranked: Ranked | None, votes: Counter[tuple[str, str]]) -> Weak:
    return Weak(
        entry,
        ranked.count if ranked else 0,
        ranked.confidence if ranked else None,
        ranked.suggested if ranked else 0,
        votes[entry, "helpful"],
        votes[entry, "not_helpful"],
    )


def _urgency(weak: Weak) -> tuple[int, float, str]:
    return -(weak.suggested + weak.not_helpful), weak.confidence or 0.0, weak.entry
