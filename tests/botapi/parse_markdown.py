"""MarkdownV2 of the Bot API: every reserved character means something or is escaped."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

from .errors import refuse
from .parse_html import link_entity
from .text import Draft, FormattedText

RESERVED = set("_*[]()~`>#+-=|{}.!")
NAMES = {
    "pre": "Pre",
    "code": "Code",
    "underline": "Underline",
    "spoiler": "Spoiler",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
}
MARKS = {
    "```": "pre",
    "`": "code",
    "__": "underline",
    "||": "spoiler",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
}
OPENING = MARKS | {"![": "custom_emoji", "[": "text_link"}
CLOSING = {kind: mark for mark, kind in MARKS.items()} | {"custom_emoji": "]", "text_link": "]"}
LANGUAGE = re.compile(r"(?:([^\s`]+)(?=\s))?(?:\r\n|\n\r|\n|\r)?")
FOLD = re.compile(r"\|\|(?:\Z|\n(?!>))")
URL = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """Remember an opening mark until its closing one comes."""

    kind: str
    start: int
    begin: int
    language: str = ""


@dataclass(slots=True)
class MarkdownParser:
    """Turn MarkdownV2 into text and entities."""

    source: str
    at: int = 0
    draft: Draft = field(default_factory=Draft)
    spans: list[Span] = field(default_factory=list)
    quote: int | None = None
    is_expandable: bool = False

    def parse(self) -> FormattedText:
        """Read it all or refuse it."""
        while self.at < len(self.source):
            self._line_start()
            if not (self._escaped() or self._closes() or self._folds() or self._opens()):
                self._plain()
        self._refuse_open_spans()
        self._end_quote()
        return self.draft.finish()

    def _line_start(self) -> None:
        """Begin, continue or end a block quotation."""
        if (self.at and self.source[self.at - 1] != "\n") or self._in_code():
            return
        if self.source.startswith("**>", self.at):
            self._end_quote()
            self.at += 2
        if self.source[self.at] == ">":
            self.at += 1
            self.quote = self.draft.units if self.quote is None else self.quote
        elif self.quote is not None:
            self._refuse_open_spans()
            self._end_quote()

    def _end_quote(self) -> None:
        if self.quote is not None:
            kind = "expandable_blockquote" if self.is_expandable else "blockquote"
            self.draft.mark(kind, self.quote)
        self.quote, self.is_expandable = None, False

    def _escaped(self) -> bool:
        follower = self.source[self.at + 1 : self.at + 2]
        if self.source[self.at : self.at + 1] != "\\" or not "\0" < follower < "\x7f":
            return False
        self.draft.add(follower)
        self.at += 2
        return True

    def _closes(self) -> bool:
        if not self.spans:
            return False
        span = self.spans[-1]
        mark = CLOSING[span.kind]
        if not self.source.startswith(mark, self.at):
            return False
        if span.kind == "italic" and self.source.startswith("__", self.at):
            return False
        self.spans.pop()
        self.at += len(mark)
        self._mark(span)
        return True

    def _mark(self, span: Span) -> None:
        match span.kind:
            case "text_link":
                url = self._url("a URL") or self.draft.since(span.start)
                kind, extra = link_entity(url)
                if kind:
                    self.draft.mark(kind, span.start, **extra)
            case "custom_emoji":
                self.draft.mark(span.kind, span.start, custom_emoji_id=self._emoji_id())
            case "pre" if span.language:
                self.draft.mark("pre", span.start, language=span.language)
            case kind:
                self.draft.mark(kind, span.start)

    def _folds(self) -> bool:
        """Read the `||` that ends an expandable block quotation."""
        if self.quote is None or self._in_code() or not FOLD.match(self.source, self.at):
            return False
        self.is_expandable = True
        self.at += 2
        return True

    def _opens(self) -> bool:
        mark = next((m for m in OPENING if self.source.startswith(m, self.at)), None)
        if mark is None or self._in_code():
            return False
        kind, begin = OPENING[mark], self.at
        self.at += len(mark)
        language = ""
        if kind == "pre" and (found := LANGUAGE.match(self.source, self.at)):
            language = found.group(1) or ""
            self.at = found.end()
        self.spans.append(Span(kind, self.draft.units, begin, language))
        return True

    def _plain(self) -> None:
        char = self.source[self.at : self.at + 1]
        if char in RESERVED and not (self._in_code() and char != "`"):
            _refuse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        self.draft.add(char)
        self.at += 1

    def _in_code(self) -> bool:
        return bool(self.spans) and self.spans[-1].kind in {"code", "pre"}

    def _url(self, what: str) -> str:
        """Read the `(url)` behind a link's text, if there is one."""
        if self.source[self.at : self.at + 1] != "(":
            return ""
        found = URL.match(self.source, self.at)
        if not found:
            _refuse(f"Can't find end of {what} at byte offset {self._bytes(self.at + 1)}")
        self.at = found.end()
        return re.sub(r"\\([\x01-\x7e])", r"\1", found.group(1))

    def _emoji_id(self) -> str:
        found = re.fullmatch(r"tg://emoji\?id=(\d+)", self._url("a custom emoji URL"))
        return (
            found.group(1)
            if found
            else _refuse("Custom emoji entity must contain a tg://emoji URL")
        )

    def _refuse_open_spans(self) -> None:
        if self.spans:
            span = self.spans[-1]
            where = f"at byte offset {self._bytes(span.begin)}"
            _refuse(f"Can't find end of {NAMES[span.kind]} entity {where}")

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())


def parse_markdown(source: str) -> FormattedText:
    """Parse MarkdownV2, or refuse it as the Bot API does."""
    return MarkdownParser(source).parse()


def _refuse(problem: str) -> NoReturn:
    refuse(f"can't parse entities: {problem}")
