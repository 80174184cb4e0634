"""Grounding: which words of an answer its sources don't have."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry
from bot.knowledge.function_words import function_words
from bot.knowledge.markdown import plain
from bot.knowledge.stemming import Stemmer
from bot.knowledge.words import words


class Grounding:
    """Compare answers in one language with the paragraphs they cite, by the stems of words."""

    def __init__(self, language: str, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._stem = Stemmer(language)
        self._exempt = function_words(language)

    def stems(self, text: str) -> dict[str, str]:
        """Return the words of a text that carry content by their stems, in order."""
        bare = [word.removesuffix("'s").replace("'", "") for word in words(text)]
        content = [word for word in bare if word not in self._exempt]
        return {self._stem(word): word for word in reversed(content)}

    def ungrounded(self, entry: Entry) -> dict[str, str]:
        """Return, by stem, the content words of an answer that neither its sources nor titles have.

        Words that the entry excuses are among them. Sources that don't exist ground nothing.
        """
        ground = self._stem_set(entry)
        found = self.stems(plain(entry.answer))
        return {stem: found[stem] for stem in reversed(found) if stem not in ground}

    def _stem_set(self, entry: Entry) -> set[str]:
        ground: set[str] = set()
        for source in entry.sources:
            if document := self._documents.get(source.document):
                paragraph = document.paragraph(source.paragraph) or ""
                ground.update(self.stems(f"{document.title} {paragraph} {plain(paragraph)}"))
        return ground
