"""Write a report as JSON for programs.

The keys are stable; shares and confidences are between 0 and 1, and null of nothing:

- `mode`: "utterances" or "cross-validation"
- `knowledge`: `version`, `entries` (their number), `thresholds`: by language `answer`, `suggest`
- `in_scope`: `accuracy`, `recall_at_3`, `right`, `wrong`, `offered`, `misoffered`, `silent`; each a
  rate: `count`, `total`, `share`, and `low` and `high`, its 95 % interval by Wilson
- `out_of_scope`: the rates `false_answers`, `suggested`, `silent`
- `latency_ms`: `p50`, `p99`
- `reliability`: `expected_calibration_error`, and `bins`: `low`, `high`, `confidence` (their mean),
  `right` (a rate)
- `curve`: for each `threshold` from 0 to 1 in steps of 0.01 the rates `coverage`, `precision`,
  `false_answers`
- `confusions`: `expected`, `given`, `count`, and up to three `examples`: `text`, `phrase`,
  `confidence`; `false_answers` likewise, with null for `expected`
- `trials`: each utterance's `text`, `expected`, `outcome`, `given` and `ranked` (entries with
  `entry`, `phrase`, `confidence`), `milliseconds`, `file`, `line`

What each measure counts is said where it is defined: `bot.evaluation.measures`,
`bot.evaluation.curves`, `bot.evaluation.confusions` and, for outcomes, `bot.evaluation.trial`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TextIO

from bot.evaluation.curves import CurvePoint, Reliability
from bot.evaluation.measures import InScope, OutOfScope, Rate
from bot.evaluation.report import Report
from bot.evaluation.trial import Trial

_DIGITS = 4


def write_json(report: Report, stream: TextIO) -> None:
    """Write a report as one JSON object."""
    # Escapes, so that no terminal's or pipe's encoding can stand in the way.
    stream.write(json.dumps(as_json(report), indent=2) + "\n")


def as_json(report: Report) -> dict[str, object]:
    """Return a report as the module's docstring says."""
    return {
        "mode": report.mode,
        "knowledge": {
            "version": report.version,
            "entries": report.entries,
            "thresholds": {
                language: rounded(asdict(each)) for language, each in report.thresholds.items()
            },
        },
        "in_scope": _rates(report.in_scope),
        "out_of_scope": _rates(report.out_of_scope),
        "latency_ms": rounded(asdict(report.latency)),
        "reliability": _reliability(report.reliability),
        "curve": [{"threshold": point.threshold, **_rates(point)} for point in report.curve],
        "confusions": [rounded(asdict(each)) for each in report.confusions],
        "false_answers": [rounded(asdict(each)) for each in report.false_answers],
        "trials": [_trial(each) for each in report.trials],
    }


def _rates(measured: InScope | OutOfScope | CurvePoint) -> dict[str, object]:
    found = {each.name: getattr(measured, each.name) for each in fields(measured)}
    return {name: _rate(rate) for name, rate in found.items() if isinstance(rate, Rate)}


def _rate(rate: Rate) -> dict[str, object]:
    low, high = rate.interval or (None, None)
    figures = {"count": rate.count, "total": rate.total, "share": rate.share}
    return {key: rounded(value) for key, value in (figures | {"low": low, "high": high}).items()}


def _reliability(measured: Reliability) -> dict[str, object]:
    return {
        "expected_calibration_error": rounded(measured.error),
        "bins": [
            {
                "low": each.low,
                "high": each.high,
                "confidence": rounded(each.confidence),
                "right": _rate(each.right),
            }
            for each in measured.bins
        ],
    }


def _trial(trial: Trial) -> dict[str, object]:
    return {
        "text": trial.case.text,
        "expected": trial.case.entry,
        "outcome": trial.outcome,
        "given": [rounded(asdict(found)) for found in trial.given],
        "ranked": [rounded(asdict(found)) for found in trial.ranked],
        "milliseconds": rounded(trial.milliseconds),
        "file": trial.case.file,
        "line": trial.case.line,
    }


def rounded(value: object) -> object:
    """Return a value with all numbers in it to four digits behind the point."""
    match value:
        case float():
            return round(value, _DIGITS)
        case dict():
            return {key: rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [rounded(each) for each in value]
        case _:
            return value
