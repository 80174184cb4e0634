"""Find phrases that stand in more than one place, so that they can't tell entries apart."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Entry
from bot.knowledge.load import UNANSWERED, Loaded
from bot.knowledge.problems import Problem
from bot.knowledge.words import phrase_key


def repeated_phrases(loaded: Loaded, language: str) -> Iterator[Problem]:
    """Yield a problem for each phrase of a language that was there before, or is refused elsewhere.

    Phrases are the same if only case or punctuation tells them apart.
    """
    unanswered = {phrase_key(each) for each in loaded.knowledge.unanswered.get(language, ())}
    first: dict[str, Entry] = {}
    for entry in loaded.knowledge.entries:
        if entry.language != language:
            continue
        negatives = {phrase_key(negative) for negative in entry.negatives}
        for number, phrase in enumerate(entry.phrases):
            place = ("alternates", number - 1) if number else ("question",)
            key = phrase_key(phrase)
            where = {"among its negatives": key in negatives, f"in {UNANSWERED}": key in unanswered}
            if key in first:
                where[f"in '{first[key].id}'"] = first[key] is not entry
                where["twice"] = first[key] is entry
            first.setdefault(key, entry)
            for other in (other for other, found in where.items() if found):
                yield _problem(loaded, entry, phrase, place, other)


def _problem(
    loaded: Loaded, entry: Entry, phrase: str, place: tuple[str | int, ...], other: str
) -> Problem:
    if other == "twice":
        text = f"has the phrase '{phrase}' twice. Remove one of them."
        return loaded.problem(entry, text, *place, advice=True)
    text = f"has the phrase '{phrase}', which is {other} too. Keep it in one place."
    return loaded.problem(entry, text, *place)
