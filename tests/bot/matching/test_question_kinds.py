"""Kinds of question: whether an entry is asked in the way an utterance asks."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.question_kinds import QuestionKinds

TEXTS = ["where is it", "where do they meet", "what place", "how much is it", "how is it", "hours"]
LABELS = np.array([0, 0, 0, 1, 1, -1], np.int32)


@pytest.fixture
def kinds() -> QuestionKinds:
    """Return the kinds of two entries' phrases and a negative's."""
    texts = [text.split() for text in TEXTS]
    return QuestionKinds(texts, LABELS, 2, ["where", "what", "how", "how much", "who"], str)


def test_an_entry_asked_in_this_way_fits(kinds: QuestionKinds) -> None:
    """Where the entry's phrases ask alike the fit is above 0, elsewhere below."""
    assert kinds.fit(["where", "now"], 0) > 0 > kinds.fit(["where", "now"], 1)


def test_the_longest_question_word_counts(kinds: QuestionKinds) -> None:
    """How much is another kind of question than how: leaving one phrase out doesn't touch it."""
    asked = ["how", "much", "now"]
    assert kinds.fit(asked, 1) > 0 > kinds.fit(asked, 0)
    assert kinds.fit(asked, 1, left_out=True) < kinds.fit(["how", "now"], 1)


def test_the_first_question_word_counts(kinds: QuestionKinds) -> None:
    """A question word further on doesn't change the kind."""
    assert kinds.fit(["where", "and", "how"], 0) == kinds.fit(["where"], 0)


@pytest.mark.parametrize("text", [[], ["hours"], ["much"]])
def test_without_a_question_word_nothing_is_said(text: list[str], kinds: QuestionKinds) -> None:
    """A text that asks in no known way fits every entry alike."""
    assert kinds.fit(text, 0) == kinds.fit(text, 1) == 0


def test_a_phrase_does_not_vouch_for_itself(kinds: QuestionKinds) -> None:
    """Left out, the only phrase of its kind no longer speaks for its entry."""
    assert kinds.fit(["what", "place"], 0, left_out=True) < kinds.fit(["what", "place"], 0)


def test_an_entry_of_one_phrase_can_be_left_out() -> None:
    """Nothing left to go by divides nothing by zero."""
    alone = QuestionKinds([["where"]], np.array([0], np.int32), 1, ["where"], str)
    assert np.isfinite(alone.fit(["where"], 0, left_out=True))


def test_an_empty_question_word_asks_nothing() -> None:
    """A blank line among the question words makes no kind of its own."""
    texts = [text.split() for text in TEXTS]
    blank = QuestionKinds(texts, LABELS, 2, ["", " ", "where"], str)
    assert blank.fit(["hours"], 0) == 0
    assert blank.fit(["where"], 0) > 0


def test_question_words_are_known_by_their_stems() -> None:
    """The words asked by are stemmed like the texts."""
    kinds = QuestionKinds([["pric"], ["hous"]], np.array([0, 1], np.int32), 2, ["prices"], _short)
    assert kinds.fit(["pric"], 0) > 0 > kinds.fit(["pric"], 1)


def _short(word: str) -> str:
    return word[:4]
