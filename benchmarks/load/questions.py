"""What people ask under load: questions that are all different, or the same ones again."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml

Kind = Literal["new", "repeated"]
KINDS: tuple[Kind, ...] = ("new", "repeated")

_FOLDER = Path(__file__).parents[2] / "tests" / "utterances"


def questions(kind: Kind, seed: int) -> Iterator[str]:
    """Yield questions without end, drawn from the utterances of the tests.

    New ones have a number behind them, so that no two are the same. Of the repeated ones the one
    of rank r comes r times more rarely than the first (Zipf's law), as people ask.
    """
    texts, chance = _utterances(), random.Random(seed)  # noqa: S311 - drawn anew by anyone
    chance.shuffle(texts)
    if kind == "new":
        numbers = itertools.count(1000)
        while True:
            yield f"{chance.choice(texts)} ({next(numbers)})"
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    while True:
        yield from chance.choices(texts, cum_weights=weights, k=1000)


def _utterances() -> list[str]:
    """Return what people typed, in scope and out of it, each once and in a fixed order."""
    paths = [path for path in _FOLDER.glob("*.yaml") if path.name != "_known_failures.yaml"]
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in sorted(paths)]
    return sorted({text for texts in found for each in texts.values() for text in each})
