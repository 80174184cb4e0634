"""Lay out what is new in a knowledge file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from bot.knowledge.entry import Entry

_ENDLESS = 1_000_000


@dataclass(frozen=True, slots=True)
class Style:
    """Hold how the entries of a file look.

    `list_indent` is by how much a dash stands right of its key, None for lists in brackets;
    `answer_indent` by how much an answer does.
    """

    list_indent: int | None = 2
    answer_indent: int = 2
    is_spaced: bool = True


def scalar(text: str) -> str:
    """Return a text of one line as YAML, quoted if it needs it to be a text."""
    return yaml.safe_dump([text], allow_unicode=True, width=_ENDLESS)[2:-1]


def flow_scalar(text: str) -> str:
    """Return a text of one line as YAML within brackets."""
    dumped = yaml.safe_dump([text], allow_unicode=True, width=_ENDLESS, default_flow_style=True)
    return dumped[1:-2]


def flow_list(texts: Sequence[str]) -> str:
    """Return a list in brackets."""
    return f"[{', '.join(map(flow_scalar, texts))}]"


def list_lines(key: str, texts: Sequence[str], style: Style) -> list[str]:
    """Return the lines of a key with a list."""
    if style.list_indent is None:
        return [f"{key}: {flow_list(texts)}"]
    return [f"{key}:", *(f"{' ' * style.list_indent}- {scalar(text)}" for text in texts)]


def entry_lines(entry: Entry, style: Style) -> list[str]:
    """Return the lines of an entry, without what stands before its first key."""
    lines = [f"id: {scalar(entry.id)}", f"question: {scalar(entry.question)}"]
    if entry.alternates:
        lines += list_lines("alternates", entry.alternates, style)
    indent = " " * style.answer_indent
    lines += ["answer: |", *((indent + line).rstrip() for line in entry.answer.split("\n"))]
    return [*lines, f"source: {_source(entry)}"]


def flow_entry(entry: Entry) -> str:
    """Return an entry in braces."""
    answer = yaml.safe_dump(entry.answer, allow_unicode=True, width=_ENDLESS, default_style='"')
    parts = [
        f"id: {flow_scalar(entry.id)}",
        f"question: {flow_scalar(entry.question)}",
        *([f"alternates: {flow_list(entry.alternates)}"] if entry.alternates else []),
        f"answer: {answer.strip()}",
        f"source: {_source(entry)}",
    ]
    return f"{{{', '.join(parts)}}}"


def _source(entry: Entry) -> str:
    """Return the one source of a taught entry."""
    (source,) = entry.sources
    return f"{{document: {flow_scalar(source.document)}, paragraph: {source.paragraph}}}"
