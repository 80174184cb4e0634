"""Find where the parts of a YAML text stand, so that new text can be put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT_LINE = re.compile(r"(?P<indent>[ \t]*)#[^\r\n]*")
_LINE_END = re.compile(r"\r?\n|\Z")


def compose(text: str) -> yaml.MappingNode:
    """Return the nodes of a text that is known to be a mapping."""
    node = yaml.compose(text, _LOADER)
    if not isinstance(node, yaml.MappingNode):
        raise TypeError
    return node


def value(mapping: yaml.Node, key: str) -> yaml.Node | None:
    """Return the value of a key of a mapping, or None."""
    return next((found for name, found in mapping.value if name.value == key), None)


def listed(mapping: yaml.Node, key: str) -> yaml.SequenceNode:
    """Return the value of a key that is known to be a list."""
    found = value(mapping, key)
    if not isinstance(found, yaml.SequenceNode):
        raise TypeError
    return found


def is_flow(node: yaml.Node) -> bool:
    """Tell whether a part is a list in brackets or a mapping in braces."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def newline(text: str) -> str:
    """Return the line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, index: int) -> int:
    """Return where the line of a position begins."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Return where the line of a position ends, before its line break."""
    found = _LINE_END.search(text, index)
    return found.start() if found else len(text)


def column(text: str, node: yaml.Node) -> int:
    """Return how many characters stand before a part on its line."""
    start: int = node.start_mark.index
    return start - line_start(text, start)


def spans(node: yaml.Node) -> list[tuple[int, int]]:
    """Return where each item of a list, or pair of a mapping, begins and ends."""
    if isinstance(node, yaml.MappingNode):
        return [(key.start_mark.index, item.end_mark.index) for key, item in node.value]
    return [(item.start_mark.index, item.end_mark.index) for item in node.value]


def content_end(text: str, node: yaml.Node) -> int:
    """Return where a part ends, without the blank lines and comments that YAML counts to it."""
    start: int = node.start_mark.index
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode):
        is_block = node.style in {"|", ">"}
        return start + len(text[start:end].rstrip()) if is_block else end
    if is_flow(node):
        return end
    return max(content_end(text, child) for child in _children(node))


def after(text: str, node: yaml.Node, indent: int) -> int:
    """Return the end of the line on which a part ends, or of the comments below that belong to it.

    They do if they are indented by more than `indent` characters.
    """
    end = line_end(text, content_end(text, node))
    while end < len(text):
        start = text.index("\n", end) + 1
        comment = _COMMENT_LINE.match(text, start)
        if not comment or len(comment["indent"]) <= indent:
            break
        end = line_end(text, comment.end())
    return end


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    for item in node.value:
        if isinstance(item, tuple):
            yield from item
        else:
            yield item
