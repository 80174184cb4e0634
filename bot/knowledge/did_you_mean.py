"""Guess which of the known names a person meant."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_LIKENESS = 60.0


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known name most like `name`, or nothing."""
    best = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return f" Did you mean '{best[0]}'?" if best else ""
