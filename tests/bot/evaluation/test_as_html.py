"""The report as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from bot.evaluation import as_html as module
from bot.evaluation.as_html import as_html, chart_fault
from tests.bot.evaluation.library import MIXED, make_trial, report_of

VOID = frozenset({"meta", "br"})


class Page(HTMLParser):
    """Collect a page's text, ids and links, and check that its tags are balanced."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it points at."""
        if tag not in VOID:
            self.open.append(tag)
        self.seen.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href"}:
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that ends itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Check that the innermost open tag is the one that ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@pytest.fixture(scope="module")
def written() -> str:
    """Return the page on the mixed trials."""
    return as_html(report_of(*MIXED))


@pytest.fixture(scope="module")
def page(written: str) -> Page:
    """Return the page, parsed."""
    return Page(written)


def test_the_page_needs_nothing_else(written: str, page: Page) -> None:
    """No address, script, style sheet or picture from outside."""
    assert "http" not in written
    assert "@import" not in written
    assert all(link.startswith("#") for link in page.links)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.seen)


def test_every_id_is_there_once_and_every_reference_leads_to_one(written: str, page: Page) -> None:
    """Three drawings in one page don't get into each other's way."""
    assert len(page.ids) == len(set(page.ids))
    referred = {link[1:] for link in page.links} | set(re.findall(r"url\(#([^)]+)\)", written))
    assert referred
    assert referred <= set(page.ids)


def test_the_drawings_have_the_pages_colours(written: str, page: Page) -> None:
    """All colours are variables of the style sheet, which has them for dark and light."""
    assert page.seen.count("svg") == 3
    drawings = "".join(re.findall(r"<svg.*?</svg>", written, re.DOTALL))
    assert not re.search(r"(fill|stroke): *#", drawings)
    used = set(re.findall(r"var\((--\w+)\)", drawings))
    assert used == {"--ink", "--muted", "--grid", "--right", "--wrong", "--outside"}
    light, dark = written.split("prefers-color-scheme: dark")
    assert all(f"{name}: #" in light and f"{name}: #" in dark for name in used)


def test_figures_and_lists_are_in_the_page(page: Page) -> None:
    """What a terminal shows, the page shows too, whatever characters are in it."""
    text = page.text.replace("\xa0", " ")
    for expected in (
        "6 utterances, 2 of them out of scope",
        "25.0 %",
        "4.6 to 69.9 %",
        "is <it> open & where",
        "like “phrase of place”, 0.70",
        "price of a tour",
        "Not answered (2)",
    ):
        assert expected in text


def test_nothing_to_draw_is_drawn_empty() -> None:
    """Without matches, or with one group alone, the page is still whole."""
    only = Page(as_html(report_of(make_trial(None, "silent"))))
    assert only.seen.count("svg") == 3
    assert "Wrong answers" not in only.text
    assert "details" not in only.seen


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    assert chart_fault() == ""
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert "pip install 'majlis-bot[charts]'" in chart_fault()
