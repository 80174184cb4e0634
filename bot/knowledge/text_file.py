"""Read a text file that a person gave: UTF-8, up to a size, and nothing that isn't text."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NoReturn

from bot.knowledge.problems import KnowledgeError, Problem

_BINARY = re.compile(rb"\A%PDF-|\0")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_text(path: Path, name: str, max_bytes: int) -> str:
    """Return the text of a file without a byte order mark.

    Raises KnowledgeError with one problem under `name` if the file can't be read, is larger than
    `max_bytes`, or isn't text in UTF-8.
    """
    raw = read_bytes(path, name, max_bytes + 1)
    if len(raw) > max_bytes:
        refuse(name, 0, f"is larger than {max_bytes // 1_000_000} MB. Split it into several files.")
    if _BINARY.search(raw) and not raw.startswith(_UTF_16):
        refuse(name, 0, "is a binary file. Give a file of plain text in UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        refuse(name, line, "is not UTF-8 text. Save the file as UTF-8.")
    return text


def read_bytes(path: Path, name: str, limit: int = -1) -> bytes:
    """Return the first `limit` bytes of a file (-1: all of them).

    Raises KnowledgeError with one problem under `name` if the file can't be read.
    """
    try:
        if path.exists() and not path.is_file():
            refuse(name, 0, "is not a file. Give a file of plain text in UTF-8.")
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        refuse(name, 0, f"can't be read ({error.strerror}). Check that it is a readable file.")


def refuse(name: str, line: int, text: str) -> NoReturn:
    """Raise KnowledgeError with one problem; line 0 stands for the whole file."""
    raise KnowledgeError([Problem(name, line, "", text)])
