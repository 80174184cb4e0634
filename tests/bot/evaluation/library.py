"""Trials and editions of which the tests know what comes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.conversation.edition import Edition
from bot.evaluation.case import Case
from bot.evaluation.report import Report, make_report
from bot.evaluation.trial import Found, Kind, Trial
from bot.knowledge.entry import Entry
from bot.matching.match import Ranking
from tests.bot.conversation.library import ENTRIES, ScriptedMatcher, make_edition, make_library


class LeavingMatcher(ScriptedMatcher):
    """Give a text that is left out the confidences that the script has for "without" and it."""

    def rank(
        self,
        text: str,
        limit: int = 3,
        among: Collection[str] | None = None,
        leaving_out: str | None = None,
    ) -> Ranking:
        """Return what the script has for a text."""
        return super().rank(f"without {text}" if leaving_out == text else text, limit, among)


def edition_of(
    entries: tuple[Entry, ...] = ENTRIES,
    script: Mapping[str, Mapping[str, float]] | None = None,
    unanswered: tuple[str, ...] = (),
) -> Edition:
    """Return an edition that understands by a script and can leave phrases out."""
    knowledge = replace(make_library(entries), unanswered={"en": unanswered})
    edition = make_edition(knowledge)
    matcher = LeavingMatcher(entries, script)
    understanding = {"en": replace(edition.understanding["en"], matcher=matcher)}
    return replace(edition, understanding=understanding)


def case_of(text: str, entry: str | None = None, language: str | None = None) -> Case:
    """Return a case of no file; without an entry it is out of scope."""
    return Case(text, entry, "cases.yaml", 1, language)


def make_trial(
    expected: str | None,
    kind: Kind,
    *given: str,
    sure: float = 0.9,
    text: str = "where",
    milliseconds: float = 1.0,
) -> Trial:
    """Return a trial whose given entries are also what the matcher ranked."""
    found = tuple(Found(entry, f"phrase of {entry}", sure) for entry in given)
    return Trial(case_of(text, expected), kind, found, found, milliseconds)


def unsure_trial(expected: str | None, best: str, sure: float) -> Trial:
    """Return a trial that got no answer, with what the matcher ranked first."""
    return Trial(case_of("hm", expected), "silent", (), (Found(best, f"of {best}", sure),), 1.0)


def report_of(*trials: Trial) -> Report:
    """Return a report on the library's six entries, answering from 0.6, suggesting from 0.3."""
    return make_report("utterances", edition_of(), trials)


MIXED = (
    make_trial("hours", "answer", "hours", sure=0.95, text="when is it open"),
    make_trial("hours", "answer", "place", sure=0.7, text="is <it> open & where"),
    make_trial("place", "suggest", "card", "place", sure=0.4, text="the place"),
    make_trial("place", "silent", text="hm"),
    make_trial(None, "answer", "tour", sure=0.65, text="price of a tour"),
    make_trial(None, "silent", text="parrots"),
)
"""A right, a wrong, an offered and a silent one, a false answer and a rightly silent one."""
