"""Tests of what a group gets to read of a long answer."""

from __future__ import annotations

import pytest

from bot.fronts.telegram.opening import opening
from bot.fronts.telegram.render import render, units

SENTENCE = "The oak is a tree that grows slowly and lives for a very long time."


def test_short_text_comes_whole() -> None:
    """To leave out a few words isn't worth a press, whatever the paragraphs."""
    text = "\n\n".join([SENTENCE] * 5)
    assert opening(f" {text}\n") == text


def test_long_text_gives_its_first_paragraph() -> None:
    """A paragraph that says something by itself is enough."""
    assert opening("\n\n".join([SENTENCE] * 9)) == SENTENCE


def test_long_paragraph_is_cut_at_a_sentence() -> None:
    """As many whole sentences as fit come; what is marked stays marked."""
    text = " ".join(["**Oaks** grow.", *[SENTENCE] * 9])
    head = opening(text)
    assert head == " ".join(["**Oaks** grow.", *[SENTENCE] * 4])
    assert units(render(head).text) <= 300


def test_paragraph_that_leads_on_takes_along_what_follows() -> None:
    """An introduction alone would be no answer: the list comes too, as far as it fits."""
    items = "\n".join(f"- {SENTENCE}" for _ in range(9))
    head = opening(f"Three reasons:\n\n{items}")
    assert head.startswith("Three reasons:\n\n- The oak")
    assert head.endswith("time.")
    assert 200 < units(render(head).text) <= 300


@pytest.mark.parametrize("sign", ["。", "\u06d4", "؟", "!"])
def test_sentences_end_in_many_scripts(sign: str) -> None:
    """The signs of other languages end a sentence too."""
    sentence = "слово " * 10 + "слово" + sign
    assert opening(" ".join([sentence] * 9)).endswith(sign)


def test_markup_is_never_cut() -> None:
    """Bold words and links that the limit falls into are left out whole."""
    bold = f"**{SENTENCE} {SENTENCE}**"
    link = f"[{SENTENCE}](https://example.com/a.html)"
    head = opening(f"{SENTENCE} {SENTENCE} {SENTENCE} {bold} {link} {SENTENCE}")
    assert head == f"{SENTENCE} {SENTENCE} {SENTENCE}"


def test_text_without_sentences_is_cut_at_a_word() -> None:
    """What has no end in sight ends in an ellipsis."""
    head = opening("word " * 200)
    assert head.endswith("word…")
    assert units(head) <= 301


def test_text_without_any_break_stays() -> None:
    """Better long than broken."""
    assert opening("x" * 900) == "x" * 900


def test_half_an_answer_in_bold_is_still_cut() -> None:
    """A text that is one bold run has no sound place to be cut at, and stays."""
    text = f"**{' '.join([SENTENCE] * 9)}**"
    assert opening(text) == text
