"""Tell whether an entry is asked in the way an utterance asks (where, how much, who)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.matching.ridge import Labels

_PRIOR = 0.1
"""How many times each entry counts as asked in a way that none of its phrases has."""


class QuestionKinds:
    """Know with which question words the phrases of each entry ask.

    `stems` are those of the n phrases. `question_words` may have several words ("how much"): the
    longest that fits counts.
    """

    def __init__(
        self,
        stems: Sequence[Sequence[str]],
        labels: Labels,
        entries: int,
        question_words: Iterable[str],
        stem: Callable[[str], str],
    ) -> None:
        self._question_words = frozenset(
            tuple(map(stem, phrase.split())) for phrase in question_words if phrase.strip()
        )
        self._sizes: dict[str, dict[int, None]] = {}
        for words in sorted(self._question_words, key=len, reverse=True):
            self._sizes.setdefault(words[0], {})[len(words)] = None
        kinds = [self._kind(text) for text in stems]
        self._total = len(stems)
        self._all = Counter(kinds)
        self._of_entry = [Counter[tuple[str, ...]]() for _ in range(entries)]
        for kind, label in zip(kinds, labels, strict=True):
            if label >= 0:
                self._of_entry[label][kind] += 1

    def fit(self, stems: Sequence[str], entry: int, *, left_out: bool = False) -> float:
        """Return how much likelier the entry is asked in this way than any other (a logarithm).

        0 where the text has no question word. `left_out`: the text is a phrase of the entry and
        must not vouch for itself.
        """
        kind = self._kind(stems)
        if not kind:
            return 0.0
        own = self._of_entry[entry]
        share = (max(own[kind] - left_out, 0) + _PRIOR) / (own.total() - left_out + 1)
        base = (self._all[kind] + _PRIOR) / (self._total + 1)
        return math.log(share / base)

    def _kind(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Return the stems of the first question word, empty if there is none."""
        for start, stem in enumerate(stems):
            for size in self._sizes.get(stem, ()):
                found = tuple(stems[start : start + size])
                if found in self._question_words:
                    return found
        return ()
