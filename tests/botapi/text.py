"""Formatted text: what a message says once its markup is parsed."""

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

AUTOMATIC = re.compile(
    r"(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z0-9_]{3,32})(?!\w)"
    r"|(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d_]\w*)"
)
ENTITY_LIMIT = 100
PREFORMATTED = {"code", "pre"}
QUOTES = {"blockquote", "expandable_blockquote"}


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of `text`, Telegram's measure of everything."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Cut out the part of `text` that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Hold a text and its entities, as a message carries them."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "FormattedText":
        """Strip the white space around it, as Telegram does, entities included."""
        first = min((e["offset"] for e in self.entities), default=utf16_length(self.text))
        lead = min(utf16_length(self.text) - utf16_length(self.text.lstrip()), first)
        text = utf16_slice(self.text, lead, utf16_length(self.text)).rstrip()
        end = utf16_length(text)
        entities = (
            e | {"offset": start, "length": min(start + e["length"], end) - start}
            for e in self.entities
            if (start := e["offset"] - lead) < end
        )
        return FormattedText(text, tuple(entities))

    def completed(self) -> "FormattedText":
        """Add the entities that Telegram finds by itself and drop those that can't nest."""
        kept = [e for e in self.entities if not _is_overruled(e, self.entities)]
        found = [e for e in find_entities(self.text) if not any(overlap(e, k) for k in kept)]
        ordered = sorted([*kept, *found], key=lambda e: (e["offset"], -e["length"]))
        return FormattedText(self.text, tuple(ordered[:ENTITY_LIMIT]))

    def json(self, text: str = "text", entities: str = "entities") -> dict[str, Any]:
        """Render it as the two fields of a message."""
        return {text: self.text} | ({entities: list(self.entities)} if self.entities else {})


def find_entities(text: str) -> list[Entity]:
    """Find commands, mentions, links and hashtags, as Telegram does in every message."""
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in AUTOMATIC.finditer(text)
    ]


def overlap(one: Entity, other: Entity) -> bool:
    """Tell whether two entities share a part of the text."""
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _is_overruled(entity: Entity, entities: tuple[Entity, ...]) -> bool:
    """Tell whether code or preformatted text takes the place of `entity`."""
    if entity["type"] in PREFORMATTED | QUOTES:
        return False
    return any(other["type"] in PREFORMATTED and overlap(entity, other) for other in entities)


@dataclass(slots=True)
class Draft:
    """Gather a text and its entities while markup is being parsed."""

    parts: list[str] = field(default_factory=list)
    units: int = 0
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append plain text."""
        self.parts.append(text)
        self.units += utf16_length(text)

    def mark(self, kind: str, start: int, **extra: Any) -> None:
        """Mark everything since `start`, unless there is nothing."""
        if self.units > start:
            span = {"type": kind, "offset": start, "length": self.units - start}
            self.entities.append(span | extra)

    def since(self, start: int) -> str:
        """Return the text since `start`."""
        return utf16_slice("".join(self.parts), start, self.units - start)

    def finish(self) -> FormattedText:
        """Close the draft, its entities in Telegram's order."""
        ordered = sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))
        return FormattedText("".join(self.parts), tuple(ordered))
