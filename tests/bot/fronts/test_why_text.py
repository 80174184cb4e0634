"""Why a reply was given, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.explaining import explain
from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Answered, Fallback, Reply, SmallTalk, Suggestions
from bot.fronts.why_text import why_text
from bot.knowledge.markdown import plain
from bot.matching.match import Evidence, Match, Ranking
from bot.matching.reading import Correction, Reading
from tests.bot.conversation.library import ENTRIES, HOURS, PLACE, THRESHOLDS, make_library
from tests.fakes import make_wordings

ANSWER = Answer("en", HOURS.answer, (Answered(HOURS, 0.9),))
SILENCE = Fallback("en", "Sorry.", "unknown")
CHOICE = Suggestions("en", "Which?", ())
SURE = Finding(
    "Houers?",
    "answer",
    HOURS,
    0.91,
    Ranking(
        Reading(("hours", "parrots"), (Correction("houers", "hours"),)),
        (
            Match(HOURS, "library_hours", 0.91, Evidence(0.8, 0.3, 0.7, 0.5, 0.9, 0, ("parrot",))),
            Match(PLACE, "oak street", 0.2, Evidence(0.5, -0.3, 0.4, 1.0, 0.1)),
        ),
    ),
    thresholds=THRESHOLDS,
)
UNSURE = replace(SURE, entry=None, outcome="unknown", thresholds=replace(THRESHOLDS, answer=0.95))


def said(reply: Reply, *findings: Finding) -> str:
    """Return what a person reads of why a reply was given."""
    text = plain(why_text(explain(reply, findings), make_library(), "en"))
    return text.replace("\N{NARROW NO-BREAK SPACE}", "")


def test_an_answer_is_explained_from_the_sentence_to_the_figures() -> None:
    """First what it came down to, then a line each, last the figures for developers."""
    assert said(ANSWER, SURE).split("\n") == [
        "Answered Houers?: When is the library open? [hours], 91% of 60%",
        "",
        "\u2022 spelt houers \u2192 hours",
        "\u2022 by library_hours, 91%",
        "\u2022 then Where is the library? [place], 20%, -71",
        "\u2022 from 60%, 30%",
        "\u2022 strange parrots",
        "\u2022 0.80 0.70 +0.30 0.50 0.90 +0.00",
    ]


@pytest.mark.parametrize(
    ("reply", "finding", "summary"),
    [
        (SILENCE, UNSURE, "Silent Houers?: When is the library open? [hours], 91% of 95%"),
        (CHOICE, replace(UNSURE, outcome="suggest"), "Offered Houers?: When is the library open?"),
        (ANSWER, replace(UNSURE, outcome="suggest"), "Silent Houers?: When is the library open?"),
        (CHOICE, replace(SURE, entry=None, outcome="suggest"), "(vague Houers?)"),
        (SILENCE, Finding("who is it", "unclear"), "(vague who is it)"),
        (SILENCE, Finding("more", "exhausted", wish="more"), "(nothing more more)"),
        (SILENCE, Finding("why?", "unknown", wish="why"), "(nothing of kind why?)"),
        (SILENCE, Finding("qz", "unknown", ranking=Ranking(Reading(("qz",)))), "(nothing alike qz"),
        (SILENCE, Finding("\u05de\u05d4", "unknown"), "(other language \u05de\u05d4)"),
    ],
)
def test_a_silence_says_its_reason(reply: Reply, finding: Finding, summary: str) -> None:
    """Why there was no answer is the first sentence, and true of what the person got."""
    assert said(reply, finding).startswith(summary)


def test_a_question_near_one_without_an_answer_is_told() -> None:
    """Where nothing was answered, it is said that a question without an answer is nearer."""
    assert "(unanswerable)" in said(SILENCE, UNSURE)
    assert "(unanswerable)" not in said(ANSWER, SURE)


def test_a_follow_up_is_explained_by_what_it_leant_on() -> None:
    """What was read in the light of the answer before says so, and how it was read."""
    followed = "Followed where?: Where is the library? [place]"
    assert said(ANSWER, Finding("where?", "answer", PLACE, 0.95, wish="where")) == followed
    read = replace(SURE, question="where?", entry=PLACE, read_as="where is the library")
    assert said(ANSWER, read).startswith(followed)
    assert "read where is the library\n" in said(ANSWER, read)


def test_what_a_person_typed_stays_text() -> None:
    """Markup in a question is shown as typed."""
    assert "**x** [a](http://b)" in said(SILENCE, Finding("**x** [a](http://b)", "unclear"))


def test_replies_without_a_question_have_a_word_of_reason() -> None:
    """A pressed button and small talk are explained in a sentence."""
    assert said(ANSWER) == "(chosen)"
    assert said(SmallTalk("en", "Hi", "greeting")) == "(talk)"


def test_each_question_of_a_message_has_its_paragraph() -> None:
    """Two questions are explained one below the other."""
    findings = Finding("one", "unclear"), Finding("two", "unclear")
    assert said(SILENCE, *findings) == "(vague one)\n\n(vague two)"


def test_the_reader_has_it_in_their_language() -> None:
    """What was kept of a question is told in the language and the entries of who asks why."""
    german = replace(HOURS, language="de", question="Wann ist offen?")
    explaining = make_wordings().explaining.model_copy(update={"answered": "{entry} passt"})
    words = {
        "en": make_wordings(),
        "de": make_wordings().model_copy(update={"explaining": explaining}),
    }
    knowledge = make_library((*ENTRIES, german), wordings=words)
    assert why_text(explain(ANSWER, [SURE]), knowledge, "de").startswith(
        "Wann ist offen? [hours] passt"
    )


def test_an_entry_that_is_gone_is_told_by_its_id() -> None:
    """A reload between the answer and the question why leaves the explanation."""
    text = plain(why_text(explain(ANSWER, [SURE]), make_library((PLACE,)), "en"))
    assert text.startswith("Answered Houers?: hours, 91")


def test_what_an_earlier_version_kept_is_shown_as_it_is() -> None:
    """Explanations that were kept as text stay readable after an update."""
    assert why_text("I answered: *hours*", make_library(), "en") == "I answered: *hours*"
