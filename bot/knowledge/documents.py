"""The source documents: paragraphs a person can be shown, counted from 1 without headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")


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

    A paragraph is a run of lines between blank lines; a heading line ends it.
    """
    title, heading = "", ""
    paragraphs: list[str] = []
    headings: list[str] = []
    for block in _blocks(text):
        if match := _HEADING.match(block):
            heading = match["title"]
            title = title or heading
        else:
            paragraphs.append(block)
            headings.append(heading)
    return Document(name, title or Path(name).stem, tuple(paragraphs), tuple(headings))


def read_documents(folder: Path) -> dict[str, Document]:
    """Read every .txt and .md file of a folder (none if the folder doesn't exist)."""
    if not folder.is_dir():
        return {}
    files = sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".md"})
    return {
        path.name: parse_document(path.name, path.read_text(encoding="utf-8-sig", errors="replace"))
        for path in files
    }


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    lines: list[str] = []
    for raw in [*text.splitlines(), ""]:
        line = raw.strip()
        if line and not _HEADING.match(line):
            lines.append(line)
            continue
        if lines:
            blocks.append(" ".join(lines))
            lines = []
        if line:
            blocks.append(line)
    return blocks
