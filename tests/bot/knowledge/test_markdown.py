"""The Markdown subset: what is markup, what is text, and the way between."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.markdown import Span, escape, parse, plain

_MARKS = st.text(alphabet="ab1. *_`[]()\\-#:/\n\t•+\N{NO-BREAK SPACE}é", max_size=40)
_ANY_TEXT = st.one_of(_MARKS, st.text(max_size=60))


@pytest.mark.parametrize(
    ("markdown", "span"),
    [
        ("**bold words**", Span("bold words", "bold")),
        ("*italic*", Span("italic", "italic")),
        ("_italic_", Span("italic", "italic")),
        ("`a *code*`", Span("a *code*", "code")),
        ("[a label](https://example.org/a_b)", Span("a label", "link", "https://example.org/a_b")),
        (r"**a\*b**", Span("a*b", "bold")),
        (r"_snake\_case_", Span("snake_case", "italic")),
        (r"[a \[b\]](http://x.org)", Span("a [b]", "link", "http://x.org")),
        ("**over\ntwo lines**", Span("over two lines", "bold")),
        ("plain", Span("plain")),
    ],
)
def test_markup_becomes_a_span(markdown: str, span: Span) -> None:
    """Each kind of markup is one span with its text unescaped."""
    assert parse(markdown) == (span,)


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4",
        "2 ** 3 ** 4",
        "snake_case_name",
        "a*b*c",
        "**unclosed",
        "[label](javascript:alert)",
        "[label] (http://x.org)",
        "``",
        "\\n",
        "C:\\dir",
        "# no heading",
        "-5 degrees",
    ],
)
def test_what_is_no_markup_stays_text(text: str) -> None:
    """Signs that people type in ordinary text come out as they went in."""
    assert parse(text) == (Span(text),)


def test_blocks_are_paragraphs_and_lists() -> None:
    """Lines of a paragraph are joined, items keep their line and get a bullet or their number."""
    markdown = "One\nline.\n\n- a\n  goes on\n* b\n1.  first\n\n\n  Last  \r\n line."
    assert plain(markdown) == "One line.\n\n• a goes on\n• b\n1. first\n\nLast line."


def test_styles_end_with_their_block() -> None:
    """A star left open in one item doesn't style the next."""
    assert plain("- **a\n- b**") == "• **a\n• b**"


def test_plain_text_shows_the_address_of_a_link() -> None:
    """Where nothing can be pressed the address is readable."""
    assert plain("See [us](https://x.org).") == "See us (https://x.org)."


@given(text=_ANY_TEXT)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    """Whatever a person or file provides survives, but for its white space."""
    assert plain(escape(text)).split() == text.split()
    assert all(span.style == "plain" for span in parse(escape(text)))


@given(text=st.text(alphabet="ab *_`[]()\\-#", min_size=1).filter(lambda text: text.strip()))
def test_escaped_text_can_stand_inside_a_style(text: str) -> None:
    """A title put between the stars of a wording comes out bold as a whole."""
    (span,) = parse(f"**{escape(' '.join(text.split()))}**")
    assert span == Span(" ".join(text.split()), "bold")


@given(markdown=_ANY_TEXT)
def test_parsing_never_fails_and_leaves_no_empty_spans(markdown: str) -> None:
    """Any text can be shown."""
    spans = parse(markdown)
    assert all(span.text for span in spans)
    assert all((span.style == "link") == bool(span.url) for span in spans)
    assert len(plain(markdown)) <= len(markdown) + 3 * markdown.count("](")


@pytest.mark.parametrize(
    "part", ["*a", "**a", "_a ", "[a](http://", "\\*", "*\\a", "[", "`", "- ", "\n- *", "**a\\"]
)
def test_hostile_markup_takes_no_longer_than_text(part: str) -> None:
    """A hundred thousand signs parse within a second."""
    start = time.process_time()
    parse(part * (100_000 // len(part)))
    assert time.process_time() - start < 1
