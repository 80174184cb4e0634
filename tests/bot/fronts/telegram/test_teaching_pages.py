"""What the teaching room shows, without the room."""

from __future__ import annotations

from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.teaching.pages import cluster_page, draft_page, found_page
from bot.knowledge.entry import Entry
from bot.teaching.classroom import MOST_PHRASES, Draft
from bot.teaching.clusters import Asked, Cluster
from tests.fakes import make_entry, make_knowledge, make_wordings

WORDS = make_wordings().teaching
LONG = "Where in the whole wide world would an oak grow?"


def entries(question: str) -> list[Entry]:
    """Return two entries, the first with a question."""
    return [make_entry("oak", question=question), make_entry("pine")]


def cluster(count: int) -> Cluster:
    """Return so many ways to ask one thing."""
    asked = tuple(Asked(f"ash {number}", 1) for number in range(count))
    return Cluster("en", asked, count, tuple(range(1, count + 1)))


def labels(screen: Screen) -> list[list[str]]:
    """Return the labels of a screen, row by row."""
    assert screen.keyboard
    return [[button.text for button in row] for row in screen.keyboard.inline_keyboard]


def test_questions_that_a_phone_would_cut_are_listed() -> None:
    """List and buttons have numbers then, below a cluster and below what a search found."""
    listed = f"\n\n1. {LONG}\n2. What is pine?"
    for screen in (
        cluster_page(cluster(1), entries(LONG), WORDS),
        found_page(entries(LONG), 1, WORDS),
    ):
        assert screen.text.text.endswith(listed)
        assert labels(screen)[:2] == [[f"1. {LONG}"], ["2. What is pine?"]]


def test_short_questions_stand_on_their_buttons() -> None:
    """Nothing is listed, and each has a row."""
    for screen in (
        cluster_page(cluster(1), entries("Oak?"), WORDS),
        found_page(entries("Oak?"), 1, WORDS),
    ):
        assert "Oak?" not in screen.text.text
        assert labels(screen)[:2] == [["Oak?"], ["What is pine?"]]


def test_a_cluster_shows_what_would_be_learnt_and_how_much_more_there_is() -> None:
    """The ways of asking beyond that are counted."""
    shown = cluster_page(cluster(MOST_PHRASES + 2), (), WORDS).text.text
    assert f"• ash {MOST_PHRASES - 1}\n• … (+2)" in shown
    assert "(+" not in cluster_page(cluster(MOST_PHRASES), (), WORDS).text.text


def test_a_guessed_topic_is_marked() -> None:
    """An admin sees which topic nobody has chosen yet."""
    draft = Draft("en", "Ash?", "trees", "ash", "A tree.", is_guess=True)
    assert draft_page(draft, make_knowledge(), WORDS).text.text == "Ash? = A tree. [Trees?]"
