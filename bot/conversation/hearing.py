"""Understand a message: small talk, one question or several, in which language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.composing import Composer
from bot.conversation.edition import Edition
from bot.conversation.findings import Finder, Finding
from bot.conversation.messages import Answered, Reply, SmallTalk, Utterance
from bot.conversation.questions import Splitter
from bot.knowledge.entry import Entry
from bot.storage.store import Session

_WORTH = {"answer": 2, "suggest": 1}
"""What an outcome is worth to the person; the others nothing."""

_SMALL_TALK = 3

_Heard = tuple[Reply, list[Finding]]
"""A reply, with a finding for each question of the message."""


def hear(edition: Edition, utterance: Utterance, session: Session | None = None) -> _Heard:
    """Return the reply to an utterance, with a finding for each of its questions; keep nothing.

    Without a session it is the first message of a chat.
    """
    tag = utterance.language or (session.language if session else None)
    text = utterance.text
    heard = [
        _understand(edition, code, utterance, session) for code in edition.candidates(text, tag)
    ]
    best = max(heard, key=_rank, default=None)
    if best and _rank(best)[0] in _WORTH.values():
        return best
    if talk := _small_talk(edition, edition.knowledge.language_for(tag), text):
        return talk, []
    if best and isinstance(best[0], SmallTalk):
        return best
    return _taught(edition, text) or _excuse(edition, edition.courtesy(text, tag), text, heard)


def _taught(edition: Edition, text: str) -> _Heard | None:
    """Return the answer to what was taught in another script than its language's, or None."""
    entry = edition.verbatim(text)
    if entry is None:
        return None
    composer, sure = Composer(edition.knowledge, entry.language), 1.0
    return composer.answer([Answered(entry, sure)]), [Finding(text, "answer", entry, sure)]


def _excuse(edition: Edition, code: str, text: str, heard: Sequence[_Heard]) -> _Heard:
    """Return what to say in a language where nobody has an answer: as heard in it, else as best."""
    if talk := _small_talk(edition, code, text):
        return talk, []
    for each in heard:
        if each[0].language == code:
            return each
    composer = Composer(edition.knowledge, code)
    if not heard:
        return composer.fallback("unknown"), [Finding(text, "unknown")]
    findings = max(heard, key=_rank)[1]
    best = max(findings, key=lambda finding: finding.confidence)
    return composer.fallback(best.outcome), findings


def _small_talk(edition: Edition, code: str, text: str) -> SmallTalk | None:
    """Return the reply to small talk in a language without entries, in whatever letters."""
    recognise = edition.courtesies.get(code)
    talk = recognise(text) if recognise else None
    if talk is None or talk.kind is None or talk.rest:
        return None
    return Composer(edition.knowledge, code).small_talk(talk.kind)


def _understand(
    edition: Edition, code: str, utterance: Utterance, session: Session | None
) -> _Heard:
    """Return the reply in one language, with a finding for each question of the message.

    Small talk gives way to an entry that is asked for in the same words.
    """
    understanding = edition.understanding[code]
    composer = Composer(edition.knowledge, code)
    last_id = utterance.reply_to or (session.last_entry if session else None)
    hearing = _Hearing(
        Finder(edition, code),
        understanding.split,
        edition.knowledge.entry(last_id, code) if last_id else None,
        session.given if session else (),
    )
    talk = understanding.small_talk(utterance.text)
    if talk.kind is None:
        findings = hearing.findings(utterance.text)
        return composer.reply(findings, None), findings
    whole = hearing.finding(utterance.text)
    if whole.entry is not None and whole.is_phrase:
        return composer.reply([whole], None), [whole]
    if not talk.rest:
        return composer.small_talk(talk.kind), []
    findings = hearing.findings(talk.rest)
    if _worth([whole]) > _worth(findings):
        findings = [whole]
    return composer.reply(findings, talk.kind), findings


def _rank(heard: _Heard) -> tuple[int, float]:
    """Return what a language's reply is worth, and how sure it is."""
    reply, findings = heard
    if isinstance(reply, SmallTalk):
        return _SMALL_TALK, 1.0
    return _worth(findings), max(finding.confidence for finding in findings)


def _worth(findings: Sequence[Finding]) -> int:
    return max(_WORTH.get(finding.outcome, 0) for finding in findings)


@dataclass(frozen=True, slots=True)
class _Hearing:
    """Find what a message asks for after `last` was answered (None: nothing) and `given` shown."""

    finder: Finder
    split: Splitter
    last: Entry | None
    given: tuple[str, ...]

    def finding(self, text: str) -> Finding:
        """Return what a text asks for if it is one question."""
        return self.finder.find(text, self.last, self.given)

    def findings(self, text: str) -> list[Finding]:
        """Return a finding for each question of a text."""
        whole = self.finding(text)
        questions = self.split(text)
        if len(questions) == 1:
            return [whole if whole.entry else self._by_background(text, whole) or whole]
        if whole.is_phrase:
            return [whole]
        findings = self._each(questions)
        return findings if any(finding.entry for finding in findings) else [whole]

    def _each(self, questions: Sequence[str]) -> list[Finding]:
        """Find each question's entry; an answer is the context of the next question.

        "… and what else" asks for no second answer, nor does asking again what was just answered,
        nor a phrase without content ("…, do you think").
        """
        findings: list[Finding] = []
        context = self.last
        for question in questions:
            finding = self.finder.find(question, context, self.given)
            asked = {"more", context.facet} if findings and context else set()
            context = finding.entry or context
            says_more = finding.wish not in asked if finding.wish else self.finder.says(question)
            if says_more:
                findings.append(finding)
        return findings

    def _by_background(self, text: str, whole: Finding) -> Finding | None:
        """Answer the only question of a long message by what the rest is about, else alone.

        Where the rest names nothing, only what the whole message pointed at too is taken.
        """
        parts = self.split.background(text)
        if parts is None:
            return None
        background, question = parts
        named = self.finder.subject_of(background)
        finding = self.finder.find(question, named or self.last, self.given)
        likely = {match.entry.id for match in whole.matches}
        if finding.entry is None or not (named or finding.entry.id in likely):
            return None
        return finding
