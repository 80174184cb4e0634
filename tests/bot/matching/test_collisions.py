"""Collisions: the phrases with which the matcher confuses two entries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.knowledge.entry import Entry
from bot.knowledge.load import Loaded
from bot.knowledge.problems import Problem
from bot.matching.collisions import collisions
from bot.matching.matcher import Matcher
from tests.bot.knowledge.build import KnowledgeFolder, entry
from tests.bot.matching.library import CARD, ENTRIES, HOURS, english, phrased

_STOLEN = "OPENING HOURS of the library!"


@pytest.fixture
def folder(tmp_path: Path) -> KnowledgeFolder:
    """Return an empty knowledge folder."""
    return KnowledgeFolder(tmp_path)


def _loaded(
    folder: KnowledgeFolder,
    entries: tuple[Entry, ...] = ENTRIES,
    more: Mapping[str, tuple[str, ...]] | None = None,
) -> Loaded:
    """Write entries, some with more alternates, and load them."""
    added = more or {}
    written = [
        entry(
            each.id,
            question=each.question,
            alternates=[*each.alternates, *added.get(each.id, ())],
            negatives=list(each.negatives),
        )
        for each in entries
    ]
    return folder.topic(*written).load()


def _collisions(loaded: Loaded, language: str = "en") -> list[Problem]:
    return collisions(loaded, Matcher(loaded.knowledge.entries, english()), language)


def test_clean_knowledge_has_none(folder: KnowledgeFolder) -> None:
    """Where every phrase finds its own entry and no negative is answered, nothing is said."""
    assert _collisions(_loaded(folder)) == []


def test_a_stolen_phrase_is_reported_with_both_phrases(folder: KnowledgeFolder) -> None:
    """The author reads which entry takes the phrase, and the phrase that it is like."""
    (problem,) = _collisions(_loaded(folder, more={"lost": (_STOLEN,)}))
    assert problem.text.startswith(
        f"is confused with 'hours': '{_STOLEN}' (like 'opening hours of the library'). Say in"
    )
    assert (problem.entry, problem.severity) == ("lost", "advice")
    written = (folder.path / "en" / "office.yaml").read_text(encoding="utf-8").splitlines()
    above = written[: problem.line]
    assert above[-1].strip() == "alternates:"
    assert [line for line in above if "id:" in line][-1].endswith("id: lost")


def test_phrases_that_one_entry_takes_come_together(folder: KnowledgeFolder) -> None:
    """One problem a pair of entries shows three phrases and counts the others."""
    stolen = tuple(f"{phrase.upper()}!" for phrase in HOURS[:5])
    loaded = _loaded(folder, more={"lost": stolen})
    (problem,) = collisions(loaded, Matcher(ENTRIES, english()), "en")
    assert problem.text.count("(like '") == 3
    assert " and 2 more. " in problem.text


def test_an_answered_negative_is_reported(folder: KnowledgeFolder) -> None:
    """A negative that the entry is confidently given for all the same is shown."""
    asked = "When is the library open"
    alike = (f"{asked}?", f"{asked}!", f"{asked}?!", f"{asked} …", f"{asked}, ?")
    loaded = _loaded(folder, (phrased("hours", alike, asked), phrased("card", CARD)))
    (problem,) = _collisions(loaded)
    assert problem.text.startswith(f"is given for its negative: '{asked}'. Take alternates out")
    assert (problem.entry, problem.severity) == ("hours", "advice")


def test_other_languages_are_left_alone(folder: KnowledgeFolder) -> None:
    """A matcher is held against the entries of its own language only."""
    assert _collisions(_loaded(folder, more={"lost": (_STOLEN,)}), "ar") == []
