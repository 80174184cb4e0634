"""Explaining a reply."""

from __future__ import annotations

from bot.conversation.explaining import explain
from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Answered, SmallTalk
from bot.knowledge.markdown import plain
from bot.matching.match import Evidence, Match, Ranking
from bot.matching.reading import Correction, Reading
from tests.bot.conversation.library import HOURS, PLACE, THRESHOLDS

ANSWER = Answer("en", HOURS.answer, (Answered(HOURS, 0.9),))
RANKING = Ranking(
    Reading(("hours",), (Correction("houers", "hours"),)),
    (
        Match(
            HOURS, "library_hours", 0.91, Evidence(0.8, 0.3, 0.7, 0.5, 0.1, uncovered=("parrot",))
        ),
        Match(PLACE, "oak street", 0.2, Evidence(0.5, -0.3, 0.4, 1.0, 0.1)),
    ),
)


def test_a_match_is_explained_part_by_part() -> None:
    """Phrase, parts of the score, thresholds, corrections, runner-up and strange words are told."""
    finding = Finding("Houers?", "answer", HOURS, 0.91, RANKING, thresholds=THRESHOLDS)
    said, _, *lines = plain(explain(ANSWER, [finding])).replace("\u2022 ", "").split("\n")
    assert said == (
        "I answered: hours is 91% sure, by \u201clibrary_hours\u201d; next best place, 20%. "
        "An answer takes 60%."
    )
    assert lines[:5] == [
        "question: Houers?",
        "outcome: answer (hours)",
        "spelling: houers \u2192 hours",
        "thresholds: answer from 0.60, suggest from 0.30",
        "match: hours, confidence 0.91",
    ]
    assert lines[5].startswith("\u2026 by \u201clibrary_hours\u201d (similarity 0.70), score 0.80,")
    assert lines[6] == "\u2026 words it doesn't know: parrot"
    assert lines[7] == "runner-up: place, confidence 0.20"
    assert "margin -0.30, coverage 1.00, nearest unanswered question 0.10" in lines[8]


def test_a_follow_up_is_explained_by_what_it_leant_on() -> None:
    """The wish, or the words read in place of the question, are told."""
    wish = Finding("where?", "answer", PLACE, 0.95, wish="where")
    assert "follow-up of the last answer: where" in explain(ANSWER, [wish])
    read = Finding("where is it", "answer", PLACE, 0.95, RANKING, "where is the library")
    assert "context: where is the library" in explain(ANSWER, [read])


def test_no_match_at_all_is_said() -> None:
    """A question with nothing in common with any phrase is told as such."""
    finding = Finding("qzx", "unknown", ranking=Ranking(Reading(("qzx",))))
    assert "nothing in common" in explain(ANSWER, [finding])


def test_what_a_person_typed_stays_text() -> None:
    """Markup in a question is shown as typed, and a long one is cut."""
    shown = plain(explain(ANSWER, [Finding("**x** [a](http://b) " + "y" * 500, "unknown")]))
    assert "question: **x** [a](http://b) yyy" in shown
    assert len(shown) < 300


def test_replies_without_findings_have_a_word_of_reason() -> None:
    """A pressed button and small talk are explained in a word."""
    assert explain(ANSWER, []) == "Chosen by a button."
    assert explain(SmallTalk("en", "Hi", "greeting"), []) == "Small talk."


def test_each_question_of_a_message_has_its_paragraph() -> None:
    """Two questions are explained one below the other."""
    findings = [Finding("one", "unknown"), Finding("two", "unknown")]
    assert [part.split("\n")[0] for part in explain(ANSWER, findings).split("\n\n")] == [
        "- question: one",
        "- question: two",
    ]
