"""Unit vectors and labels, made up for tests that need no texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from bot.matching.features import Floats
from bot.matching.ridge import Labels


def floats(*numbers: float) -> Floats:
    """Return numbers as an array."""
    return np.array(numbers, np.float32)


def unit(rows: ArrayLike) -> Floats:
    """Return rows of length one."""
    vectors = np.asarray(rows, np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def random_units(count: int, seed: int = 0) -> Floats:
    """Return so many unit rows in any direction, the same for the same seed."""
    return unit(np.random.default_rng(seed).normal(size=(count, 16)))


def clusters(sizes: Sequence[int], spread: float = 0.1) -> Floats:
    """Return unit rows in groups of these sizes: rows of a group lie close, groups far apart."""
    random = np.random.default_rng(0)
    centres = np.repeat(np.eye(len(sizes)), sizes, axis=0)
    return unit(centres + random.uniform(0, spread, centres.shape))


def labels_of(*sizes: int, negatives: int = 0) -> Labels:
    """Return the labels of entries with so many phrases, and of so many negatives."""
    entries = np.repeat(np.arange(len(sizes)), sizes)
    return np.concatenate([entries, np.full(negatives, -1)]).astype(np.int32)
