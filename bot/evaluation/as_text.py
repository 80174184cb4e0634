"""Write a report for a terminal, and plain where it is piped elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.evaluation.confusions import Confusion
from bot.evaluation.labels import (
    Row,
    about,
    calibration,
    fraction,
    in_scope_rows,
    interval,
    out_of_scope_rows,
    percent,
    ranked_first,
    speed,
    thresholds,
)
from bot.evaluation.report import Report
from bot.evaluation.trial import Trial
from bot.reporting.printing import console_for, print_parts

_SHOWN = 20
_TENTH = 10
_STEPS = 100


def write_text(report: Report, stream: TextIO) -> None:
    """Write a report: as wide as the terminal, or a line a row where it is none."""
    print_parts(_parts(report, terminal=stream.isatty()), console_for(stream))


def _parts(report: Report, *, terminal: bool) -> Iterable[RenderableType]:
    lines = [about(report), *thresholds(report), speed(report), calibration(report)]
    yield Text("\n".join(lines))
    for title, rows in (
        ("Questions that an entry answers", in_scope_rows(report.in_scope)),
        ("Questions that no entry answers", out_of_scope_rows(report.out_of_scope)),
    ):
        yield titled(title, _rates(rows, terminal=terminal))
    yield titled("What each threshold would give", _curve(report, terminal=terminal))
    yield titled("Confidence, and what came true", _reliability(report, terminal=terminal))
    yield from _list("Wrong answers", [_confusion(each) for each in report.confusions])
    yield from _list("False answers", [_confusion(each) for each in report.false_answers])
    yield from _list("Not answered", [_unanswered(each) for each in report.unanswered])


def titled(title: str, table: Table) -> RenderableType:
    """Return a table under a title."""
    table.title = Text(f"\n{title}", style="bold")
    table.title_justify = "left"
    return table


def figures_table(*columns: str, terminal: bool) -> Table:
    """Return a table whose first column is text and whose others are figures.

    A narrow terminal breaks all of them into lines, rather than leave the text out.
    """
    table = Table(box=box.SIMPLE_HEAD if terminal else None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _rates(rows: Sequence[Row], *, terminal: bool) -> Table:
    table = figures_table("", "utterances", "share", "95 % interval", terminal=terminal)
    for label, rate in rows:
        table.add_row(label, fraction(rate), percent(rate.share), interval(rate))
    return table


def _curve(report: Report, *, terminal: bool) -> Table:
    columns = ("answer from", "answered", "of these right", "false answers")
    table = figures_table(*columns, terminal=terminal)
    live = _live(report)
    for step, point in enumerate(report.curve):
        if step % _TENTH == 0 or step in live:
            rates = (point.coverage, point.precision, point.false_answers)
            label = f"{point.threshold:.2f}  {live.get(step, '')}"
            table.add_row(label, *(percent(rate.share) for rate in rates))
    return table


def _live(report: Report) -> dict[int, str]:
    """Return the names of the live thresholds by the nearest step of the curve."""
    live: dict[int, str] = {}
    for language, each in report.thresholds.items():
        live[round(each.suggest * _STEPS)] = f"'{language}' suggests"
        live[round(each.answer * _STEPS)] = f"'{language}' answers"
    return live


def _reliability(report: Report, *, terminal: bool) -> Table:
    table = figures_table("confidence", "matches", "mean", "right", terminal=terminal)
    for each in report.reliability.bins:
        right = percent(each.right.share)
        mean = percent(each.confidence)
        table.add_row(f"{each.low:.1f} to {each.high:.1f}", f"{each.right.total:,}", mean, right)
    return table


def _list(title: str, items: Sequence[Iterable[Text]]) -> Iterable[RenderableType]:
    """Return a titled list, cut where it gets long; an item's first line is its head."""
    if not items:
        return
    yield Text(f"\n{title}", style="bold")
    for head, *lines in items[:_SHOWN]:
        yield Padding(head, (0, 0, 0, 2), expand=False)
        yield from (Padding(line, (0, 0, 0, 4), expand=False) for line in lines)
    if len(items) > _SHOWN:
        yield Text(f"  … and {len(items) - _SHOWN:,} more; --format json has them all.", "dim")


def _confusion(each: Confusion) -> Iterable[Text]:
    pair = f"{each.expected} → {each.given}" if each.expected else each.given
    yield Text.assemble((pair, "bold"), f" ({each.count:,})")
    for example in each.examples:
        phrase = f"like '{example.phrase}'" if example.phrase else "as a follow-up"
        yield Text(f"{example.text}  ({phrase}, {example.confidence:.2f})")


def _unanswered(trial: Trial) -> Iterable[Text]:
    outcome = f"({trial.outcome}; first: {ranked_first(trial)})"
    yield Text(f"{trial.case.entry}: {trial.case.text}  {outcome}")
