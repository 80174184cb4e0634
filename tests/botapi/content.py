"""What a message says: text, captions and entities within the limits of the API."""

from itertools import accumulate
from typing import Any, NoReturn

from .errors import refuse
from .parse_html import parse_html
from .parse_markdown import parse_markdown
from .text import Entity, FormattedText, utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    }
)
COMPANIONS = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}


def read_text(parameters: dict[str, Any], field: str = "text") -> FormattedText:
    """Read the text of a message: parsed, trimmed, neither empty nor too long."""
    source = parameters.get(field, "")
    if not source:
        refuse("message text is empty")
    formatted = _read(source, parameters, "entities")
    if not formatted.text:
        refuse("text must be non-empty")
    if utf16_length(formatted.text) > TEXT_LIMIT:
        refuse("message is too long")
    return formatted


def read_caption(parameters: dict[str, Any]) -> FormattedText:
    """Read the caption of a photo or a document, which may be empty."""
    formatted = _read(parameters.get("caption", ""), parameters, "caption_entities")
    if utf16_length(formatted.text) > CAPTION_LIMIT:
        refuse("message caption is too long")
    return formatted


def _read(source: str, parameters: dict[str, Any], entities: str) -> FormattedText:
    mode = parameters.get("parse_mode", "").lower()
    if mode == "html":
        formatted = parse_html(source)
    elif mode == "markdownv2":
        formatted = parse_markdown(source)
    elif mode:
        refuse("unsupported parse_mode")
    else:
        formatted = FormattedText(source, _check_entities(source, parameters.get(entities, [])))
    return formatted.trimmed().completed()


def _check_entities(text: str, entities: list[Entity]) -> tuple[Entity, ...]:
    """Refuse entities that don't lie within the text or cut a character or each other."""
    for entity in entities:
        _check_kind(entity)
        _check_span(text, entity)
    kept = [entity for entity in entities if entity["length"]]
    ordered = sorted(kept, key=lambda e: (e["offset"], -e["length"]))
    for index, entity in enumerate(ordered):
        for later in ordered[index + 1 :]:
            if entity["offset"] + entity["length"] in _inside(later):
                _refuse_end(later)
    return tuple(ordered)


def _check_kind(entity: Entity) -> None:
    kind = entity["type"]
    if kind not in ENTITY_TYPES:
        refuse("can't parse MessageEntity: Unsupported type specified")
    if kind in COMPANIONS and COMPANIONS[kind] not in entity:
        refuse(f"can't parse MessageEntity: Can't find field \"{COMPANIONS[kind]}\"")


def _check_span(text: str, entity: Entity) -> None:
    offset, length = entity["offset"], entity["length"]
    if offset < 0 or length < 0:
        refuse("receive an entity with incorrect offset or length")
    if offset > utf16_length(text):
        refuse(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > utf16_length(text):
        _refuse_end(entity)
    edges = {*accumulate((utf16_length(char) for char in text), initial=0)}
    if offset not in edges:
        refuse(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
    if offset + length not in edges:
        refuse(
            f"entity beginning at UTF-16 offset {offset}"
            f" ends in a middle of a UTF-16 symbol at UTF-16 offset {offset + length}"
        )


def _inside(entity: Entity) -> range:
    return range(entity["offset"] + 1, entity["offset"] + entity["length"])


def _refuse_end(entity: Entity) -> NoReturn:
    offset, end = entity["offset"], entity["offset"] + entity["length"]
    refuse(
        f"entity beginning at UTF-16 offset {offset}"
        f" ends after the end of the text at UTF-16 offset {end}"
    )
