"""Draft a knowledge file from a document: an entry a paragraph, for a person to make good."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.knowledge.documents import (
    DOCUMENT_SUFFIXES,
    LIST_ITEM,
    Document,
    as_markdown,
    parse_document,
)
from bot.knowledge.documents import MAX_BYTES as MAX_DOCUMENT
from bot.knowledge.draft_layout import Draft, lay_out
from bot.knowledge.markdown import escape, plain
from bot.knowledge.text_file import read_text, refuse
from bot.knowledge.words import phrase_key
from bot.knowledge.yaml_file import CONTROL, MAX_BYTES

_MAX_ANSWER = 3500
_MAX_TITLE = 64
_MAX_HEADING = 120
_MAX_QUESTION = 74
_MAX_PREFIX = 34
_FIRST_WORDS = 60
_SLUG = 17
_SENTENCE_END = re.compile(r"[.!?…؟]\W?(?=\s)|[。！？]")  # noqa: RUF001 - Chinese and Japanese too
_TRAILING = " .,;:!…-–—،؛۔。！，、；："  # noqa: RUF001 - of other scripts too
_ASKING = ("?", "؟", "？")  # noqa: RUF001 - Chinese and Japanese too
_WORD_END = re.compile(r"\w(?=\W)")


def draft(name: str, text: str, language: str, topic: str = "") -> str:
    """Return the YAML of a knowledge file with an entry for each paragraph of a document.

    `topic` is the title people browse by, else the document's own. Raises KnowledgeError if the
    document is empty or binary, can't be a source by its name, or is too long for one file.
    """
    _refuse_other_kinds(name)
    if "\0" in text:
        refuse(name, 0, "is a binary file. Give a document of plain text or Markdown.")
    document = parse_document(name, text)
    if not document.paragraphs:
        refuse(name, 0, "has no paragraphs. Give a document with some text.")
    title = _shortened(topic, _MAX_TITLE) or _shortened(document.title, _MAX_TITLE)
    written = lay_out(name, language, title, _drafts(document))
    if len(written.encode()) > MAX_BYTES:
        refuse(name, 0, "is too long for one knowledge file. Split it into several documents.")
    return written


def read_source(path: Path) -> str:
    """Return the text of a document; raises KnowledgeError for what can't be one, or be read."""
    _refuse_other_kinds(str(path))
    return read_text(path, str(path), MAX_DOCUMENT)


def _refuse_other_kinds(name: str) -> None:
    if Path(name).suffix.lower() not in DOCUMENT_SUFFIXES:
        refuse(name, 0, f"can't be a source. Save it as text in {' or '.join(DOCUMENT_SUFFIXES)}.")


def _drafts(document: Document) -> list[Draft]:
    drafts: list[Draft] = []
    ids: dict[str, int] = {}
    questions: dict[str, int] = {}
    alike = Counter(map(phrase_key, document.headings))
    for number, paragraph in enumerate(map(_clean, document.paragraphs), 1):
        heading, words = _heading_and_words(document, number, alike)
        named = "" if words and heading == document.title else heading
        shown = _beginning(paragraph)
        drafts.append(
            Draft(
                id=_unlike(_slug(document.name, (named, words), paragraph), "{}-{}", ids, str),
                question=_unlike(_question(heading, words), "{} ({})", questions, phrase_key),
                subject=_shortened(document.headings[number - 1], _MAX_HEADING),
                answer=_answer(shown, is_markdown=document.name.lower().endswith(".md")),
                paragraph=number,
                is_cut=shown != paragraph,
            )
        )
    return drafts


def _heading_and_words(
    document: Document, number: int, alike: Mapping[str, int]
) -> tuple[str, str]:
    """Return a paragraph's heading, and its words if the heading isn't its alone."""
    heading = document.headings[number - 1]
    if not phrase_key(heading):
        heading = ""
    elif alike[phrase_key(heading)] == 1:
        return heading, ""
    return heading, _in_one_line(document.paragraphs[number - 1])


def _in_one_line(paragraph: str) -> str:
    """Return a paragraph as a line, its list items without their marks behind commas."""
    line = ""
    for text in map(_without_mark, _clean(paragraph).split("\n")):
        if line:
            line = f"{line} " if line.endswith(":") else f"{line.rstrip(_TRAILING)}, "
        line += text
        if len(line) > _MAX_QUESTION:
            break
    return line


def _without_mark(line: str) -> str:
    while item := LIST_ITEM.fullmatch(line):
        line = item["text"]
    return line


def _question(heading: str, words: str) -> str:
    """Return a heading, the first words of a paragraph, or both, in under 80 characters."""
    if not words:
        return _shortened(heading, _MAX_QUESTION)
    subject = _shortened(heading.rstrip(_TRAILING + "".join(_ASKING)), _MAX_PREFIX)
    prefix = f"{subject}: " if subject else ""
    begun = _shortened(words, _MAX_QUESTION - len(prefix) - 1)
    bare = begun.rstrip(_TRAILING) or begun
    return prefix + (bare if bare.endswith((*_ASKING, "…")) else f"{bare}…")


def _unlike(text: str, numbered: str, used: dict[str, int], key: Callable[[str], str]) -> str:
    """Return a text, numbered if need be, whose key isn't used yet, and note that it is now."""
    number = used.get(key(text), 0) + 1
    candidate = text if number == 1 else numbered.format(text, number)
    while key(candidate) in used:
        number += 1
        candidate = numbered.format(text, number)
    used[key(text)] = number
    used.setdefault(key(candidate), 1)
    return candidate


def _slug(name: str, parts: Iterable[str], paragraph: str) -> str:
    """Return an id of up to 55 characters made of words; where there are none, of a digest."""
    words = [_hyphenated(_shortened(part, _FIRST_WORDS)) for part in parts]
    if not any(words):
        words = [hashlib.sha256(paragraph.encode(errors="replace")).hexdigest()[:8]]
    slug = "-".join(filter(None, (_hyphenated(Path(name).stem), *words)))
    return slug if len(slug) > 1 else f"entry-{slug}"


def _hyphenated(text: str) -> str:
    plain_letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain_letters.replace("'", "")))
    if len(slug) <= _SLUG:
        return slug
    return slug[: _SLUG + 1].rpartition("-")[0] or slug[:_SLUG]


def _clean(text: str) -> str:
    """Return a text with single spaces and without what YAML can't hold."""
    return "\n".join(" ".join(CONTROL.sub(" ", line).split()) for line in text.split("\n"))


def _shortened(text: str, limit: int) -> str:
    """Return a line of at most `limit` characters, with an ellipsis for words left out."""
    line = " ".join(_clean(text).split())
    if len(line) <= limit:
        return line
    return (line[: limit - 1].rpartition(" ")[0] or line[: limit - 1]) + "…"


def _beginning(paragraph: str) -> str:
    """Return a paragraph up to the last sentence, or word, that fits into an answer."""
    units = paragraph.encode("utf-16-le", "replace")
    if len(units) <= _MAX_ANSWER * 2:
        return paragraph
    head = units[: _MAX_ANSWER * 2].decode("utf-16-le", "ignore")
    ends = list(_SENTENCE_END.finditer(head)) or list(_WORD_END.finditer(head))
    return head[: ends[-1].end()] if ends else head


def _answer(paragraph: str, *, is_markdown: bool) -> str:
    """Return Markdown that reads as the paragraph; of plain text, only lists become markup."""

    def written(text: str) -> str:
        return text if is_markdown or plain(text) == text else escape(text)

    return as_markdown(paragraph, written)
