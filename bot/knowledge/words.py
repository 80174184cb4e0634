"""The words of a text as the author's tools compare them."""

from __future__ import annotations

import re
import unicodedata

_CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text, case-folded and without accents; the parts of hyphenated ones."""
    return _WORD.findall(text.lower() if text.isascii() else _letters(text))


def phrase_key(phrase: str) -> str:
    """Return what two phrases share that differ in case and punctuation only."""
    return " ".join(words(phrase)).replace("'", "")


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace(_CURLY, "'").casefold())
    return "".join(each for each in folded if not unicodedata.combining(each))
