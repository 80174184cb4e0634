"""Put items into a list of a YAML text, or take them out, in the list's own style."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

import yaml

from bot.knowledge.exporting.positions import (
    after,
    column,
    content_end,
    line_end,
    line_start,
    newline,
    spans,
)

_COMMENT = re.compile(r"#[^\n]*")
_DASH = re.compile(r" *- +")
_ITEM = re.compile(r"[ \t]*-\s")


def append_flow(text: str, node: yaml.Node, items: Sequence[str]) -> str:
    """Add items within the brackets of a list, or pairs within the braces of a mapping.

    They go on the last line; in a list with a line for each item, on lines of their own; where
    lines are filled, on a new line once the longest one's width is reached.
    """
    places = spans(node)
    if not places:
        return _inserted(text, node.end_mark.index - 1, ", ".join(items))
    lines = {line_start(text, start) for start, _ in places}
    if len(lines) == 1:
        return _inserted(text, places[-1][1], "".join(f", {item}" for item in items))
    if len(lines) == len(places):
        return _append_own_lines(text, node, items)
    return _append_filled(text, node, items)


def append_block(
    text: str, node: yaml.SequenceNode, items: Sequence[str], *, is_spaced: bool = False
) -> str:
    """Add items below a list whose items have a dash each; they may have several lines.

    `is_spaced` puts a blank line before each.
    """
    place = after(text, node.value[-1], column(text, node))
    lead = newline(text) * (1 + is_spaced) + dash(text, node)
    return _inserted(text, place, "".join(f"{lead}{item}" for item in items))


def dash(text: str, node: yaml.SequenceNode) -> str:
    """Return the dash of the last item of a list with the spaces around it."""
    first = node.value[-1].start_mark.index
    found = _DASH.fullmatch(text, line_start(text, first), first)
    return found[0] if found else " " * column(text, node) + "- "


def remove(text: str, node: yaml.SequenceNode, numbers: Container[int]) -> str:
    """Take out the items with these numbers (from 0); a list is left empty rather than gone."""
    gone = [number for number in range(len(node.value)) if number in numbers]
    is_emptied = len(gone) == len(node.value)
    if node.flow_style:
        return _emptied(text, node) if is_emptied else _remove_flow(text, node, gone)
    for number in reversed(gone):
        item = node.value[number]
        start = line_start(text, item.start_mark.index)
        while not _ITEM.match(text, start):
            start = line_start(text, start - 1)
        end = line_end(text, content_end(text, item))
        rest = text[end:].removeprefix(newline(text))
        head = text[:start] if end < len(text) else text[:start].removesuffix(newline(text))
        text = head + rest
    if not is_emptied:
        return text
    colon = text.rindex(":", 0, node.start_mark.index) + 1
    return _inserted(text, colon, " []")


def _append_own_lines(text: str, node: yaml.Node, items: Sequence[str]) -> str:
    start, end = spans(node)[-1]
    close = node.end_mark.index - 1
    lead = newline(text) + " " * (start - line_start(text, start))
    comma = _comma(text, end, close)
    added = "".join(f"{lead}{item}," for item in items)
    if comma is None:
        text, added = _inserted(text, end, ","), added[:-1]
        comma, close = end, close + 1
    stands_alone = "\n" in text[comma:close]
    return _inserted(text, line_end(text, comma) if stands_alone else comma + 1, added)


def _append_filled(text: str, node: yaml.Node, items: Sequence[str]) -> str:
    places = spans(node)
    width = max(line_end(text, end) - line_start(text, end) for _, end in places)
    begin, end = line_start(text, places[-1][0]), places[-1][1]
    first = next(start for start, _ in places if line_start(text, start) == begin)
    used = end - begin
    added = ""
    for item in items:
        if used + len(f", {item},") <= width:
            added, used = f"{added}, {item}", used + len(f", {item}")
        else:
            added = f"{added},{newline(text)}{' ' * (first - begin)}{item}"
            used = first - begin + len(item)
    return _inserted(text, end, added)


def _comma(text: str, start: int, end: int) -> int | None:
    """Return where the comma behind a last item stands, if there is one."""
    found = _COMMENT.sub(lambda match: " " * len(match[0]), text[start:end]).find(",")
    return None if found < 0 else start + found


def _remove_flow(text: str, node: yaml.SequenceNode, gone: Sequence[int]) -> str:
    places = spans(node)
    kept = max(number for number in range(len(places)) if number not in gone)
    cuts = [(places[each][0], places[each + 1][0]) for each in gone if each < kept]
    for start, end in [(places[kept][1], places[-1][1]), *reversed(cuts)]:
        text = text[:start] + text[end:]
    return text


def _emptied(text: str, node: yaml.SequenceNode) -> str:
    return text[: node.start_mark.index] + "[]" + text[node.end_mark.index :]


def _inserted(text: str, place: int, added: str) -> str:
    return text[:place] + added + text[place:]
