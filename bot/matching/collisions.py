"""Find the phrases with which the live matcher confuses two entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.knowledge.entry import Entry
from bot.knowledge.load import Loaded
from bot.knowledge.problems import Problem
from bot.matching.match import Match
from bot.matching.matcher import Matcher

_SHOWN = 3


def collisions(loaded: Loaded, matcher: Matcher, language: str) -> list[Problem]:
    """Return a problem for each pair of entries that the matcher confuses, naming their phrases.

    Confused is a phrase for which another entry is the best match, and a negative that its own
    entry answers confidently. Every phrase is matched: about 2 ms each.
    """
    problems: list[Problem] = []
    for entry in loaded.knowledge.entries:
        if entry.language == language:
            problems += _taken_phrases(loaded, matcher, entry)
            problems += _answered_negatives(loaded, matcher, entry)
    return problems


def _taken_phrases(loaded: Loaded, matcher: Matcher, entry: Entry) -> list[Problem]:
    taken: dict[str, list[tuple[str, Match]]] = defaultdict(list)
    for phrase in entry.phrases:
        best = matcher.rank(phrase, limit=2).best
        if best is not None and best.entry.id != entry.id:
            taken[best.entry.id].append((phrase, best))
    return [
        loaded.problem(entry, _confused(other, pairs), "alternates", advice=True)
        for other, pairs in taken.items()
    ]


def _confused(other: str, pairs: Sequence[tuple[str, Match]]) -> str:
    shown = "; ".join(f"'{phrase}' (like '{match.phrase}')" for phrase, match in pairs[:_SHOWN])
    more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
    return (
        f"is confused with '{other}': {shown}{more}. "
        "Say in each phrase what is particular to its entry, or join the two entries."
    )


def _answered_negatives(loaded: Loaded, matcher: Matcher, entry: Entry) -> list[Problem]:
    answered = [
        negative
        for negative in entry.negatives
        if (best := matcher.rank(negative, limit=1).best) is not None
        and best.confidence >= matcher.thresholds.answer
    ]
    if not answered:
        return []
    shown = "; ".join(f"'{negative}'" for negative in answered[:_SHOWN])
    text = f"is given for its negative: {shown}. Take alternates out that are too much like it."
    return [loaded.problem(entry, text, "negatives", advice=True)]
