"""Explain a reply to admins and developers: the phrase, the parts of the score, the runner-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Reply
from bot.knowledge.markdown import escape
from bot.matching.match import Match


def explain(reply: Reply, findings: Sequence[Finding]) -> str:
    """Return in Markdown why a reply was given."""
    if not findings:
        return "Chosen by a button." if isinstance(reply, Answer) else "Small talk."
    return "\n\n".join(_part(finding) for finding in findings)


def _part(finding: Finding) -> str:
    lines = "\n".join(_lines(finding))
    return f"{summary}\n\n{lines}" if (summary := _summary(finding)) else lines


def _summary(finding: Finding) -> str:
    """Return in one sentence what it came down to; "" where nothing was matched."""
    if finding.ranking is None or not finding.ranking.matches or finding.thresholds is None:
        return ""
    best, *others = finding.ranking.matches
    did = {"answer": "I answered", "suggest": "I offered a choice"}.get(
        finding.outcome, "I gave no answer"
    )
    needed = finding.thresholds.answer
    text = f"{did}: **{best.entry.id}** is {best.confidence:.0%} sure, by “{escape(best.phrase)}”"
    if others:
        text += f"; next best {others[0].entry.id}, {others[0].confidence:.0%}"
    return f"{text}. An answer takes {needed:.0%}."


def _lines(finding: Finding) -> Iterator[str]:
    yield f"- question: {escape(finding.question[:200])}"
    yield f"- outcome: {finding.outcome}" + (f" ({finding.entry.id})" if finding.entry else "")
    if finding.wish is not None:
        yield f"- follow-up of the last answer: {finding.wish}"
    if finding.read_as:
        yield f"- read with the last answer's context: {escape(finding.read_as)}"
    if finding.ranking is not None:
        yield from _ranking(finding)


def _ranking(finding: Finding) -> Iterator[str]:
    ranking = finding.ranking
    if ranking is None:
        return
    for correction in ranking.reading.corrections:
        yield f"- spelling: {escape(correction.typed)} → {escape(correction.read)}"
    if finding.thresholds is not None:
        answer, suggest = finding.thresholds.answer, finding.thresholds.suggest
        yield f"- thresholds: answer from {answer:.2f}, suggest from {suggest:.2f}"
    if not ranking.matches:
        yield "- nothing in common with any phrase"
    for place, match in enumerate(ranking.matches):
        yield from _match("match" if place == 0 else "runner-up", match)


def _match(name: str, match: Match) -> Iterator[str]:
    why = match.evidence
    yield f"- {name}: {match.entry.id}, confidence {match.confidence:.2f}"
    yield (
        f"- … by “{escape(match.phrase)}” (similarity {why.similarity:.2f}), "
        f"score {why.score:.2f}, margin {why.margin:+.2f}, coverage {why.coverage:.2f}, "
        f"nearest unanswered question {why.nearest_negative:.2f}, "
        f"asked in this way {why.question_fit:+.2f}"
    )
    if why.uncovered:
        yield f"- … words it doesn't know: {escape(', '.join(why.uncovered))}"
