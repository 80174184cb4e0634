"""_tests.yaml: utterances that the knowledge has to answer, or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.entry import UtteranceTest
from bot.knowledge.load import Loaded, load
from bot.knowledge.problems import KnowledgeError
from bot.settings import default_knowledge

ENTRY = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: The library is in Oak Street.
    source: {document: library.md, paragraph: 1}
"""
GOOD = """\
place:
  - how do I find you?
out_of_scope:
  - what is the time?
"""
NAME = "own/en/_tests.yaml"


def _load(folder: Path, tests: str) -> Loaded:
    own = folder / "own"
    (own / "en").mkdir(parents=True)
    (own / "seeds").mkdir()
    (own / "en" / "library.yaml").write_text(ENTRY, encoding="utf-8")
    (own / "en" / "_tests.yaml").write_text(tests, encoding="utf-8")
    (own / "seeds" / "library.md").write_text("The library is in Oak Street.", encoding="utf-8")
    return load(own, own / "seeds", default_knowledge())


def test_tests_are_read_with_their_places(tmp_path: Path) -> None:
    """Each utterance knows the entry it is for, or that none is, and its line."""
    assert _load(tmp_path, GOOD).knowledge.tests == (
        UtteranceTest("how do I find you?", "place", "en", NAME, 2),
        UtteranceTest("what is the time?", None, "en", NAME, 4),
    )


def test_sound_tests_are_no_problem(tmp_path: Path) -> None:
    """`majlis check` says nothing about them, and they are part of the version."""
    loaded = _load(tmp_path / "a", GOOD)
    assert check(loaded) == []
    other = _load(tmp_path / "b", GOOD.replace("how", "where"))
    assert other.knowledge.version != loaded.knowledge.version


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- what?", f"{NAME}:1: holds no tests."),
        ("", f"{NAME}:1: holds no tests."),
        ("place: what?", f"{NAME}:1: place: has no list of utterances."),
        ("place: []", f"{NAME}:1: place: has no list of utterances."),
        ("place:\n  - a\n  - b: c", f"{NAME}:3: place: has an utterance that is no text."),
        ("place: [", f"{NAME}:1: is not valid YAML"),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, text: str, problem: str) -> None:
    """A file that can't be read keeps the knowledge from going live, like any other."""
    with pytest.raises(KnowledgeError) as refused:
        _load(tmp_path, text)
    [found] = refused.value.problems
    assert str(found).startswith(problem)


def test_a_test_without_its_entry_is_advice(tmp_path: Path) -> None:
    """A renamed entry is guessed at."""
    [problem] = check(_load(tmp_path, "places:\n  - where?"))
    assert str(problem) == (
        f"{NAME}:2: places: is tested by 'where?', but no entry has it as its id. "
        "Did you mean 'place'?"
    )
    assert problem.severity == "advice"
