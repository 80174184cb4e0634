"""Try each phrase of the knowledge as if the knowledge hadn't got it.

Only the matcher is asked, not the conversation: no small talk, no splitting, no follow-ups; the
live thresholds tell what would have been answered. They, and the confidence, were learnt with all
phrases, so the figures flatter a little; real people's utterances are the better test.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from bot.conversation.edition import Edition
from bot.evaluation.asking import founds
from bot.evaluation.case import Case, EvaluationError
from bot.evaluation.trial import Kind, Trial
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.problems import Problem
from bot.matching.match import Thresholds

_MILLISECONDS = 1000


def left_out_cases(knowledge: KnowledgeBase) -> list[Case]:
    """Return a case for each phrase, negative and unanswered question of a knowledge base.

    An entry's only phrase is none: without it the entry can't be found. Negatives and unanswered
    questions are out of scope. Raises EvaluationError if no entry has a second phrase.
    """
    cases = [case for entry in knowledge.entries for case in _of_entry(entry)]
    if all(case.entry is None for case in cases):
        text = "no entry has a second phrase that could be left out. Add alternates."
        raise EvaluationError([Problem("--cross-validate", 0, "", text)])
    for code in knowledge.languages:
        file = f"{code}/_unanswered.yaml"
        texts = knowledge.unanswered.get(code, ())
        cases += [Case(text, None, file, 0, code) for text in texts]
    return cases


def try_left_out(edition: Edition, case: Case) -> Trial:
    """Return how the matcher of the case's language ranks it without itself."""
    matcher = edition.understanding[edition.language(case.language)].matcher
    begun = perf_counter()
    ranking = matcher.rank(case.text, leaving_out=case.text)
    took = (perf_counter() - begun) * _MILLISECONDS
    ranked = founds(ranking.matches)
    kind = _kind(ranked[0].confidence if ranked else 0.0, matcher.thresholds)
    given = {"answer": ranked[:1], "suggest": ranked, "silent": ()}[kind]
    return Trial(case, kind, given, ranked, took)


def _of_entry(entry: Entry) -> Iterator[Case]:
    file = f"{entry.language}/{entry.topic}.yaml"
    if len(entry.phrases) > 1:
        for phrase in entry.phrases:
            yield Case(phrase, entry.id, file, 0, entry.language)
    for negative in entry.negatives:
        yield Case(negative, None, file, 0, entry.language)


def _kind(confidence: float, thresholds: Thresholds) -> Kind:
    if confidence >= thresholds.answer:
        return "answer"
    return "suggest" if confidence >= thresholds.suggest else "silent"
