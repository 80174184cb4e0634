"""Find what lessons change in which file, and prove that the new files say what was taught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.knowledge.documents import document_paths
from bot.knowledge.entry import KnowledgeBase, Topic
from bot.knowledge.exporting.changes import Change, Export, ExportError, name_of, read
from bot.knowledge.exporting.pages import (
    new_topic_file,
    with_alternates,
    with_entries,
    with_paragraphs,
    with_questions,
    without_questions,
)
from bot.knowledge.folders import language_files
from bot.knowledge.lessons import ANSWERS, Lesson, with_lessons
from bot.knowledge.load import UNANSWERED, load
from bot.knowledge.text_file import read_bytes

_BYTE_ORDER_MARK = "\ufeff"
_SCHEMA = "schema.json"


def export(
    folder: Path, seeds: Path, lessons: Sequence[Lesson], fallback: Path | None = None
) -> Export:
    """Return what merging lessons changes in the files of a knowledge folder; writes nothing.

    `fallback` is that of load(). Raises KnowledgeError if the folder can't be loaded, or couldn't
    be any more; ExportError if its files can't hold the lessons otherwise.
    """
    curated = load(folder, seeds, fallback).knowledge
    merged = with_lessons(curated, lessons)
    found = Export(tuple(_Comparison(folder, seeds, curated, merged).changes()))
    if found.changes:
        _prove(found, folder, seeds, fallback, merged)
    return found


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Tell what the files lack of the merged knowledge."""

    folder: Path
    seeds: Path
    curated: KnowledgeBase
    merged: KnowledgeBase

    def changes(self) -> Iterator[Change]:
        """Yield a change for each file: what is cited before what cites it."""
        yield from self._answers()
        for language in self.merged.unanswered:
            yield from self._questions(language)
        for topic in self.merged.topics:
            yield from self._topic(topic)

    def _answers(self) -> Iterator[Change]:
        old, merged = self.curated.documents.get(ANSWERS), self.merged.documents.get(ANSWERS)
        if merged and (new := merged.paragraphs[len(old.paragraphs) if old else 0 :]):
            yield _change(
                self.seeds / ANSWERS,
                lambda text: with_paragraphs(text, merged.title, new),
            )

    def _questions(self, language: str) -> Iterator[Change]:
        old = self.curated.unanswered.get(language, ())
        merged = self.merged.unanswered[language]
        gone = {number for number, each in enumerate(old) if each not in merged}
        new = merged[len(old) - len(gone) :]

        def edit(text: str | None) -> str:
            longer = with_questions(text, new) if new or text is None else text
            return without_questions(longer, gone) if gone else longer

        if gone or new:
            yield self._file(language, UNANSWERED, edit)

    def _topic(self, topic: Topic) -> Iterator[Change]:
        entries = self.merged.of_topic(topic.id, topic.language)
        written = {e.id: e for e in self.curated.of_topic(topic.id, topic.language)}
        new = [each for each in entries if each.id not in written]
        more = {
            each.id: each.alternates[len(written[each.id].alternates) :]
            for each in entries
            if each.id in written and each is not written[each.id]
        }

        def edit(text: str | None) -> str:
            if text is None:
                has_schema = (self.folder / _SCHEMA).is_file()
                return new_topic_file(topic, new, has_schema=has_schema)
            for entry_id, phrases in more.items():
                text = with_alternates(text, entry_id, phrases)
            return with_entries(text, new) if new else text

        if more or new:
            yield self._file(topic.language, f"{topic.id}.yaml", edit)

    def _file(self, language: str, file: str, edit: Callable[[str | None], str]) -> Change:
        return _change(self.folder / language / file, edit)


def _change(path: Path, edit: Callable[[str | None], str]) -> Change:
    """Return a change of a file; a byte order mark is no part of the text that is edited."""
    old, name = read(path), name_of(path)
    if old is None or not old.startswith(_BYTE_ORDER_MARK):
        return Change(path, name, old, edit(old))
    return Change(path, name, old, _BYTE_ORDER_MARK + edit(old.removeprefix(_BYTE_ORDER_MARK)))


def _prove(
    found: Export, folder: Path, seeds: Path, fallback: Path | None, merged: KnowledgeBase
) -> None:
    """Load the new files from a copy; raises ExportError if they say anything else."""
    with TemporaryDirectory() as scratch:
        copies = {
            folder: Path(scratch) / "folder" / folder.name,
            seeds: Path(scratch) / "seeds" / seeds.name,
        }
        for copy in copies.values():
            copy.mkdir(parents=True)
        files = [path for paths in language_files(folder, []).values() for path in paths]
        for path in files:
            _copy(path, copies[folder] / path.parent.name / path.name)
        for path in document_paths(seeds):
            _copy(path, copies[seeds] / path.name)
        for change in found.changes:
            root = seeds if change.path.parent == seeds else folder
            target = copies[root] / change.path.relative_to(root)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(change.new.encode())
        loaded = load(copies[folder], copies[seeds], fallback).knowledge
    if different := _differences(loaded, merged):
        message = (
            f"The files can't hold what was taught: {', '.join(different)} would differ. "
            "Put the lessons into the files by hand."
        )
        raise ExportError(message)


def _copy(path: Path, target: Path) -> None:
    if path.is_file():
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(read_bytes(path, path.name))


def _differences(loaded: KnowledgeBase, merged: KnowledgeBase) -> list[str]:
    """Return what isn't the same, by the names people know."""
    ids = {each.id for each in set(loaded.entries) ^ set(merged.entries)}
    unanswered = {code: each for code, each in loaded.unanswered.items() if each}
    paragraphs = [
        base.documents[ANSWERS].paragraphs if ANSWERS in base.documents else ()
        for base in (loaded, merged)
    ]
    parts = {
        "the order of the entries": not ids and loaded.entries != merged.entries,
        "the topics": loaded.topics != merged.topics,
        UNANSWERED: unanswered != {code: each for code, each in merged.unanswered.items() if each},
        ANSWERS: paragraphs[0] != paragraphs[1],
    }
    return sorted(ids) + [name for name, differs in parts.items() if differs]
