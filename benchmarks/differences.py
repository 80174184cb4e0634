"""Find where the whole conversation does worse, or better, than the matcher alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from benchmarks.phrasings import Phrasings
from benchmarks.sets import QuestionSet, draw
from benchmarks.subjects import Ranked
from benchmarks.subjects.majlis import (
    SUGGESTED,
    ConversationSubject,
    edition_of,
    judged,
    label_of,
    ranked,
)
from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions
from bot.matching.encoder import Encoder
from bot.matching.match import Thresholds

Verdict = Literal["right", "offered", "silent", "wrong"]
"""What became of a question, best first.

"right" is also to give no answer out of scope; "offered" is the right entry as first suggestion.
"""

_ORDER: tuple[Verdict, ...] = get_args(Verdict)
_CONVERSATION = Thresholds(answer=ConversationSubject.threshold, suggest=SUGGESTED)


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a question that the conversation and the matcher alone judge differently."""

    set: str
    text: str
    expected: str
    matcher: Verdict
    matched: str
    confidence: float
    conversation: Verdict
    reply: str

    @property
    def is_loss(self) -> bool:
        """Tell whether the conversation does worse; silence is better than a wrong answer."""
        return _ORDER.index(self.conversation) > _ORDER.index(self.matcher)


def differences(
    questions: QuestionSet, encoder: Encoder | None, size: int, seed: int = 0
) -> Iterator[Difference]:
    """Yield each question whose verdict differs, with `size` phrasings an intent taught."""
    taught: Phrasings = draw(questions, size, seed)
    edition = edition_of(taught, encoder)
    matcher = edition.understanding[questions.language].matcher
    conversation = ConversationSubject("conversation", encoder)
    conversation.take(edition)
    labels = {intent: label for label, intent in enumerate(questions.intents)}
    for each in questions.questions:
        expected = None if each.intent is None else labels[each.intent]
        alone = ranked(matcher.rank(each.text))
        reply = conversation.reply(each.text)
        before = verdict(alone, matcher.thresholds, expected)
        after = verdict(judged(reply), _CONVERSATION, expected)
        if before != after:
            yield Difference(
                questions.name,
                each.text,
                each.intent or "(nothing)",
                before,
                "" if alone.label is None else questions.intents[alone.label],
                alone.score,
                after,
                _told(reply, questions),
            )


def verdict(made: Ranked, thresholds: Thresholds, expected: int | None) -> Verdict:
    """Judge what was made of a question."""
    if expected is None:
        return "wrong" if made.score >= thresholds.answer else "right"
    if made.score >= thresholds.answer:
        return "right" if made.label == expected else "wrong"
    offered = made.label == expected and made.score >= thresholds.suggest
    return "offered" if offered else "silent"


def _told(reply: Reply, questions: QuestionSet) -> str:
    """Return a reply in a few words."""
    match reply:
        case Answer(answered=answered, unanswered=unanswered):
            named = [questions.intents[label_of(each.entry)] for each in answered]
            rest = f", unanswered: {' / '.join(unanswered)}" if unanswered else ""
            return f"answer: {' + '.join(named)}{rest}"
        case Suggestions(candidates=candidates):
            named = [questions.intents[label_of(each.entry)] for each in candidates]
            return f"suggestions: {', '.join(named)}"
        case SmallTalk(kind=kind):
            return f"small talk: {kind}"
        case Fallback(reason=reason):
            return f"fallback: {reason}"
