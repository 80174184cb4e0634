"""Editions: one version of the knowledge with what understands it, language by language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.edition import Edition, build_edition, tuned_version
from bot.conversation.hearing import hear
from bot.conversation.messages import Answer, Utterance
from bot.knowledge.entry import Entry
from bot.knowledge.snapshot import files_version
from bot.matching.match import Thresholds
from bot.matching.scripts import scripts_of
from tests.bot.conversation.library import ENTRIES, make_library, make_phrases
from tests.fakes import make_entry, make_wordings

WHERE_AR = "\u0623\u064a\u0646 \u0627\u0644\u0645\u0643\u062a\u0628\u0629\u061f"
CARD_AR = "\u0643\u064a\u0641 \u0628\u0637\u0627\u0642\u0629\u061f"


def _translated(name: str, language: str, question: str, *alternates: str) -> Entry:
    return make_entry(name, language=language, question=question, alternates=alternates)


@pytest.fixture(scope="module")
def two_languages() -> Edition:
    """Return an edition in English and Arabic."""
    arabic = (
        _translated(
            "place",
            "ar",
            WHERE_AR,
            "\u0639\u0646\u0648\u0627\u0646 \u0627\u0644\u0645\u0643\u062a\u0628\u0629",
        ),
        _translated(
            "card",
            "ar",
            CARD_AR,
            "\u0628\u0637\u0627\u0642\u0629 \u0627\u0644\u0645\u0643\u062a\u0628\u0629",
        ),
    )
    english = tuple(replace(entry, alternates=(f"the {entry.id}",)) for entry in ENTRIES)
    return build_edition(make_library((*english, *arabic)))


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("Where?", ("LATIN",)),
        (WHERE_AR, ("ARABIC",)),
        ("\u0433\u0434\u0435", ("CYRILLIC",)),
        ("\u4f1a\u8bae", ("CJK",)),
        ("where \u0623\u064a\u0646 is", ("LATIN", "ARABIC")),
        ("", ()),
        ("123 ?! \U0001f600", ()),
        ("\ud800", ()),
        ("\uff57\uff48\uff45\uff52\uff45", ("LATIN",)),
        ("\U0001d430\U0001d421\U0001d41e\U0001d42b\U0001d41e", ("LATIN",)),
    ],
)
def test_scripts_are_those_of_the_letters(text: str, scripts: tuple[str, ...]) -> None:
    """Letters have a script in any font, the most used comes first; signs and digits have none."""
    assert scripts_of(text) == scripts


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("en-GB", "en"),
        ("ar", "ar"),
        ("ar-EG", "ar"),
        ("AR_eg", "ar"),
        ("de", "en"),
        ("-", "en"),
    ],
)
def test_a_language_tag_finds_a_language_of_the_knowledge(
    tag: str | None, language: str, two_languages: Edition
) -> None:
    """Region and case don't matter; an unknown language gets the default one."""
    assert two_languages.language(tag) == language


@pytest.mark.parametrize(
    ("text", "tag", "candidates"),
    [
        ("where", None, ("en",)),
        ("where", "ar", ("en",)),
        (WHERE_AR, "en", ("ar",)),
        (WHERE_AR, None, ("ar",)),
        ("\u0433\u0434\u0435", "en", ()),
        ("123", "ar", ("ar",)),
        ("", None, ("en",)),
    ],
)
def test_the_script_decides_the_languages_a_text_may_be_in(
    text: str, tag: str | None, candidates: tuple[str, ...], two_languages: Edition
) -> None:
    """A text is read in the languages of its script; without letters, in the person's own."""
    assert two_languages.candidates(text, tag) == candidates


TAUGHT = "أين تعقد ندوة الصحافة"


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        (TAUGHT, True),
        ("اين تُعقد ندوة الصحافة؟", True),
        ("أين تعقد ندوة الصحافة رجاء", True),
        ("أين تعقد الألعاب الأولمبية؟", False),
        ("أين تعقد محكمة العدل؟", False),
        ("أين تعقد", False),
        ("الصحافة", False),
        ("كم سعر تذكرة ندوة الصحافة وأين تعقد", False),
        ("where", False),
        ("", False),
    ],
)
def test_a_phrase_taught_in_another_script_is_known_nearly_word_for_word(
    text: str, *, is_known: bool
) -> None:
    """What only begins like it, or has a word of it, says nothing in a script nobody knows."""
    taught = replace(ENTRIES[0], alternates=(TAUGHT,))
    edition = build_edition(make_library((taught, *ENTRIES[1:])))
    assert edition.verbatim(text) == (taught if is_known else None)
    reply, _ = hear(edition, Utterance(1, 1, text, "ar"))
    assert isinstance(reply, Answer) == is_known
    assert edition.candidates(TAUGHT, "ar") == ()


@pytest.mark.parametrize(
    ("text", "tag", "language"),
    [
        (WHERE_AR, "ar", "ar"),
        (WHERE_AR, "en-GB", "ar"),
        (WHERE_AR, None, "ar"),
        (WHERE_AR, "fa", "en"),
        ("\u0433\u0434\u0435", "ar", "ar"),
        ("\u0433\u0434\u0435", "en", "en"),
        ("123", "ar", "ar"),
    ],
)
def test_what_is_in_no_known_language_is_excused_in_the_person_s(
    text: str, tag: str | None, language: str
) -> None:
    """The bot speaks languages that it has texts in but no entries: the app's, else the text's."""
    wordings = {"en": make_wordings(), "ar": make_wordings(fallback=CARD_AR)}
    edition = build_edition(make_library(wordings=wordings))
    assert edition.courtesy(text, tag) == language
    assert edition.language("ar") == "en"


def test_languages_of_one_script_are_both_tried_the_persons_first() -> None:
    """With two languages in Latin letters, the person's own comes first."""
    turkish = _translated("place", "tr", "K\u00fct\u00fcphane nerede?")
    edition = build_edition(make_library((*ENTRIES, turkish)))
    assert edition.candidates("where", "tr-TR") == ("tr", "en")
    assert edition.candidates("where", None) == ("en", "tr")


def test_each_language_matches_its_own_entries(two_languages: Edition) -> None:
    """A language's matcher ranks the entries of that language only."""
    best = two_languages.understanding["ar"].matcher.rank(WHERE_AR).best
    assert best is not None
    assert (best.entry.id, best.entry.language) == ("place", "ar")
    ranked = two_languages.understanding["en"].matcher.rank("the card", limit=99).matches
    assert {match.entry.language for match in ranked} == {"en"}


def test_the_default_language_need_not_be_english() -> None:
    """A knowledge in one other language answers everybody in it."""
    turkish = _translated("place", "tr", "K\u00fct\u00fcphane nerede?")
    edition = build_edition(make_library((turkish,), phrases=make_phrases(), default_language="tr"))
    assert edition.language("en") == "tr"
    assert edition.candidates("nerede", "en") == ("tr",)


def test_function_words_are_those_of_the_language(two_languages: Edition) -> None:
    """English has its list; a language without one has none."""
    assert "the" in two_languages.understanding["en"].function_words
    assert two_languages.understanding["ar"].function_words == frozenset()


def test_chosen_thresholds_take_the_place_of_the_fitted_ones(two_languages: Edition) -> None:
    """Those of another language stay fitted, and the version tells of the choice."""
    chosen = {"en": Thresholds(0.5, 0.2)}
    tuned = build_edition(two_languages.knowledge, thresholds=chosen)
    fitted = two_languages.understanding["ar"].matcher.thresholds
    assert tuned.understanding["en"].matcher.thresholds == chosen["en"]
    assert tuned.understanding["ar"].matcher.thresholds == fitted
    assert tuned.knowledge.version == tuned_version("v1", chosen) != "v1"


def test_a_version_depends_on_the_thresholds_alone() -> None:
    """Chosen anew they replace what was chosen, and what was taught and the files stay told."""
    once, other = {"en": Thresholds(0.5, 0.2)}, {"en": Thresholds(0.6, 0.2)}
    tuned = tuned_version("abc+12345678", once)
    assert tuned.startswith("abc+12345678+t")
    assert tuned_version(tuned, once) == tuned != tuned_version(tuned, other)
    assert tuned_version(tuned, {}) == "abc+12345678"
    assert files_version(tuned) == files_version(tuned_version("abc", once)) == "abc"
