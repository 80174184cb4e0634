"""From Markdown to a Telegram text: characters and entities, measured in UTF-16 code units.

Entities instead of HTML leave nothing to escape: what isn't an entity is text, whoever wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from telegram import MessageEntity
from telegram.constants import MessageEntityType, MessageLimit

from bot.knowledge.markdown import Span, parse, plain

ELLIPSIS = "…"
_MAX_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
_MAX_ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
_WORD_BREAK = 20  # how far back, in units, a cut looks for the end of a word
TYPES = {
    "bold": MessageEntityType.BOLD,
    "italic": MessageEntityType.ITALIC,
    "code": MessageEntityType.CODE,
    "link": MessageEntityType.TEXT_LINK,
}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Hold a message text with its entities, and `bare`: the same where markup is refused."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    bare: str = ""


def render(markdown: str, limit: int = _MAX_TEXT) -> Rendered:
    """Render Markdown as at most `limit` UTF-16 units; a longer text ends in an ellipsis."""
    spans = [replace(span, text=_sendable(span.text)) for span in parse(markdown)]
    whole = "".join(span.text for span in spans)
    text = shorten(whole, limit)
    kept = len(text) - (len(ELLIPSIS) if text != whole.strip() else 0)
    start = len(whole) - len(whole.lstrip())
    entities = _entities(spans, whole, start, start + kept)
    return Rendered(text, entities[:_MAX_ENTITIES], shorten(_sendable(plain(markdown)), limit))


def shorten(text: str, limit: int) -> str:
    """Return a stripped text of at most `limit` UTF-16 units, cut at a word where it can be."""
    text = text.strip()
    if units(text) <= limit:
        return text
    head = _head(text, limit - units(ELLIPSIS))
    broken = re.sub(r"\s+\S*$", "", head) if not text[len(head)].isspace() else head
    if units(head) - units(broken) <= _WORD_BREAK and broken.strip():
        head = broken
    return head.rstrip() + ELLIPSIS


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(text: str, limit: int) -> str:
    head = text.encode("utf-16-le", "surrogatepass")[: max(limit, 0) * 2]
    return head.decode("utf-16-le", "ignore")


def _sendable(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _entities(spans: list[Span], whole: str, start: int, end: int) -> tuple[MessageEntity, ...]:
    """Return the entities of what lies between two indices of the whole text."""
    entities: list[MessageEntity] = []
    at = 0
    for span in spans:
        first, last = max(at, start), min(at + len(span.text), end)
        at += len(span.text)
        inner = whole[first:last].strip() if first < last else ""
        if span.style == "plain" or not inner:
            continue
        offset = whole.index(inner, first)
        entities.append(
            MessageEntity(
                type=TYPES[span.style],
                offset=units(whole[start:offset]),
                length=units(inner),
                url=span.url or None,
            )
        )
    return tuple(entities)
