"""Normalising: what people type and what phrases say come to the same letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.normalise import MAX_CHARACTERS, normalise, words

ANY_TEXT = st.text(st.characters(), max_size=200)
HOSTILE = [
    pytest.param("\ud800 alone \udfff", "alone", id="lone surrogates"),
    pytest.param("\u202ewhere\u202c is it", "where is it", id="right-to-left override"),
    pytest.param("w\u0336h\u0337\u0321e\u0301\u0302\u0303re\u0489", "where", id="zalgo"),
    pytest.param("\x00where\x07 is", "where is", id="control characters"),
    pytest.param("\U0001f44d\U0001f3fd where \u2049\ufe0f", "where", id="emoji"),
    pytest.param("", "", id="nothing"),
    pytest.param(" \t\n\u3000\u00a0 ", "", id="only spaces"),
    pytest.param("?!.,;:()[]", "", id="only punctuation"),
]


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    """What is normal stays as it is, unless it grew so long that it is cut again."""
    once = normalise(text)
    if len(once) <= MAX_CHARACTERS:
        assert normalise(once) == once


@given(ANY_TEXT)
def test_words_are_folded_and_stand_one_space_apart(text: str) -> None:
    """No capital letter, no other space, no empty word and no underscore is left."""
    normal = normalise(text)
    assert normal == normal.casefold()
    assert "_" not in normal
    assert normal.split(" ") == (words(text) or [""])


@given(st.text(st.sampled_from("@./:whtps \n_'"), max_size=300))
def test_addresses_of_any_shape_are_survived(text: str) -> None:
    """Pieces of links and mail addresses in any order end in words."""
    assert all(word.isalnum() for word in words(text))


@pytest.mark.parametrize(("text", "expected"), HOSTILE)
def test_hostile_text_leaves_only_its_words(text: str, expected: str) -> None:
    """Marks, controls and emoji go; words stay."""
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("\u0623\u064a\u0646", "\u0627\u064a\u0646", id="alef with hamza"),
        pytest.param("\u0622\u0628", "\u0627\u0628", id="alef with madda"),
        pytest.param("\u0645\u0624\u062a\u0645\u0631", "\u0645\u0648\u062a\u0645\u0631", id="waw"),
        pytest.param("\u0645\u062f\u0631\u0633\u0629", "\u0645\u062f\u0631\u0633\u0647", id="teh"),
        pytest.param("\u0639\u0644\u0649", "\u0639\u0644\u064a", id="alef maksura"),
        pytest.param("\u06a9\u062a\u0627\u0628", "\u0643\u062a\u0627\u0628", id="Persian kaf"),
        pytest.param("\u0627\u06cc\u0631\u0627\u0646", "\u0627\u064a\u0631\u0627\u0646", id="yeh"),
        pytest.param("\u06af\u0644", "\u0643\u0644", id="gaf"),
        pytest.param(
            "\u0643\u0640\u0640\u0628\u064a\u0631", "\u0643\u0628\u064a\u0631", id="kashida"
        ),
        pytest.param(
            "\u0643\u064e\u062a\u064e\u0628\u064e", "\u0643\u062a\u0628", id="vowel signs"
        ),
        pytest.param("\ufefb", "\u0644\u0627", id="ligature"),
    ],
)
def test_arabic_and_persian_letters_that_are_typed_for_one_another_are_one(
    one: str, other: str
) -> None:
    """Which keyboard a word was typed on makes no difference."""
    assert normalise(one) == normalise(other) != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\u0130STANBUL", "istanbul", id="dotted capital I"),
        pytest.param("\u0131\u015f\u0131k", "isik", id="dotless small i"),
        pytest.param("STRASSE", "strasse", id="capitals"),
        pytest.param("Stra\u00dfe", "strasse", id="sharp s"),
        pytest.param("C\u00c6SAR \u0152uvre", "caesar oeuvre", id="ligatures"),
        pytest.param("\u0141\u00f3d\u017a", "lodz", id="Polish"),
        pytest.param("\u0110\u00e0 N\u1eb5ng", "da nang", id="Vietnamese"),
        pytest.param("cafe\u0301 caf\u00e9", "cafe cafe", id="composed and decomposed"),
        pytest.param("\uff57\uff48\uff45\uff52\uff45", "where", id="full width"),
        pytest.param("\U0001d430\U0001d421\U0001d41a\U0001d42d", "what", id="mathematical bold"),
    ],
)
def test_letters_lose_their_marks_and_shapes(text: str, expected: str) -> None:
    """A letter is itself with or without its marks, whatever its font."""
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("whyyyyyy", "whyy"),
        ("soooo gooood", "soo good"),
        ("cool", "cool"),
        ("1000000", "1000000"),
        ("HAAAAllo", "haallo"),
    ],
)
def test_elongated_letters_shrink_to_two_and_digits_stay(text: str, expected: str) -> None:
    """A long-drawn word is read as a short one; a number is not."""
    assert normalise(text) == expected


@pytest.mark.parametrize("apostrophe", ["'", "\u2019", "\u02bc", "`", "\u00b4"])
def test_an_apostrophe_inside_a_word_closes_up(apostrophe: str) -> None:
    """What's is read as whats, whichever apostrophe it has; quotes around a word go."""
    assert normalise(f"What{apostrophe}s {apostrophe}that{apostrophe}") == "whats that"


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c", "http://x", "www.example.org/path", "me@example.org"],
)
def test_links_and_mail_addresses_say_nothing(address: str) -> None:
    """An address is left out and its neighbours stay."""
    assert normalise(f"see {address} please") == "see please"


def test_a_long_text_is_read_at_both_ends() -> None:
    """The beginning and the end of a long message count, the middle doesn't."""
    text = f"first {'x ' * 5000} middle {'y ' * 5000} last"
    said = words(text)
    assert said[0] == "first"
    assert said[-1] == "last"
    assert "middle" not in said
    assert len(" ".join(said)) <= MAX_CHARACTERS + 1


def test_words_are_the_parts_of_the_normal_text() -> None:
    """Words come in the order they were typed."""
    assert words("Where's the (big) Conference?") == ["wheres", "the", "big", "conference"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("எங்கே?", ["எங்கே"]),
    ],
)
def test_indic_words_keep_their_vowel_signs(text: str, expected: list[str]) -> None:
    """A vowel sign is a part of its word."""
    assert words(text) == expected


def test_many_signs_of_addresses_take_no_time() -> None:
    """Six hundred @ are passed over within the test's time, and nothing is left of them."""
    for _ in range(200):
        assert words("@" * 600) == []
