"""Words and figures that the report for a terminal and the page have in common."""

from __future__ import annotations

from bot.evaluation.measures import InScope, OutOfScope, Rate
from bot.evaluation.report import Report
from bot.evaluation.trial import Trial

Row = tuple[str, Rate]

MODES = {
    "utterances": "Each utterance was the first message of a chat.",
    "cross-validation": "The matcher ranked each phrase of the knowledge as if it hadn't got it.",
}


def in_scope_rows(measured: InScope) -> list[Row]:
    """Return what became of the utterances that an entry should answer."""
    return [
        ("answered rightly", measured.right),
        ("answered wrongly", measured.wrong),
        ("suggested, the right entry among them", measured.offered),
        ("suggested, the right entry missing", measured.misoffered),
        ("no answer", measured.silent),
        ("ranked first, whatever the threshold", measured.accuracy),
        ("ranked in the first three", measured.recall_at_3),
    ]


def out_of_scope_rows(measured: OutOfScope) -> list[Row]:
    """Return what became of the utterances that no entry answers."""
    return [
        ("answered all the same", measured.false_answers),
        ("suggested", measured.suggested),
        ("no answer, as it should be", measured.silent),
    ]


def percent(share: float | None) -> str:
    """Return a share (0-1) as a percentage, or a dash if there is none."""
    return "-" if share is None else f"{100 * share:.1f} %"


def interval(rate: Rate) -> str:
    """Return between which percentages the true share lies."""
    if rate.interval is None:
        return "-"
    low, high = rate.interval
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def fraction(rate: Rate) -> str:
    """Return a rate's count and total."""
    return f"{rate.count:,} of {rate.total:,}"


def about(report: Report) -> str:
    """Return a sentence on what was asked of which knowledge."""
    inside, outside = report.in_scope.right.total, report.out_of_scope.silent.total
    total = inside + outside
    utterances = "1 utterance" if total == 1 else f"{total:,} utterances"
    entries = "1 entry" if report.entries == 1 else f"{report.entries:,} entries"
    return (
        f"{utterances}, {outside:,} of them out of scope, asked of {entries} "
        f"(version {report.version}). {MODES[report.mode]}"
    )


def thresholds(report: Report) -> list[str]:
    """Return a sentence on the live thresholds of each language."""
    return [
        f"In '{language}' the bot answers from a confidence of {each.answer:.2f} on and suggests "
        f"from {each.suggest:.2f} on."
        for language, each in report.thresholds.items()
    ]


def speed(report: Report) -> str:
    """Return a sentence on how long the replies took."""
    what = "replies" if report.mode == "utterances" else "rankings"
    latency = report.latency
    return f"Half of the {what} came within {latency.p50:.1f} ms, 99 % within {latency.p99:.1f} ms."


def calibration(report: Report) -> str:
    """Return a sentence on how far confidences are from what came true."""
    error = report.reliability.error
    if error is None:
        return "Nothing matched, so there is no confidence to judge."
    return (
        f"Confidence and the share of right matches differ by {100 * error:.1f} points on average."
    )


def ranked_first(trial: Trial) -> str:
    """Return the entry that a trial's matcher ranked first, and its confidence."""
    return f"{trial.best.entry} {trial.best.confidence:.2f}" if trial.best else "-"
