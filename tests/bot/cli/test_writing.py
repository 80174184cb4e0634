"""What is written to terminals of any width and encoding."""

from __future__ import annotations

import io
import sys

import pytest

from bot.cli.writing import read_and_write_any_text, wrapped, write


def test_breaks_lines_between_words() -> None:
    """A long line is broken at a space, an empty one stays."""
    assert wrapped("one two three\n\nfour", 8) == "one two\nthree\n\nfour"


def test_leaves_lines_alone_where_there_is_no_terminal() -> None:
    """Without a width nothing is broken."""
    assert wrapped("one two three", 0) == "one two three"


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", '- 5 % -> "it"... ????'),
        ("cp1252", "\u2014 5\xa0% -> “it”… é???"),
        ("utf-8", "\u2014 5\xa0% → “it”… é👍سل"),
    ],
)
def test_signs_that_an_encoding_lacks_become_plain_ones(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dashes, quotes, arrows and spaces have their like everywhere; other letters are lost."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding, newline="\n"))
    read_and_write_any_text()
    write("\u2014 5\xa0% → “it”… é👍سل")
    assert written.getvalue().decode(encoding) == f"{shown}\n"
