"""Tests of rendering: what a person reads, and where its styles begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.fronts.telegram.render import Rendered, render, shorten, units
from bot.knowledge.markdown import escape, parse

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=80)
MARKDOWN = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            ["**bold 😀**", "_it_", "`co de`", "[l](https://a.b/c)", "** x **", "- ", "\n\n"]
        ),
    ),
    max_size=12,
).map("".join)


def covered(rendered: Rendered, entity: MessageEntity) -> str:
    """Return the part of a text that an entity covers, as Telegram cuts it."""
    coded = rendered.text.encode("utf-16-le")
    return coded[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def test_styles_become_entities() -> None:
    """Bold, italic, code and links are entities over exactly their words."""
    rendered = render("A **bold** _word_, `code` and a [link](https://example.org/x).")
    assert rendered.text == "A bold word, code and a link."
    assert [(e.type, covered(rendered, e), e.url) for e in rendered.entities] == [
        ("bold", "bold", None),
        ("italic", "word", None),
        ("code", "code", None),
        ("text_link", "link", "https://example.org/x"),
    ]


def test_emoji_count_twice() -> None:
    """Offsets count UTF-16 code units, in which an emoji takes two."""
    rendered = render("😀 **hi**")
    assert rendered.entities[0].offset == 3


def test_links_show_their_address_in_the_bare_text() -> None:
    """Where markup is refused, the address of a link stays readable."""
    assert render("[a](https://b.c/d)").bare == "a (https://b.c/d)"


def test_cut_text_keeps_the_entities_within() -> None:
    """An entity that reaches over the cut ends with the text, before the ellipsis."""
    rendered = render("**" + "word " * 10 + "end**", limit=22)
    assert rendered.text == "word word word word…"
    assert covered(rendered, rendered.entities[0]) == "word word word word"


def test_cut_never_splits_an_emoji() -> None:
    """A text without spaces is cut between characters, not inside one."""
    assert render("😀" * 10, limit=6).text == "😀😀…"


def test_lone_surrogates_are_replaced() -> None:
    """What can't be sent as UTF-8 is replaced instead of failing."""
    assert render("a\ud800b").text == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 60, "short"),
        ("  spaces around  ", 60, "spaces around"),
        ("one two three", 9, "one two…"),
        ("onetwothree", 6, "onetw…"),
        ("one two", 4, "one…"),
    ],
)
def test_shorten_cuts_at_words(text: str, limit: int, expected: str) -> None:
    """A label is cut at the end of a word where it has one."""
    assert shorten(text, limit) == expected


@given(MARKDOWN)
def test_text_is_that_of_the_spans(markdown: str) -> None:
    """Rendering adds and loses nothing but the white space around."""
    assert render(markdown).text == "".join(span.text for span in parse(markdown)).strip()


@given(TEXT)
def test_escaped_text_comes_back(text: str) -> None:
    """Escaped text has no entities, whatever is in it, and its words stay as they are."""
    rendered = render(escape(text))
    assert rendered.entities == ()
    assert rendered.text.split() == text.split()


@given(MARKDOWN, st.integers(min_value=1, max_value=60))
def test_entities_lie_inside_the_text(markdown: str, limit: int) -> None:
    """Entities are in order, not empty, without white space at their ends, inside the limit."""
    rendered = render(markdown, limit)
    assert units(rendered.text) <= limit
    assert units(rendered.bare) <= limit
    end = 0
    for entity in rendered.entities:
        assert entity.offset >= end
        end = entity.offset + entity.length
        assert entity.length > 0
        assert end <= units(rendered.text)
        piece = covered(rendered, entity)
        assert piece == piece.strip()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(min_value=1, max_value=40))
def test_shorten_keeps_a_beginning(text: str, limit: int) -> None:
    """A shortened text fits and is a beginning of the whole one."""
    cut = shorten(text, limit)
    assert units(cut) <= limit
    assert text.strip().startswith(cut.removesuffix("…"))
