"""Draw the picture of a report: run as a program, from JSON on its input to PNG on its output.

matplotlib needs a hundred megabytes and doesn't give them back, so that it lives in a process that
ends with the picture. The picture brings its own light ground, for chats in dark and light, and
letters that are read on a phone, where it is shown at a third of its size.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROUND, _INK, _MUTED, _GRID = "#fbfaf8", "#1d2129", "#667080", "#e4e2dd"
_COLOURS = {
    "answered": "#1f6feb",
    "suggested": "#e0a100",
    "missed": "#b93815",
    "helpful": "#1a7f37",
    "not_helpful": "#8f5b4a",
}
_STACK = ("answered", "suggested", "missed")
_STYLE: dict[Any, Any] = {
    "font.size": 17,
    "axes.edgecolor": _MUTED,
    "axes.labelcolor": _INK,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.titlesize": 18,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "figure.facecolor": _GROUND,
    "figure.constrained_layout.h_pad": 0.14,
    "figure.constrained_layout.w_pad": 0.14,
    "axes.facecolor": _GROUND,
    "grid.color": _GRID,
    "legend.frameon": False,
    "legend.handlelength": 1.0,
    "legend.columnspacing": 1.2,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _MUTED,
    "ytick.major.size": 0,
}
_SIZE, _DPI = (7.2, 6.4), 150
_LABELS = 5
_BAR = 0.78


class Drawing(TypedDict):
    """Hold what is drawn: days, by name a count for each of them, and the words beside them."""

    days: list[str]
    counts: dict[str, list[int]]
    words: dict[str, str]


def draw(drawing: Drawing) -> bytes:
    """Return the picture as PNG; raises ImportError without matplotlib."""
    import matplotlib as mpl  # noqa: PLC0415 - slow, and not everybody's
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1.15])
        _questions(upper, drawing)
        _votes(lower, drawing)
        written = io.BytesIO()
        figure.savefig(written, format="png")
    return written.getvalue()


def _questions(axes: Axes, drawing: Drawing) -> None:
    """Stack what became of the questions of each day."""
    counts = drawing["counts"]
    below = [0] * len(drawing["days"])
    for name in _STACK:
        _bars(axes, counts[name], name, drawing, below)
        below = [low + count for low, count in zip(below, counts[name], strict=True)]
    axes.set_ylim(0, max(4, *below) * 1.04)
    _finish(axes, drawing["words"]["questions"], 40)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.04), ncols=3, borderpad=0, borderaxespad=0)


def _votes(axes: Axes, drawing: Drawing) -> None:
    """Draw votes for answers upwards and those against them downwards."""
    helpful, not_helpful = drawing["counts"]["helpful"], drawing["counts"]["not_helpful"]
    if not any((*helpful, *not_helpful)):
        _no_votes(axes, drawing)
        return
    _bars(axes, helpful, "helpful", drawing)
    _bars(axes, [-count for count in not_helpful], "not_helpful", drawing)
    axes.axhline(0, color=_MUTED, linewidth=1)
    axes.set_ylim(-max(1, *not_helpful) * 1.1, max(2, *helpful) * 1.1)
    _finish(axes, drawing["words"]["votes"], 12)
    axes.spines["bottom"].set_visible(False)
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    _name_days(axes, drawing)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1.1), ncols=2, borderpad=0, borderaxespad=0)


def _no_votes(axes: Axes, drawing: Drawing) -> None:
    """Say that nobody voted: an empty frame would say less."""
    words = drawing["words"]
    _finish(axes, words["votes"], 12)
    axes.grid(visible=False)
    axes.set_yticks([])
    axes.text(
        *(0.5, 0.5, words["no_votes"]),
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=_MUTED,
    )
    _name_days(axes, drawing)


def _name_days(axes: Axes, drawing: Drawing) -> None:
    places = _places(len(drawing["days"]))
    axes.set_xticks(places, [drawing["days"][place] for place in places])


def _bars(
    axes: Axes,
    heights: Sequence[int],
    name: str,
    drawing: Drawing,
    below: Sequence[int] | None = None,
) -> None:
    axes.bar(
        range(len(heights)),
        heights,
        _BAR,
        bottom=below,
        color=_COLOURS[name],
        label=drawing["words"][name],
    )


def _finish(axes: Axes, title: str, pad: float) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see above

    axes.set_title(title, pad=pad)
    axes.grid(visible=True, axis="y")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.tick_params(axis="x", length=0)


def _places(days: int) -> list[int]:
    """Return which days are named: at most five, the last one always."""
    step = -(-days // _LABELS)
    return list(range(days - 1, -1, -step))[::-1]


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
