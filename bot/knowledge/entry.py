"""The central types: what a knowledge base is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from bot.knowledge.documents import Document
from bot.knowledge.wordings import Phrases, Wordings

Facet = Literal["what", "why", "where", "when", "who", "how", "example", "gain", "effect"]
"""The kind of question an entry answers about its subject."""


@dataclass(frozen=True, slots=True)
class Source:
    """Point at a paragraph: a document's file name and a number from 1, headings not counted."""

    document: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one thing a person would ask, how people ask it, and the answer with its sources.

    `subject` is what "it" means after this answer; `facet` says which question about the subject
    is answered; `follow_ups` names entries for facets that the subject alone wouldn't find.
    `topic` is the stem of the file name. `answer` is in the Markdown subset of
    `bot.knowledge.markdown`. `excused` are words of the answer that need no ground in the source.
    """

    id: str
    topic: str
    language: str
    question: str
    answer: str
    sources: tuple[Source, ...] = ()
    alternates: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    subject: str = ""
    facet: Facet | None = None
    follow_ups: tuple[tuple[Facet, str], ...] = ()
    excused: tuple[str, ...] = ()
    review: bool = False
    review_by: dt.date | None = None

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return every wording that means this entry, the question first."""
        return (self.question, *self.alternates)


@dataclass(frozen=True, slots=True)
class Topic:
    """Group the entries of one file under the title people browse by."""

    id: str
    language: str
    title: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class UtteranceTest:
    """Name the entry that has to answer an utterance, or None where no entry may.

    `file` and `line` (from 1) say where it stands.
    """

    text: str
    entry: str | None
    language: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Hold everything the bot can say; immutable, so that a reload swaps one reference.

    `entries` and `topics` keep the order of the files; `unanswered` are, by language, questions
    that no entry answers. `version` changes when any content does. `tests` are held against an
    edition before it goes live. `languages` are those that have entries, the default one first.
    """

    entries: tuple[Entry, ...]
    topics: tuple[Topic, ...]
    wordings: Mapping[str, Wordings]
    phrases: Mapping[str, Phrases]
    unanswered: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, Document]
    version: str
    default_language: str = "en"
    tests: tuple[UtteranceTest, ...] = ()
    languages: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _by_id: Mapping[tuple[str, str], Entry] = field(init=False, repr=False, compare=False)
    _by_topic: Mapping[tuple[str, str], tuple[Entry, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        index = {(entry.language, entry.id): entry for entry in self.entries}
        by_topic: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            by_topic.setdefault((entry.language, entry.topic), []).append(entry)
        topics = {key: tuple(entries) for key, entries in by_topic.items()}
        languages = dict.fromkeys((self.default_language, *(code for code, _ in topics)))
        object.__setattr__(self, "languages", tuple(languages))
        object.__setattr__(self, "_by_id", MappingProxyType(index))
        object.__setattr__(self, "_by_topic", MappingProxyType(topics))

    @property
    def spoken(self) -> tuple[str, ...]:
        """Return the languages that the bot has its own texts in, the default one first.

        Answers may be in others, as they are only in those that somebody wrote them in.
        """
        return tuple(dict.fromkeys((self.default_language, *sorted(self.wordings))))

    def language_for(self, tag: str | None) -> str:
        """Return the language to speak with people whose app has an IETF tag such as `de-AT`."""
        code = primary_language(tag)
        is_known = code in self.wordings or code in self.languages
        return code if is_known else self.default_language

    def entry(self, entry_id: str, language: str | None = None) -> Entry | None:
        """Return an entry in a language, else in the default one, else None."""
        wanted = self._by_id.get((language or self.default_language, entry_id))
        return wanted or self._by_id.get((self.default_language, entry_id))

    def of_topic(self, topic: str, language: str) -> tuple[Entry, ...]:
        """Return the entries of a topic in one language, in the order of the file."""
        return self._by_topic.get((language, topic), ())

    def topics_in(self, language: str) -> tuple[Topic, ...]:
        """Return the topics of a language, or of the default one if it has none."""
        own = tuple(topic for topic in self.topics if topic.language == language)
        if own or language == self.default_language:
            return own
        return self.topics_in(self.default_language)

    def wordings_in(self, language: str) -> Wordings:
        """Return the fixed texts of a language, or of the default one if it has none."""
        return self.wordings.get(language) or self.wordings[self.default_language]

    def phrases_in(self, language: str) -> Phrases:
        """Return what people type in a language, or in the default one if it has none."""
        return self.phrases.get(language) or self.phrases[self.default_language]

    def about(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the entries with the subject of an entry, itself among them."""
        if not entry.subject:
            return (entry,)
        return tuple(
            other
            for other in self.entries
            if other.subject == entry.subject and other.language == entry.language
        )

    def related(self, entry: Entry) -> tuple[Entry, ...]:
        """Return the entries an entry points at that exist, in its own order."""
        found = (self.entry(entry_id, entry.language) for entry_id in entry.related)
        return tuple(each for each in found if each is not None)


def primary_language(tag: str | None) -> str:
    """Return the language of an IETF tag, without its script and region; "" for none."""
    return (tag or "").replace("_", "-").partition("-")[0].casefold()
