"""Write proposals for a terminal, with the curve drawn in letters; plain where it is piped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.evaluation.as_text import figures_table, titled
from bot.evaluation.labels import percent
from bot.evaluation.tuning.estimates import Point
from bot.evaluation.tuning.labels import about, bounds, example, outlook_row, verdict
from bot.evaluation.tuning.proposal import Proposal
from bot.evaluation.tuning.questions import Question
from bot.reporting.printing import console_for, print_parts

_EVERY = 5
_STEPS = 100
_BAR = 20
_SHOWN = 10


def write_text(proposals: Sequence[Proposal], stream: TextIO) -> None:
    """Write proposals: as wide as the terminal, or a line a row where it is none."""
    terminal = stream.isatty()
    parts = [part for each in proposals for part in _parts(each, terminal=terminal)]
    print_parts(parts, console_for(stream))


def _parts(proposal: Proposal, *, terminal: bool) -> Iterable[RenderableType]:
    yield Text(about(proposal), style="bold")
    if proposal.reason != "too early":
        yield titled("Answered from a confidence on", _curve(proposal, terminal=terminal))
        yield titled("Answered, and suggested, from", _table(proposal, terminal=terminal))
    yield from _list("Newly answered", proposal.gained)
    yield from _list("No longer answered", proposal.lost)
    yield Text(f"\n{verdict(proposal)}\n", style="bold")


def _curve(proposal: Proposal, *, terminal: bool) -> Table:
    columns = ("from", "○ answered", "● right", "interval", "votes", "0 to 1")
    table = figures_table(*columns, terminal=terminal)
    named = _named(proposal)
    for point in proposal.curve:
        step = round(point.threshold * _STEPS)
        if step % _EVERY == 0 or step in named:
            table.add_row(*_row(point, named.get(step, "")), _bar(point, proposal.target))
    return table


def _row(point: Point, name: str) -> tuple[str, ...]:
    precision = point.precision
    return (
        f"{point.threshold:.2f} {name}".rstrip(),
        percent(point.answered.share),
        percent(precision.share),
        bounds(precision),
        f"{precision.signs:,}",
    )


def _bar(point: Point, target: float) -> str:
    """Draw what is answered (○) and right (●) with its interval, and the target, from 0 to 1."""
    cells = ["·"] * (_BAR + 1)
    precision = point.precision
    if precision.share is not None:
        low, high = round(precision.low * _BAR), round(precision.high * _BAR)
        cells[low : high + 1] = "─" * (high + 1 - low)
    cells[round(target * _BAR)] = "│"
    for share, mark in ((point.answered.share, "○"), (precision.share, "●")):
        if share is not None:
            cells[round(share * _BAR)] = mark
    return "".join(cells)


def _named(proposal: Proposal) -> dict[int, str]:
    """Return the names of the live and proposed thresholds by the nearest step of the curve."""
    named = {round(proposal.now.thresholds.answer * _STEPS): "now"}
    if proposal.then:
        named[round(proposal.then.thresholds.answer * _STEPS)] = "proposed"
    return named


def _table(proposal: Proposal, *, terminal: bool) -> Table:
    columns = ("", "answered", "suggested", "neither", "right", "95 % interval")
    table = figures_table(*columns, terminal=terminal)
    table.add_row(*outlook_row("now", proposal.now))
    if proposal.then:
        table.add_row(*outlook_row("proposed", proposal.then))
    return table


def _list(title: str, asked: Sequence[Question]) -> Iterable[RenderableType]:
    if not asked:
        return
    yield Text(f"\n{title}: {len(asked):,}", style="bold")
    for each in asked[:_SHOWN]:
        yield Padding(Text(example(each)), (0, 0, 0, 2), expand=False)
    if len(asked) > _SHOWN:
        yield Text(f"  … and {len(asked) - _SHOWN:,} more; --json has them all.", "dim")
