"""Write a report for a terminal, and plain where it is piped elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TextIO

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.reporting.labels import about, languages, line_of, named, percent, rows, short_date, shown
from bot.reporting.printing import console_for, print_parts
from bot.reporting.summary import Summary, Totals

_SHOWN = 10
_BAR = 30  # columns
_BESIDE_BAR = 24


def write_text(summary: Summary, questions: Mapping[str, str], stream: TextIO) -> None:
    """Write a report: as wide as the terminal, or a line a row where it is none.

    `questions` are those of the entries by id.
    """
    console = console_for(stream)
    bar = min(_BAR, console.width - _BESIDE_BAR)
    print_parts(_parts(summary, questions, bar), console)


def _parts(summary: Summary, questions: Mapping[str, str], bar: int) -> Iterator[RenderableType]:
    yield Text(about(summary))
    if summary.totals.is_empty:
        yield Text("Nobody has asked anything in these days.")
        return
    columns = ("", "", "before") if summary.before else ("", "")
    yield _table("Figures", columns, [row[: len(columns)] for row in rows(summary)])
    if summary.languages:
        yield Text(f"\nLanguages: {languages(summary)}")
    yield from _days(summary, bar)
    yield from _lists(summary, questions)


def _days(summary: Summary, bar: int) -> Iterator[RenderableType]:
    most = max(day.totals.questions for day in summary.days)
    if not most:
        return
    yield _table(
        "Questions a day (# answered, + suggested, - no answer)",
        ("day", "questions", ""),
        [
            (short_date(day.day), f"{day.totals.questions:,}", _bar(day.totals, bar / most))
            for day in summary.days
        ],
    )


def _lists(summary: Summary, questions: Mapping[str, str]) -> Iterator[RenderableType]:
    asked = [(f"{each.count:,}", named(each.entry, questions)) for each in summary.asked]
    missed = [(f"{each.people:,}", each.text) for each in summary.missed]
    weak = [
        (
            str(each.not_helpful),
            f"{each.suggested:,} of {each.count:,}",
            percent(each.confidence),
            named(each.entry, questions),
        )
        for each in summary.weak
    ]
    for title, columns, lines in (
        ("Asked most", ("times", "entry"), asked),
        ("Without an answer", ("people", "text, as it was typed last"), missed),
        ("Worth a look", ("against", "only suggested", "confidence", "entry"), weak),
    ):
        if lines:
            yield _table(title, columns, lines[:_SHOWN])
            if more := shown(lines, _SHOWN):
                yield Padding(Text(more), (0, 0, 0, 2))


def _table(title: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> RenderableType:
    table = Table(*columns, box=box.SIMPLE, pad_edge=False, show_header=any(columns))
    for line in lines:
        table.add_row(*(Text(line_of(cell)) for cell in line))
    return Group(Text(f"\n{title}"), table)


def _bar(totals: Totals, scale: float) -> str:
    """Return a bar of letters, so many columns a question."""
    parts = (("#", totals.answered), ("+", totals.suggested), ("-", totals.missed))
    ends = list(accumulate((count for _, count in parts), initial=0))
    places = [round(scale * end) for end in ends]
    return "".join(
        letter * (end - start)
        for (letter, _), (start, end) in zip(parts, pairwise(places), strict=True)
    )
