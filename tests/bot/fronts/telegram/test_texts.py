"""Tests of the texts made of wordings."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.reload import Difference, Failing, Outcome
from bot.fronts.reload_text import reload_text
from bot.fronts.telegram.render import render, units
from bot.fronts.telegram.texts import fill, source_text
from bot.knowledge.documents import Document
from bot.knowledge.entry import Source, UtteranceTest
from bot.knowledge.problems import Problem
from tests.fakes import FakeReport, make_entry, make_knowledge, make_wordings

WORDS = make_wordings()


def test_fill_leaves_other_braces_alone() -> None:
    """Only the named braces are filled in, and what is filled in isn't filled again."""
    assert fill("{a} {b} {", a="{b}") == "{b} {b} {"


def test_source_shows_title_number_and_paragraph_as_they_are() -> None:
    """Characters of the document that look like markup stay characters."""
    shown = render(source_text(make_entry("oak"), make_knowledge(), WORDS))
    assert shown.text == "From Trees_and *stars*, paragraph 1:\n\nOaks grow _slowly_."


def test_every_source_is_shown() -> None:
    """An answer from two paragraphs shows both."""
    entry = make_entry("oak", sources=(Source("trees.txt", 1), Source("trees.txt", 2)))
    assert "Pines smell." in render(source_text(entry, make_knowledge(), WORDS)).text


def test_a_list_of_the_document_is_shown_as_a_list() -> None:
    """Each item has a line of its own; what looks like markup in it stays as it is."""
    document = Document("trees.txt", "Trees", ("Trees:\n- *Oak*: tall\n2) Elm\n• - Ash",), ("",))
    knowledge = replace(make_knowledge(), documents={"trees.txt": document})
    shown = render(source_text(make_entry("oak"), knowledge, WORDS)).text
    assert shown.endswith("\n\nTrees:\n• *Oak*: tall\n2) Elm\n• - Ash")


def test_missing_document_is_admitted() -> None:
    """A document or paragraph that is gone is said to be gone."""
    entry = make_entry("oak", sources=(Source("no.txt", 1), Source("trees.txt", 9)))
    assert source_text(entry, make_knowledge(), WORDS) == "(source gone)"


def test_reload_names_what_changed() -> None:
    """Added, changed and removed entries are listed by their questions, else by their ids."""
    report = FakeReport(
        "v2", added=("a", "c_d"), removed=("e",), questions={"a": "A_b?", "e": f"Gone {'x ' * 60}"}
    )
    shown = render(reload_text(report, WORDS)).text
    assert shown == f"Live: v2\n\nAdded:\n• A_b?\n• c_d\n\nRemoved:\n• Gone {'x ' * 46}x…"


def test_outcomes_are_told_by_questions() -> None:
    """What answers, or should, is named as people know it, or knew it then."""
    questions = {"a": "Which A?", "b": "Which B?"}
    report = FakeReport(
        *("v1", (), (), (), ()),
        failing=(Failing(UtteranceTest("a?", "a", "en", "", 1), Outcome("answer", ("b",))),),
        differences=(Difference("b?", Outcome("answer", ("a", "b")), Outcome("suggest", ("c",))),),
        candidate="v2",
        questions=questions,
        before_questions=questions | {"a": "The old A?"},
    )
    shown = render(reload_text(report, WORDS)).text
    assert "• a? wants Which A?, gets Which B?" in shown
    assert "• b?: The old A? + Which B? → (suggestion)" in shown


def test_reload_without_change_says_so() -> None:
    """The same knowledge again is no change."""
    assert reload_text(FakeReport("v1"), WORDS) == "Same: v1"


def test_what_was_published_anyway_is_told_shortly() -> None:
    """The questions that lost their answer are named in one line, the first three of them."""
    lost = [
        Difference(f"q_{n}", Outcome("answer", ("a",)), Outcome("fallback"), lost=True)
        for n in range(5)
    ]
    other = Difference("b", Outcome("answer", ("a",)), Outcome("answer", ("b",)))
    report = FakeReport("v2", before="v1", differences=(*lost, other), asked=9)
    shown = render(reload_text(report, WORDS)).text
    assert shown == "Live: v2\n\nGone: q_0 · q_1 · q_2 · +2\n\n1 of 9:\n• b: a → b"
    counted = render(reload_text(report, WORDS, quoting=False)).text
    assert counted == "Live: v2\n\nGone: 5\n\n1 of 9:"


def test_the_first_advice_is_told() -> None:
    """Of what `majlis check` advises, three are shown, not too long; where nothing changed, too."""
    advice = tuple(Problem("a_b.yaml", n, "x", f"*odd* {'x ' * 200}") for n in range(1, 6))
    lines = render(reload_text(FakeReport("v1", advice=advice), WORDS)).text.splitlines()
    assert lines[:3] == ["Same: v1", "", "Advice: 5"]
    assert [line[:22] for line in lines[3:]] == [f"• a_b.yaml:{n}: x: *odd*" for n in (1, 2, 3)]
    assert max(map(len, lines)) <= 252


def test_refused_reload_lists_twenty_problems() -> None:
    """A long list of problems is cut and says how many more there are."""
    problems = tuple(Problem("a_b.yaml", n, "x", "*odd*") for n in range(1, 31))
    text = render(reload_text(FakeReport(problems=problems), WORDS)).text
    assert "• a_b.yaml:20: x: *odd*" in text
    assert "yaml:21" not in text
    assert text.endswith("• … (+10)")


def test_huge_problems_still_fit() -> None:
    """Problems of any length make a message that Telegram takes."""
    problems = tuple(Problem("a.yaml", n, "x", "y" * 999) for n in range(1, 31))
    assert units(render(reload_text(FakeReport(problems=problems), WORDS)).text) <= 4096


def test_long_lists_of_entries_are_cut() -> None:
    """Hundreds of changed entries are counted instead of listed."""
    report = FakeReport("v2", changed=tuple(f"e{n}" for n in range(100)))
    assert "e9\n- +90\n" in reload_text(report, WORDS)
