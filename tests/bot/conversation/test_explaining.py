"""What is kept of why a reply was given."""

from __future__ import annotations

import pytest

from bot.conversation.explaining import Explanation, Guess, Reason, explain, explanation_of
from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Answered, Fallback, SmallTalk
from bot.matching.match import Evidence, Match, Ranking
from bot.matching.reading import Correction, Reading
from bot.storage.store import Candidate
from tests.bot.conversation.library import HOURS, PLACE, THRESHOLDS

ANSWER = Answer("en", HOURS.answer, (Answered(HOURS, 0.9),))
SILENCE = Fallback("en", "Sorry.", "unknown")
EVIDENCE = Evidence(0.8, 0.3, 0.7, 0.5, 0.1)
RANKING = Ranking(
    Reading(("happy", "hours"), (Correction("houers", "hours"),)),
    (
        Match(HOURS, "library_hours", 0.91, Evidence(0.8, 0.3, 0.7, 0.5, 0.1, 0.0, ("happi",))),
        Match(PLACE, "oak street", 0.2, Evidence(0.5, -0.3, 0.4, 1.0, 0.1)),
    ),
)


def kept(reply: Answer | Fallback, *findings: Finding) -> tuple[Reason, ...]:
    """Return the reasons that are kept of a reply."""
    explanation = explanation_of(explain(reply, findings))
    assert explanation
    return explanation.reasons


def test_what_a_reply_hung_on_is_kept() -> None:
    """Phrase, figures, thresholds, corrections, runner-up and strange words survive."""
    finding = Finding("Happy houers?", "answer", HOURS, 0.91, RANKING, thresholds=THRESHOLDS)
    assert kept(ANSWER, finding) == (
        Reason(
            "Happy houers?",
            "answer",
            "hours",
            matched=True,
            corrections=(Correction("houers", "hours"),),
            thresholds=THRESHOLDS,
            best=Guess("hours", "library_hours", 0.91, EVIDENCE, ("happy",)),
            runner_up=Candidate("place", 0.2),
        ),
    )


def test_what_a_follow_up_leant_on_is_kept() -> None:
    """The wish, or the words read in place of the question, survive."""
    wish = Finding("where?", "answer", PLACE, 0.95, wish="where")
    read = Finding("where is it", "answer", PLACE, 0.95, RANKING, "where is the library")
    reasons = kept(ANSWER, wish, read)
    assert [each.wish for each in reasons] == ["where", ""]
    assert [each.read_as for each in reasons] == ["", "where is the library"]


def test_what_is_kept_stays_short_and_can_be_read_again() -> None:
    """A long question is cut, and half a surrogate pair doesn't keep it from being JSON."""
    text = explain(SILENCE, [Finding("\ud800\0\N{GRINNING FACE}" + "y" * 5000, "unknown")])
    explanation = explanation_of(text)
    assert explanation
    assert explanation.reasons[0].question.startswith("?\0\N{GRINNING FACE}yyy")
    assert len(text) < 300


def test_small_talk_and_buttons_have_no_reasons() -> None:
    """Where nothing was matched for the reply, only its kind is kept."""
    talk = SmallTalk("en", "Hi", "greeting")
    assert explanation_of(explain(talk, [Finding("hm", "unknown")])) == Explanation(answered=False)
    assert explanation_of(explain(ANSWER, [])) == Explanation(answered=True)


@pytest.mark.parametrize("text", ["", "Small talk.", "[]", '{"answered": 7}'])
def test_other_text_is_no_explanation(text: str) -> None:
    """What an earlier version kept is told apart."""
    assert explanation_of(text) is None


@pytest.mark.parametrize(
    ("stem", "typed"),
    [("happi", "happy"), ("x", "x"), ("con", "con"), ("de", "de"), ("librar", "library")],
)
def test_a_strange_word_is_the_one_that_was_typed(stem: str, typed: str) -> None:
    """Stems are told apart from words that only begin like them."""
    words = ("what", "xylophone", "conference", "description", typed)
    evidence = Evidence(0.8, 0.3, 0.7, 0.5, 0.1, 0.0, (stem,))
    ranking = Ranking(Reading(words), (Match(HOURS, "hours", 0.9, evidence),))
    [reason] = kept(SILENCE, Finding("?", "unknown", ranking=ranking))
    assert reason.best
    assert reason.best.strange == (typed,)
