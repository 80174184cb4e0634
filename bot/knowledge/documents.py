"""The source documents: paragraphs a person can be shown, counted from 1 without headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
LIST_ITEM = re.compile(r"(?:[-*+•]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"(?:```|~~~).*")


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
    or digits (a rule) is none. Lines are joined, except that list items keep lines of their own.
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
    parts = ((f"\n{line}" if LIST_ITEM.match(line) else f" {line}") for line in lines)
    return "".join(parts).strip()
