"""Read one YAML file written by people: plain values, a line for each, and no surprises.

Only what a knowledge file needs is let in: UTF-8 text up to a size, mappings with unlike text
keys, lists and text. A scalar is always text, so that `yes`, `12:30` or `2024` mean what they say;
whoever gives the value a shape turns `true` and `7` into what they stand for. Aliases, anchors,
tags and deep nesting are refused before anything is built: hostile input costs its reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import read_text, refuse
from bot.knowledge.yaml_syntax import LOADER, begins_with, explain

CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Finds a character that YAML can't hold."""
MAX_BYTES = 2_000_000
MAX_DEPTH = 12
MAX_VALUES = 100_000
_NULL = "tag:yaml.org,2002:null"
_ITEM = re.compile(r"\s*-\s")

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlFile:
    """Hold a file's value and the line (from 1) on which each part of it begins.

    `problems` are those of YAML itself; with any of them `value` is None.
    """

    name: str
    value: object = None
    lines: dict[Location, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, location: Location) -> int:
        """Return the line of a part, or of the nearest part around it, or 0."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.lines:
                return self.lines[location[:end]]
        return 0


def read_yaml(path: Path, name: str) -> YamlFile:
    """Read a file; whatever is wrong with it becomes a problem under `name`."""
    try:
        return _parse(read_text(path, name, MAX_BYTES), name)
    except KnowledgeError as error:
        return YamlFile(name, problems=error.problems)


def _parse(text: str, name: str) -> YamlFile:
    if control := CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        refuse(name, line, f"holds the control character {control[0]!r}. Remove it.")
    try:
        _scan(text, name)
        return _Builder(name).build(text)
    except yaml.MarkedYAMLError as error:
        refuse(name, *explain(text, error))


def _scan(text: str, name: str) -> None:
    """Refuse what would be costly or surprising to build, looking at one event at a time."""
    depth = documents = values = 0
    for event in yaml.parse(text, LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        documents += isinstance(event, yaml.DocumentStartEvent)
        values += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            refuse(name, line, "holds a second document. Remove the line '---'.")
        if depth > MAX_DEPTH:
            refuse(name, line, f"is nested over {MAX_DEPTH} levels. Check the brackets.")
        if values > MAX_VALUES:
            refuse(name, line, f"holds over {MAX_VALUES:,} values. Split it into one file a topic.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            refuse(name, line, f"is not YAML that Majlis reads: {begins_with(sign)}")
        if getattr(event, "tag", None):
            refuse(name, line, f"is not YAML that Majlis reads: {begins_with('!')}")


class _Builder:
    """Turn the nodes of one file into plain values, noting lines and repeated keys."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._written: list[str] = []
        self._lines: dict[Location, int] = {}
        self._problems: list[Problem] = []

    def build(self, text: str) -> YamlFile:
        node = yaml.compose(text, LOADER)
        self._written = text.splitlines()
        value = None if node is None else self._value(node, ())
        if self._problems:
            return YamlFile(self._name, problems=tuple(self._problems))
        return YamlFile(self._name, value, self._lines)

    def _value(self, node: yaml.Node, place: Location) -> object:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*place, i)) for i, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and not node.style:
            self._refuse_swallowed(node)
        return None if node.tag == _NULL else node.value

    def _refuse_swallowed(self, node: yaml.ScalarNode) -> None:
        """Refuse an item that YAML takes for a part of the text above: nobody means that."""
        for number in range(node.start_mark.line + 1, node.end_mark.line + 1):
            if self._written[number : number + 1] and _ITEM.match(self._written[number]):
                text = (
                    "begins with '-', but counts as a part of the text above it. Give it as many "
                    "spaces as the lines with '-' that it belongs to."
                )
                self._problems.append(Problem(self._name, number + 1, "", text))

    def _mapping(self, node: yaml.MappingNode, place: Location) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                text = "has a list or mapping as a key. Quote texts that begin with [ or {."
                self._problems.append(Problem(self._name, line, "", text))
                continue
            key = key_node.value
            if key in mapping:
                text = (
                    f"has the key '{key}' twice (first in line {self._lines[(*place, key)]}). Keep "
                    "one of them, or begin a new item with '- '."
                )
                self._problems.append(Problem(self._name, line, "", text))
            self._lines.setdefault((*place, key), line)
            mapping[key] = self._value(value_node, (*place, key))
        return mapping
