"""The report for programs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from bot.evaluation.as_json import write_json
from tests.bot.evaluation.library import MIXED, make_trial, report_of


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """Return what is written about the mixed trials."""
    stream = io.StringIO()
    write_json(report_of(*MIXED), stream)
    return dict(json.loads(stream.getvalue()))


def test_the_keys_are_those_of_the_docstring(found: dict[str, Any]) -> None:
    """Programs can rely on them and on their order."""
    assert list(found) == [
        "mode",
        "knowledge",
        "in_scope",
        "out_of_scope",
        "latency_ms",
        "reliability",
        "curve",
        "confusions",
        "false_answers",
        "trials",
    ]
    assert (found["mode"], found["latency_ms"]) == ("utterances", {"p50": 1.0, "p99": 1.0})
    assert found["knowledge"] == {
        "version": "v1",
        "entries": 6,
        "thresholds": {"en": {"answer": 0.6, "suggest": 0.3}},
    }


def test_a_rate_has_count_total_share_and_interval(found: dict[str, Any]) -> None:
    """Four digits behind the point are enough."""
    assert found["in_scope"]["right"] == {
        "count": 1,
        "total": 4,
        "share": 0.25,
        "low": 0.0456,
        "high": 0.6994,
    }
    assert set(found["in_scope"]) == {
        "accuracy",
        "recall_at_3",
        "right",
        "wrong",
        "offered",
        "misoffered",
        "silent",
    }
    assert set(found["out_of_scope"]) == {"false_answers", "suggested", "silent"}


def test_curves_are_lists_of_points(found: dict[str, Any]) -> None:
    """Each point of the curve has its threshold and rates; each bin its bounds."""
    assert len(found["curve"]) == 101
    assert found["curve"][60]["threshold"] == 0.6
    assert set(found["curve"][0]) == {"threshold", "coverage", "precision", "false_answers"}
    assert found["curve"][100]["precision"] == {
        "count": 0,
        "total": 0,
        "share": None,
        "low": None,
        "high": None,
    }
    assert set(found["reliability"]) == {"expected_calibration_error", "bins"}
    assert set(found["reliability"]["bins"][0]) == {"low", "high", "confidence", "right"}


def test_confusions_and_false_answers_have_examples(found: dict[str, Any]) -> None:
    """Both have the same keys; out of scope nothing was expected."""
    assert found["confusions"] == [
        {
            "expected": "hours",
            "given": "place",
            "count": 1,
            "examples": [
                {"text": "is <it> open & where", "phrase": "phrase of place", "confidence": 0.7}
            ],
        }
    ]
    assert [each["expected"] for each in found["false_answers"]] == [None]


def test_every_trial_is_told(found: dict[str, Any]) -> None:
    """Whoever wants other measures has what it takes."""
    assert found["trials"][0] == {
        "text": "when is it open",
        "expected": "hours",
        "outcome": "right",
        "given": [{"entry": "hours", "phrase": "phrase of hours", "confidence": 0.95}],
        "ranked": [{"entry": "hours", "phrase": "phrase of hours", "confidence": 0.95}],
        "milliseconds": 1.0,
        "file": "cases.yaml",
        "line": 1,
    }


def test_any_letters_can_be_written() -> None:
    """Escapes pass through every encoding, half a character too."""
    stream = io.StringIO()
    write_json(report_of(make_trial("hours", "silent", text="م\ud800")), stream)
    assert stream.getvalue().isascii()
    assert json.loads(stream.getvalue())["trials"][0]["text"] == "م\ud800"
