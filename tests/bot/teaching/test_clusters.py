"""Grouping what people asked in vain."""

from __future__ import annotations

import datetime as dt

from bot.matching.encoder.choose import load_encoder
from bot.storage.lessons import OpenMiss
from bot.teaching.clusters import clusters
from tests.bot.matching.fakes import WordEncoder

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
WORDS = WordEncoder("park parking", "hotel inn", "pool swim", "bus")


def misses(*asked: tuple[int, str], language: str = "en") -> list[OpenMiss]:
    """Return misses of people, each with what they asked; ids count up."""
    return [
        OpenMiss(number, text, language, person, NOW, "fallback")
        for number, (person, text) in enumerate(asked, 1)
    ]


def test_the_most_wanted_comes_first_and_each_person_counts_once() -> None:
    """Somebody who asks ten times wants it no more than somebody who asks once."""
    nagging = [(1, "hotel")] * 10
    found = clusters(misses(*nagging, (2, "park"), (3, "parking")), WORDS.encode, {})
    assert [(each.people, [asked.text for asked in each.asked]) for each in found] == [
        (2, ["parking", "park"]),
        (1, ["hotel"]),
    ]
    assert found[1].misses == tuple(range(1, 11))
    assert found[0].key == 11


def test_among_equals_what_was_asked_more_often_comes_first() -> None:
    """A question that one person repeats is more pressing than what they asked once, and later."""
    found = clusters(misses((1, "hotel"), (1, "hotel"), (1, "bus")), WORDS.encode, {})
    assert [each.asked[0].text for each in found] == ["hotel", "bus"]


def test_wordings_that_differ_in_case_and_marks_are_one() -> None:
    """They are shown as the one that was given first."""
    [found] = clusters(misses((1, "bus"), (2, "Bus?"), (3, "BUS!!")), WORDS.encode, {})
    assert [(each.text, each.people) for each in found.asked] == [("bus", 3)]


def test_languages_stay_apart() -> None:
    """What is taught is taught in one language."""
    both = [*misses((1, "hotel")), *misses((2, "hotel"), language="de")]
    assert {each.language for each in clusters(both, WORDS.encode, {})} == {"en", "de"}


def test_what_cannot_be_read_stands_alone() -> None:
    """Texts without any known word are no more alike than others."""
    found = clusters(misses((1, "xyzzy"), (2, "plugh"), (3, "park")), WORDS.encode, {})
    assert len(found) == 3
    assert clusters([], WORDS.encode, {}) == ()


def test_real_questions_go_together_by_meaning() -> None:
    """With the encoder that the bot comes with, and questions that share a subject."""
    asked = (
        "how do i get a visa for the conference",
        "do I need a visa to attend",
        "visa requirements for visitors",
        "can you send me a visa invitation letter",
        "is lunch included in the ticket",
        "will there be food at the symposium",
        "what food do they serve for lunch",
    )
    known = {"en": ["Why do conferences matter?", "Who attends the conference?"]}
    encoder = load_encoder("static", None)
    found = clusters(misses(*enumerate(asked)), encoder.encode, known)
    groups = sorted(sorted(number for number in each.misses) for each in found)
    together = {frozenset(group) for group in groups}
    assert any({1, 2, 3} <= group for group in together)
    assert any({5, 7} <= group for group in together)
    assert not any(group & {1, 2, 3, 4} and group & {5, 6, 7} for group in together)
