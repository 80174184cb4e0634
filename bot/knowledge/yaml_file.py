"""Read one YAML file written by people: plain values, a line for each, and no surprises.

Only what a knowledge file needs is let in: UTF-8 text up to a size, mappings with unlike text keys,
lists and plain scalars. Aliases, anchors, tags and deep nesting are refused before anything is
built, so hostile input costs no more than reading it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.knowledge.problems import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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


class _RefusedError(Exception):
    """Carry the line and the reason why a file is not read further."""

    def __init__(self, line: int, text: str) -> None:
        self.line = line
        self.text = text
        super().__init__(text)


def read_yaml(path: Path, name: str) -> YamlFile:
    """Read a file; whatever is wrong with it becomes one problem under `name`."""
    try:
        text = _text(path)
        _scan(text)
        return _build(text, name)
    except _RefusedError as refused:
        return _broken(name, refused.line, refused.text)
    except yaml.MarkedYAMLError as error:
        return _broken(name, *_syntax(error))
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else "unreadable"
        return _broken(name, 0, f"is not valid YAML ({first}). Mend or remove that character.")


def _broken(name: str, line: int, text: str) -> YamlFile:
    return YamlFile(name, problems=(Problem(name, line, "", text),))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = f"can't be read ({error.strerror}). Check that it is a readable file."
        raise _RefusedError(0, reason) from error
    if len(raw) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise _RefusedError(0, f"is larger than {limit} MB. Split it into one file a topic.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _RefusedError(line, "is not UTF-8 text. Save the file as UTF-8.") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _RefusedError(line, "is a binary file. Knowledge files are UTF-8 text.")
    return text


def _scan(text: str) -> None:
    """Refuse what would be costly or surprising to build, looking at one event at a time."""
    depth = documents = 0
    for event in yaml.parse(text, _LOADER):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if documents > 1:
            raise _RefusedError(line, "holds a second document. Remove the line '---'.")
        if depth > MAX_DEPTH:
            raise _RefusedError(line, f"is nested over {MAX_DEPTH} levels. Check the brackets.")
        _refuse_references(event, line)


def _refuse_references(event: yaml.Event, line: int) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _RefusedError(
            line, "uses an anchor (&) or alias (*). Write the value out, or quote the text."
        )
    if getattr(event, "tag", None):
        raise _RefusedError(line, "uses a tag (!). Quote the text if it should start with '!'.")


def _syntax(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    mark = error.problem_mark or error.context_mark
    problem = (error.problem or error.context or "unreadable").rstrip(".")
    remedy = "Check the indentation and quote texts that hold ': ' or ' #', or start with @ % * & ! `."
    return (mark.line + 1 if mark else 0), f"is not valid YAML ({problem}). {remedy}"


def _build(text: str, name: str) -> YamlFile:
    node = yaml.compose(text, _LOADER)
    lines: dict[Location, int] = {}
    problems: list[Problem] = []
    loader = yaml.SafeLoader("")
    value = None if node is None else _value(node, (), lines, problems, loader, name)
    if problems:
        return YamlFile(name, problems=tuple(problems))
    return YamlFile(name, value, lines)


def _value(  # noqa: PLR0913 - a recursion over nodes that fills two collections
    node: yaml.Node,
    place: Location,
    lines: dict[Location, int],
    problems: list[Problem],
    loader: yaml.SafeLoader,
    name: str,
) -> object:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*place, index), lines, problems, loader, name)
            for index, item in enumerate(node.value)
        ]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, loader)
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in mapping:
            text = f"has the key '{key}' twice. Keep one of them."
            problems.append(Problem(name, line, "", text))
        lines[(*place, key)] = line
        mapping[key] = _value(value_node, (*place, key), lines, problems, loader, name)
    return mapping


def _scalar(node: yaml.Node, loader: yaml.SafeLoader) -> object:
    """Read dates, whole numbers, yes/no and nothing as such; everything else is text."""
    kind = node.tag.rpartition(":")[2]
    if kind in {"bool", "null", "int", "timestamp"}:
        return loader.construct_object(node)  # type: ignore[no-untyped-call]
    return node.value
