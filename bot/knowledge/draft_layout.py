"""Lay out drafted entries as YAML that a person will want to edit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

_WIDTH = 92
_ENDLESS = 1_000_000
_ITEM = re.compile(r"(?:[-*]|\d{1,3}[.)])\s")
_MARK = re.compile(r" (?=(?:[-*]|\d{1,3}[.)])(?:\s|$))")
_GLUE = "\0"
_HEADER = """\
# A draft from {document}. What to do next:
# 1. Put this file into {language}/ of your knowledge folder, and the document into its seeds/.
# 2. Read each entry: let it ask what people ask and answer in a few plain words; add alternates.
# 3. Remove its line 'review: true', and run 'majlis check' until it says OK."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold what becomes an entry; `is_cut` if its paragraph goes on after the answer."""

    id: str
    question: str
    subject: str
    answer: str
    paragraph: int
    is_cut: bool


def lay_out(document: str, language: str, topic: str, drafts: Iterable[Draft]) -> str:
    """Return the text of a knowledge file whose entries cite paragraphs of `document`."""
    header = _HEADER.format(document=" ".join(document.split()), language=language)
    entries = [_entry(each, document) for each in drafts]
    return "\n".join([header, _pair("topic", topic), "entries:", *entries])


def _entry(draft: Draft, document: str) -> str:
    lines = [_pair("id", draft.id), _pair("question", draft.question)]
    if draft.subject:
        lines.append(_pair("subject", draft.subject))
    lines.append("# Other ways people ask this, such as [when are you open, opening times]:")
    lines.append("alternates: []")
    if draft.is_cut:
        lines.append("# The paragraph goes on: this is its beginning, as much as fits a message.")
    lines += ["answer: |", *(f"  {line}" for line in _wrapped(draft.answer))]
    lines += [f"source: {_source(document, draft.paragraph)}", "review: true"]
    first, *others = lines
    return "\n".join([f"  - {first}", *(f"    {line}" for line in others), ""])


def _pair(key: str, value: str) -> str:
    """Return `key: value` on one line, the value quoted if YAML needs it."""
    return yaml.safe_dump({key: value}, allow_unicode=True, width=_ENDLESS).strip()


def _source(document: str, paragraph: int) -> str:
    source = {"document": document, "paragraph": paragraph}
    return yaml.safe_dump(
        source, allow_unicode=True, default_flow_style=True, sort_keys=False, width=_ENDLESS
    ).strip()


def _wrapped(answer: str) -> list[str]:
    """Break long lines between words, nowhere that a list item would seem to begin."""
    wrapped: list[str] = []
    for line in answer.split("\n"):
        pieces = textwrap.wrap(
            _MARK.sub(_GLUE, line),
            _WIDTH,
            subsequent_indent="  " if _ITEM.match(line) else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        wrapped += [piece.replace(_GLUE, " ") for piece in pieces]
    return wrapped
