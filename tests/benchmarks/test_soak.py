"""A long run, as far as a test has time for it."""

from __future__ import annotations

import pytest

from benchmarks import soak as module
from benchmarks.__main__ import main
from benchmarks.errors import BenchmarkError
from benchmarks.soak import Endurance, soak


def test_a_short_run_leaves_nothing_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All updates are done and emptied, and pruned once their time is over."""
    monkeypatch.setattr(module, "_STEP", 200)
    found = soak(600)
    assert (found.updates, found.left, found.kept) == (600, 0, 0)
    assert len(found.resident_mb) == 3
    assert found.pruned >= 600


def test_growth_is_told_after_the_warm_up() -> None:
    """What is taken in the beginning doesn't count, and a short run tells nothing."""
    assert Endurance(resident_mb=[10.0]).growth == 1.0
    assert Endurance(resident_mb=[10.0, 20.0, 21.0, 20.5]).growth == pytest.approx(1.05)


def test_a_run_that_grows_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with another code and shows the figures."""
    monkeypatch.setattr(module, "_STEP", 100)
    monkeypatch.setattr(module, "_WARM", 100)
    sizes = iter(range(100, 200, 10))
    monkeypatch.setattr(module, "resident_mb", lambda: float(next(sizes)))
    with pytest.raises(BenchmarkError, match=r"growth after 100: 10\.0 %"):
        soak(200)
    assert main(["soak", "--updates", "200"]) == 2
    assert "doesn't last" in capsys.readouterr().err
