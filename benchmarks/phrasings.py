"""What every subject is taught: phrasings with the number of the entry each one means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrasings:
    """Hold n texts of one language and their n labels, in ascending order of the labels.

    An entry's first text is its question. Labels may leave numbers out.
    """

    texts: tuple[str, ...]
    labels: tuple[int, ...]
    language: str = "en"

    def by_label(self) -> dict[int, list[str]]:
        """Return the texts of each label, in order."""
        grouped: dict[int, list[str]] = {}
        for text, label in zip(self.texts, self.labels, strict=True):
            grouped.setdefault(label, []).append(text)
        return grouped
