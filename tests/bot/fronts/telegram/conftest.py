"""What the tests of the front share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library read times as the running front does, without a warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
