"""Grounding: an answer in the words of its source."""

from __future__ import annotations

import pytest

from bot.knowledge.documents import parse_document
from bot.knowledge.entry import Entry, Source
from bot.knowledge.function_words import function_words
from bot.knowledge.ground import Grounding


def _missing(
    answer: str, paragraph: str, *, title: str = "Title", language: str = "en"
) -> list[str]:
    document = parse_document("a.md", f"# {title}\n\n{paragraph}\n")
    source = Source("a.md", 1)
    entry = Entry("some-id", "topic", language, "Question?", answer, sources=(source,))
    return list(Grounding(language, {"a.md": document}).ungrounded(entry).values())


@pytest.mark.parametrize(
    ("answer", "paragraph"),
    [
        ("It promotes cooperation.", "Promoting cooperative projects."),
        ("**Austin**, *Texas*", "austin texas"),
        ("A cross-cultural event", "Events: cultural, across; a cross."),
        ("cross cultural", "cross-cultural"),
        ("The nation's heritage", "A nation and heritage"),
        ("The nation\N{RIGHT SINGLE QUOTATION MARK}s heritage", "nation heritage"),
        ("Don't you? It isn't so.", "Nothing of it."),
        ("A cafe\N{COMBINING ACUTE ACCENT}", "The café"),
        ("Until 9:30", "9 to 30"),
        ("On [the site](https://example.org/a)", "The site is https://example.org/a."),
        ("foobar", "foo**bar**"),
        ("snake case", "snake_case"),
    ],
)
def test_words_of_the_source_are_grounded_in_any_form(answer: str, paragraph: str) -> None:
    """Endings, case, accents, hyphens, possessives and markup make no difference."""
    assert _missing(answer, paragraph) == []


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("Doors open at 10", ["doors", "10"]),
        ("Tea, tea and more TEAS with open arms", ["tea", "arms"]),
        ("A well-opened door", ["door"]),
        ("Open every 2nd day", ["2nd", "day"]),
    ],
)
def test_words_that_the_source_lacks_are_given_once_in_order(
    answer: str, missing: list[str]
) -> None:
    """Each stem is named by the first word that has it; digits are words."""
    assert [each for each in _missing(answer, "open nine") if each != "more"] == missing


def test_the_title_of_the_document_grounds_too() -> None:
    """What the whole document is about needs no repeating in its paragraphs."""
    assert _missing("The handbook opens", "It opens.", title="Handbook") == []


def test_every_source_grounds() -> None:
    """An answer may join several paragraphs."""
    document = parse_document("a.md", "Tea at nine.\n\nCoffee at ten.\n")
    sources = (Source("a.md", 1), Source("a.md", 2))
    entry = Entry("some-id", "topic", "en", "Question?", "Tea and coffee", sources=sources)
    assert Grounding("en", {"a.md": document}).ungrounded(entry) == {}


def test_sources_that_do_not_exist_ground_nothing() -> None:
    """A wrong source leaves every word without ground, without failing."""
    sources = (Source("a.md", 9), Source("b.md", 1))
    entry = Entry("some-id", "topic", "en", "Question?", "Tea", sources=sources)
    document = parse_document("a.md", "Tea")
    assert Grounding("en", {"a.md": document}).ungrounded(entry) == {"tea": "tea"}


def test_other_languages_are_stemmed_by_their_own_rules() -> None:
    """German endings are German."""
    assert _missing("die Häuser", "Häusern, die", language="de") == []


def test_languages_without_stemmer_compare_whole_words() -> None:
    """An unknown language still gets a check, a stricter one."""
    assert _missing("zuri kubwa", "zuri", language="sw") == ["kubwa"]


def test_function_words_are_normalised_as_answers_are() -> None:
    """A list with capitals or apostrophes would exempt nothing."""
    english = function_words("en")
    assert {"the", "of", "dont"} <= english
    assert all(word.isalnum() and word == word.casefold() for word in english)


def test_a_language_without_function_words_exempts_nothing() -> None:
    """A missing list isn't an error."""
    assert function_words("xx") == frozenset()
