"""Understand a message by the answer before it: "where is it held?", "why?", "another one"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.entry import Entry, Facet, KnowledgeBase
from bot.knowledge.wordings import Phrases
from bot.matching.normalise import normalise, words
from bot.matching.reading import Reader
from bot.matching.speller import Speller, WordList

Wish = Facet | Literal["more", "another"]
_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Anaphora:
    """Say how a message leans on the one before.

    `wish` is set where the message is nothing but a follow-up; `pronouns` where something stands
    for the subject; `opened` where it begins like "and …" or "what about …"; `asks` where a
    question word stands in the rest. `rest` are its words without the opener.
    """

    wish: Wish | None
    pronouns: bool
    opened: bool
    asks: bool
    rest: _Words


class FollowUps:
    """Know the follow-up phrases of a language."""

    def __init__(self, phrases: Phrases, word_list: WordList) -> None:
        wishes: list[tuple[Wish, list[str]]] = [
            *phrases.follow_ups.items(),
            ("more", phrases.more),
            ("another", phrases.another),
        ]
        self._wishes: dict[_Words, Wish] = {
            said: wish for wish, each in wishes for phrase in each if (said := tuple(words(phrase)))
        }
        self._pronouns = _by_length(phrases.pronouns)
        self._expletives = _by_length(phrases.expletives)
        self._openers = _by_length(phrases.openers)
        self._question_words = frozenset(map(normalise, phrases.question_words))
        vocabulary = [word for phrase in self._wishes for word in phrase]
        self._read = Reader(Speller(vocabulary, word_list), phrases.fillers)
        self._read_whole = Reader(Speller(vocabulary, word_list), ())

    def read(self, text: str) -> Anaphora:
        """Return how a message leans on the one before it."""
        whole = self._read_whole(text).words
        said = self._read(text).words
        rest = self._without_opener(said)
        wish = next(
            (self._wishes[each] for each in (whole, said, rest) if each in self._wishes), None
        )
        asks = not self._question_words.isdisjoint(rest)
        return Anaphora(wish, self._pronoun(rest) is not None, rest != said, asks, rest)

    def with_subject(self, said: _Words, subject: str) -> str:
        """Return the words with the first pronoun replaced by the subject, else with it added."""
        if (found := self._pronoun(said)) is None:
            return f"{' '.join(said)} {subject}"
        start, end = found
        kept = [" ".join(said[:start]), subject, " ".join(said[end:])]
        return " ".join(part for part in kept if part)

    def _without_opener(self, said: _Words) -> _Words:
        for opener in self._openers:
            if said[: len(opener)] == opener and len(said) > len(opener):
                return self._without_opener(said[len(opener) :])
        return said

    def _pronoun(self, said: _Words) -> tuple[int, int] | None:
        for start in range(self._expletive(said), len(said)):
            for pronoun in self._pronouns:
                if said[start : start + len(pronoun)] == pronoun:
                    return start, start + len(pronoun)
        return None

    def _expletive(self, said: _Words) -> int:
        """Return how many words a message begins with that point at nothing ("is there a…")."""
        lengths = (len(each) for each in self._expletives if said[: len(each)] == each)
        return next(lengths, 0)


def target(knowledge: KnowledgeBase, last: Entry, wish: Wish, given: Iterable[str]) -> Entry | None:
    """Return the entry that a bare follow-up to `last` asks for, or None.

    `given` are the ids already answered in this session: "more" and "another" go past them.
    """
    seen = {*given, last.id}
    if wish == "more":
        return _first(_more(knowledge, last), seen)
    if wish == "another":
        alike = (entry for entry in _more(knowledge, last) if entry.facet == last.facet)
        return _first(alike, seen) or _first(_more(knowledge, last), seen)
    return _of_facet(knowledge, last, wish, seen)


def _of_facet(knowledge: KnowledgeBase, last: Entry, wish: Facet, seen: set[str]) -> Entry | None:
    if (chosen := dict(last.follow_ups).get(wish)) is not None:
        return knowledge.entry(chosen, last.language)
    if own := [entry for entry in knowledge.about(last) if entry.facet == wish]:
        return _first(own, seen) or _first(own, {last.id}) or own[0]
    if last.facet == wish:
        return last
    if (instead := _INSTEAD.get(wish)) is not None:
        return _first((e for e in knowledge.about(last) if e.facet == instead), {last.id})
    related = [entry for entry in knowledge.related(last) if entry.facet == wish]
    return _first(related, seen) or _first(related, set()) if wish in _LOOSE else None


_INSTEAD: dict[Facet, Facet] = {"gain": "why"}
"""What an event is for says what people do there, where nothing else does."""

_LOOSE: frozenset[Facet] = frozenset({"why", "how", "example", "gain", "effect"})
"""Facets whose answer may lie in a related entry; a place or a date belongs to its subject."""


def _more(knowledge: KnowledgeBase, last: Entry) -> Iterator[Entry]:
    yield from knowledge.related(last)
    yield from knowledge.about(last)
    yield from knowledge.of_topic(last.topic, last.language)


def _first(entries: Iterable[Entry], seen: set[str]) -> Entry | None:
    return next((entry for entry in entries if entry.id not in seen), None)


def _by_length(phrases: Iterable[str]) -> list[_Words]:
    distinct = {tuple(words(phrase)) for phrase in phrases} - {()}
    return sorted(distinct, key=len, reverse=True)
