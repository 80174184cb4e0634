"""Make the slips of hurried fingers: one or two in a question, always the same ones."""

from __future__ import annotations

import random
import re
from typing import Literal

Slip = Literal["insert", "delete", "substitute", "swap"]
_SLIPS: tuple[Slip, ...] = ("insert", "delete", "substitute", "swap")
_WORD = re.compile(r"[^\W\d_]{4,}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST = 2


def with_typos(text: str) -> str:
    """Return a text with one or two slips, each in another word of four letters or more.

    The first letter of a word stays. A text without such a word stays as it is. The slips depend
    on the text alone.
    """
    chance = random.Random(f"typos {text}")  # noqa: S311 - repeatable, not secret
    words = list(_WORD.finditer(text))
    count = min(chance.randint(1, _MOST), len(words))
    for word in sorted(chance.sample(words, count), key=lambda each: -each.start()):
        slipped = slip(word[0], chance.choice(_SLIPS), chance)
        if slipped == word[0]:
            slipped = slip(word[0], "delete", chance)
        text = text[: word.start()] + slipped + text[word.end() :]
    return text


def slip(word: str, kind: Slip, chance: random.Random) -> str:
    """Return a word with one slip behind its first letter; twins swapped change nothing."""
    place = chance.randrange(1, len(word) - (kind == "swap"))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    if kind == "delete":
        return before + after
    if kind == "swap":
        return before + after[0] + letter + after[1:]
    letters = sorted(set(_LETTERS if word.isascii() else word.casefold()) - {letter})
    other = chance.choice(letters or [letter])
    return before + other + letter + after if kind == "insert" else before + other + after
