"""Show how far an evaluation has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_T = TypeVar("_T")


def followed(items: Sequence[_T], label: str, stream: TextIO) -> Iterable[_T]:
    """Yield items with a bar on a stream that goes away at the end; no bar if it is no terminal."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(file=stream, force_terminal=stream.isatty())
    with Progress(
        *columns, console=console, transient=True, disable=not stream.isatty()
    ) as progress:
        yield from progress.track(items)
