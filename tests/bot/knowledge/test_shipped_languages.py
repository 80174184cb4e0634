"""Tests of the fixed texts that the project brings in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation.edition import Edition
from bot.knowledge.wordings import Phrases
from bot.matching.normalise import normalise
from bot.settings import default_knowledge

OWN, GENERIC = default_knowledge(), default_knowledge() / "generic"
LANGUAGES = sorted(path.parent.name for path in OWN.glob("*/_wordings.yaml"))
OTHERS = [language for language in LANGUAGES if language != "en"]
OF_THE_SUBJECT = {
    *("start", "help", "about", "description", "short_description", "fallback", "unclear"),
    *("small_talk.greeting", "small_talk.who_are_you", "small_talk.what_can_you_do"),
}
"""The wordings that tell what the knowledge is about, or in which language it is."""
_LONGEST_LABEL = 20
_BRACES = re.compile(r"\{\w+\}")
_COMMAND = re.compile(r"/[a-z]+")


def _read(folder: Path, language: str, name: str) -> dict[str, Any]:
    text = (folder / language / name).read_text(encoding="utf-8")
    return dict(_flat(yaml.safe_load(text)))


def _flat(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, each in value.items():
        if isinstance(each, dict):
            yield from _flat(each, f"{before}{key}.")
        else:
            yield before + key, each


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("folder", [OWN, GENERIC])
def test_wordings_of_every_language_say_the_same_things(folder: Path, language: str) -> None:
    """They have the keys of the English ones, and what is filled in there is filled in here."""
    english, other = (_read(folder, code, "_wordings.yaml") for code in ("en", language))
    assert list(other) == list(english)
    braces = {key: set(_BRACES.findall(str(text))) for key, text in english.items()}
    assert {key: set(_BRACES.findall(str(text))) for key, text in other.items()} == braces


@pytest.mark.parametrize("language", OTHERS)
def test_phrases_of_every_language_are_of_the_same_kinds(language: str) -> None:
    """Each list of the English phrases is there, and holds some."""
    english, other = (_read(OWN, code, "_phrases.yaml") for code in ("en", language))
    assert list(other) == list(english)
    assert all(other.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_generic_wordings_are_the_others_without_their_subject(language: str) -> None:
    """What is said over any knowledge is said in the same words."""
    own, generic = (_read(folder, language, "_wordings.yaml") for folder in (OWN, GENERIC))
    assert {key for key, text in own.items() if generic[key] != text} <= OF_THE_SUBJECT


@pytest.mark.parametrize("language", OTHERS)
def test_labels_of_buttons_fit_a_phone(language: str) -> None:
    """They have up to twenty characters."""
    labels = {
        key: text
        for key, text in _read(OWN, language, "_wordings.yaml").items()
        if key.startswith("buttons.") or ".button_" in key
    }
    assert labels
    assert [key for key, text in labels.items() if len(text) > _LONGEST_LABEL] == []


@pytest.mark.parametrize("folder", [OWN, GENERIC])
def test_commands_begin_a_line_in_arabic(folder: Path) -> None:
    """Elsewhere a line from the right would put the slash behind the command."""
    lines = [
        line
        for text in _read(folder, "ar", "_wordings.yaml").values()
        for line in str(text).split("\n\n")
        if _COMMAND.search(line)
    ]
    assert lines
    assert [line for line in lines if not _COMMAND.match(line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_means_one_thing(language: str) -> None:
    """No small talk is of two kinds, and no bare follow-up asks for two things."""
    text = (OWN / language / "_phrases.yaml").read_text(encoding="utf-8")
    phrases = Phrases.model_validate(yaml.load(text, yaml.BaseLoader))
    wishes = [*phrases.follow_ups.values(), phrases.more, phrases.another]
    for kinds in (phrases.small_talk.values(), wishes):
        said = [normalise(each) for listed in kinds for each in {*listed}]
        assert sorted({each for each in said if said.count(each) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_talk_is_taken_for_what_it_is(language: str, edition: Edition) -> None:
    """Each phrase is recognised as being of its own kind, with nothing left over."""
    understood = edition.understanding.get(language)
    recognise = understood.small_talk if understood else edition.courtesies[language]
    phrases = edition.knowledge.phrases_in(language).small_talk
    wrong = [
        (kind, phrase, recognised)
        for kind, listed in phrases.items()
        for phrase in listed
        if (recognised := recognise(phrase)).kind != kind or recognised.rest
    ]
    assert wrong == []
