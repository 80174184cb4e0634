"""Compose a reply from findings, with the wordings of the person's language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Answered, Fallback, Reply, SmallTalk, Suggestions
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import SmallTalkKind

_RELATED = 3
_SUGGESTED = 3


class Composer:
    """Put findings into words."""

    def __init__(self, knowledge: KnowledgeBase, language: str) -> None:
        self._knowledge = knowledge
        self._language = language
        self._wordings = knowledge.wordings_in(language)

    def reply(self, findings: Sequence[Finding], opening: SmallTalkKind | None) -> Reply:
        """Return the reply to one message, given a finding for each of its questions."""
        answered = [each for each in findings if each.entry is not None]
        if answered:
            unanswered = [each.question for each in findings if each.entry is None]
            return self.answer(
                [Answered(f.entry, f.confidence) for f in answered if f.entry], unanswered
            )
        best = max(findings, key=lambda finding: finding.confidence)
        if best.outcome == "suggest":
            return self.suggestions(best)
        if opening is not None and not best.matches and best.outcome == "unknown":
            return self.small_talk(opening)
        return self.fallback(best.outcome)

    def answer(self, answered: Sequence[Answered], unanswered: Sequence[str] = ()) -> Answer:
        """Return the answers one below the other, then what couldn't be answered."""
        distinct = list({each.entry.id: each for each in answered}.values())
        parts = [each.entry.answer.strip() for each in distinct]
        if len(distinct) > 1:
            parts = [
                f"**{escape(e.entry.question)}**\n\n{e.entry.answer.strip()}" for e in distinct
            ]
        if unanswered:
            asked = "; ".join(escape(question) for question in unanswered)
            parts.append(self._wordings.unanswered.replace("{parts}", asked))
        return Answer(
            self._language,
            "\n\n".join(parts),
            tuple(distinct),
            self._related([each.entry for each in distinct]),
            tuple(unanswered),
        )

    def suggestions(self, finding: Finding) -> Suggestions:
        """Return the best matches to choose from."""
        candidates = tuple(Answered(m.entry, m.confidence) for m in finding.matches[:_SUGGESTED])
        return Suggestions(self._language, self._wordings.suggestions, candidates)

    def fallback(self, outcome: str) -> Fallback:
        """Return an honest "I don't know" with the topics."""
        topics = self._knowledge.topics_in(self._language)
        match outcome:
            case "unclear":
                return Fallback(self._language, self._wordings.unclear, "unclear", topics)
            case "exhausted":
                return Fallback(self._language, self._wordings.exhausted, "exhausted", topics)
            case "dismissed":
                text = self._wordings.fallback_dismissed
                return Fallback(self._language, text, "dismissed", topics)
            case _:
                return Fallback(self._language, self._wordings.fallback, "unknown", topics)

    def small_talk(self, kind: SmallTalkKind) -> SmallTalk:
        """Return the answer to small talk."""
        return SmallTalk(self._language, self._wordings.small_talk[kind], kind)

    def _related(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        shown = {entry.id for entry in entries}
        found = {
            other.id: other
            for entry in entries
            for other in self._knowledge.related(entry)
            if other.id not in shown
        }
        return tuple(found.values())[:_RELATED]
