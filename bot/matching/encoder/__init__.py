"""Encoders: texts to unit vectors whose cosine says how near two texts are in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError

__all__ = ["Encoder", "EncoderError", "Vectors"]

Vectors = NDArray[np.float32]


class EncoderError(BotError):
    """Report an encoder that can't be loaded."""


class Encoder(Protocol):
    """Turn texts into vectors. Encoding is pure: one text always gives one vector."""

    @property
    def name(self) -> str:
        """Return what a report calls this encoder."""

    @property
    def dimensions(self) -> int:
        """Return the length d of a vector."""

    @property
    def quick(self) -> bool:
        """Tell whether a text is encoded in far less than a millisecond."""

    def reads(self, language: str) -> bool:
        """Tell whether the encoder is made for a language, given by its code."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x d unit rows for n texts; a row is zero where the encoder reads nothing.

        The array is new: the caller may change it.
        """
