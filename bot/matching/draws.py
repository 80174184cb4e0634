"""Random numbers that are the same everywhere and always, without the megabytes of numpy.random."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
_INCREMENT = 0x418DDADB3AF71A82588133BC447873A9
_START = 0x1AA1B5345996452D09585EB7A69561E3
_STATE = (1 << 128) - 1
_WORD = (1 << 64) - 1
_HALF = (1 << 32) - 1


def draws(count: int) -> NDArray[np.int64]:
    """Return so many numbers below 2^32, as numpy's PCG64 with the seed 0 draws them.

    Source: O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
    Random Number Generation", 2014 (PCG XSL RR 128/64).
    """
    return np.fromiter(islice(_halves(), count), np.int64, count)


def _halves() -> Iterator[int]:
    state = _START
    while True:
        state = (state * _MULTIPLIER + _INCREMENT) & _STATE
        folded = (state >> 64) ^ (state & _WORD)
        turn = state >> 122
        word = (folded >> turn) | (folded << (64 - turn))
        yield word & _HALF
        yield word >> 32 & _HALF
