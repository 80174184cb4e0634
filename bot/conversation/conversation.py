"""The conversation: what comes in, what goes out, with no messenger in sight."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import assert_never

from bot.conversation.composing import Composer
from bot.conversation.edition import Edition
from bot.conversation.explaining import explain
from bot.conversation.findings import Finder, Finding
from bot.conversation.messages import (
    Answer,
    Answered,
    Choice,
    Dismissal,
    Fallback,
    Incoming,
    Reply,
    SmallTalk,
    Suggestions,
    Utterance,
)
from bot.conversation.questions import Splitter
from bot.errors import StorageError
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.storage.store import Candidate, Heard, Miss, ReplyKind, Session, Store

_REMEMBERED = 40
_log = logging.getLogger(__name__)


class Conversation:
    """Answer people from the live edition, and remember where each of them stands.

    `clock` gives the time in UTC.
    """

    def __init__(self, edition: Edition, store: Store, clock: Callable[[], dt.datetime]) -> None:
        self._edition = edition
        self._store = store
        self._clock = clock

    @property
    def knowledge(self) -> KnowledgeBase:
        """Return the knowledge base that is live now."""
        return self._edition.knowledge

    def publish(self, edition: Edition) -> None:
        """Make an edition live; replies under way end with the one they began with."""
        self._edition = edition

    def language(self, tag: str | None) -> str:
        """Return the language of the knowledge that suits an IETF tag."""
        return self._edition.language(tag)

    async def respond(self, incoming: Incoming) -> Reply:
        """Return the reply to what a person typed or chose, and store what follows from it.

        A failing database costs the memory, never the answer.
        """
        edition = self._edition
        session = await self._session(incoming)
        match incoming:
            case Utterance():
                return await self._hear(edition, incoming, session)
            case Choice():
                return await self._choose(edition, incoming, session)
            case Dismissal():
                return await self._dismiss(edition, incoming, session)
            case _:
                assert_never(incoming)

    async def explain(self, chat: int, user: int) -> str | None:
        """Return in Markdown why the last reply was given, or None if there is none."""
        session = await self._store.session(chat, user)
        return session.explanation or None if session else None

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
        ranking = edition.understanding[code].matcher.rank(text, limit)
        return tuple(Answered(match.entry, match.confidence) for match in ranking.matches)

    async def _hear(self, edition: Edition, utterance: Utterance, session: Session | None) -> Reply:
        tag = utterance.language or (session.language if session else None)
        codes = edition.candidates(utterance.text, tag)
        if not codes:
            language = edition.language(tag)
            reply: Reply = Composer(edition.knowledge, language).fallback("unknown")
            findings = [Finding(utterance.text, "unknown")]
        else:
            heard = [_understand(edition, code, utterance, session) for code in codes]
            reply, findings = max(heard, key=_certainty)
        await self._keep(utterance, session, reply, findings)
        return reply

    async def _choose(self, edition: Edition, choice: Choice, session: Session | None) -> Reply:
        language = edition.language(session.language if session else choice.language)
        composer = Composer(edition.knowledge, language)
        entry = edition.knowledge.entry(choice.entry, language)
        if entry is None:
            return composer.fallback("unknown")
        reply = composer.answer([Answered(entry, 1.0)])
        before = session or Session(choice.chat, choice.user, language)
        await self._kept(self._store.save_session(_after(before, reply, explain(reply, []))))
        return reply

    async def _dismiss(
        self, edition: Edition, dismissal: Dismissal, session: Session | None
    ) -> Reply:
        language = edition.language(session.language if session else dismissal.language)
        if session and session.utterance:
            matcher = edition.understanding[edition.language(session.language)].matcher
            candidates = tuple(
                Candidate(match.entry.id, match.confidence)
                for match in matcher.rank(session.utterance).matches
            )
            miss = Miss(session.utterance, session.language, candidates, self._clock())
            await self._kept(self._store.add_miss(miss))
            await self._kept(self._store.save_session(replace(session, utterance="")))
        return Composer(edition.knowledge, language).fallback("dismissed")

    async def _keep(
        self,
        utterance: Utterance,
        session: Session | None,
        reply: Reply,
        findings: list[Finding],
    ) -> None:
        now = self._clock()
        candidates = tuple(
            Candidate(match.entry.id, match.confidence)
            for finding in findings
            for match in finding.matches
        )
        kind = kind_of(reply)
        heard = Heard(
            utterance.chat, utterance.user, utterance.text, reply.language, kind, candidates, now
        )
        await self._kept(self._store.record(heard))
        for missed in _missed(utterance, reply):
            await self._kept(self._store.add_miss(Miss(missed, reply.language, candidates, now)))
        before = session or Session(utterance.chat, utterance.user, reply.language)
        after = _after(before, reply, explain(reply, findings))
        if isinstance(reply, Suggestions):
            after = replace(after, utterance=utterance.text)
        await self._kept(self._store.save_session(after))

    async def _session(self, incoming: Incoming) -> Session | None:
        try:
            return await self._store.session(incoming.chat, incoming.user)
        except StorageError as error:
            _log.error("The conversation goes on without its memory: %s", error)
            return None

    async def _kept(self, saving: Awaitable[None]) -> None:
        try:
            await saving
        except StorageError as error:
            _log.error("The answer is given, but not kept: %s", error)


def _missed(utterance: Utterance, reply: Reply) -> tuple[str, ...]:
    """Return what a message asked in vain."""
    if isinstance(reply, Fallback) and reply.reason == "unknown":
        return (utterance.text,)
    return reply.unanswered if isinstance(reply, Answer) else ()


def kind_of(reply: Reply) -> ReplyKind:
    """Return the name of a reply's kind as logs and JSON lines have it."""
    match reply:
        case Answer():
            return "answer"
        case Suggestions():
            return "suggest"
        case Fallback():
            return "fallback"
        case SmallTalk():
            return "chitchat"
        case _:
            assert_never(reply)


def _understand(
    edition: Edition, code: str, utterance: Utterance, session: Session | None
) -> tuple[Reply, list[Finding]]:
    """Return the reply in one language, with a finding for each question of the message."""
    understanding = edition.understanding[code]
    composer = Composer(edition.knowledge, code)
    talk = understanding.small_talk(utterance.text)
    if talk.kind is not None and not talk.rest:
        return composer.small_talk(talk.kind), []
    text = utterance.text if talk.kind is None else talk.rest
    last_id = utterance.reply_to or (session.last_entry if session else None)
    last = edition.knowledge.entry(last_id, code) if last_id else None
    given = session.given if session else ()
    findings = _find_all(Finder(edition, code), understanding.split, text, last, given)
    return composer.reply(findings, talk.kind), findings


def _find_all(
    finder: Finder, split: Splitter, text: str, last: Entry | None, given: tuple[str, ...]
) -> list[Finding]:
    """Find each question's entry; an answer is the context of the next question."""
    questions = split(text)
    if len(questions) == 1:
        whole = finder.find(text, last, given)
        if whole.entry is None:
            whole = _by_background(finder, split, text, last, given) or whole
        return [whole]
    findings: list[Finding] = []
    context = last
    for question in questions:
        finding = finder.find(question, context, given)
        repeats = (
            findings and finding.wish is not None and context and finding.wish == context.facet
        )
        context = finding.entry or context
        if not repeats:
            findings.append(finding)
    whole = finder.find(text, last, given)
    answered = any(finding.entry for finding in findings)
    return findings if answered and not whole.is_phrase else [whole]


def _by_background(
    finder: Finder, split: Splitter, text: str, last: Entry | None, given: tuple[str, ...]
) -> Finding | None:
    """Answer the only question of a long message by what the rest of it is about, else alone."""
    parts = split.background(text)
    if parts is None:
        return None
    background, question = parts
    finding = finder.find(question, finder.subject_of(background) or last, given)
    return finding if finding.entry else None


def _certainty(heard: tuple[Reply, list[Finding]]) -> float:
    reply, findings = heard
    if isinstance(reply, SmallTalk):
        return 1.0
    return max(finding.confidence for finding in findings)


def _after(session: Session, reply: Reply, explanation: str) -> Session:
    answered = [each.entry.id for each in reply.answered] if isinstance(reply, Answer) else []
    return replace(
        session,
        language=reply.language,
        last_entry=answered[-1] if answered else session.last_entry,
        given=(*session.given, *answered)[-_REMEMBERED:],
        utterance="",
        explanation=explanation,
    )
