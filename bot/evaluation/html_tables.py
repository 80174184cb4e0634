"""The tables of a report's page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from bot.evaluation.confusions import Confusion
from bot.evaluation.labels import (
    Row,
    fraction,
    in_scope_rows,
    interval,
    out_of_scope_rows,
    percent,
    ranked_first,
)
from bot.evaluation.report import Report
from bot.evaluation.trial import Trial


def tables(report: Report) -> Iterator[str]:
    """Yield each table with its heading; lists that are empty are left out."""
    yield _rates("Questions that an entry answers", in_scope_rows(report.in_scope))
    yield _rates("Questions that no entry answers", out_of_scope_rows(report.out_of_scope))
    if report.confusions:
        yield _confusions("Wrong answers", report.confusions)
    if report.false_answers:
        yield _confusions("False answers", report.false_answers)
    if report.unanswered:
        yield _unanswered(report.unanswered)


def _rates(title: str, rows: Iterable[Row]) -> str:
    lines = [
        (heading(label), *map(figure_cell, (fraction(rate), percent(rate.share), interval(rate))))
        for label, rate in rows
    ]
    head = (column(""), *map(figure_column, ("utterances", "share", "95 % interval")))
    return f"<h2>{title}</h2>\n{table('rates', head, lines)}"


def _confusions(title: str, groups: Sequence[Confusion]) -> str:
    names = ("expected", "answered with") if groups[0].expected else ("answered with",)
    head = (*map(column, names), figure_column("times"), column("utterances"))
    lines = [_confusion(group) for group in groups]
    return f"<h2>{title}</h2>\n{table('wide', head, lines)}"


def _confusion(group: Confusion) -> Iterator[str]:
    if group.expected:
        yield f'<th scope="row" data-label="expected">{code(group.expected)}</th>'
        yield f'<td data-label="answered with">{code(group.given)}</td>'
    else:
        yield f'<th scope="row" data-label="answered with">{code(group.given)}</th>'
    yield f'<td class="figure" data-label="times">{group.count:,}</td>'
    yield f'<td><ul class="said">{"".join(_examples(group))}</ul></td>'


def _examples(group: Confusion) -> Iterator[str]:
    for example in group.examples:
        taken = f"like “{escape(example.phrase)}”" if example.phrase else "as a follow-up"
        note = f'<span class="note">{taken}, {example.confidence:.2f}</span>'
        yield f"<li>{escape(example.text)}{note}</li>"


def _unanswered(trials: Sequence[Trial]) -> str:
    head = map(column, ("utterance", "outcome", "expected", "ranked first"))
    made = table("wide", head, [_unanswered_cells(trial) for trial in trials])
    return f"<details>\n<summary>Not answered ({len(trials):,})</summary>\n{made}\n</details>"


def _unanswered_cells(trial: Trial) -> Iterator[str]:
    yield heading(trial.case.text)
    yield f'<td data-label="outcome">{trial.outcome}</td>'
    yield f'<td data-label="expected">{code(trial.case.entry or "")}</td>'
    yield f'<td data-label="ranked first">{code(ranked_first(trial))}</td>'


def table(name: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of a class, from the cells of its head and of each row."""
    body = "\n".join(f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return (
        f'<table class="{name}">\n<thead><tr>{"".join(head)}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def heading(text: str) -> str:
    """Return the cell that names a row."""
    return f'<th scope="row">{escape(text)}</th>'


def figure_cell(text: str, label: str = "") -> str:
    """Return the cell of a figure; a phone shows the label before it."""
    labelled = f' data-label="{label}"' if label else ""
    return f'<td class="figure"{labelled}>{text}</td>'


def column(text: str) -> str:
    """Return the cell that names a column, an empty one for no name."""
    return f'<th scope="col">{text}</th>' if text else "<td></td>"


def figure_column(text: str) -> str:
    """Return the cell that names a column of figures."""
    return f'<th scope="col" class="figure">{text}</th>'


def code(text: str) -> str:
    """Return an id as such."""
    return f"<code>{escape(text)}</code>"
