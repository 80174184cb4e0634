"""Print what rich can show: as wide as the terminal, or a line a row where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, RenderableType

_PLAIN_WIDTH = 10_000


def console_for(stream: TextIO) -> Console:
    """Return a console that writes to a stream; its width is in columns."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        width=None if terminal else _PLAIN_WIDTH,
        force_terminal=terminal,
        highlight=False,
        markup=False,
        emoji=False,
    )


def print_parts(parts: Iterable[RenderableType], console: Console) -> None:
    """Print one part below the other, without the blanks at the ends of lines."""
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    console.file.write("\n".join(line.rstrip() for line in captured.get().split("\n")))
