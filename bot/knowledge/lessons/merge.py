"""Merge lessons into the curated knowledge, as exporting them to the files would."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import assert_never

from bot.knowledge.documents import Document, parse_document
from bot.knowledge.entry import Entry, KnowledgeBase, Source, Topic
from bot.knowledge.lessons.content import Content, Lesson, NewEntry, NewPhrase, OutOfScope
from bot.knowledge.lessons.slugs import slug, unlike
from bot.knowledge.lessons.standing import Standing
from bot.knowledge.lessons.taught_text import ANSWERS, as_paragraph
from bot.knowledge.words import phrase_key, words

_DIGITS = 8


def with_lessons(knowledge: KnowledgeBase, lessons: Sequence[Lesson]) -> KnowledgeBase:
    """Return the curated knowledge with lessons merged in the order of their numbers.

    What repeats or contradicts the files or an earlier lesson is left out; if that is everything,
    the knowledge is returned as it is. A question that an entry now answers is no longer among the
    unanswered ones. The version gets a suffix that depends on what was merged alone.
    """
    merge = _Merge(knowledge)
    for lesson in sorted(lessons, key=lambda lesson: lesson.number):
        merge.add(lesson.content)
    return merge.result()


class _Merge:
    """Take in one lesson after the other."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._standing = Standing(knowledge)
        self._entries = list(knowledge.entries)
        self._topics = list(knowledge.topics)
        self._unanswered = {
            language: {phrase_key(each): each for each in reversed(questions)}
            for language, questions in knowledge.unanswered.items()
        }
        self._refused: dict[str, list[str]] = {}
        self._answered: set[tuple[str, str]] = set()
        self._document = knowledge.documents.get(ANSWERS) or self._new_document()
        self._merged: list[Content] = []

    def add(self, content: Content) -> None:
        """Merge one lesson if it fits in."""
        if isinstance(content, NewEntry):
            free = self._standing.free(content.language, content.alternates)
            own = phrase_key(content.question)
            alternates = tuple(each for each in free if phrase_key(each) != own)
            content = dataclasses.replace(content, alternates=alternates)
        if self._standing.conflict(content):
            return
        match content:
            case NewPhrase():
                self._add_phrase(content)
            case NewEntry():
                self._add_entry(content)
            case OutOfScope(language, text):
                known = self._unanswered.setdefault(language, {})
                if phrase_key(text) in known:
                    return
                known[phrase_key(text)] = text
                self._refused.setdefault(language, []).append(text)
            case _:
                assert_never(content)
        self._merged.append(content)

    def result(self) -> KnowledgeBase:
        """Return the knowledge with all that was merged."""
        if not self._merged:
            return self._knowledge
        documents = self._knowledge.documents
        if any(isinstance(each, NewEntry) for each in self._merged):
            documents = {**documents, ANSWERS: self._document}
        return dataclasses.replace(
            self._knowledge,
            entries=tuple(self._entries),
            topics=tuple(self._topics),
            unanswered=self._still_unanswered(),
            documents=documents,
            version=f"{self._knowledge.version}+{_digest(self._merged)}",
        )

    def _still_unanswered(self) -> dict[str, tuple[str, ...]]:
        curated = self._knowledge.unanswered
        return {
            language: tuple(
                each
                for each in (*curated.get(language, ()), *self._refused.get(language, ()))
                if (language, phrase_key(each)) not in self._answered
            )
            for language in {**curated, **self._refused}
        }

    def _add_phrase(self, taught: NewPhrase) -> None:
        place = next(
            number
            for number, entry in enumerate(self._entries)
            if (entry.language, entry.id) == (taught.language, taught.entry)
        )
        entry = self._entries[place]
        self._entries[place] = dataclasses.replace(
            entry, alternates=(*entry.alternates, taught.text)
        )
        self._take_in(self._entries[place], [taught.text])

    def _add_entry(self, taught: NewEntry) -> None:
        entry = Entry(
            id=taught.id,
            topic=self._topic(taught).id,
            language=taught.language,
            question=taught.question,
            answer=taught.answer,
            sources=(Source(ANSWERS, self._paragraph(as_paragraph(taught.answer))),),
            alternates=taught.alternates,
        )
        self._entries.insert(self._place(entry), entry)
        self._take_in(entry, entry.phrases)

    def _take_in(self, entry: Entry, phrases: Sequence[str]) -> None:
        self._standing.add(entry)
        self._answered.update((entry.language, phrase_key(each)) for each in phrases)

    def _place(self, entry: Entry) -> int:
        """Return where an entry stands once it is the last of its file, and files are sorted."""
        own = (entry.language, _file(entry.topic))
        files = [(each.language, _file(each.topic)) for each in self._entries]
        if own in files:
            return len(files) - files[::-1].index(own)
        return next((place for place, file in enumerate(files) if file > own), len(files))

    def _topic(self, taught: NewEntry) -> Topic:
        """Return the topic with an id or title, which may have to be made for the language."""
        same_id = [topic for topic in self._topics if topic.id == taught.topic]
        title = taught.topic.casefold()
        named = same_id + [topic for topic in self._topics if topic.title.casefold() == title]
        own = (topic for topic in named if topic.language == taught.language)
        if topic := next(own, None):
            return topic
        if named:
            topic = dataclasses.replace(named[0], language=taught.language)
        else:
            taken = {topic.id for topic in self._topics}
            stem = unlike(slug(words(taught.topic)), "topic", taken)
            topic = Topic(stem, taught.language, taught.topic)
        keys = [(each.order, each.language, _file(each.id)) for each in self._topics]
        own_key = (topic.order, topic.language, _file(topic.id))
        place = next((place for place, key in enumerate(keys) if key > own_key), len(keys))
        self._topics.insert(place, topic)
        return topic

    def _paragraph(self, text: str) -> int:
        """Return the number of a paragraph of the taught answers, which is added if need be."""
        document = self._document
        if text not in document.paragraphs:
            heading = document.headings[-1] if document.headings else document.title
            self._document = dataclasses.replace(
                document,
                paragraphs=(*document.paragraphs, text),
                headings=(*document.headings, heading),
            )
        return self._document.paragraphs.index(text) + 1

    def _new_document(self) -> Document:
        wordings = self._knowledge.wordings_in(self._knowledge.default_language)
        return parse_document(ANSWERS, f"# {' '.join(wordings.taught_title.split())}")


def _file(topic: str) -> str:
    return f"{topic}.yaml"


def _digest(contents: Sequence[Content]) -> str:
    parts = [[type(each).__name__, dataclasses.asdict(each)] for each in contents]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGITS]
