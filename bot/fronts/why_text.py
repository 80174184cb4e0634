"""Why a reply was given, in Markdown: what it came down to, then one line for each detail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.conversation.explaining import Explanation, Guess, Reason, explanation_of
from bot.fronts.filling import fill
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import ExplainingWordings


def why_text(kept: str, knowledge: KnowledgeBase, language: str) -> str:
    """Return in a language what was kept of why a reply was given; "" if nothing was.

    What an earlier version of the bot kept is a text already.
    """
    explanation = explanation_of(kept)
    if explanation is None:
        return kept
    words = knowledge.wordings_in(language).explaining
    if not explanation.reasons:
        return words.chosen if explanation.answered else words.small_talk
    telling = _Telling(explanation, knowledge, language, words)
    return "\n\n".join(map(telling.reason, explanation.reasons))


@dataclass(frozen=True, slots=True)
class _Telling:
    """Put the reasons of one explanation into words."""

    explanation: Explanation
    knowledge: KnowledgeBase
    language: str
    words: ExplainingWordings

    def reason(self, reason: Reason) -> str:
        lines = "\n".join(f"- {line}" for line in self._details(reason))
        return f"{self._summary(reason)}\n\n{lines}".strip()

    def _summary(self, reason: Reason) -> str:
        question = escape(reason.question)
        if reason.entry and (reason.wish or reason.read_as or reason.thresholds is None):
            return fill(self.words.followed, question=question, entry=self._entry(reason.entry))
        if reason.best is None or reason.thresholds is None or _is_vague(reason):
            return fill(self._silence(reason), question=question)
        return fill(
            self._weighed(reason),
            question=question,
            entry=self._entry(reason.entry or reason.best.entry),
            sure=_percent(reason.best.confidence),
            needed=_percent(reason.thresholds.answer),
        )

    def _weighed(self, reason: Reason) -> str:
        """Return the wording for what hung on how sure the match was."""
        if reason.entry:
            return self.words.answered
        offered = reason.outcome == "suggest" and not self.explanation.answered
        return self.words.offered if offered else self.words.unsure

    def _silence(self, reason: Reason) -> str:
        """Return the wording for a silence that hung on something else."""
        if reason.outcome == "unclear" or _is_vague(reason):
            return self.words.vague
        if reason.outcome == "exhausted":
            return self.words.nothing_more
        if reason.wish:
            return self.words.nothing_of_kind
        return self.words.nothing_alike if reason.matched else self.words.other_language

    def _details(self, reason: Reason) -> Iterator[str]:
        if reason.corrections:
            mended = ", ".join(f"{each.typed} → {each.read}" for each in reason.corrections)
            yield fill(self.words.spelling, words=escape(mended))
        if reason.read_as:
            yield fill(self.words.context, text=escape(reason.read_as))
        if reason.best:
            yield from self._guessed(reason, reason.best)

    def _guessed(self, reason: Reason, best: Guess) -> Iterator[str]:
        words, sure = self.words, _percent(best.confidence)
        yield fill(words.phrase, phrase=escape(best.phrase), sure=sure)
        if second := reason.runner_up:
            yield fill(
                words.runner_up,
                entry=self._entry(second.entry),
                sure=_percent(second.confidence),
                behind=f"{100 * (best.confidence - second.confidence):.0f}",
            )
        if needed := reason.thresholds:
            answer, suggest = _percent(needed.answer), _percent(needed.suggest)
            yield fill(words.thresholds, answer=answer, suggest=suggest)
        if best.strange:
            yield fill(words.strange_words, words=escape(", ".join(best.strange)))
        if not reason.entry and best.evidence.nearest_negative > best.evidence.similarity:
            yield words.unanswerable
        yield self._figures(best)

    def _figures(self, best: Guess) -> str:
        why = best.evidence
        return fill(
            self.words.figures,
            score=f"{why.score:.2f}",
            similarity=f"{why.similarity:.2f}",
            margin=f"{why.margin:+.2f}",
            coverage=f"{why.coverage:.2f}",
            unanswered=f"{why.nearest_negative:.2f}",
            fit=f"{why.question_fit:+.2f}",
        )

    def _entry(self, entry_id: str) -> str:
        """Return the question of an entry with its id; of one that is gone, the id alone."""
        if (entry := self.knowledge.entry(entry_id, self.language)) is None:
            return escape(entry_id)
        return fill(self.words.entry, question=escape(entry.question), id=escape(entry_id))


def _is_vague(reason: Reason) -> bool:
    """Tell whether a match was sure enough, but what the message pointed at was unknown."""
    needed, best = reason.thresholds, reason.best
    sure = needed is not None and best is not None and best.confidence >= needed.answer
    return sure and not reason.entry


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"
