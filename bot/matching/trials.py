"""Try questions whose outcome is known from the knowledge base alone.

There are four kinds: a phrase without itself (right if its own entry still wins), a phrase without
its whole entry, a negative without itself, a background question without itself (any match of these
is wrong). They are tried in blocks: an entry, some negatives near it, and what is nearest to these.
One solution of a block's ridge gives all its trials by closed forms, where the live matcher would
solve one for each. A block shares its neighbours, so that matches look a little better in it than
they would live: thresholds are shares of trials, not of live refusals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from bot.matching.corpus import Corpus
from bot.matching.evidence import Listener, Nearness, gather
from bot.matching.features import Floats
from bot.matching.match import Evidence
from bot.matching.ridge import Labels, LeftOut, Numbers, Rows, nearest

BLOCKS = 64
PHRASES = 256
NEGATIVES = 448
BACKGROUND = 128
"""At most so many blocks, phrases, negatives and background questions are tried."""

_OWN = 64
_NEAR = 96
_AT_ONCE = 512
"""Texts that are compared at once with all that are tried."""

_FEW = 3
"""An entry must have more phrases than this for one to be tried without itself."""


class Kind(IntEnum):
    """Name what was left out."""

    PHRASE = 0
    ENTRY = 1
    NEGATIVE = 2
    BACKGROUND = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold the evidence for what was made of a question with a known outcome."""

    kind: Kind
    evidence: Evidence
    right: bool


class Trials:
    """Make trials from the n texts of a corpus.

    `vectors` are n rows whose dot products are about the cosines between the texts, `stems` those
    of each text's words.
    """

    def __init__(
        self, corpus: Corpus, vectors: Rows, stems: Sequence[Sequence[str]], listen: Listener
    ) -> None:
        self._own = corpus.own
        self._labels = corpus.labels
        self._vectors = vectors
        self._stems = stems
        self._listen = listen
        self._entries = int(corpus.labels.max(initial=-1)) + 1

    def __iter__(self) -> Iterator[Trial]:
        """Yield the trials, a block after the other."""
        lots = self._lots()
        if lots:
            for lot, closest in zip(lots, self._closest(lots), strict=True):
                members = self._around(lot, closest)
                yield from self._try(lot, _Block(self._vectors, self._labels, members))

    def _lots(self) -> list[_Lot]:
        """Return what to try: each negative goes to the entry whose mean phrase is nearest."""
        entries = _spread(np.arange(self._entries), BLOCKS)
        if not len(entries):
            return []
        phrases = [np.flatnonzero(self._labels == entry) for entry in entries]
        means = np.stack([self._vectors[each].mean(axis=0) for each in phrases])
        negatives = self._negatives()
        goes_to = (self._vectors[negatives] @ means.T).argmax(axis=1)
        share = max(1, PHRASES // len(entries))
        return [
            _Lot(_spread(each, _OWN), _spread(_spread(each, _OWN), share), negatives[goes_to == n])
            for n, each in enumerate(phrases)
        ]

    def _negatives(self) -> Numbers:
        negatives = np.flatnonzero(self._labels[: self._own] < 0)
        background = np.arange(self._own, len(self._labels))
        return np.concatenate([_spread(negatives, NEGATIVES), _spread(background, BACKGROUND)])

    def _closest(self, lots: Sequence[_Lot]) -> Floats:
        """Return a row for each lot: the greatest cosine of each text to any that is tried."""
        tried = self._vectors[np.concatenate([lot.tried for lot in lots])]
        firsts = np.cumsum([0, *(len(lot.tried) for lot in lots[:-1])])
        texts = np.arange(len(self._labels))
        closest = np.empty((len(lots), len(texts)), np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            cosines = tried @ self._vectors[texts[some]].T
            np.maximum.reduceat(cosines, firsts, out=closest[:, some])
        return closest

    def _around(self, lot: _Lot, closest: Floats) -> Numbers:
        """Return the members of a block in order: a lot and what is nearest to it."""
        closest[self._labels == self._labels[lot.own[0]]] = -np.inf
        closest[lot.negatives] = -np.inf
        members = np.zeros(len(closest), bool)
        for part in (lot.own, lot.negatives, nearest(closest, _NEAR)):
            members[part] = True
        return np.flatnonzero(members)

    def _try(self, lot: _Lot, block: _Block) -> Iterator[Trial]:
        entry = int(self._labels[lot.own[0]])
        if len(lot.own) > _FEW:
            for number, standing in block.without_itself(lot.phrases):
                yield self._trial(Kind.PHRASE, number, standing, entry)
        for number, standing in block.without_itself(lot.negatives):
            kind = Kind.NEGATIVE if number < self._own else Kind.BACKGROUND
            yield self._trial(kind, number, standing)
        for number, standing in block.without_entry(lot.own, lot.phrases):
            yield self._trial(Kind.ENTRY, number, standing)

    def _trial(self, kind: Kind, number: int, standing: _Standing, own: int | None = None) -> Trial:
        column = int(standing.scores.argmax())
        entry = standing.entries[column]
        said = self._listen(self._stems[number], entry, left_out=entry == own)
        evidence = gather(standing.scores, standing.nearness, column, said)
        return Trial(kind, evidence, right=entry == own)


@dataclass(frozen=True, slots=True)
class _Lot:
    """Hold numbers of phrases: an entry's own, those of them to try, the negatives to try."""

    own: Numbers
    phrases: Numbers
    negatives: Numbers

    @property
    def tried(self) -> Numbers:
        """Return all that is to be tried."""
        return np.concatenate([self.phrases, self.negatives])


@dataclass(frozen=True, slots=True)
class _Standing:
    """Hold what m entries (their numbers) score, and how near each and the negatives are."""

    entries: Sequence[int]
    scores: Floats
    nearness: Floats


class _Block:
    """Leave phrases out of a block: `members` are the numbers of its phrases in order."""

    def __init__(self, vectors: Rows, labels: Labels, members: Numbers) -> None:
        self._members = members
        known = labels[members]
        entries, columns = np.unique(known[known >= 0], return_inverse=True)
        self._entries = tuple(entries.tolist())
        self._columns = np.concatenate([columns, np.full(len(known) - len(columns), -1)])
        rows = vectors[members]
        self._cosines = rows @ rows.T
        self._nearness = Nearness(known)
        self._left_out = LeftOut(self._cosines, self._columns, len(self._entries))

    def without_itself(self, numbers: Numbers) -> Iterator[tuple[int, _Standing]]:
        """Yield how the entries stand for some phrases, each without itself."""
        places = np.searchsorted(self._members, numbers)
        for place, scores in zip(places, self._left_out.itself(places), strict=True):
            cosines = self._cosines[place].copy()
            cosines[place] = -np.inf
            yield self._at(place), _Standing(self._entries, scores, self._nearness(cosines))

    def without_entry(self, own: Numbers, numbers: Numbers) -> Iterator[tuple[int, _Standing]]:
        """Yield how the other entries stand for some of an entry's phrases without all of them."""
        if len(self._entries) == 1:
            return
        out = np.searchsorted(self._members, own)
        column = self._columns[out[0]]
        entries = (*self._entries[:column], *self._entries[column + 1 :])
        chosen = np.searchsorted(own, numbers)
        for place, scores in zip(out[chosen], self._left_out.together(out)[chosen], strict=True):
            nearness = np.delete(self._nearness(self._cosines[place]), column)
            yield self._at(place), _Standing(entries, np.delete(scores, column), nearness)

    def _at(self, place: int) -> int:
        return int(self._members[place])


def _spread(numbers: Numbers, most: int) -> Numbers:
    """Return at most so many of some numbers, evenly spread."""
    places = np.linspace(0, len(numbers) - 1, min(most, len(numbers))).astype(np.intp)
    return numbers[places]
