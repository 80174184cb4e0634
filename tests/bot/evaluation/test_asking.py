"""What a person would meet, and what the matcher thought."""

from __future__ import annotations

from dataclasses import replace

from bot.evaluation.asking import ask
from bot.evaluation.trial import Found
from tests.bot.evaluation.library import case_of, edition_of

SCRIPT = {"reading": {"place": 0.5, "hours": 0.4}, "thanks": {"card": 0.2}}


def test_an_answer_names_entry_phrase_and_confidence() -> None:
    """A question is asked as the first message of a chat, and the reply's entries are kept."""
    case = case_of("When is the library open?", "hours")
    trial = ask(edition_of(), case)
    assert (trial.case, trial.kind, trial.outcome) == (case, "answer", "right")
    assert trial.given == (Found("hours", "When is the library open?", 0.95),)
    assert trial.best == trial.given[0]
    assert trial.milliseconds > 0


def test_suggestions_are_given_in_their_order() -> None:
    """Below the answer threshold the candidates are what was given."""
    trial = ask(edition_of(script=SCRIPT), case_of("reading", "hours"))
    assert (trial.kind, trial.outcome) == ("suggest", "offered")
    assert [found.entry for found in trial.given] == ["place", "hours"]


def test_a_fallback_gives_nothing() -> None:
    """What nothing matches is silent, with nothing ranked."""
    trial = ask(edition_of(), case_of("parrots"))
    assert (trial.kind, trial.given, trial.ranked) == ("silent", (), ())


def test_small_talk_is_silence_yet_the_matcher_is_asked() -> None:
    """A greeting is no answer; what the matcher would have thought of it is kept."""
    trial = ask(edition_of(script=SCRIPT), case_of("thanks", "card"))
    assert (trial.kind, trial.outcome) == ("silent", "silent")
    assert trial.best == Found("card", "How do I get a library card?", 0.2)


def test_the_ranking_is_that_of_the_question_without_the_greeting() -> None:
    """Where the conversation cut small talk off, its own ranking counts."""
    trial = ask(edition_of(), case_of("hi, where is the library?", "place"))
    assert trial.outcome == "right"
    assert trial.is_first


def test_two_questions_are_answered_with_two_entries() -> None:
    """A message that is split may be answered with more than was expected."""
    text = "When is the library open? Where do children read?"
    trial = ask(edition_of(), case_of(text, "hours"))
    assert trial.outcome == "wrong"
    assert [found.entry for found in trial.given] == ["hours", "children"]
    assert trial.given[1].phrase == "Where do children read?"


def test_a_follow_up_within_the_message_has_no_phrase() -> None:
    """What no phrase matched is given by the context of the question before."""
    trial = ask(edition_of(), case_of("When is the library open? And where is it?", "hours"))
    assert trial.given[1] == Found("place", "", 0.95)


def test_a_script_without_a_language_is_silent() -> None:
    """A text in letters that no language of the knowledge has falls back."""
    trial = ask(edition_of(), case_of("библиотека"))
    assert trial.outcome == "silent"


def test_a_language_without_entries_is_ranked_in_the_default_one() -> None:
    """The bot may speak a language that it has no answers in; the matcher has none of it."""
    edition = edition_of()
    words = edition.knowledge.wordings["en"]
    spoken = replace(edition.knowledge, wordings={"en": words, "de": words})
    case = case_of("библиотека", language="de")
    assert ask(replace(edition, knowledge=spoken), case).kind == "silent"
