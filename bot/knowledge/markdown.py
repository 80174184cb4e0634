"""The Markdown subset of answers and wordings: bold, italic, code, links and lists.

`parse` never fails: what isn't markup is text. Nesting is one level (a style inside a list item or
a paragraph), which is what a chat message needs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["plain", "bold", "italic", "code", "link"]

_INLINE = re.compile(
    r"\\(?P<escaped>[\\*_`\[\]()\-#])"
    r"|\*\*(?=\S)(?P<bold>(?:\\.|[^*\\\n])+)(?<=\S)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<star>(?:\\.|[^*\\\n])+)(?<=\S)\*(?![\w*])"
    r"|(?<!\w)_(?=\S)(?P<italic>(?:\\.|[^_\\\n])+)(?<=\S)_(?!\w)"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<label>(?:\\.|[^\[\]\\\n])+)\]\((?P<url>https?://[^\s()<>]+)\)"
)
_STYLES: dict[str, Style] = {"bold": "bold", "star": "italic", "italic": "italic", "code": "code"}
_BULLET = re.compile(r"^\s*[-*]\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*(\d{1,3}[.)])\s+(?=\S)")
_ESCAPE = re.compile(r"([\\*_`\[\]])")
_ESCAPED = re.compile(r"\\([\\*_`\[\]()\-#])")


@dataclass(frozen=True, slots=True)
class Span:
    """Hold a run of text in one style; `url` is set for links only."""

    text: str
    style: Style = "plain"
    url: str = ""


def escape(text: str) -> str:
    """Return Markdown that reads as `text`, whoever wrote it; only its white space may change."""
    escaped = _ESCAPE.sub(r"\\\1", text)
    return re.sub(r"(?m)^(\s*)([-#])", r"\1\\\2", escaped)


def parse(markdown: str) -> tuple[Span, ...]:
    """Return the spans of a text; lines of a paragraph are joined, list items get a bullet."""
    return tuple(_merge(_inline("\n\n".join(_blocks(markdown)))))


def plain(markdown: str) -> str:
    """Return the text a person reads where there is no formatting; links show their address."""
    return "".join(
        f"{span.text} ({span.url})" if span.style == "link" else span.text
        for span in parse(markdown)
    )


def _blocks(markdown: str) -> list[str]:
    blocks: list[str] = []
    for raw in re.split(r"\n(?:[^\S\n]*\n)+", markdown.strip().replace("\r\n", "\n")):
        lines: list[str] = []
        for line in raw.split("\n"):
            if _BULLET.match(line):
                lines.append(_BULLET.sub("• ", line).rstrip())
            elif _NUMBERED.match(line):
                lines.append(_NUMBERED.sub(r"\1 ", line).rstrip())
            elif lines:
                lines[-1] = f"{lines[-1]} {line.strip()}".rstrip()
            else:
                lines.append(line.strip())
        blocks.append("\n".join(lines))
    return [block for block in blocks if block]


def _inline(text: str) -> list[Span]:
    spans: list[Span] = []
    end = 0
    for match in _INLINE.finditer(text):
        spans.append(Span(text[end : match.start()]))
        spans.append(_span(match))
        end = match.end()
    spans.append(Span(text[end:]))
    return spans


def _span(match: re.Match[str]) -> Span:
    name = str(match.lastgroup)
    if name == "url":
        return Span(_unescape(match["label"]), "link", match["url"])
    if name == "code":
        return Span(match["code"], "code")
    return Span(_unescape(match[name]), _STYLES.get(name, "plain"))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _merge(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if merged and merged[-1].style == span.style == "plain":
            merged[-1] = Span(merged[-1].text + span.text)
        else:
            merged.append(span)
    return merged
