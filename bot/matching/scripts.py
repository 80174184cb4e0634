"""Which scripts a text is written in."""

from __future__ import annotations

import unicodedata
from collections import Counter

_LATIN = ("LATIN",)


def scripts_of(text: str) -> tuple[str, ...]:
    """Return the scripts of a text's letters ("LATIN", "ARABIC"…), the most used first."""
    if text.isascii():
        return _LATIN if any(map(str.isalpha, text)) else ()
    scripts = Counter(
        unicodedata.name(letter, "").partition(" ")[0]
        for letter in unicodedata.normalize("NFKC", text)
        if letter.isalpha()
    )
    return tuple(script for script, _ in scripts.most_common())


def main_script(text: str) -> str:
    """Return the script that most letters of a text are in; "" without letters."""
    return next(iter(scripts_of(text)), "")
