"""Encoders: texts to unit vectors whose cosine says how near two texts are in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Encoder", "Vectors"]

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Turn texts into vectors. Encoding is pure: one text always gives one vector."""

    @property
    def name(self) -> str:
        """Return what a report calls this encoder."""

    @property
    def dimensions(self) -> int:
        """Return the length d of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x d unit rows for n texts; a row is zero where the encoder reads nothing."""
