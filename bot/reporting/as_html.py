"""Write a report as one page that needs nothing else: no network, no other file, no scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import resources

from bot.reporting.bars import STACK, VOTES, legend, questions_chart, votes_chart
from bot.reporting.labels import about, languages, line_of, named, percent, rows, shown, wait
from bot.reporting.page import page
from bot.reporting.summary import Summary

_SHOWN = 25
_PAIR = 2
_Cell = tuple[str, str]
"""A cell's text and its column's name; columns of figures are known by their names."""

_FIGURES = frozenset({"times", "people", "against", "only suggested", "confidence"})


def as_html(summary: Summary, questions: Mapping[str, str]) -> str:
    """Return a report as a page; `questions` are those of the entries by id."""
    return page(
        "Majlis report",
        "How the bot is doing",
        resources.files(__package__).joinpath("report.css").read_text(encoding="utf-8"),
        about=[f"<p>{escape(about(summary))}</p>"],
        cards=_cards(summary),
        charts=_charts(summary),
        tables=_tables(summary, questions),
    )


def _cards(summary: Summary) -> Iterator[str]:
    """Yield the figures that matter most, each with that of the days before."""
    now, before = summary.totals, summary.before
    cards = [
        ("questions", f"{now.questions:,}", before and f"{before.questions:,}"),
        (
            "answered",
            percent(now.share(now.answered)),
            before and percent(before.share(before.answered)),
        ),
        (
            "no answer",
            percent(now.share(now.missed)),
            before and percent(before.share(before.missed)),
        ),
        ("found helpful", percent(now.helpful_share), before and percent(before.helpful_share)),
    ]
    if now.handover.opened:
        waited = before and before.handover.opened and wait(before)
        cards.append(("median wait for a person", wait(now), waited or None))
    for label, figure, earlier in cards:
        note = f'<span class="range">before: {earlier}</span>' if earlier else ""
        yield f"<li>{label}<strong>{figure}</strong>{note}</li>"


def _charts(summary: Summary) -> Iterator[str]:
    for title, draw, names in (
        ("Questions a day", questions_chart, STACK),
        ("Votes a day", votes_chart, VOTES),
    ):
        if any(getattr(summary.totals, name) for name, _ in names):
            drawn = f"{legend(names)}\n{draw(summary)}"
        else:
            drawn = f'<p class="note">No {title.split()[0].lower()} in these days.</p>'
        yield f"<figure>\n<h3>{title}</h3>\n{drawn}\n</figure>"


def _tables(summary: Summary, questions: Mapping[str, str]) -> Iterator[str]:
    yield _figures(summary)
    asked = [
        [(named(each.entry, questions), "entry"), (f"{each.count:,}", "times")]
        for each in summary.asked
    ]
    missed = [
        [(line_of(each.text), "text"), (f"{each.people:,}", "people")] for each in summary.missed
    ]
    weak = [
        [
            (named(each.entry, questions), "entry"),
            (f"{each.not_helpful:,}", "against"),
            (f"{each.suggested:,} of {each.count:,}", "only suggested"),
            (percent(each.confidence), "confidence"),
        ]
        for each in summary.weak
    ]
    yield _list("Asked most", asked)
    yield _list("Without an answer, as typed last", missed)
    yield _list("Worth a look", weak)


def _figures(summary: Summary) -> str:
    lines = [*rows(summary)]
    if summary.languages:
        lines.append(("languages", languages(summary), ""))
    head = ("", "these days", "before") if summary.before else ("", "these days")
    cells = [
        f'<tr><th scope="row">{escape(label)}</th>'
        + "".join(f'<td class="figure">{escape(each)}</td>' for each in figures[: len(head) - 1])
        + "</tr>"
        for label, *figures in lines
    ]
    columns = "".join(
        f'<th scope="col" class="figure">{each}</th>' if each else "<td></td>" for each in head
    )
    return _table("All figures", "rates", columns, cells)


def _list(title: str, lines: Sequence[Sequence[_Cell]]) -> str:
    """Return a table with its heading, or nothing where there is no line."""
    if not lines:
        return ""
    columns = "".join(f'<th scope="col"{_class(name)}>{name}</th>' for _, name in lines[0])
    cells = [f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines[:_SHOWN]]
    more = shown(lines, _SHOWN)
    kind = "wide" if len(lines[0]) > _PAIR else "pairs"
    return _table(title, kind, columns, cells) + (f'\n<p class="note">{more}</p>' if more else "")


def _cell(cell: _Cell) -> str:
    text, name = cell
    if name not in _FIGURES:
        return f'<th scope="row">{escape(text)}</th>'
    return f'<td class="figure" data-label="{name}">{escape(text)}</td>'


def _class(name: str) -> str:
    return ' class="figure"' if name in _FIGURES else ""


def _table(title: str, kind: str, columns: str, cells: Sequence[str]) -> str:
    body = "\n".join(cells)
    return (
        f'<h2>{title}</h2>\n<table class="{kind}">\n<thead><tr>{columns}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )
