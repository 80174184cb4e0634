"""The source documents: paragraphs a person can be shown, counted from 1 without headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.folders import listed
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import read_text

DOCUMENT_SUFFIXES = (".md", ".txt")
MAX_BYTES = 10_000_000
_HEADING = re.compile(r"#{1,6}\s+(?P<title>.+)")
_CLOSING = re.compile(r"(?<=\s)#+$")
_UNDERLINE = re.compile(r"=+|-+")
_RULE = re.compile(r"([-*_])(?: *\1){2,}")
LIST_ITEM = re.compile(r"(?P<mark>[-*+•]|\d{1,3}[.)])\s+(?P<text>\S.*)")
_FENCE = re.compile(r"(?:```|~~~).*")
_TABLE_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*(?:\s*:?-+:?\s*)?")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Document:
    """Hold a source document as its title, paragraphs and the heading each stands under."""

    name: str
    title: str
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]

    def paragraph(self, number: int) -> str | None:
        """Return paragraph `number` (from 1), or None if the document has no such paragraph."""
        return self.paragraphs[number - 1] if 0 < number <= len(self.paragraphs) else None


def parse_document(name: str, text: str) -> Document:
    """Split a Markdown or plain text into paragraphs; the first heading is its title.

    A paragraph is a run of lines between blank lines; a heading ends it, and a run without letters
    or digits (a rule) is none. Lines are joined, except that list items keep lines of their own. A
    table's rows become list items: "- Adults: 6 euro, daily".
    """
    title, heading = "", ""
    paragraphs: list[str] = []
    headings: list[str] = []
    for lines, is_heading in _blocks(text):
        block = _joined(lines)
        if is_heading:
            heading = block
            title = title or heading
        elif any(letter.isalnum() for letter in block):
            paragraphs.append(block)
            headings.append(heading)
    return Document(name, title or Path(name).stem, tuple(paragraphs), tuple(headings))


def read_documents(folder: Path) -> dict[str, Document]:
    """Read every .txt and .md file of a folder (none if the folder doesn't exist).

    Raises KnowledgeError with every document that can't be read or isn't text in UTF-8.
    """
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in document_paths(folder):
        try:
            text = read_text(path, f"{folder.name}/{path.name}", MAX_BYTES)
        except KnowledgeError as error:
            problems += error.problems
        else:
            documents[path.name] = parse_document(path.name, text)
    if problems:
        raise KnowledgeError(problems)
    return documents


def document_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that are documents, in the order of their names.

    Raises KnowledgeError if the folder can't be read.
    """
    found = listed(folder, folder.name)
    return [path for path in found if path.suffix.lower() in DOCUMENT_SUFFIXES]


def as_markdown(paragraph: str, escape: Callable[[str], str]) -> str:
    """Return Markdown that shows a paragraph: lists as lists, other text as `escape` returns it."""
    lines: list[str] = []
    for line in paragraph.split("\n"):
        item = LIST_ITEM.match(line)
        mark = "" if item is None else f"{item['mark']} " if item["mark"][:-1] else "- "
        lines.append(mark + escape(item["text"] if item else line))
    return "\n".join(lines)


def _blocks(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield runs of lines with whether each is a heading; fenced code is one run."""
    lines: list[str] = []
    fenced = False
    for line in map(str.strip, text.splitlines()):
        if _FENCE.fullmatch(line):
            fenced = not fenced
        elif fenced:
            lines += [line] * bool(line)
        elif len(lines) == 1 and _UNDERLINE.fullmatch(line) and not LIST_ITEM.match(lines[0]):
            yield lines, True
            lines = []
        elif line and not _HEADING.match(line) and not _RULE.fullmatch(line):
            lines.append(line)
        else:
            if lines:
                yield lines, False
            if match := _HEADING.fullmatch(line):
                yield [_CLOSING.sub("", match["title"]).strip()], True
            lines = []
    if lines:
        yield lines, False


def _joined(lines: list[str]) -> str:
    parts = ((f"\n{line}" if LIST_ITEM.match(line) else f" {line}") for line in _untabled(lines))
    return "".join(parts).strip()


def _untabled(lines: list[str]) -> list[str]:
    """Return lines in which a table's rows are list items below its column names, if any."""
    rules = (n for n, line in enumerate(lines) if "|" in line and _TABLE_RULE.fullmatch(line))
    rule = next(rules, 0)
    if not rule or "|" not in lines[rule - 1]:
        return lines
    names = ", ".join(_cells(lines[rule - 1])).rstrip(":")
    rows = [f"- {_row(*cells)}" for cells in map(_cells, lines[rule + 1 :]) if cells]
    return [*lines[: rule - 1], *([f"{names}:"] if names else []), *rows]


def _cells(line: str) -> list[str]:
    cells = (cell.replace("\\|", "|").strip() for cell in _BAR.split(line))
    return [cell for cell in cells if cell]


def _row(first: str, *others: str) -> str:
    return f"{first.rstrip(':')}: {', '.join(others)}" if others else first
