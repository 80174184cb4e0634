"""The terminal's lines."""

from __future__ import annotations

from bot.cli.chat import wrapped


def test_breaks_lines_between_words() -> None:
    """A long line is broken at a space, an empty one stays."""
    assert wrapped("one two three\n\nfour", 8) == "one two\nthree\n\nfour"


def test_leaves_lines_alone_where_there_is_no_terminal() -> None:
    """Without a width nothing is broken."""
    assert wrapped("one two three", 0) == "one two three"
