"""Write tables for people: Markdown, and its place in a README."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.differences import Difference
from benchmarks.errors import BenchmarkError
from benchmarks.matching import Result
from benchmarks.metrics import Figure
from benchmarks.scale import Start
from benchmarks.scale_worker import Cost

README = Path(__file__).parent / "README.md"
_MISSING = "–"  # noqa: RUF001 - a dash where there is no figure
_RESULT_HEADERS = (
    "set",
    "subject",
    "@5",
    "@10",
    "@all",
    "answered @10",
    "refused @10",
    "answered @all",
    "refused @all",
    "typos cost",
    "p50 ms",
    "p99 ms",
)

_COST_HEADERS = (
    "subject",
    "phrasings",
    "p50 ms",
    "p99 ms",
    "build s",
    "resident MB",
    "peak MB",
    "queries",
)
_START_HEADERS = ("phrasings", "reading YAML s", "fitting s", "whole s")
_DIFFERENCE_HEADERS = ("set", "question", "expected", "matcher alone", "conversation")


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Return a Markdown table, its first `left` columns aligned left, the others right."""
    marks = ["---" if place < left else "--:" for place in range(len(headers))]
    lines = [" | ".join(row) for row in (headers, marks, *rows)]
    return "".join(f"| {line} |\n" for line in lines)


def matching_table(results: Sequence[Result]) -> str:
    """Return the table of `python -m benchmarks matching`."""
    return markdown(_RESULT_HEADERS, [_result_row(each) for each in results], left=2)


def scale_table(costs: Sequence[Cost]) -> str:
    """Return the table of `python -m benchmarks scale`."""
    return markdown(_COST_HEADERS, [_cost_row(each) for each in costs])


def start_table(start: Start) -> str:
    """Return the table of how long the repository's own knowledge takes to build."""
    seconds = (start.reading_s, start.fitting_s, start.whole_s)
    row = [f"{start.phrasings:,}", *(number(each, 2) for each in seconds)]
    return markdown(_START_HEADERS, [row], left=0)


def differences_table(found: Sequence[Difference]) -> str:
    """Return the table of `python -m benchmarks conversation`."""
    rows = [
        (
            each.set,
            each.text,
            each.expected,
            f"{each.matcher}: {each.matched} ({each.confidence:.2f})",
            f"{each.conversation}: {each.reply}",
        )
        for each in found
    ]
    return markdown(_DIFFERENCE_HEADERS, rows, left=len(_DIFFERENCE_HEADERS))


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with so many digits behind the point, thousands apart."""
    return _MISSING if value is None else f"{value:,.{digits}f}"


def write_into(readme: Path, name: str, table: str) -> None:
    """Put a table between its markers in a README; raises BenchmarkError without them."""
    text = readme.read_text(encoding="utf-8")
    begin, end = f"<!-- table: {name} -->", f"<!-- end of table: {name} -->"
    place = re.compile(f"(?<={re.escape(begin)}\n).*(?={re.escape(end)})", re.DOTALL)
    if not place.search(text):
        message = f"{readme} has no place for the table: add {begin} and {end} on their own lines."
        raise BenchmarkError(message)
    readme.write_text(place.sub(lambda _: f"\n{table}\n", text), encoding="utf-8")


def _result_row(result: Result) -> list[str]:
    figures = (
        result.accuracy_5,
        result.accuracy_10,
        result.accuracy_full,
        result.answered_10,
        result.refused_10,
        result.answered_full,
        result.refused_full,
        result.typo_drop,
    )
    shown = [_figure(each) for each in figures]
    return [result.set, result.subject, *shown, number(result.p50_ms, 2), number(result.p99_ms, 2)]


def _cost_row(cost: Cost) -> list[str]:
    return [
        cost.subject,
        f"{cost.phrasings:,}",
        number(cost.p50_ms, 2),
        number(cost.p99_ms, 2),
        number(cost.build_s, 2),
        number(cost.resident_mb, 0),
        number(cost.peak_mb, 0),
        str(cost.asked),
    ]


def _figure(figure: Figure | None) -> str:
    return _MISSING if figure is None else str(figure)
