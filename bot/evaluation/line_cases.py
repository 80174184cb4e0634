"""Read utterances from JSON lines: {"text": …, "entry": …}, one a line.

`entry` is an entry's id, or null, "__oos__" or "out_of_scope" out of scope; `intent` may stand in
its place. `lang` and `split` may be missing; other keys are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.evaluation.case import OUT_OF_SCOPE, Case
from bot.evaluation.files import is_out_of_scope
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import read_text

MAX_BYTES = 100_000_000
_ENTRY = ("entry", "intent")


def read_line_cases(path: Path, language: str | None, problems: list[Problem]) -> list[Case]:
    """Return the cases of a file; what is wrong with it is added to `problems`.

    The lines of a file that is out of scope by its name need no entry, and theirs doesn't count.
    """
    try:
        text = read_text(path, str(path), MAX_BYTES)
    except KnowledgeError as error:
        problems += error.problems
        return []
    # splitlines() would also break at characters that JSON allows inside a text.
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        fault = 'holds no utterances. Write lines such as {"text": "…", "entry": "…"}.'
        problems.append(Problem(str(path), 0, "", fault))
    cases: list[Case] = []
    for number, line in lines:
        value, faults = _parsed(line, outside=is_out_of_scope(path))
        problems += [Problem(str(path), number, "", fault) for fault in faults]
        if not faults:
            cases.append(_case(value, path, number, language))
    return cases


def _parsed(line: str, *, outside: bool) -> tuple[Mapping[str, object], list[str]]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, [f"is not a JSON line ({error}). Write one JSON object a line."]
    if not isinstance(value, dict):
        return {}, ['is not an object. Write {"text": "…", "entry": "…"}.']
    if outside:
        value = {key: each for key, each in value.items() if key not in _ENTRY} | {"entry": None}
    return value, list(_faults(value))


def _faults(value: Mapping[str, object]) -> Iterator[str]:
    text = value.get("text")
    if not isinstance(text, str) or not text.strip():
        yield 'has no "text". Give the utterance as a string.'
    named = [value[key] for key in _ENTRY if key in value]
    if not named:
        yield 'has no "entry". Give the id of the entry that answers it, or null if none does.'
    elif not isinstance(named[0], str | None):
        yield 'has an "entry" that is neither a string nor null. Give an id, or null.'
    for key in ("lang", "split"):
        if not isinstance(value.get(key), str | None):
            yield f'has a "{key}" that is neither a string nor null. Mend it, or leave it out.'


def _case(value: Mapping[str, object], path: Path, number: int, language: str | None) -> Case:
    entry, lang, split = (
        each if isinstance(each, str) else None
        for each in (value.get("entry", value.get("intent")), value.get("lang"), value.get("split"))
    )
    inside = None if entry in OUT_OF_SCOPE else entry
    return Case(str(value["text"]), inside, str(path), number, lang or language, split)
