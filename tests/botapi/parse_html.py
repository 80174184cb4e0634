"""The HTML of the Bot API: its own tags only, all of them closed."""

import html
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from .errors import refuse
from .text import Draft, FormattedText

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*STYLES, "a", "tg-emoji", "tg-time", "code", "pre", "blockquote"}

REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#x[0-9a-fA-F]{1,6}|#[0-9]{1,7});?")
START_TAG = re.compile(r"<([^\s>]*)")
END_TAG = re.compile(r"</([^\s>]*)\s*>")
ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]*)))?")


@dataclass(frozen=True, slots=True)
class Tag:
    """Remember a start tag until its end tag comes."""

    name: str
    attributes: dict[str, str]
    start: int


@dataclass(slots=True)
class HtmlParser:
    """Turn HTML into text and entities."""

    source: str
    at: int = 0
    draft: Draft = field(default_factory=Draft)
    open_tags: list[Tag] = field(default_factory=list)

    def parse(self) -> FormattedText:
        """Read it all or refuse it."""
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._plain()
        if self.open_tags:
            name = self.open_tags[-1].name
            _refuse(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.draft.finish()

    def _plain(self) -> None:
        if found := REFERENCE.match(self.source, self.at):
            self.draft.add(_decode(found))
            self.at = found.end()
            return
        stop = re.compile(r"[<&]").search(self.source, self.at + 1)
        end = stop.start() if stop else len(self.source)
        self.draft.add(self.source[self.at : end])
        self.at = end

    def _start_tag(self) -> None:
        begin = self.at
        found = START_TAG.match(self.source, begin)
        name = found.group(1).lower() if found else ""
        self.at = begin + 1 + len(name)
        if self.at >= len(self.source):
            _refuse(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if name not in TAGS:
            _refuse(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            where = f"at byte offset {self._bytes(begin)}"
            _refuse(f'Tag "span" must have class "tg-spoiler" {where}')
        self.open_tags.append(Tag(name, attributes, self.draft.units))

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        """Read the attributes of a tag, up to and including its `>`."""
        found: dict[str, str] = {}
        while match := ATTRIBUTE.match(self.source, self.at):
            key, *values = match.groups()
            value = next((v for v in values if v is not None), None)
            if value is None and key != "expandable":
                _refuse(f'Expected equal sign in declaration of an attribute of the tag "{name}"')
            found[key.lower()] = REFERENCE.sub(_decode, value or "")
            self.at = match.end()
        while self.at < len(self.source) and self.source[self.at].isspace():
            self.at += 1
        if self.source[self.at : self.at + 1] != ">":
            _refuse(f'Unclosed start tag "{name}" at byte offset {self._bytes(begin)}')
        self.at += 1
        return found

    def _end_tag(self) -> None:
        where = f"at byte offset {self._bytes(self.at)}"
        found = END_TAG.match(self.source, self.at)
        if not self.open_tags:
            _refuse(f"Unexpected end tag {where}")
        if not found:
            _refuse(f"Unclosed end tag {where}")
        tag, name = self.open_tags.pop(), found.group(1).lower()
        if name not in ("", tag.name):
            _refuse(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
        self.at = found.end()
        self._mark(tag)

    def _mark(self, tag: Tag) -> None:
        kind, extra = _entity_of(tag, self.draft.since(tag.start))
        if self._completes_pre(tag, kind):
            language = extra.get("language") or self.draft.entities[-1].get("language")
            self.draft.entities[-1] = {
                "type": "pre",
                "offset": tag.start,
                "length": self.draft.units - tag.start,
            } | ({"language": language} if language else {})
        elif kind:
            self.draft.mark(kind, tag.start, **extra)

    def _completes_pre(self, tag: Tag, kind: str) -> bool:
        """Tell whether this is the `pre` around a `code`, which together make one entity."""
        last = self.draft.entities[-1] if self.draft.entities else {}
        return (
            kind == "pre"
            and last.get("type") == "code"
            and (last["offset"], last["length"]) == (tag.start, self.draft.units - tag.start)
        )

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())


def parse_html(source: str) -> FormattedText:
    """Parse HTML, or refuse it as the Bot API does."""
    parsed = HtmlParser(source).parse()
    for entity in parsed.entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return parsed


def _decode(reference: re.Match[str]) -> str:
    return html.unescape(reference.group().rstrip(";") + ";")


def _entity_of(tag: Tag, text: str) -> tuple[str, dict[str, Any]]:
    """Name the entity that a tag stands for; an empty name means none."""
    attributes = tag.attributes
    match tag.name:
        case "a":
            return link_entity(attributes.get("href") or text)
        case "tg-emoji":
            return "custom_emoji", {"custom_emoji_id": _emoji_id(attributes.get("emoji-id", ""))}
        case "tg-time":
            return _time_entity(attributes)
        case "code":
            language = attributes.get("class", "").partition("language-")[2]
            return "code", {"language": language} if language else {}
    kind = "expandable_blockquote" if "expandable" in attributes else tag.name
    return STYLES.get(tag.name, kind), {}


def link_entity(url: str) -> tuple[str, dict[str, Any]]:
    """Make a link or a mention of a user; a URL that is none is silently left out."""
    if user := re.fullmatch(r"tg://user\?id=(\d+)", url):
        return "text_mention", {"user": {"id": int(user.group(1))}}
    if re.fullmatch(r"(?:https?|tg|tonsite|ton)://[^\s/]\S*|mailto:\S+|tel:\S+", url):
        return "text_link", {"url": url}
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", url):
        return "text_link", {"url": f"http://{url}"}
    return "", {}


def _time_entity(attributes: dict[str, str]) -> tuple[str, dict[str, Any]]:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        _refuse("Invalid Unix timestamp specified")
    layout = attributes.get("format")
    return "date_time", {"unix_time": int(unix)} | ({"date_time_format": layout} if layout else {})


def _emoji_id(value: str) -> str:
    if not value.isdecimal() or not int(value):
        _refuse("Invalid custom emoji identifier specified")
    return value


def _refuse(problem: str) -> NoReturn:
    refuse(f"can't parse entities: {problem}")
