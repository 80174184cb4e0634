"""Build a KnowledgeBase from a folder, or report everything that keeps it from being built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.knowledge.documents import Document, read_documents
from bot.knowledge.entry import Entry, KnowledgeBase, Source, Topic
from bot.knowledge.file_format import EntryFormat, TopicFormat
from bot.knowledge.folders import DEFAULT_LANGUAGE, language_fault, language_files
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.shape import validate
from bot.knowledge.snapshot import snapshot_of
from bot.knowledge.utterance_tests import read_tests
from bot.knowledge.wordings import Phrases, Unanswered, Wordings
from bot.knowledge.yaml_file import YamlFile, read_yaml

WORDINGS = "_wordings.yaml"
PHRASES = "_phrases.yaml"
UNANSWERED = "_unanswered.yaml"
GENERIC = "generic"
_STEM = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")
_Format = TypeVar("_Format", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold a knowledge base with the line of each entry's parts, for those who check it.

    `seeds` is the folder that its documents were looked for in.
    """

    knowledge: KnowledgeBase
    files: Mapping[tuple[str, str], YamlFile]
    seeds: Path

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

    `fallback` is the folder whose wordings and phrases serve where the folder brings none of its
    own; what stands in its `generic` folder speaks of no particular subject and goes before.
    Raises KnowledgeError with every problem found.
    """
    problems: list[Problem] = []
    entries: list[Entry] = []
    topics: list[Topic] = []
    listing = language_files(folder, problems)
    files = _topic_files(folder, listing, problems)
    for (language, stem), file in files.items():
        if (topic := validate(file, TopicFormat, problems)) is not None:
            topics.append(Topic(stem, language, topic.topic, topic.order))
            entries += [_entry(each, stem, language) for each in topic.entries]
    problems += _repeated_ids(entries, files)
    folders = _fixed_folders(folder, fallback)
    wordings = _fixed_texts(folders, WORDINGS, Wordings, problems)
    phrases = _fixed_texts(folders, PHRASES, Phrases, problems)
    unanswered = _fixed_texts((folder,), UNANSWERED, Unanswered, problems)
    documents = _documents(seeds, problems)
    tests = read_tests(folder, listing, problems)
    version = snapshot_of(folder, listing, seeds, problems).version
    if not problems:
        problems += _missing(folder, {WORDINGS: wordings, PHRASES: phrases}, entries)
    if problems:
        raise KnowledgeError(sorted(set(problems)))
    default_language = _default_language(entries)
    knowledge = KnowledgeBase(
        entries=tuple(entries),
        topics=tuple(sorted(topics, key=lambda topic: topic.order)),
        wordings=_serving(default_language, wordings),
        phrases=_serving(default_language, phrases),
        unanswered={code: tuple(each.unanswered) for code, each in unanswered.items()},
        documents=documents,
        version=version,
        default_language=default_language,
        tests=tests,
    )
    return Loaded(knowledge, files, seeds)


def _topic_files(
    folder: Path, listing: Mapping[str, Sequence[Path]], problems: list[Problem]
) -> dict[tuple[str, str], YamlFile]:
    """Read the files of every language that hold entries, by language and stem."""
    files: dict[tuple[str, str], YamlFile] = {}
    for language, paths in listing.items():
        for path in paths:
            name = f"{folder.name}/{language}/{path.name}"
            if path.suffix == ".yml":
                problems.append(Problem(name, 0, "", "ends in .yml. Rename it to end in .yaml."))
            if path.suffix != ".yaml" or path.name.startswith("_"):
                continue
            if not _STEM.fullmatch(path.stem):
                text = "has a name that can't be used. Use up to 40 small letters, digits, hyphens."
                problems.append(Problem(name, 0, "", text))
            files[(language, path.stem)] = read_yaml(path, name)
    return files


def _fixed_folders(folder: Path, fallback: Path | None) -> tuple[Path, ...]:
    """Return where fixed texts are looked for; what is found later wins."""
    if fallback is None or fallback.resolve() == folder.resolve():
        return (folder,)
    return (fallback, fallback / GENERIC, folder)


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
        sources=tuple(Source(each.document, each.paragraph) for each in written.source),
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
    """Read a fixed file of every language; those of later folders win.

    What they leave out comes from the folders before, in English where there is no other: so an own
    file holds what is to be different, and outlives new versions of the program.
    """
    texts: dict[str, _Format] = {}
    values: dict[str, object] = {}
    for root in filter(None, folders):
        before = dict(values)
        languages = (
            each for each in root.glob(f"*/{name}") if not language_fault(each.parent.name)
        )
        for path in sorted(languages):
            language = path.parent.name
            file = read_yaml(path, f"{root.name}/{language}/{name}")
            base = before.get(language, before.get(DEFAULT_LANGUAGE))
            whole = replace(file, value=_completed(file.value, base))
            if (text := validate(whole, shape, problems)) is not None:
                texts[language], values[language] = text, whole.value
    return texts


def _completed(value: object, base: object) -> object:
    """Return a mapping with what it lacks of another, at any depth; other values as they are."""
    if not isinstance(value, dict) or not isinstance(base, dict):
        return value
    added = {key: _completed(each, base.get(key)) for key, each in value.items()}
    return {**base, **added}


def _serving(language: str, texts: dict[str, _Format]) -> dict[str, _Format]:
    """Let the default language have those of English, or any, if it brings none of its own."""
    return {language: texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values())), **texts}


def _documents(seeds: Path, problems: list[Problem]) -> dict[str, Document]:
    try:
        return read_documents(seeds)
    except KnowledgeError as error:
        problems += error.problems
        return {}


def _missing(folder: Path, needed: Mapping[str, object], entries: list[Entry]) -> list[Problem]:
    problems = [
        Problem(f"{folder.name}/{DEFAULT_LANGUAGE}/{name}", 0, "", "is missing.")
        for name, found in needed.items()
        if not found
    ]
    if not entries:
        text = f"holds no entries. Add a file such as {DEFAULT_LANGUAGE}/topic.yaml."
        problems.append(Problem(folder.name, 0, "", text))
    return problems
