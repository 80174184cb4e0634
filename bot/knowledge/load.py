"""Build a KnowledgeBase from a folder, or report everything that keeps it from being built."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from bot.knowledge.problems import KnowledgeError
from bot.knowledge.documents import read_documents
from bot.knowledge.entry import Entry, KnowledgeBase, Source, Topic
from bot.knowledge.file_format import EntryFormat, TopicFormat
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import Phrases, Unanswered, Wordings
from bot.knowledge.yaml_file import Location, YamlFile, read_yaml

DEFAULT_LANGUAGE = "en"
WORDINGS = "_wordings.yaml"
PHRASES = "_phrases.yaml"
UNANSWERED = "_unanswered.yaml"
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")
_Format = TypeVar("_Format", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold a knowledge base with the line of each entry's parts, for those who check it."""

    knowledge: KnowledgeBase
    files: Mapping[tuple[str, str], YamlFile]

    def problem(self, entry: Entry, text: str, *place: str | int, advice: bool = False) -> Problem:
        """Return a problem at a part of an entry, such as `"alternates", 3`."""
        file = self.files[(entry.language, entry.topic)]
        line = file.line(("entries", self._position(file, entry), *place))
        return Problem(file.name, line, entry.id, text, "advice" if advice else "broken")

    def _position(self, file: YamlFile, entry: Entry) -> int:
        written: Any = file.value
        ids = [each.get("id") for each in written["entries"]]
        return ids.index(entry.id)


def load(folder: Path, seeds: Path, fallback: Path | None = None) -> Loaded:
    """Read every language of a knowledge folder and the documents it cites.

    `fallback` is the folder whose wordings and phrases serve languages that bring none of their
    own. Raises KnowledgeError with every problem found.
    """
    problems: list[Problem] = []
    entries: list[Entry] = []
    topics: list[Topic] = []
    files: dict[tuple[str, str], YamlFile] = {}
    for language in _languages(folder, problems):
        for path in sorted((folder / language).glob("*.yaml")):
            if path.name.startswith("_"):
                continue
            file = read_yaml(path, f"{folder.name}/{language}/{path.name}")
            problems += file.problems
            files[(language, path.stem)] = file
            if (topic := validate(file, TopicFormat, problems)) is not None:
                topics.append(Topic(path.stem, language, topic.topic))
                entries += [_entry(each, path.stem, language) for each in topic.entries]
    problems += _repeated_ids(entries, files)
    wordings = _fixed_texts((fallback, folder), WORDINGS, Wordings, problems)
    phrases = _fixed_texts((fallback, folder), PHRASES, Phrases, problems)
    unanswered = _fixed_texts((folder,), UNANSWERED, Unanswered, problems)
    problems += [
        Problem(f"{folder.name}/{DEFAULT_LANGUAGE}/{name}", 0, "", "is missing.")
        for name, found in ((WORDINGS, wordings), (PHRASES, phrases))
        if not found and not problems
    ]
    if not entries and not problems:
        text = f"holds no entries. Add a file such as {DEFAULT_LANGUAGE}/topic.yaml (see the README)."
        problems.append(Problem(folder.name, 0, "", text))
    if problems:
        raise KnowledgeError(sorted(problems))
    knowledge = KnowledgeBase(
        entries=tuple(entries),
        topics=tuple(topics),
        wordings=wordings,
        phrases=phrases,
        unanswered={code: tuple(each.unanswered) for code, each in unanswered.items()},
        documents=read_documents(seeds),
        version=_version(folder, seeds),
        default_language=_default_language(entries),
    )
    return Loaded(knowledge, files)


def validate(file: YamlFile, shape: type[_Format], problems: list[Problem]) -> _Format | None:
    """Return a file's value in its shape, or add what is wrong with it to `problems`."""
    if file.problems:
        return None
    if not isinstance(file.value, dict):
        keys = " and ".join(f"'{name}:'" for name in list(shape.model_fields)[:2])
        text = f"is empty or not a mapping. Begin with {keys}."
        problems.append(Problem(file.name, 1, "", text))
        return None
    try:
        return shape.model_validate(file.value)
    except ValidationError as error:
        problems += [_shape_problem(file, shape, each) for each in error.errors()]
        return None


def _languages(folder: Path, problems: list[Problem]) -> list[str]:
    if not folder.is_dir():
        text = "is not a folder. Give the folder that holds en/ with your knowledge files."
        problems.append(Problem(str(folder), 0, "", text))
        return []
    found = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [name for name in found if _LANGUAGE.match(name)]


def _default_language(entries: Iterable[Entry]) -> str:
    languages = dict.fromkeys(entry.language for entry in entries)
    return DEFAULT_LANGUAGE if DEFAULT_LANGUAGE in languages else next(iter(languages))


def _entry(written: EntryFormat, topic: str, language: str) -> Entry:
    return Entry(
        id=written.id,
        topic=topic,
        language=language,
        question=written.question,
        answer=written.answer,
        sources=tuple(Source(each.document, each.paragraph) for each in written.sources),
        alternates=tuple(written.alternates),
        negatives=tuple(written.negatives),
        related=tuple(written.related),
        subject=written.subject.strip(),
        facet=written.facet,
        follow_ups=tuple(written.follow_ups.items()),
        excused=tuple(written.excused),
        review=written.review,
        review_by=written.review_by,
    )


def _repeated_ids(
    entries: Iterable[Entry], files: Mapping[tuple[str, str], YamlFile]
) -> list[Problem]:
    first: dict[tuple[str, str], str] = {}
    problems: list[Problem] = []
    places: dict[tuple[str, str], int] = {}
    for entry in entries:
        file = files[(entry.language, entry.topic)]
        position = places.get((entry.language, entry.topic), 0)
        places[(entry.language, entry.topic)] = position + 1
        line = file.line(("entries", position, "id"))
        key = (entry.language, entry.id)
        if key in first:
            text = f"has the id of the entry at {first[key]}. Give one of them another id."
            problems.append(Problem(file.name, line, entry.id, text))
        first.setdefault(key, f"{file.name}:{line}")
    return problems


def _fixed_texts(
    folders: Iterable[Path | None],
    name: str,
    shape: type[_Format],
    problems: list[Problem],
) -> dict[str, _Format]:
    """Read a fixed file of every language; those of later folders win."""
    texts: dict[str, _Format] = {}
    for root in filter(None, folders):
        for path in sorted(root.glob(f"*/{name}")):
            file = read_yaml(path, f"{root.name}/{path.parent.name}/{name}")
            problems += file.problems
            if (text := validate(file, shape, problems)) is not None:
                texts[path.parent.name] = text
    return texts


def _version(folder: Path, seeds: Path) -> str:
    """Return twelve hex digits that change with any byte the bot could say."""
    digest = hashlib.sha256()
    files = [*sorted(folder.glob("*/*.yaml"))]
    files += sorted(path for path in seeds.glob("*") if path.suffix in {".txt", ".md"})
    for path in files:
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _shape_problem(file: YamlFile, shape: type[BaseModel], error: ErrorDetails) -> Problem:
    place = tuple(part for part in error["loc"] if _is_place(part))
    return Problem(file.name, file.line(place), _entry_id(file, place), _remedy(shape, error))


def _is_place(part: str | int) -> bool:
    """Leave out the names pydantic gives to the members of a union."""
    return isinstance(part, int) or not (part[:1].isupper() or "[" in part)


def _entry_id(file: YamlFile, place: Location) -> str:
    written: Any = file.value
    try:
        return str(written["entries"][place[1]]["id"])
    except (KeyError, IndexError, TypeError):
        return f"entry {int(place[1]) + 1}" if len(place) > 1 and place[0] == "entries" else ""


def _remedy(shape: type[BaseModel], error: ErrorDetails) -> str:
    name = next((str(p) for p in reversed(error["loc"]) if isinstance(p, str) and _is_place(p)), "")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return f"has the unknown key '{name}'.{_did_you_mean(name, shape)}"
    if kind == "missing":
        return f"lacks '{name}'. Add the line '{name}: …'."
    if name == "id" and kind.startswith("string_"):
        return f"has the id {error['input']!r}. Use small letters, digits and hyphens: office-hours."
    if kind == "string_too_short" or kind == "too_short":
        return f"has nothing in '{name}'. Fill it in, or remove the entry."
    if kind == "string_too_long":
        return f"has over {context['max_length']} characters in '{name}'. Make it shorter."
    if kind == "literal_error":
        return f"has {error['input']!r} as '{name}'. Use one of {context['expected']}."
    return f"has a wrong value in '{name}': {_plain(error)}"


def _plain(error: ErrorDetails) -> str:
    expected = {
        "string_type": "write text here (in quotes if it is a number or yes/no).",
        "list_type": "write a list here, one item a line, each after '- '.",
        "int_type": "write a whole number.",
        "int_parsing": "write a whole number.",
        "greater_than_equal": "count from 1.",
        "bool_parsing": "write true or false.",
        "model_type": "write keys and values here, such as {document: handbook.md, paragraph: 1}.",
        "date_from_datetime_parsing": "write a day as YYYY-MM-DD.",
        "date_parsing": "write a day as YYYY-MM-DD.",
        "dict_type": "write keys and values here, one a line.",
    }
    return expected.get(error["type"], f"{error['msg']}.")


def _did_you_mean(name: str, shape: type[BaseModel]) -> str:
    known = _known_keys(shape)
    best = process.extractOne(name.lower(), known, score_cutoff=60)
    if best is None:
        return f" Known keys: {', '.join(sorted(known))}."
    return f" Did you mean '{best[0]}'?"


def _known_keys(shape: type[BaseModel]) -> set[str]:
    definitions = shape.model_json_schema()
    parts = [definitions, *definitions.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
