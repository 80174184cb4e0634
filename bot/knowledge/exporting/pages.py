"""Change the text of knowledge files: only what is new is written, everything else stays."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

import yaml

from bot.knowledge.entry import Entry, Topic
from bot.knowledge.exporting.layout import (
    Style,
    entry_lines,
    flow_entry,
    flow_list,
    flow_scalar,
    list_lines,
    scalar,
)
from bot.knowledge.exporting.lists import append_block, append_flow, dash, remove
from bot.knowledge.exporting.positions import (
    after,
    column,
    compose,
    content_end,
    is_flow,
    listed,
    newline,
    value,
)

UNANSWERED_HEADER = "# Questions that people ask and that nothing here answers."
SCHEMA_HEADER = "# yaml-language-server: $schema=../schema.json"
_DEFAULT_ORDER = Topic("", "", "").order
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_BEFORE_ALTERNATES = ("id", "question", "subject", "facet")


def with_alternates(text: str, entry_id: str, phrases: Sequence[str]) -> str:
    """Return the text of a topic's file with more alternates for an entry."""
    entries = listed(compose(text), "entries")
    entry = next(each for each in entries.value if _id(each) == entry_id)
    alternates = value(entry, "alternates")
    if isinstance(alternates, yaml.SequenceNode):
        return _with_items(text, alternates, phrases)
    if is_flow(entry):
        return append_flow(text, entry, [f"alternates: {flow_list(phrases)}"])
    before = [item for key, item in entry.value if key.value in _BEFORE_ALTERNATES]
    indent = column(text, entry)
    place = max(after(text, item, indent) for item in before)
    lines = list_lines("alternates", phrases, _style(text, entries))
    end = newline(text)
    return text[:place] + end + " " * indent + _indented(lines, indent, end) + text[place:]


def with_entries(text: str, new: Sequence[Entry]) -> str:
    """Return the text of a topic's file with more entries below the others."""
    entries = listed(compose(text), "entries")
    if is_flow(entries):
        return append_flow(text, entries, [flow_entry(entry) for entry in new])
    last = entries.value[-1]
    if is_flow(last):
        return append_block(text, entries, [flow_entry(entry) for entry in new])
    style = _style(text, entries)
    indent = len(dash(text, entries))
    items = [_indented(entry_lines(entry, style), indent, newline(text)) for entry in new]
    return append_block(text, entries, items, is_spaced=style.is_spaced)


def new_topic_file(topic: Topic, entries: Sequence[Entry], *, has_schema: bool) -> str:
    """Return the text of a file for a new topic."""
    lines = [SCHEMA_HEADER] if has_schema else []
    lines.append(f"topic: {scalar(topic.title)}")
    if topic.order != _DEFAULT_ORDER:
        lines.append(f"order: {topic.order}")
    items = [_indented(entry_lines(entry, Style()), 4, "\n") for entry in entries]
    body = "\n\n".join(f"  - {item}" for item in items)
    return "\n".join([*lines, "entries:", f"{body}\n"])


def with_questions(text: str | None, questions: Sequence[str]) -> str:
    """Return the text of a file of unanswered questions with more of them, or of a new one."""
    if text is None:
        lines = [UNANSWERED_HEADER, *list_lines("unanswered", questions, Style())]
        return "\n".join(lines) + "\n"
    return _with_items(text, listed(compose(text), "unanswered"), questions)


def without_questions(text: str, numbers: Container[int]) -> str:
    """Return the text of a file of unanswered questions without some of them, counted from 0."""
    return remove(text, listed(compose(text), "unanswered"), numbers)


def with_paragraphs(text: str | None, title: str, paragraphs: Sequence[str]) -> str:
    """Return the text of a document with paragraphs below the others, or of a new document."""
    if text is None:
        return "\n\n".join([f"# {title}", *paragraphs]) + "\n"
    end = newline(text)
    added = (end * 2).join(paragraph.replace("\n", end) for paragraph in paragraphs)
    if not text.endswith("\n"):
        return text + end * 2 * bool(text) + added
    return text + end * (not text.endswith(end * 2)) + added + end


def _with_items(text: str, node: yaml.SequenceNode, texts: Sequence[str]) -> str:
    if is_flow(node):
        return append_flow(text, node, [flow_scalar(each) for each in texts])
    return append_block(text, node, [scalar(each) for each in texts])


def _indented(lines: Sequence[str], indent: int, end: str) -> str:
    """Return lines as they stand behind a dash or an indent that is there already."""
    return end.join(f"{' ' * indent}{line}" if line else "" for line in lines).lstrip(" ")


def _id(entry: yaml.Node) -> str:
    found = value(entry, "id")
    return str(found.value) if found else ""


def _style(text: str, entries: yaml.SequenceNode) -> Style:
    """Return how the entries of a file look, the last ones before the earlier."""
    list_indent: int | None = Style().list_indent
    answer_indent = Style().answer_indent
    for entry in entries.value:
        alternates, answer = value(entry, "alternates"), value(entry, "answer")
        if alternates and alternates.value and not is_flow(entry):
            is_block = not is_flow(alternates)
            list_indent = column(text, alternates) - column(text, entry) if is_block else None
        if isinstance(answer, yaml.ScalarNode) and answer.style == "|":
            answer_indent = _indent(text, answer) - column(text, entry)
    return Style(list_indent, answer_indent, _is_spaced(text, entries))


def _indent(text: str, answer: yaml.ScalarNode) -> int:
    """Return how far the lines of a literal text are indented."""
    below = text[answer.start_mark.index : content_end(text, answer)].split("\n")[1:]
    return min(len(line) - len(line.lstrip(" ")) for line in below if line.strip())


def _is_spaced(text: str, entries: yaml.SequenceNode) -> bool:
    """Tell whether a blank line parts the entries; a lone one says nothing."""
    if len(entries.value) == 1:
        return True
    *_, before, last = entries.value
    return bool(_BLANK_LINE.search(text, content_end(text, before), last.start_mark.index))
