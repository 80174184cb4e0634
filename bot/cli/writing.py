"""Write to a terminal, a pipe or a file: whatever letters it knows, and however wide it is."""

from __future__ import annotations

import codecs
import io
import shutil
import sys
import textwrap

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2500\u2501", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **dict.fromkeys("\u2022\u25cf", "*"),
        "\u2026": "...",
        "\u2192": "->",
        "\u25cb": "o",
        "\u2502": "|",
        "\u00b7": ".",
        "\u2265": ">=",
        "\u2264": "<=",
    }
)
_HANDLER = "majlis"


def read_and_write_any_text() -> None:
    """Let a letter that a terminal can't show, or bytes that are no text, stop nothing.

    Signs of print that an encoding lacks become those of a typewriter, other letters '?'.
    """
    codecs.register_error(_HANDLER, _in_plain_letters)
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, _HANDLER)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def write(text: str) -> None:
    """Write a text and a line end at once, its lines broken to fit where it is a terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    sys.stdout.write(f"{wrapped(text, width)}\n")
    sys.stdout.flush()


def wrapped(text: str, width: int) -> str:
    """Break lines between words to fit a width in columns; 0 leaves them as they are."""
    if not width:
        return text
    lines = [textwrap.wrap(line, width) or [""] for line in text.split("\n")]
    return "\n".join(part for parts in lines for part in parts)


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    failing = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(each if each.isascii() else "?" for each in failing), error.end
