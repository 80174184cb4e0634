"""Changes of files: shown as a diff, written all or none."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError

_NO_NEWLINE = "\\ No newline at end of file"


class ExportError(BotError):
    """Report files that lessons can't be exported to, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Hold the whole text of a file before (None: there is no file) and after.

    `name` is a path that people can open from where they stand; line ends and a byte order mark
    are part of the texts.
    """

    path: Path
    name: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Export:
    """Hold what exporting changes, in the order in which it's safe to write it."""

    changes: tuple[Change, ...] = ()

    def diff(self) -> str:
        """Return a unified diff; of nothing, an empty text."""
        return "".join(line for change in self.changes for line in _diff(change))


def read(path: Path) -> str | None:
    """Return the text of a file as it is, line ends included, or None if there is no such file.

    Raises ExportError if it can't be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        message = f"Can't read {path} ({error}). Check the file."
        raise ExportError(message) from error


def name_of(path: Path) -> str:
    """Return a file's path from the working folder if it lies there, else the whole path."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def write(export: Export) -> None:
    """Put the new texts in the place of the old ones, each in one step.

    Raises ExportError, having changed nothing, if a file isn't as it was or can't be written. Only
    a disk that fails between two files leaves some of them changed: exporting again goes on there.
    """
    for change in export.changes:
        if read(change.path) != change.old:
            message = f"{change.name} has changed meanwhile. Export again."
            raise ExportError(message)
    staged: list[tuple[Path, Path]] = []
    try:
        for change in export.changes:
            target = change.path.resolve()
            beside = target.with_name(f".{target.name}.{os.getpid()}")
            staged.append((beside, target))
            _stage(change.new, beside, target)
        for beside, target in staged:
            beside.replace(target)
    except OSError as error:
        message = (
            f"Can't write {error.filename or 'the files'} ({error.strerror}). Check the folder."
        )
        raise ExportError(message) from error
    finally:
        for beside, _ in staged:
            beside.unlink(missing_ok=True)


def _stage(text: str, beside: Path, target: Path) -> None:
    """Write a text safely to disk under another name, with the rights of the file it replaces."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with beside.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, beside)


def _diff(change: Change) -> Iterator[str]:
    whole = Path(change.name).is_absolute()
    old, new = (change.name if whole else f"{side}/{change.name}" for side in "ab")
    lines = difflib.unified_diff(
        _lines(change.old or ""),
        _lines(change.new),
        "/dev/null" if change.old is None else old,
        new,
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}\n"


def _lines(text: str) -> list[str]:
    """Split at line feeds alone; unlike splitlines(), which knows many more."""
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
