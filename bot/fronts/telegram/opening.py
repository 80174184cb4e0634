"""The opening of an answer: what a group gets to read of a long one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.fronts.telegram.render import ELLIPSIS, units
from bot.knowledge.markdown import Span, parse

_SHORT = 400  # UTF-16 units; to leave out less isn't worth a press
_OPENING = 300
_PARAGRAPH = re.compile(r"\s*\n[^\S\n]*\n")
_LINE = re.compile(r"\s*\n")
_SENTENCE = re.compile(
    r"(?<=[.!?\u2026\u3002\u06d4\u061f\uff01\uff1f])[*_\")\]\u00bb\u201d]*(?=\s|$)"
)
_WORD = re.compile(r"\s+")
_LEADS_ON = (":", "\uff1a")


def opening(markdown: str) -> str:
    """Return the first paragraph of a long text, or its first sentences, in Markdown.

    A text that is no longer than a phone's screen in a group comes back whole.
    """
    text = markdown.strip()
    if _length(text) <= _SHORT:
        return text
    whole = parse(text)
    first = next(_cuts(text, _PARAGRAPH), text)
    if _length(first) <= _OPENING and not first.endswith(_LEADS_ON) and _is_sound(first, whole):
        return first
    for ends, mark in ((_SENTENCE, ""), (_LINE, ""), (_WORD, ELLIPSIS)):
        heads = [head for head in _cuts(text, ends) if _length(head) <= _OPENING]
        for head in reversed(heads):
            if not head.endswith(_LEADS_ON) and _is_sound(head, whole):
                return head + mark
    return text


def _cuts(text: str, ends: re.Pattern[str]) -> Iterator[str]:
    """Return what stands before each place where something ends, shortest first."""
    for found in ends.finditer(text):
        head = text[: found.end() if ends is _SENTENCE else found.start()].rstrip()
        if head and len(head) < len(text):
            yield head


def _is_sound(head: str, whole: tuple[Span, ...]) -> bool:
    """Return whether a cut text reads as the beginning of the whole: it breaks no markup."""
    spans = parse(head)
    *before, last = spans
    after = whole[len(before)]
    same = tuple(before) == whole[: len(before)]
    styled = (last.style, last.url) == (after.style, after.url)
    return same and styled and after.text.startswith(last.text)


def _length(markdown: str) -> int:
    return sum(units(span.text) for span in parse(markdown))
