"""Find what one question asks for, given the answer before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.conversation.edition import Edition
from bot.conversation.follow_ups import Anaphora, Wish, target
from bot.knowledge.entry import Entry
from bot.matching.match import Match, Ranking, Thresholds
from bot.matching.normalise import words

Outcome = Literal["answer", "suggest", "unknown", "unclear", "exhausted"]
_SAME_WORDS = 0.97
_LEAN = 0.5
"""How far below the suggest threshold a match of the last question's kind may lie, as a factor."""

_CONFIRMED = 0.8
"""How far below the answer threshold a match about the last subject may lie, as a factor."""

_FOLLOWED = 0.95
"""How sure a bare follow-up is: no matcher had to say."""

_SHORT = 6
_LITTLE = 2
_WIDE = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """Say what was found for a question, and how it was read.

    `entry` is set for answers. `ranking` is missing where no matching was needed; `read_as` holds
    the words that were matched in place of the question, if others; `wish` the bare follow-up.
    """

    question: str
    outcome: Outcome
    entry: Entry | None = None
    confidence: float = 0.0
    ranking: Ranking | None = None
    read_as: str = ""
    wish: Wish | None = None
    thresholds: Thresholds | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """Return what the matcher considered, best first."""
        return self.ranking.matches if self.ranking else ()

    @property
    def is_phrase(self) -> bool:
        """Tell whether the question is, nearly word for word, a phrase of the best match."""
        return any(match.evidence.similarity >= _SAME_WORDS for match in self.matches[:1])


class Finder:
    """Find entries in one language of an edition."""

    def __init__(self, edition: Edition, language: str) -> None:
        self._knowledge = edition.knowledge
        self._language = language
        self._understanding = edition.understanding[language]
        self._matcher = self._understanding.matcher

    def find(self, question: str, last: Entry | None, given: Sequence[str]) -> Finding:
        """Return the finding for a question after `last` was answered (None: nothing yet)."""
        leaning = self._understanding.follow_ups.read(question)
        if leaning.wish is not None:
            return self._bare(question, leaning.wish, last, given)
        fresh = self._judge(question, self._matcher.rank(question))
        if last is not None and leaning.opened and not leaning.asks:
            return self._same_kind(fresh, leaning, last)
        if not leaning.pronouns or self._stands_alone(fresh, leaning):
            return self._helped(fresh, leaning, last)
        if last is None:
            return _offered(fresh) or Finding(question, "unclear", ranking=fresh.ranking)
        return self._in_context(fresh, leaning, last)

    def says(self, text: str) -> bool:
        """Tell whether a text has any word that carries content."""
        return not set(words(text)) <= self._understanding.function_words

    def subject_of(self, text: str) -> Entry | None:
        """Return the first entry whose subject a text names in full, or by its abbreviation."""
        said = set(words(text))
        for entry in self._knowledge.entries:
            if entry.language == self._language and any(
                (named := set(words(name)) - self._understanding.function_words) and named <= said
                for name in entry.subject.rstrip(")").split("(")
            ):
                return entry
        return None

    def _bare(self, question: str, wish: Wish, last: Entry | None, given: Sequence[str]) -> Finding:
        if last is None:
            return Finding(question, "unclear", wish=wish)
        if (entry := target(self._knowledge, last, wish, given)) is not None:
            return Finding(question, "answer", entry, _FOLLOWED, wish=wish)
        if wish in {"more", "another"}:
            return Finding(question, "exhausted", wish=wish)
        return Finding(question, "unknown", wish=wish)

    def _judge(self, question: str, ranking: Ranking, read_as: str = "") -> Finding:
        best = ranking.best
        if best is None:
            return Finding(question, "unknown", ranking=ranking, read_as=read_as)
        thresholds = self._matcher.thresholds
        outcome: Outcome = "suggest" if best.confidence >= thresholds.suggest else "unknown"
        finding = Finding(
            question, outcome, None, best.confidence, ranking, read_as, thresholds=thresholds
        )
        if best.confidence < thresholds.answer:
            return finding
        return replace(finding, outcome="answer", entry=best.entry)

    def _helped(self, fresh: Finding, leaning: Anaphora, last: Entry | None) -> Finding:
        """Let the context decide a message that names what it is about but not clearly enough."""
        if fresh.outcome == "answer" or last is None or len(leaning.rest) > _SHORT:
            return fresh
        if not (leaning.pronouns or leaning.asks or len(leaning.rest) <= _LITTLE):
            return fresh
        inside = self._in_context(fresh, leaning, last)
        return inside if inside.outcome == "answer" else fresh

    def _in_context(self, fresh: Finding, leaning: Anaphora, last: Entry) -> Finding:
        """Read the message with the last subject in the place of its pronoun, or beside it.

        An entry about the subject is taken if it knows every content word of the message; without
        one, what the words alone would find is only suggested.
        """
        follow_ups = self._understanding.follow_ups
        read_as = follow_ups.with_subject(leaning.rest, last.subject or last.question)
        about = {entry.id for entry in self._knowledge.about(last)}
        near = about | {entry.id for entry in self._knowledge.related(last)}
        answer = self._matcher.thresholds.answer
        for among, enough in ((about, answer * _CONFIRMED), (near, answer)):
            inside = self._judge(fresh.question, self._matcher.rank(read_as, among=among), read_as)
            best = inside.matches[0] if inside.matches else None
            if best and best.confidence >= enough and self._knows(best.entry, leaning):
                return replace(inside, outcome="answer", entry=best.entry)
        return _offered(fresh) or fresh if leaning.pronouns else fresh

    def _knows(self, entry: Entry, leaning: Anaphora) -> bool:
        """Tell whether an entry's phrases have every content word of a message, and it has any."""
        if not self._content(leaning):
            return False
        best = self._matcher.rank(" ".join(leaning.rest), among={entry.id}).best
        return best is None or not best.evidence.uncovered

    def _same_kind(self, fresh: Finding, leaning: Anaphora, last: Entry) -> Finding:
        """Answer "and film?" with the entry about film that is of the last question's kind."""
        read_as = " ".join(leaning.rest)
        ranking = self._matcher.rank(read_as, limit=_WIDE)
        enough = self._matcher.thresholds.suggest * _LEAN
        near = [match for match in ranking.matches if match.confidence >= enough]
        if last.facet is None or not near or near[0].evidence.uncovered:
            return fresh
        names_subject = self._content(leaning) <= set(words(near[0].entry.subject))
        entries = list(self._knowledge.about(near[0].entry)) if names_subject else []
        entries += [match.entry for match in near if not match.evidence.uncovered]
        for entry in entries:
            if entry.facet == last.facet:
                sure = near[0].confidence
                return Finding(fresh.question, "answer", entry, sure, ranking, read_as)
        return fresh

    def _stands_alone(self, fresh: Finding, leaning: Anaphora) -> bool:
        """Tell whether a message with a pronoun can be understood without the one before.

        It names a subject, says much besides, is a phrase, or is answered by an entry that
        doesn't say what it is about.
        """
        if fresh.is_phrase or (fresh.entry is not None and not fresh.entry.subject):
            return True
        content = self._content(leaning)
        return len(content) > _LITTLE or not self._understanding.subject_words.isdisjoint(content)

    def _content(self, leaning: Anaphora) -> set[str]:
        return set(leaning.rest) - self._understanding.function_words


def _offered(fresh: Finding) -> Finding | None:
    """Return what the words alone would find as a suggestion; None if it isn't worth one."""
    if fresh.outcome not in {"answer", "suggest"}:
        return None
    return replace(fresh, outcome="suggest", entry=None)
