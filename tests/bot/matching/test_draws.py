"""Random numbers: those of numpy's generator."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.draws import draws


@pytest.mark.parametrize("count", [0, 1, 2, 1001])
def test_they_are_those_of_numpy(count: int) -> None:
    """Whoever has numpy.random gets the same numbers from it."""
    expected = np.random.default_rng(0).integers(0, 1 << 32, count, np.uint32)
    np.testing.assert_array_equal(draws(count), expected)
