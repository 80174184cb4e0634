"""Composing replies: findings put into the wordings of the language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.composing import Composer
from bot.conversation.findings import Finding, Outcome
from bot.conversation.messages import Answer, Answered, Fallback, SmallTalk, Suggestions
from bot.knowledge.entry import Entry
from bot.knowledge.markdown import plain
from tests.bot.conversation.library import (
    CARD,
    CHILDREN,
    HOURS,
    LOST,
    PLACE,
    TOUR,
    ScriptedMatcher,
    make_library,
)
from tests.fakes import make_entry, make_wordings

LIBRARY = make_library()


@pytest.fixture
def composer() -> Composer:
    """Return a composer of the library's replies."""
    return Composer(LIBRARY, "en")


def found(entry: Entry, question: str = "?", confidence: float = 0.9) -> Finding:
    """Return a finding that answers."""
    return Finding(question, "answer", entry, confidence)


def suggested(**confidences: float) -> Finding:
    """Return a finding that suggests these entries."""
    ranking = ScriptedMatcher(LIBRARY.entries, {"x": confidences}).rank("x", limit=9)
    return Finding("x", "suggest", confidence=max(confidences.values()), ranking=ranking)


def test_one_answer_is_the_entrys_own(composer: Composer) -> None:
    """A lone answer stands without its question."""
    reply = composer.reply([found(HOURS)], None)
    assert isinstance(reply, Answer)
    assert reply.text == HOURS.answer
    assert reply.answered == (Answered(HOURS, 0.9),)
    assert reply.unanswered == ()
    assert reply.language == "en"


def test_related_questions_that_exist_are_offered(composer: Composer) -> None:
    """Next questions come in the entry's order, without those that are gone."""
    assert composer.answer([Answered(HOURS, 1.0)]).related == (CARD, PLACE)


def test_at_most_three_related_questions_are_offered() -> None:
    """However many entries are related, a phone shows three, and none that was answered."""
    names = [f"tree-{number}" for number in range(6)]
    entries = tuple(make_entry(name, related=tuple(names)) for name in names)
    reply = Composer(make_library(entries), "en").answer([Answered(entries[0], 1.0)])
    assert reply.related == entries[1:4]


def test_two_answers_stand_under_their_questions(composer: Composer) -> None:
    """Each of several answers has its question above it, in the order asked."""
    reply = composer.answer([Answered(PLACE, 0.8), Answered(HOURS, 0.9)])
    assert plain(reply.text) == (
        "Where is the library?\n\nThe library is in Oak Street.\n\n"
        "When is the library open?\n\nThe library is open daily."
    )
    assert reply.related == (CARD,)


def test_the_same_answer_comes_once(composer: Composer) -> None:
    """Two questions with one entry get one answer."""
    reply = composer.reply([found(PLACE, "where"), found(PLACE, "what street")], None)
    assert isinstance(reply, Answer)
    assert reply.text == PLACE.answer
    assert len(reply.answered) == 1


def test_parts_without_an_answer_are_named(composer: Composer) -> None:
    """What couldn't be answered is said as it was typed, markup and all."""
    reply = composer.reply([found(PLACE), Finding("why *this* _[x]_?", "unknown")], None)
    assert isinstance(reply, Answer)
    assert reply.unanswered == ("why *this* _[x]_?",)
    assert plain(reply.text).endswith("Nothing on: why *this* _[x]_?")


def test_a_question_shown_as_a_heading_keeps_its_signs(composer: Composer) -> None:
    """Signs of markup in a question are shown, not obeyed."""
    odd = make_entry("odd", question="Is 2*3*4 a_b?")
    reply = composer.answer([Answered(odd, 1.0), Answered(PLACE, 1.0)])
    assert plain(reply.text).startswith("Is 2*3*4 a_b?")


def test_at_most_three_suggestions_come_best_first(composer: Composer) -> None:
    """Suggestions are the three surest matches with their confidence."""
    reply = composer.reply([suggested(hours=0.3, place=0.5, card=0.4, lost=0.1)], None)
    assert isinstance(reply, Suggestions)
    assert reply.candidates == (Answered(PLACE, 0.5), Answered(CARD, 0.4), Answered(HOURS, 0.3))
    assert reply.text == "(suggestions)"


def test_an_answer_wins_over_suggestions(composer: Composer) -> None:
    """With one question answered, the other is named as unanswered, not offered."""
    reply = composer.reply([suggested(lost=0.5), found(HOURS)], None)
    assert isinstance(reply, Answer)
    assert reply.unanswered == ("x",)


def test_the_surest_of_several_questions_without_answer_decides(composer: Composer) -> None:
    """Suggestions come from the question that matched best."""
    reply = composer.reply(
        [Finding("y", "unknown"), suggested(lost=0.5), suggested(tour=0.4)], None
    )
    assert isinstance(reply, Suggestions)
    assert [each.entry for each in reply.candidates] == [LOST]


@pytest.mark.parametrize(
    ("outcome", "text", "reason"),
    [
        ("unknown", "(fallback)", "unknown"),
        ("unclear", "(unclear)", "unclear"),
        ("exhausted", "(exhausted)", "exhausted"),
    ],
)
def test_a_fallback_says_why_and_shows_the_topics(
    outcome: Outcome, text: str, reason: str, composer: Composer
) -> None:
    """Each kind of silence has its wording and a way forward."""
    reply = composer.reply([Finding("x", outcome)], None)
    assert reply == Fallback("en", text, reason, LIBRARY.topics_in("en"))  # type: ignore[arg-type]
    assert [topic.id for topic in LIBRARY.topics_in("en")] == ["library", "cards"]


def test_dismissed_suggestions_have_a_fallback_of_their_own(composer: Composer) -> None:
    """None of these is thanked for."""
    assert composer.fallback("dismissed").text == "(fallback dismissed)"


def test_a_greeting_before_noise_is_answered_as_a_greeting(composer: Composer) -> None:
    """Small talk with a rest that matches nothing at all gets the small talk's answer."""
    reply = composer.reply([Finding("qzx", "unknown")], "greeting")
    assert reply == SmallTalk("en", "(greeting)", "greeting")


def test_a_greeting_before_an_unknown_question_falls_back(composer: Composer) -> None:
    """Small talk doesn't hide that a question wasn't answered."""
    finding = replace(suggested(lost=0.1), outcome="unknown")
    assert isinstance(composer.reply([finding], "greeting"), Fallback)
    assert isinstance(composer.reply([found(TOUR)], "greeting"), Answer)


def test_a_language_without_topics_or_wordings_has_those_of_the_default() -> None:
    """Wordings and topics fall back to the default language."""
    arabic = replace(CHILDREN, language="ar")
    bilingual = make_library((HOURS, arabic), wordings={"en": make_wordings(fallback="(english)")})
    reply = Composer(bilingual, "ar").fallback("unknown")
    assert (reply.language, reply.text) == ("ar", "(english)")
    assert [topic.language for topic in reply.topics] == ["ar"]
    assert [topic.id for topic in Composer(bilingual, "fa").fallback("unknown").topics] == [
        "library"
    ]
