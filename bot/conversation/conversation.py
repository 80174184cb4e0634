"""The conversation: what comes in, what goes out, with no messenger in sight."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec, TypeVar, assert_never

from bot.conversation.composing import Composer
from bot.conversation.edition import Edition
from bot.conversation.explaining import explain
from bot.conversation.hearing import hear
from bot.conversation.messages import (
    Answer,
    Answered,
    Choice,
    Dismissal,
    Incoming,
    Reply,
    Turn,
    Utterance,
)
from bot.conversation.remembering import candidates_of, memories_of, session_after
from bot.errors import StorageError
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.logs import Trouble
from bot.matching.match import Thresholds
from bot.storage.store import Memory, Miss, Recanted, Session, Store

_P = ParamSpec("_P")
_T = TypeVar("_T")

_log = logging.getLogger(__name__)


class Conversation:
    """Answer people from the live edition, and remember where each of them stands.

    `clock` gives the time in UTC.
    """

    def __init__(self, edition: Edition, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._edition = edition
        self._store = store
        self._clock = clock
        self._trouble = Trouble(_log)

    @property
    def knowledge(self) -> KnowledgeBase:
        """Return the knowledge base that is live now."""
        return self._edition.knowledge

    @property
    def edition(self) -> Edition:
        """Return the edition that is live now."""
        return self._edition

    @property
    def thresholds(self) -> dict[str, Thresholds]:
        """Return the thresholds that are live now, by language."""
        return {code: each.matcher.thresholds for code, each in self._edition.understanding.items()}

    def publish(self, edition: Edition) -> None:
        """Make an edition live; replies under way end with the one they began with."""
        self._edition = edition

    def language(self, tag: str | None) -> str:
        """Return the language to speak with people whose app has an IETF tag."""
        return self.knowledge.language_for(tag)

    async def turn(self, incoming: Incoming) -> Turn:
        """Return the reply to what a person typed or chose, and what is to be kept of it.

        Keeping it is the caller's part, at best together with the mark that the reply was given.
        A failing database costs the memory, never the answer.
        """
        edition = self._edition
        session = await self._session(incoming)
        match incoming:
            case Utterance():
                return await self._hear(edition, incoming, session)
            case Choice():
                return self._choose(edition, incoming, session)
            case Dismissal():
                return await self._dismiss(edition, incoming, session)
            case _:
                assert_never(incoming)

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply and keep what follows from it at once, if the database takes it."""
        turn = await self.turn(incoming)
        try:
            await self._store.keep(turn.memories)
        except StorageError as error:
            self._trouble.log(logging.ERROR, "Answers are given, but not kept: %s", error)
        return turn.reply

    async def explain(self, chat: int, user: int) -> str | None:
        """Return why the last reply was given, as it is kept, or None if there is none."""
        session = await self._store.session(chat, user)
        return session.explanation or None if session else None

    async def likeliest(self, text: str, language: str, limit: int) -> tuple[Entry, ...]:
        """Return the entries of a language that a text is likeliest about, at most `limit`."""
        edition = self._edition
        matcher = edition.understanding[edition.language(language)].matcher
        ranking = await _think(edition, matcher.rank, text, limit)
        return tuple(match.entry for match in ranking.matches)

    async def search(self, text: str, language: str | None, limit: int) -> tuple[Answered, ...]:
        """Return the best entries for a few words; without words, the first of each topic."""
        edition = self._edition
        code = edition.language(language)
        knowledge = edition.knowledge
        if not text.strip():
            topics = knowledge.topics_in(code)
            firsts = [knowledge.of_topic(topic.id, topic.language)[0] for topic in topics]
            return tuple(Answered(entry, 1.0) for entry in firsts[:limit])
        code = next(iter(edition.candidates(text, language)), code)
        ranking = await _think(edition, edition.understanding[code].matcher.rank, text, limit)
        return tuple(Answered(match.entry, match.confidence) for match in ranking.matches)

    async def answer(self, text: str, language: str) -> Answer | None:
        """Return the answer to a whole text, asked by nobody, or None if there is none."""
        edition = self._edition
        reply, _ = await _think(edition, hear, edition, Utterance(0, 0, text, language))
        return reply if isinstance(reply, Answer) and not reply.unanswered else None

    async def _hear(self, edition: Edition, utterance: Utterance, session: Session | None) -> Turn:
        reply, findings = await _think(edition, hear, edition, utterance, session)
        why, now = explain(reply, findings), self._clock()
        return Turn(reply, memories_of(edition, utterance, session, reply, findings, why, now), why)

    def _choose(self, edition: Edition, choice: Choice, session: Session | None) -> Turn:
        language = edition.language(session.language if session else choice.language)
        composer = Composer(edition.knowledge, language)
        entry = edition.knowledge.entry(choice.entry, language)
        if entry is None:
            return Turn(composer.fallback("unknown"))
        reply = composer.answer([Answered(entry, 1.0)])
        why = explain(reply, [])
        before = session or Session(choice.chat, choice.user, language)
        asked = choice.asked or before.utterance
        found = (Recanted(choice.user, asked, "unchosen"),) if asked else ()
        return Turn(reply, (*found, session_after(before, reply, why)), why)

    async def _dismiss(
        self, edition: Edition, dismissal: Dismissal, session: Session | None
    ) -> Turn:
        language = edition.language(session.language if session else dismissal.language)
        reply = Composer(edition.knowledge, language).fallback("dismissed")
        asked = dismissal.asked or (session.utterance if session else "")
        if not asked:
            return Turn(reply)
        ranking = await _think(edition, edition.understanding[language].matcher.rank, asked)
        user, candidates = dismissal.user, candidates_of(ranking.matches)
        memories: list[Memory] = [
            Recanted(user, asked, "unchosen"),
            Miss(user, asked, language, candidates, self._clock(), "dismissed"),
        ]
        if session:
            memories.append(replace(session, utterance=""))
        return Turn(reply, tuple(memories))

    async def _session(self, incoming: Incoming) -> Session | None:
        try:
            session = await self._store.session(incoming.chat, incoming.user)
        except StorageError as error:
            self._trouble.log(logging.ERROR, "Conversations go on without memory: %s", error)
            return None
        self._trouble.over("Conversations have their memory again.")
        return session


async def _think(edition: Edition, work: Callable[_P, _T], *args: _P.args, **kw: _P.kwargs) -> _T:
    """Do some matching, beside the event loop where it may hold others up."""
    if edition.slow:
        return await asyncio.to_thread(work, *args, **kw)
    return work(*args, **kw)
