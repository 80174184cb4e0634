"""The classroom: admins turn what was asked in vain into knowledge that is live at once."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.conversation.taught import Taught
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.lessons import (
    Conflict,
    Content,
    LessonError,
    NewEntry,
    NewPhrase,
    OutOfScope,
    conflict,
    proposed_id,
)
from bot.knowledge.words import phrase_key
from bot.matching.encoder import Encoder
from bot.storage.authors import Author
from bot.storage.lessons import Decision, LessonBook
from bot.teaching.clusters import Cluster, clusters

_LOG = logging.getLogger(__name__)
_MOST_MISSES = 2_000
MOST_PHRASES = 8
"""How many wordings of a cluster are shown and taught: more of the same teach nothing."""


class Live(Protocol):
    """Tell what is live and find the entries that are likeliest meant."""

    @property
    def knowledge(self) -> KnowledgeBase:
        """Return the live knowledge base."""
        ...

    async def likeliest(self, text: str, language: str, limit: int) -> tuple[Entry, ...]:
        """Return the entries that a text is likeliest about."""
        ...


@dataclass(frozen=True, slots=True)
class Learnt:
    """Say that a decision stands and is live, under its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold an entry that an admin is writing; `cluster` is the key of what it answers.

    `is_guess`: nobody chose the topic yet.
    """

    language: str
    question: str
    topic: str
    id: str
    answer: str = ""
    cluster: int | None = None
    is_guess: bool = False


class Classroom:
    """Deal with misses: attach, answer, refuse or ignore them, and take that back.

    `publish` puts what stands in the book live, here and in every other process.
    """

    def __init__(
        self,
        book: LessonBook,
        live: Live,
        encoder: Encoder,
        publish: Callable[[], Awaitable[object]],
    ) -> None:
        self._book = book
        self._live = live
        self._encoder = encoder
        self._publish = publish
        self._found: tuple[object, tuple[Cluster, ...]] = None, ()

    async def wanted(self) -> tuple[Cluster, ...]:
        """Return what was asked in vain, the most wanted first."""
        misses = await self._book.open_misses(_MOST_MISSES)
        refused = self._refused()
        left = [each for each in misses if (each.language, phrase_key(each.text)) not in refused]
        knowledge = self._live.knowledge
        state = knowledge.version, tuple(each.id for each in left)
        if self._found[0] != state:
            known: defaultdict[str, list[str]] = defaultdict(list)
            for entry in knowledge.entries:
                known[entry.language].append(entry.question)
            found = await asyncio.to_thread(clusters, left, self._encoder.encode, known)
            self._found = state, found
        return self._found[1]

    async def cluster(self, key: int) -> Cluster | None:
        """Return the cluster that a miss is in now, or None if it has been dealt with."""
        return next((each for each in await self.wanted() if key in each.misses), None)

    async def likeliest(self, cluster: Cluster, limit: int = 3) -> tuple[Entry, ...]:
        """Return the entries that a cluster is likeliest about."""
        return await self._live.likeliest(cluster.asked[0].text, cluster.language, limit)

    async def find(self, text: str, language: str, limit: int) -> tuple[Entry, ...]:
        """Return the entries that a few words are likeliest about."""
        return await self._live.likeliest(text, language, limit)

    async def attach(
        self, cluster: Cluster, entry: str, token: str, author: Author
    ) -> Learnt | Conflict:
        """Teach an entry the wordings of a cluster; raises LessonError for none that fits."""
        phrases = _contents(lambda text: NewPhrase(cluster.language, entry, text), cluster)
        return await self._teach(phrases, Decision(token, (), author, cluster.misses))

    async def refuse(self, cluster: Cluster, token: str, author: Author) -> Learnt | Conflict:
        """Teach that nobody answers a cluster; raises LessonError for wordings that don't fit."""
        questions = _contents(lambda text: OutOfScope(cluster.language, text), cluster)
        return await self._teach(questions, Decision(token, (), author, cluster.misses))

    async def ignore(self, cluster: Cluster, token: str, author: Author) -> Learnt:
        """Put a cluster aside without teaching anything."""
        return Learnt(await self._book.decide(Decision(token, (), author, cluster.misses)))

    async def draft(
        self, question: str, language: str, answer: str = "", cluster: int | None = None
    ) -> Draft:
        """Return a new entry's draft with the question, the topic and the id to propose.

        Where nothing is answered in a language, the entry is one of the default language.
        """
        knowledge = self._live.knowledge
        language = language if language in knowledge.languages else knowledge.default_language
        near = await self._live.likeliest(question, language, 1)
        title = _as_heading(question, knowledge.phrases_in(language).question_words)
        topic = near[0].topic if near else knowledge.topics_in(language)[0].id
        taken = {entry.id for entry in knowledge.entries}
        name = proposed_id(title, taken)
        return Draft(language, title, topic, name, answer, cluster, is_guess=True)

    async def publish(self, draft: Draft, token: str, author: Author) -> Learnt | Conflict:
        """Teach an entry; raises LessonError with what is wrong with it."""
        found = await self.cluster(draft.cluster) if draft.cluster is not None else None
        own = phrase_key(draft.question)
        wordings = [each.text for each in found.asked[:MOST_PHRASES]] if found else []
        alternates = tuple(
            each for each in _sound(wordings, draft.language) if phrase_key(each) != own
        )
        entry = NewEntry(
            *(draft.language, draft.id, draft.topic, draft.question, draft.answer), alternates
        )
        misses = found.misses if found else ()
        return await self._teach([entry], Decision(token, (), author, misses))

    async def known(self, token: str) -> Learnt | None:
        """Return what stands already, live again, if the press of a decision is handled again."""
        decided = await self._book.decided()
        numbers = [each.number for each in decided if each.token == token]
        if not numbers:
            return None
        await self._publish()
        return Learnt(numbers[0])

    async def undo(self, number: int) -> bool:
        """Take a decision back; return False if it doesn't stand any more."""
        if not await self._book.undo(number):
            return False
        await self._publish()
        return True

    async def _teach(self, contents: Sequence[Content], decision: Decision) -> Learnt | Conflict:
        """Put in the book what has nothing in its way; the first conflict if that is nothing."""
        knowledge = self._live.knowledge
        found = [(each, conflict(knowledge, each)) for each in contents]
        sound = tuple(each for each, in_the_way in found if in_the_way is None)
        if not sound and (in_the_way := found[0][1]):
            return in_the_way
        number = await self._book.decide(
            Decision(decision.token, sound, decision.author, decision.misses)
        )
        await self._publish()
        _LOG.info("%s taught something (decision %d).", decision.author.name, number)
        return Learnt(number)

    def _refused(self) -> set[tuple[str, str]]:
        unanswered = self._live.knowledge.unanswered
        return {
            (language, phrase_key(text)) for language, texts in unanswered.items() for text in texts
        }


async def taught(book: LessonBook) -> Taught:
    """Return all that stands in the book."""
    decided = await book.decided()
    return Taught(tuple(lesson for each in decided for lesson in each.lessons))


def _contents(make: Callable[[str], Content], cluster: Cluster) -> list[Content]:
    """Return what a cluster's wordings teach; raises LessonError if none of them can."""
    contents: list[Content] = []
    failure: LessonError | None = None
    for asked in cluster.asked[:MOST_PHRASES]:
        try:
            contents.append(make(asked.text))
        except LessonError as error:
            failure = failure or error
    if failure and not contents:
        raise failure
    return contents


def _sound(texts: Sequence[str], language: str) -> list[str]:
    found = []
    for text in texts:
        try:
            found.append(OutOfScope(language, text).text)
        except LessonError:
            continue
    return found


def _as_heading(text: str, question_words: Sequence[str]) -> str:
    """Return what somebody typed with a capital first and, if it is a question, its mark last."""
    bare = " ".join(text.split()).rstrip("?.!\u061f ")
    asked = text.rstrip()[-1:] in {"?", "\u061f"}
    asks = asked or bare.partition(" ")[0].casefold() in question_words
    mark = (text.rstrip()[-1] if asked else "?") if asks else ""
    return f"{bare[:1].upper()}{bare[1:]}{mark}" if bare else text
