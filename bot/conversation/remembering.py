"""What is to be kept of a turn: what was heard and missed, and where the conversation stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.conversation.edition import Edition
from bot.conversation.findings import Finding
from bot.conversation.messages import (
    Answer,
    Fallback,
    Reply,
    Suggestions,
    Utterance,
    kind_of,
)
from bot.matching.match import Match
from bot.storage.store import Candidate, Cause, Heard, Memory, Miss, Session

_REMEMBERED = 40


def memories_of(  # noqa: PLR0913, PLR0917 - a turn's parts, each once
    edition: Edition,
    utterance: Utterance,
    session: Session | None,
    reply: Reply,
    findings: Sequence[Finding],
    explanation: str,
    now: dt.datetime,
) -> tuple[Memory, ...]:
    """Return what is to be kept of the reply to an utterance.

    What was heard keeps the language that the bot spoke; a miss has one that can be taught.
    """
    chat, user, language = utterance.chat, utterance.user, reply.language
    candidates = candidates_of(match for finding in findings for match in finding.matches)
    heard = Heard(chat, user, utterance.text, language, kind_of(reply), candidates, now)
    cause: Cause = "unchosen" if isinstance(reply, Suggestions) else "fallback"
    teachable = edition.language(language)
    misses = [
        Miss(user, missed, teachable, candidates, now, cause)
        for missed in _missed(utterance, reply, findings)
    ]
    after = session_after(session or Session(chat, user, language), reply, explanation)
    if isinstance(reply, Suggestions):
        after = replace(after, utterance=utterance.text)
    return heard, *misses, after


def session_after(session: Session, reply: Reply, explanation: str) -> Session:
    """Return where a conversation stands after a reply."""
    answered = [each.entry.id for each in reply.answered] if isinstance(reply, Answer) else []
    return replace(
        session,
        language=reply.language,
        last_entry=answered[-1] if answered else session.last_entry,
        given=(*session.given, *answered)[-_REMEMBERED:],
        utterance="",
        explanation=explanation,
    )


def candidates_of(matches: Iterable[Match]) -> tuple[Candidate, ...]:
    """Return the entries that were considered, with their confidences."""
    return tuple(Candidate(match.entry.id, match.confidence) for match in matches)


def _missed(utterance: Utterance, reply: Reply, findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what a message asked in vain, as far as is known: a suggestion may still be picked.

    What has no letters, or only "why?" after an answer, is nothing that could be taught.
    """
    is_bare = all(finding.wish for finding in findings)
    if is_bare or not any(map(str.isalpha, utterance.text)):
        return ()
    if isinstance(reply, Suggestions) or (
        isinstance(reply, Fallback) and reply.reason == "unknown"
    ):
        return (utterance.text,)
    return reply.unanswered if isinstance(reply, Answer) else ()
