"""What people ask any bot that has nothing to do with it: the background a match stands out from.

In speaker verification a score counts by how far it is above what strangers score (the universal
background model of Reynolds, Quatieri and Dunn, "Speaker Verification Using Adapted Gaussian
Mixture Models", 2000); here questions about anything else are the strangers.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Vectors

NEAR = 0.5
"""A background question this near in meaning (a cosine) to a phrase may be about the same."""

_AT_ONCE = 512


def background(language: str) -> tuple[str, ...]:
    """Return a language's background questions; none for a language without a list."""
    resource = files(__package__) / f"{language}.txt"
    if not resource.is_file():
        return ()
    return tuple(resource.read_text(encoding="utf-8").splitlines())


def far_from(phrases: Vectors, questions: Vectors) -> NDArray[np.intp]:
    """Return the places of the questions that no phrase is near to, all given as unit rows."""
    nearest = np.full(len(questions), -1, np.float32)
    for start in range(0, len(phrases), _AT_ONCE):
        cosines = questions @ phrases[start : start + _AT_ONCE].T
        np.maximum(nearest, cosines.max(axis=1), out=nearest)
    return np.flatnonzero(nearest < NEAR)
