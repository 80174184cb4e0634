"""A small knowledge about a library, for tests that need real phrases to match."""

from __future__ import annotations

from bot.knowledge.entry import Entry
from bot.matching.language import Language
from bot.matching.speller import read_word_list
from tests.fakes import make_entry

HOURS = (
    "When is the library open?",
    "opening hours of the library",
    "what time does the library open in the morning",
    "when do you close",
    "is the library open on Sunday",
    "library hours today",
)
PLACE = (
    "Where is the library?",
    "address of the library",
    "how do I find the library building",
    "which street is the library in",
    "directions to the library building",
    "what is the library address",
)
CARD = (
    "How do I get a library card?",
    "apply for a new card",
    "I want to become a member and get a card",
    "sign up for a library card",
    "membership card application",
    "how can I apply for membership",
)
LOST = (
    "What if I lose my library card?",
    "my card is lost",
    "I lost my card",
    "replace a lost card",
    "card stolen or lost",
    "my library card has been stolen",
)
LOANS = (
    "How long can I keep a book?",
    "loan period of books",
    "how many weeks may I borrow a book",
    "when must I return borrowed books",
    "how long is the loan of a book",
    "borrow books for how many days",
)
UNANSWERED = (
    "How much does a parking ticket cost?",
    "what is the price of a coffee",
    "who is the director of the museum",
    "can I park my car here",
)


def phrased(name: str, phrases: tuple[str, ...], *negatives: str) -> Entry:
    """Return an entry with these phrases, the question first."""
    return make_entry(name, question=phrases[0], alternates=phrases[1:], negatives=negatives)


ENTRIES = (
    phrased("hours", HOURS),
    phrased("place", PLACE),
    phrased("card", CARD, "How much does a library card cost?", "what is the price of a card"),
    phrased("lost", LOST),
    phrased("loans", LOANS),
)


def english() -> Language:
    """Return a language with the packaged words and a few function words."""
    functions = [
        "the",
        "a",
        "an",
        "is",
        "are",
        "i",
        "my",
        "do",
        "does",
        "can",
        "what",
        "when",
        "where",
        "how",
        "which",
        "in",
        "of",
        "to",
        "it",
        "for",
    ]
    return Language("en", read_word_list("en"), frozenset(functions), ("please", "tell me"))
