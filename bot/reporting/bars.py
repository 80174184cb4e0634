"""Draw a report's bars as SVG that takes its colours and letters from the page around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.reporting.labels import short_date
from bot.reporting.summary import Day, Summary

_WIDTH, _LEFT, _RIGHT, _TOP, _BELOW = 340, 30, 326, 8, 20
_TALL, _SMALL = 150, 56
_SHARE = 0.78  # of a day's width that its bar takes
_STEPS = (1, 2, 5)
_NAMED = 5
STACK = (("answered", "answered"), ("suggested", "suggested"), ("missed", "no answer"))
VOTES = (("helpful", "helpful"), ("not_helpful", "not helpful"))
"""What is drawn, and its name in the legend; the first is the class in the page's style."""


def questions_chart(summary: Summary) -> str:
    """Draw what became of the questions of each day, stacked."""
    most = max(1, *(day.totals.questions for day in summary.days))
    scale = _TALL / most
    parts = [*_grid(most, scale, _TOP + _TALL, 4)]
    for place, day in enumerate(summary.days):
        floor = float(_TOP + _TALL)
        bars = []
        for name, _ in STACK:
            height = getattr(day.totals, name) * scale
            floor -= height
            bars.append(_bar(name, place, len(summary.days), floor, height))
        parts.append(_group(day, STACK, bars))
    return _svg("Questions a day", _TOP + _TALL, [*parts, *_dates(summary.days, _TOP + _TALL)])


def votes_chart(summary: Summary) -> str:
    """Draw votes for answers upwards and those against them downwards."""
    helpful = max(1, *(day.totals.helpful for day in summary.days))
    against = max(day.totals.not_helpful for day in summary.days)
    scale = _SMALL / (helpful + against)
    zero = _TOP + helpful * scale
    parts = [*_grid(helpful, scale, zero, 2)]
    for place, day in enumerate(summary.days):
        up, down = day.totals.helpful * scale, day.totals.not_helpful * scale
        days = len(summary.days)
        bars = [
            _bar("helpful", place, days, zero - up, up),
            _bar("not_helpful", place, days, zero, down),
        ]
        parts.append(_group(day, VOTES, bars))
    return _svg("Votes a day", _TOP + _SMALL, [*parts, *_dates(summary.days, _TOP + _SMALL)])


def legend(names: Sequence[tuple[str, str]]) -> str:
    """Return what the colours of a chart mean, as a list."""
    lines = [f'<li class="{name}">{escape(label)}</li>' for name, label in names]
    return f'<ul class="legend">{"".join(lines)}</ul>'


def _bar(name: str, place: int, days: int, top: float, height: float) -> str:
    if not height:
        return ""
    step = (_RIGHT - _LEFT) / days
    left = _LEFT + step * (place + (1 - _SHARE) / 2)
    return (
        f'<rect class="{name}" x="{left:.1f}" y="{top:.1f}" width="{step * _SHARE:.1f}" '
        f'height="{height:.1f}"/>'
    )


def _group(day: Day, names: Sequence[tuple[str, str]], bars: Sequence[str]) -> str:
    """Return the bars of a day with what a pointer over them reads."""
    counts = ", ".join(f"{getattr(day.totals, name):,} {label}" for name, label in names)
    return f"<g><title>{short_date(day.day)}: {counts}</title>{''.join(bars)}</g>"


def _grid(most: int, scale: float, zero: float, steps: int) -> Iterator[str]:
    """Yield lines across at round numbers, at most so many above zero."""
    for count in range(0, most + 1, _round_step(most, steps)):
        y = zero - count * scale
        yield f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{count:,}</text>'


def _round_step(most: int, steps: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, … that takes at most so many steps."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power * steps >= most:
                return step * power
        power *= 10


def _dates(days: Sequence[Day], bottom: float) -> Iterator[str]:
    """Yield the names of at most five days, the last one always, each below its bar."""
    step = -(-len(days) // _NAMED)
    width = (_RIGHT - _LEFT) / len(days)
    for place in range(len(days) - 1, -1, -step):
        x, day = _LEFT + width * (place + 0.5), days[place].day
        name = short_date(day)
        yield f'<text x="{x:.1f}" y="{bottom + 15:.1f}" text-anchor="middle">{name}</text>'


def _svg(label: str, height: float, parts: Sequence[str]) -> str:
    body = "\n".join(filter(None, parts))
    box = f"0 0 {_WIDTH} {height + _BELOW:.0f}"
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(label)}">\n{body}\n</svg>'
