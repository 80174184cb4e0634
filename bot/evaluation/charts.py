"""Draw a report's charts as SVG that takes its colours and letters from the page around it.

matplotlib comes with the extra `charts`, and is imported when a chart is drawn. Each colour in a
drawing stands for a variable of the page's style sheet, so that dark and light need one drawing.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.evaluation.measures import Rate
from bot.evaluation.report import Report
from bot.evaluation.trial import Trial

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    "ink": "#010101",
    "muted": "#020202",
    "grid": "#030303",
    "right": "#040404",
    "wrong": "#050505",
    "outside": "#060606",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.edgecolor": COLOURS["muted"],
    "axes.labelcolor": COLOURS["ink"],
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": COLOURS["grid"],
    "legend.frameon": False,
    "lines.linewidth": 2,
    "text.color": COLOURS["ink"],
    "xtick.color": COLOURS["muted"],
    "xtick.labelcolor": COLOURS["ink"],
    "ytick.color": COLOURS["muted"],
    "ytick.labelcolor": COLOURS["ink"],
}
_SIZE = (4.2, 3.3)
_BINS = 20
_DATES_AND_LINKS = ("Creator", "Date", "Format", "Type")


def reliability_chart(report: Report) -> str:
    """Draw the share of right matches over their confidence, with 95 % intervals."""
    return drawn("reliability", partial(_reliability, report=report))


def curve_chart(report: Report) -> str:
    """Draw coverage, precision and false answers over the threshold, the live ones marked."""
    return drawn("curve", partial(_curve, report=report))


def histogram_chart(report: Report) -> str:
    """Draw how confident right, wrong and out-of-scope matches are."""
    return drawn("histogram", partial(_histograms, report=report))


def drawn(name: str, draw: Callable[[Figure], None]) -> str:
    """Return what a function draws as the element svg; its ids begin with `name`."""
    # At INFO it tells of the fonts it looks for.
    logging.getLogger("matplotlib").setLevel(logging.WARNING)
    import matplotlib as mpl  # noqa: PLC0415 - an extra, and slow
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context(_STYLE | {"svg.hashsalt": name}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        draw(figure)
        written = io.StringIO()
        without = dict.fromkeys(_DATES_AND_LINKS)
        figure.savefig(written, format="svg", transparent=True, metadata=without)
    return _inlined(name, written.getvalue())


def _reliability(figure: Figure, report: Report) -> None:
    axes = unit_axes(figure, "confidence", "share of right matches")
    bins = report.reliability.bins
    axes.plot([0, 1], [0, 1], color=COLOURS["muted"], linestyle="--", linewidth=1.2)
    if not bins:
        return
    sure = [each.confidence for each in bins]
    shares = [each.right.share or 0.0 for each in bins]
    low, high = zip(*(each.right.interval or (0.0, 0.0) for each in bins), strict=True)
    axes.vlines(sure, low, high, color=COLOURS["right"], linewidth=1.2, alpha=0.6)
    axes.plot(sure, shares, color=COLOURS["right"], marker="o", markersize=5, clip_on=False)


def _curve(figure: Figure, report: Report) -> None:
    axes = unit_axes(figure, "threshold of confidence", "share")
    series: list[tuple[str, str, str, list[Rate]]] = [
        ("answered", "right", "-", [point.coverage for point in report.curve]),
        ("of the answers, right", "ink", "--", [point.precision for point in report.curve]),
        ("out of scope, answered", "outside", ":", [p.false_answers for p in report.curve]),
    ]
    at = [point.threshold for point in report.curve]
    for label, colour, dashes, rates in series:
        known = [(x, rate.share) for x, rate in zip(at, rates, strict=True) if rate.total]
        if known:
            axes.plot(*zip(*known, strict=True), dashes, color=COLOURS[colour], label=label)
    _mark_thresholds(axes, report, named=True)
    figure.legend(loc="outside upper left", ncols=2, fontsize=8)


def _histograms(figure: Figure, report: Report) -> None:
    groups = {
        "right": ("right", [t for t in report.trials if t.is_first]),
        "wrong": ("wrong", [t for t in report.trials if t.case.entry and not t.is_first]),
        "out of scope": ("outside", [t for t in report.trials if t.case.entry is None]),
    }
    rows = figure.subplots(len(groups), 1, sharex=True)
    for axes, (label, (colour, trials)) in zip(rows, groups.items(), strict=True):
        sure = _confidences(trials)
        axes.hist(sure, bins=_BINS, range=(0, 1), color=COLOURS[colour])
        axes.set_ylabel(label)
        axes.set_xlim(0, 1)
        axes.yaxis.get_major_locator().set_params(integer=True, nbins=3)
        _mark_thresholds(axes, report, named=axes is rows[0])
    rows[-1].set_xlabel("confidence of the first match")


def unit_axes(figure: Figure, x: str, y: str) -> Axes:
    """Return axes from 0 to 1, labelled."""
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=x, ylabel=y)
    return axes


def _mark_thresholds(axes: Axes, report: Report, *, named: bool) -> None:
    for thresholds in report.thresholds.values():
        for name, at in (("suggests", thresholds.suggest), ("answers", thresholds.answer)):
            axes.axvline(at, color=COLOURS["muted"], linewidth=1.2)
            if named:
                top = axes.get_xaxis_transform()
                axes.text(at, 1.02, name, transform=top, ha="center", va="bottom", fontsize=8)


def _confidences(trials: Sequence[Trial]) -> list[float]:
    return [trial.best.confidence for trial in trials if trial.best]


def _inlined(name: str, written: str) -> str:
    """Return the element svg alone, with the page's colours and letters, and ids of its own."""
    svg = written[written.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns(:\w+)?="[^"]*"| width="[^"]*pt"| height="[^"]*pt"', "", svg)
    svg = svg.replace("xlink:href", "href")
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'font-family: [^;"]*; ', "", svg)
    for variable, colour in COLOURS.items():
        svg = svg.replace(colour, f"var(--{variable})")
    return svg
