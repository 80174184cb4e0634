"""Group what people asked in vain by what they meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.words import phrase_key
from bot.matching.encoder import Vectors
from bot.storage.lessons import OpenMiss

_NEAR = 0.4
"""The mean cosine from which groups are taken for one question.

On development draws of CLINC150 / BANKING77 / VIRA (30 intents, 240 texts) 93 / 74 / 77 % of the
pairs put together have one intent, and 51 / 59 / 46 % of the pairs of one intent are together. The
nearest leader instead of the mean, without centring, had 99 / 78 / 41 % and 21 / 38 / 42 %.
"""
_MOST = 1_000  # wordings; time and memory grow with the square
_SHRINKAGE = 50.0  # as if so many more texts were about nothing in particular

_Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold one wording and how many people used it."""

    text: str
    people: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Hold questions of one language that mean the same, the most used wording first.

    `people` counts each person once; `misses` are the ids of what is dealt with together.
    """

    language: str
    asked: tuple[Asked, ...]
    people: int
    misses: tuple[int, ...]

    @property
    def key(self) -> int:
        """Return the id of the oldest miss, by which the cluster is found again."""
        return min(self.misses)


def clusters(
    misses: Sequence[OpenMiss], encode: _Encode, known: Mapping[str, Sequence[str]]
) -> tuple[Cluster, ...]:
    """Return the clusters of misses: what most people asked first, then what was asked most often.

    `known` are the questions of the knowledge by language: what these and the misses have in common
    says nothing about what somebody wants. Of each language the 1,000 wordings that most people
    used are looked at.
    """
    by_language: defaultdict[str, list[OpenMiss]] = defaultdict(list)
    for miss in misses:
        by_language[miss.language].append(miss)
    found = [
        each
        for language, theirs in by_language.items()
        for each in _in_language(language, theirs, encode, known.get(language, ()))
    ]
    return tuple(sorted(found, key=_wanted))


def _wanted(cluster: Cluster) -> tuple[int, int, int]:
    return -cluster.people, -len(cluster.misses), -max(cluster.misses)


def _in_language(
    language: str, misses: Sequence[OpenMiss], encode: _Encode, known: Sequence[str]
) -> list[Cluster]:
    wordings: defaultdict[str, list[OpenMiss]] = defaultdict(list)
    for miss in misses:
        wordings[phrase_key(miss.text) or miss.text].append(miss)
    ordered = sorted(wordings.values(), key=lambda each: (-_people(each), -each[0].id))[:_MOST]
    texts = [each[0].text for each in ordered]
    vectors = _centred(encode([*texts, *known]))[: len(texts)]
    return [_cluster(language, [ordered[place] for place in group]) for group in _groups(vectors)]


def _centred(vectors: Vectors) -> Vectors:
    """Return unit vectors without their common direction."""
    centre = vectors.sum(axis=0) / (len(vectors) + _SHRINKAGE)
    moved = np.where(vectors.any(axis=1, keepdims=True), vectors - centre, 0)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: Vectors = moved / np.maximum(lengths, np.finfo(moved.dtype).tiny)
    return unit


def _groups(vectors: Vectors) -> list[list[int]]:
    """Return places in groups: the nearest two are joined while they are near enough.

    Group-average linkage (Sokal and Michener 1958), by the update of Lance and Williams (1967).
    """
    groups = [[place] for place in range(len(vectors))]
    near = vectors @ vectors.T
    np.fill_diagonal(near, -np.inf)
    while near.size:
        first, second = divmod(int(near.argmax()), len(near))
        if near[first, second] < _NEAR:
            break
        sizes = len(groups[first]), len(groups[second])
        joined = (sizes[0] * near[first] + sizes[1] * near[second]) / sum(sizes)
        near[first] = near[:, first] = joined
        near[first, first] = -np.inf
        near[second] = near[:, second] = -np.inf
        groups[first] += groups[second]
        groups[second] = []
    return [sorted(group) for group in groups if group]


def _cluster(language: str, wordings: Sequence[Sequence[OpenMiss]]) -> Cluster:
    every = [miss for wording in wordings for miss in wording]
    asked = tuple(Asked(wording[0].text, _people(wording)) for wording in wordings)
    return Cluster(language, asked, _people(every), tuple(miss.id for miss in every))


def _people(misses: Sequence[OpenMiss]) -> int:
    return len({miss.person for miss in misses})
