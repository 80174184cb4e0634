"""Say in plain words what keeps a text from being YAML, for people who never heard of YAML.

The parser tells where it gave up, which is often below the mistake, and why, in words of its own.
The lines around that place tell which of the usual mistakes it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SIGNS = "@`%*&![]{}"
_ODD_SPACE = re.compile(r"[^\S \n\r]")
_INDENT = re.compile(r"\s*")
_KEY = re.compile(r"\s*(?:- +)*[\w-]+ *:\s+")
_ITEM = re.compile(r"\s*(?:- +)+")
_NO_SPACE_AFTER_DASH = re.compile(r"(\s*-)([^\s-].*)")
_NO_SPACE_AFTER_COLON = re.compile(r"(\s*(?:- +)*[a-z_]+:)([^\s/].*)")
_QUOTES = {"'", '"'}
_SHOWN = 50
_BEGUN = {
    "unexpected end": "a text begins with a quote and never ends. Put one at its end, too.",
    "flow": (
        "what begins with [ or { here isn't whole. Put a comma between its parts and ] or } at its "
        "end. If it is a text, put quotes around it."
    ),
    "simple key": (
        "the line has no ': ' after its first word. If it goes on with the text above, give it as "
        "many spaces as the first line of that text, and more than the key has."
    ),
}
_GIVEN_UP = {
    "escape": "\\ in double quotes means something else. Put single quotes around the text.",
    "block scalar": "a text stands right after | or >. Begin it on the next line, two spaces in.",
    "block sequence entries": (
        "a list begins on the line of its key. Begin it on the next line, or quote the text."
    ),
}
"""Remedies by words of the parser: for the line where it began a part, and where it gave up."""

Fault = tuple[int, str]
"""A line, counted from 0, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """Hold the lines, those where the parser gave up and where the part began, and its words.

    `quoted` is where the last text in quotes before that begins and ends, as lines and columns.
    """

    lines: Sequence[str]
    at: int
    column: int
    since: int
    words: str
    quoted: tuple[int, int, int] | None

    def line(self, number: int) -> str:
        """Return a line, empty where there is none."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def above(self, number: int) -> int:
        """Return the number of the nearest line above that isn't empty, or -1."""
        written = (each for each in range(number - 1, -1, -1) if self.lines[each].strip())
        return next(written, -1)


def explain(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """Return the line (from 1) of the mistake that the parser failed over, and how to mend it."""
    failure = _failure(text, error)
    for look in _LOOKS:
        if fault := look(failure):
            return fault[0] + 1, f"is not valid YAML: {fault[1]}"
    fault_words = (error.problem or error.context or "unreadable").rstrip(".")
    return failure.at + 1, (
        f"is not valid YAML ({fault_words}). Check the spaces at the beginning of the line, and "
        "put quotes around texts that hold ': ' or ' #' or begin with a sign."
    )


def begins_with(sign: str) -> str:
    """Say how to mend a text whose first sign means something else in YAML."""
    return f"a text may not begin with {sign}. Put quotes around the whole text."


def in_quotes(text: str) -> str:
    """Return a text as YAML writes it in quotes, shortened for showing."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    if "'" in short and not set(short) & set('"\\'):
        return f'"{short}"'
    doubled = short.replace("'", "''")
    return f"'{doubled}'"


def _failure(text: str, error: yaml.MarkedYAMLError) -> _Failure:
    lines = text.splitlines() or [""]
    problem = error.problem_mark or error.context_mark
    begun = error.context_mark or problem
    at = min(problem.line if problem else 0, len(lines) - 1)
    words = f"{error.context}: {error.problem}"
    since = min(begun.line, at) if begun else at
    column = problem.column if problem else 0
    return _Failure(lines, at, column, since, words, _last_quoted(text))


def _last_quoted(text: str) -> tuple[int, int, int] | None:
    """Return the first line of the last text in quotes that could be read, its last, and its end.

    None where nothing in quotes stands right before the place at which the reading ends.
    """
    last = None
    try:
        for event in yaml.parse(text, LOADER):
            last = event
    except yaml.YAMLError:
        if not isinstance(last, yaml.ScalarEvent) or last.style not in _QUOTES:
            return None
        if last.start_mark and last.end_mark:
            return last.start_mark.line, last.end_mark.line, last.end_mark.column
    return None


def _odd_indent(failure: _Failure) -> Fault | None:
    for number in (failure.at, failure.above(failure.at), failure.since):
        if odd := _ODD_SPACE.search(_INDENT.match(failure.line(number))[0]):  # type: ignore[index]
            what = "a tab" if odd[0] == "\t" else "a special space, which looks like a plain one"
            return number, f"the line begins with {what}. Put plain spaces in its place."
    return None


def _after_quote(failure: _Failure) -> Fault | None:
    if not failure.quoted or failure.quoted[1] != failure.at:
        return None
    first, last, end = failure.quoted
    if failure.column < end:
        return None
    if first != last:
        return first, (
            f"a text in quotes begins here and ends only in line {last + 1}. Put the quote where "
            "it should end."
        )
    return last, (
        "the text goes on after its closing quote. Put quotes around the whole of it, and write "
        "'' for each ' inside single quotes, or \\\" for each \" inside double ones."
    )


def _no_space(failure: _Failure) -> Fault | None:
    for number in dict.fromkeys((failure.since, failure.above(failure.at), failure.at)):
        for pattern, sign in ((_NO_SPACE_AFTER_DASH, "-"), (_NO_SPACE_AFTER_COLON, ":")):
            if found := pattern.fullmatch(failure.line(number)):
                written = f"{found[1].strip()} {found[2]}"[:_SHOWN]
                return number, f"a space is missing after '{sign}'. Write: {written}"
    return None


def _first_sign(failure: _Failure) -> Fault | None:
    line = failure.line(failure.at)
    value = line[(_KEY.match(line) or _ITEM.match(line) or _INDENT.match(line)).end() :]  # type: ignore[union-attr]
    if value[:1] in _SIGNS and value[:1]:
        return failure.at, f"{begins_with(value[0])} Write: {in_quotes(value)}"
    return None


def _by_words(failure: _Failure) -> Fault | None:
    for remedies, line in ((_BEGUN, failure.since), (_GIVEN_UP, failure.at)):
        for words, remedy in remedies.items():
            if words in failure.words:
                return line, remedy
    return None


def _second_colon(failure: _Failure) -> Fault | None:
    line = failure.line(failure.at)
    key = _KEY.match(line)
    if "mapping values" not in failure.words or not key or failure.column < key.end():
        return None
    value = line[key.end() :]
    return failure.at, f"the text holds ': '. Put quotes around it: {in_quotes(value)}"


def _indent(failure: _Failure) -> Fault | None:
    above = failure.above(failure.at)
    if above < 0 or not any(
        each in failure.words for each in ("mapping values", "expected key", "'-' ind", "block end")
    ):
        return None
    numbers = failure.at, above
    here, there = (len(_INDENT.match(failure.line(each))[0]) for each in numbers)  # type: ignore[index]
    item = None if _ITEM.match(failure.line(failure.at)) else _ITEM.match(failure.line(above))
    beginning = f"{item.end()}, its '-' counted" if item else str(there)
    return failure.at, (
        f"the line begins with {_spaces(here)}, line {above + 1} above it with {beginning}. Lines "
        "that belong together begin with the same number of spaces."
    )


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


_LOOKS: tuple[Callable[[_Failure], Fault | None], ...] = (
    _odd_indent,
    _after_quote,
    _no_space,
    _by_words,
    _second_colon,
    _first_sign,
    _indent,
)
