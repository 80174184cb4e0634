"""Write proposals as one page that needs nothing else: no network, no other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from bot.evaluation.as_html import figure, page
from bot.evaluation.charts import COLOURS, drawn, unit_axes
from bot.evaluation.html_tables import code, column, figure_cell, figure_column, heading, table
from bot.evaluation.labels import percent
from bot.evaluation.tuning.labels import about, bounds, outlook_row, verdict
from bot.evaluation.tuning.proposal import Proposal
from bot.evaluation.tuning.questions import Question

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMES = ("answered, suggested from", "answered", "suggested", "neither", "right", "95 % interval")
_SIGNS = {True: "right", False: "wrong", None: "-"}


def as_html(proposals: Sequence[Proposal]) -> str:
    """Return proposals as a page; raises ImportError without the extra `charts`."""
    sentences = [sentence for each in proposals for sentence in (about(each), verdict(each))]
    return page(
        "Majlis thresholds",
        about=[f"<p>{escape(sentence)}</p>" for sentence in sentences],
        cards=[card for each in proposals for card in _cards(each)],
        charts=[_chart(each) for each in proposals if each.signs],
        tables=[part for each in proposals for part in _tables(each)],
    )


def _cards(proposal: Proposal) -> Iterator[str]:
    """Yield the figures that matter most."""
    for name, outlook in (("now", proposal.now), ("proposed", proposal.then)):
        if outlook and proposal.signs:
            precision, label = outlook.point.precision, f"'{proposal.language}', {name}"
            answered, right = percent(outlook.point.answered.share), percent(precision.share)
            yield _card(f"{label}: answered", answered, f"from {outlook.thresholds.answer:.2f} on")
            yield _card(f"{label}: of these right", right, bounds(precision))


def _card(label: str, share: str, note: str) -> str:
    return f'<li>{escape(label)}<strong>{share}</strong><span class="range">{note}</span></li>'


def _chart(proposal: Proposal) -> str:
    name = f"tuning-{proposal.language}"
    return figure(
        f"What each threshold would give in '{proposal.language}'",
        drawn(name, partial(_curve, proposal=proposal)),
        "Answering from a higher confidence on answers fewer questions, and more of them rightly. "
        "The shade is the 95 % interval; the level line is the precision asked for, the upright "
        "ones are the thresholds now and as proposed.",
    )


def _curve(canvas: Figure, proposal: Proposal) -> None:
    axes = unit_axes(canvas, "threshold of confidence", "share")
    points = proposal.curve
    at = [each.threshold for each in points]
    shares = [each.answered.share or 0.0 for each in points]
    axes.plot(at, shares, "--", color=COLOURS["outside"], label="answered")
    known = [each for each in points if each.precision.share is not None]
    sure = [each.threshold for each in known]
    right = [each.precision.share or 0.0 for each in known]
    low, high = [each.precision.low for each in known], [each.precision.high for each in known]
    axes.fill_between(sure, low, high, color=COLOURS["right"], alpha=0.2, linewidth=0)
    axes.plot(sure, right, color=COLOURS["right"], label="of these right")
    axes.axhline(proposal.target, color=COLOURS["muted"], linewidth=1.2, linestyle=":")
    _mark(axes, proposal)
    canvas.legend(loc="outside upper left", ncols=2, fontsize=8)


def _mark(axes: Axes, proposal: Proposal) -> None:
    """Mark the thresholds; the names of two that are near stand back to back."""
    marks = {"now": proposal.now.thresholds.answer}
    if proposal.then:
        marks["proposed"] = proposal.then.thresholds.answer
    for name, threshold in marks.items():
        first = len(marks) > 1 and threshold == min(marks.values())
        side = "right" if first else "left" if len(marks) > 1 else "center"
        axes.axvline(threshold, color=COLOURS["muted"], linewidth=1.2)
        top = axes.get_xaxis_transform()
        axes.text(threshold, 1.02, name, transform=top, ha=side, va="bottom", fontsize=8)


def _tables(proposal: Proposal) -> Iterator[str]:
    if not proposal.signs:
        return
    rows = [outlook_row("now", proposal.now)]
    rows += [outlook_row("proposed", proposal.then)] if proposal.then else []
    cells = [_outlook_cells(row) for row in rows]
    head = (column(_NAMES[0]), *map(figure_column, _NAMES[1:]))
    yield f"<h2>Questions in '{proposal.language}'</h2>\n{table('wide', head, cells)}"
    for title, asked in (
        ("Newly answered", proposal.gained),
        ("No longer answered", proposal.lost),
    ):
        if asked:
            yield _questions(f"{title} in '{proposal.language}'", asked)


def _outlook_cells(row: Sequence[str]) -> Iterator[str]:
    yield heading(row[0])
    for name, text in zip(_NAMES[1:], row[1:], strict=True):
        yield f'<td class="figure" data-label="{name}">{text}</td>'


def _questions(title: str, asked: Sequence[Question]) -> str:
    head = (column("question"), column("entry"), figure_column("confidence"), column("vote"))
    cells = table("wide", head, [_question_cells(each) for each in asked])
    return f"<details open>\n<summary>{title} ({len(asked):,})</summary>\n{cells}\n</details>"


def _question_cells(question: Question) -> Iterator[str]:
    yield heading(question.text)
    yield f'<td data-label="entry">{code(question.entry)}</td>'
    yield figure_cell(f"{question.confidence:.2f}", "confidence")
    yield f'<td data-label="vote">{_SIGNS[question.right]}</td>'
