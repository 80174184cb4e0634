"""Recognise what was taught in another script than its language's, nearly word for word.

Of such a script nothing is known: no function words, no stems, no questions without an answer. So a
likeness proves nothing, and only the words themselves count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.knowledge.entry import Entry
from bot.matching.normalise import words
from bot.matching.scripts import main_script


class Verbatim:
    """Know the phrases of entries that aren't in the script of their language, given by code."""

    def __init__(self, entries: Iterable[Entry], scripts: Mapping[str, str]) -> None:
        self._phrases = [
            (frozenset(words(phrase)), entry)
            for entry in entries
            for phrase in (entry.question, *entry.alternates)
            if main_script(phrase) not in {"", scripts.get(entry.language)}
        ]

    def __call__(self, text: str) -> Entry | None:
        """Return the entry whose phrase a text has in full, with little besides; None for none."""
        said = frozenset(words(text)) if self._phrases else frozenset()
        found = [
            (len(phrase), entry)
            for phrase, entry in self._phrases
            if phrase <= said and 2 * len(said - phrase) < len(phrase)
        ]
        return max(found, key=lambda each: each[0])[1] if found else None
