"""Reports for a terminal and as a page."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest

from bot.reporting.as_html import as_html
from bot.reporting.as_text import write_text
from bot.reporting.summary import Summary
from tests.bot.reporting.library import NOTHING, QUESTIONS, SUMMARY


def _text(summary: Summary) -> str:
    stream = io.StringIO()
    write_text(summary, QUESTIONS, stream)
    return stream.getvalue()


class _Balance(HTMLParser):
    """Count which elements are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag not in {"meta", "rect", "line"}:
            self.open.append(tag)
        self.links += [f"{name}={value}" for name, value in attrs if name in {"src", "href"}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that is closed at once."""

    def handle_endtag(self, tag: str) -> None:
        """Close the last element, which must be this one."""
        assert self.open.pop() == tag


def test_the_terminal_gets_the_figures_and_the_lists() -> None:
    """Entries have their questions, those that are gone their ids."""
    text = _text(SUMMARY)
    assert text.startswith("7 days, 9 Nov 2026 to 15 Nov 2026 (UTC")
    for words in (
        r"questions +100 +50",
        r"answered +60 \(60 %\) +50 \(100 %\)",
        r"votes: helpful +8 of 10 \(80 %\)",
        r"asked for a person +3 opened, 2 closed",
        r"median wait for a person +7 min +-",
        r"Languages: en 80 %, ar 20 %",
        r"10 Nov +100 +#{18}\+{6}-{6}\n",
        r"1,200 +What is an oak\?",
        r"3 +gone",
        r"4 +are there parrots\?",
        r"3 +5 of 9 +60 % +What is an oak\?",
        r"2 +0 of 0 +- +What is an elm\?",
    ):
        assert re.search(words, text), words


class _Narrow(io.StringIO):
    """Be a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def test_bars_fit_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The busiest day's bar ends before the edge."""
    monkeypatch.setenv("COLUMNS", "40")
    stream = _Narrow()
    write_text(SUMMARY, QUESTIONS, stream)
    assert "##########+++---\n" in stream.getvalue()


def test_what_people_type_does_nothing_to_a_terminal() -> None:
    """No escape sequence gets through."""
    assert "\x1b" not in _text(SUMMARY)


def test_a_terminal_is_told_where_there_is_nothing() -> None:
    """Empty tables would say less."""
    text = _text(NOTHING)
    assert text.startswith("1 day, ")
    assert text.endswith("Nobody has asked anything in these days.\n")


def test_the_page_is_whole_and_needs_nothing_else() -> None:
    """Every element is closed, and nothing is loaded; what people typed stays text."""
    page = as_html(SUMMARY, QUESTIONS)
    parser = _Balance()
    parser.feed(page)
    assert not parser.open
    assert not parser.links
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [31m &amp; $tables" in page
    assert "prefers-color-scheme: dark" in page
    assert "url(" not in page
    assert page.count("<svg") == 2


def test_the_page_has_the_figures() -> None:
    """Cards, bars, and the tables with the figures of the days before."""
    page = as_html(SUMMARY, QUESTIONS)
    assert "<li>questions<strong>100</strong>" in page
    assert "<li>answered<strong>60&nbsp;%</strong>" in page
    assert "before: 100&nbsp;%" in page
    assert "<li>median wait for a person<strong>7 min</strong></li>" in page
    assert "10 Nov: 60 answered, 20 suggested, 20 no answer" in page
    assert "What is an oak?" in page
    assert ">1,200<" in page


def test_a_page_without_anything_is_whole_too() -> None:
    """A new bot's page says that there is nothing in place of empty charts."""
    parser = _Balance()
    parser.feed(as_html(NOTHING, {}))
    assert not parser.open
    assert "<svg" not in as_html(NOTHING, {})
    assert "No questions in these days." in as_html(NOTHING, {})
    assert "No votes in these days." in as_html(NOTHING, {})
    assert "before" not in as_html(NOTHING, {}).split("<main>")[1]
