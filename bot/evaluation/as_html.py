"""Write a report as one page that needs nothing else: no network, no other file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from importlib.util import find_spec

from bot.evaluation.charts import curve_chart, histogram_chart, reliability_chart
from bot.evaluation.html_tables import tables
from bot.evaluation.labels import about, calibration, interval, percent, speed, thresholds
from bot.evaluation.report import Report
from bot.reporting.page import page as styled


def chart_fault() -> str:
    """Return what to install before a page can be made, if anything."""
    if find_spec("matplotlib"):
        return ""
    return "--html needs matplotlib for its charts. Install it: pip install 'majlis-bot[charts]'."


def as_html(report: Report) -> str:
    """Return a report as a page; raises ImportError without the extra `charts`."""
    sentences = [about(report), *thresholds(report), speed(report), calibration(report)]
    return page(
        "Majlis evaluation",
        about=[f"<p>{escape(sentence)}</p>" for sentence in sentences],
        cards=_cards(report),
        charts=_charts(report),
        tables=tables(report),
    )


def page(title: str, **parts: Iterable[str]) -> str:
    """Return a page of parts: `about`, `cards`, `charts` and `tables`, each as elements."""
    style = resources.files("bot.evaluation").joinpath("evaluation.css").read_text(encoding="utf-8")
    return styled(title, title, style, **parts)


def _cards(report: Report) -> Iterator[str]:
    """Yield the figures that matter most."""
    inside, outside = report.in_scope, report.out_of_scope
    for label, rate in (
        ("answered rightly", inside.right),
        ("answered wrongly", inside.wrong),
        ("answered out of scope", outside.false_answers),
        ("right entry ranked first", inside.accuracy),
    ):
        share, range_ = percent(rate.share), interval(rate)
        yield f'<li>{label}<strong>{share}</strong><span class="range">{range_}</span></li>'


def _charts(report: Report) -> Iterator[str]:
    yield figure(
        "What each threshold would give",
        curve_chart(report),
        "Answering from a higher confidence on answers fewer questions, and more of them rightly. "
        "The upright lines are the live thresholds.",
    )
    yield figure(
        "Confidence, and what came true",
        reliability_chart(report),
        "On the dashed line a confidence of 0.9 is right nine times in ten. The bars are 95 % "
        "intervals; out of scope every match is wrong.",
    )
    yield figure(
        "How sure the first match is",
        histogram_chart(report),
        "The number of utterances by the confidence of their first match. Wrong ones and those "
        "out of scope should lie left of the line from which the bot answers.",
    )


def figure(title: str, svg: str, caption: str) -> str:
    """Return a chart with its title and what it shows."""
    labelled = svg.replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
    return f"<figure>\n<h3>{title}</h3>\n{labelled}\n<figcaption>{caption}</figcaption>\n</figure>"
