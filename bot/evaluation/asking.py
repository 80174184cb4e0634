"""Ask the conversation a case, as the first message of a chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import assert_never

from bot.conversation.edition import Edition
from bot.conversation.findings import Finding
from bot.conversation.hearing import hear
from bot.conversation.messages import (
    Answer,
    Answered,
    Fallback,
    Reply,
    SmallTalk,
    Suggestions,
    Utterance,
)
from bot.evaluation.case import Case
from bot.evaluation.trial import Found, Kind, Trial
from bot.matching.match import Match

_MILLISECONDS = 1000


def ask(edition: Edition, case: Case) -> Trial:
    """Return what a person would meet who begins a chat with the case's text.

    The ranking is the conversation's own where it took the text for one question, else the
    matcher's for the whole text.
    """
    begun = perf_counter()
    reply, findings = hear(edition, Utterance(1, 1, case.text, case.language))
    took = (perf_counter() - begun) * _MILLISECONDS
    kind, given = _given(reply)
    matches = [match for finding in findings for match in finding.matches]
    ranked = founds(_ranked(edition, reply.language, case.text, findings))
    return Trial(case, kind, tuple(_found(each, matches) for each in given), ranked, took)


def founds(matches: Iterable[Match]) -> tuple[Found, ...]:
    """Return matches by their entries' ids."""
    return tuple(Found(each.entry.id, each.phrase, each.confidence) for each in matches)


def _given(reply: Reply) -> tuple[Kind, tuple[Answered, ...]]:
    match reply:
        case Answer():
            return "answer", reply.answered
        case Suggestions():
            return "suggest", reply.candidates
        case Fallback() | SmallTalk():
            return "silent", ()
        case _:
            assert_never(reply)


def _found(answered: Answered, matches: Iterable[Match]) -> Found:
    named = answered.entry.id
    phrase = next((match.phrase for match in matches if match.entry.id == named), "")
    return Found(named, phrase, answered.confidence)


def _ranked(
    edition: Edition, language: str, text: str, findings: Sequence[Finding]
) -> tuple[Match, ...]:
    rankings = [finding.ranking for finding in findings]
    if len(rankings) == 1 and rankings[0] is not None:
        return rankings[0].matches
    return edition.understanding[edition.language(language)].matcher.rank(text).matches
