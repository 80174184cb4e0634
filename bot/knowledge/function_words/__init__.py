"""The words of each language that every sentence has: they say nothing about its content."""

from __future__ import annotations

from importlib.resources import files


def function_words(language: str) -> frozenset[str]:
    """Return a language's function words, normalised; empty for a language without a list."""
    resource = files(__package__) / f"{language}.txt"
    if not resource.is_file():
        return frozenset()
    return frozenset(resource.read_text(encoding="utf-8").split())
