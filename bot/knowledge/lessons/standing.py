"""Where phrases and ids stand already, so that a lesson neither repeats nor contradicts them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.lessons.content import Content, Lesson, NewEntry, NewPhrase, OutOfScope
from bot.knowledge.words import phrase_key

ConflictKind = Literal["phrase", "id", "negative", "gone", "untranslated"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Say why a lesson can't be merged: `text` is the part of it that is in the way.

    `phrase`: it stands in `entry` already, maybe the very entry it is taught for. `id`: `entry` has
    it. `negative`: `entry` lists it among what it doesn't answer. `gone`: there is no `entry` in
    the language of the lesson. `untranslated`: the default language has no `entry`, which the
    entries of other languages need.
    """

    kind: ConflictKind
    entry: str
    text: str


class Standing:
    """Know the entry of each phrase and id; phrases differ in more than case and punctuation."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._default_language = knowledge.default_language
        self._entries: dict[tuple[str, str], Entry] = {}
        self._holders: dict[tuple[str, str], str] = {}
        for entry in knowledge.entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take in an entry, or what is new in one."""
        self._entries[(entry.language, entry.id)] = entry
        for phrase in entry.phrases:
            self._holders.setdefault((entry.language, phrase_key(phrase)), entry.id)

    def entry(self, language: str, entry_id: str) -> Entry | None:
        """Return an entry of a language, never one of another."""
        return self._entries.get((language, entry_id))

    def holder(self, language: str, phrase: str) -> str | None:
        """Return the id of the entry that is asked with a phrase."""
        return self._holders.get((language, phrase_key(phrase)))

    def free(self, language: str, phrases: Iterable[str]) -> tuple[str, ...]:
        """Return the phrases that no entry has, each once."""
        found: dict[str, str] = {}
        for phrase in phrases:
            if self.holder(language, phrase) is None:
                found.setdefault(phrase_key(phrase), phrase)
        return tuple(found.values())

    def conflict(self, content: Content) -> Conflict | None:
        """Return the first thing in the way of a lesson."""
        match content:
            case NewPhrase(language, entry_id, text):
                entry = self.entry(language, entry_id)
                if entry is None:
                    return Conflict("gone", entry_id, text)
                return self._taken(language, [text]) or _refused(entry, text)
            case NewEntry(language, entry_id):
                if self.entry(language, entry_id):
                    return Conflict("id", entry_id, entry_id)
                default = self._default_language
                if language != default and self.entry(default, entry_id) is None:
                    return Conflict("untranslated", entry_id, entry_id)
                return self._taken(language, [content.question, *content.alternates])
            case OutOfScope(language, text):
                return self._taken(language, [text])
            case _:
                assert_never(content)

    def _taken(self, language: str, phrases: Iterable[str]) -> Conflict | None:
        for phrase in phrases:
            if holder := self.holder(language, phrase):
                return Conflict("phrase", holder, phrase)
        return None


def conflict(knowledge: KnowledgeBase, content: Content) -> Conflict | None:
    """Return what keeps a lesson from being merged into the knowledge that is live, or None."""
    return Standing(knowledge).conflict(content)


def settled(knowledge: KnowledgeBase, lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """Return the lessons that the files have taken up, or decided otherwise, to be forgotten.

    `knowledge` is as loaded from the files. A phrase is settled wherever it stands, as a person may
    have moved it; an entry by its id or its question.
    """
    standing = Standing(knowledge)
    unanswered = {
        (language, phrase_key(each))
        for language, questions in knowledge.unanswered.items()
        for each in questions
    }
    return tuple(each for each in lessons if _is_settled(each.content, standing, unanswered))


def _is_settled(content: Content, standing: Standing, unanswered: set[tuple[str, str]]) -> bool:
    match content:
        case NewPhrase(language, entry_id, text):
            entry = standing.entry(language, entry_id)
            is_refused = entry is not None and _refused(entry, text) is not None
            return is_refused or standing.holder(language, text) is not None
        case NewEntry(language, entry_id, question=question):
            is_there = standing.entry(language, entry_id) is not None
            return is_there or standing.holder(language, question) is not None
        case OutOfScope(language, text):
            is_there = (language, phrase_key(text)) in unanswered
            return is_there or standing.holder(language, text) is not None
        case _:
            assert_never(content)


def _refused(entry: Entry, phrase: str) -> Conflict | None:
    if phrase_key(phrase) in map(phrase_key, entry.negatives):
        return Conflict("negative", entry.id, phrase)
    return None
