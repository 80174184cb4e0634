"""Bring an utterance and a phrase to the same letters, so that only meaning tells them apart."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 600
"""Longer utterances are matched by their first and last parts: a question stands at either end."""

_VARIANTS = str.maketrans(
    {
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        # Arabic and Persian letters that people type for one another
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ۀ": "ه",
        "ک": "ك",
        "گ": "ك",
        "ـ": None,
        "’": "'",
        "ʼ": "'",
        "`": "'",
    }
)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff]+")  # Indic vowel signs are no \w
_MAYBE_ADDRESS = re.compile(r"[@/]|www", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@]{1,255}")


_SPELLS = frozenset({0, 9})
"""Combining classes of what belongs to a word's spelling: letters, and Indic viramas."""


def normalise(text: str) -> str:
    """Return lower-case words with single spaces: no marks, punctuation, links or elongations."""
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    said = _ADDRESS.sub(" ", text) if _MAYBE_ADDRESS.search(text) else text
    letters = said.lower().replace("`", "'") if said.isascii() else _letters(said)
    joined = _APOSTROPHE.sub("", letters) if "'" in letters else letters
    return " ".join(_WORD.findall(_ELONGATED.sub(r"\1\1", joined.replace("_", " "))))


def words(text: str) -> list[str]:
    """Return the words of a text after normalising."""
    return normalise(text).split()


def _letters(text: str) -> str:
    """Return a text in lower case, without marks on its letters and invisible characters."""
    said = text.replace("´", "'")  # NFKC would make a space of it
    folded = unicodedata.normalize("NFKC", said).casefold()
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", folded)
        if unicodedata.combining(letter) in _SPELLS and unicodedata.category(letter) != "Cf"
    )
    return unicodedata.normalize("NFC", bare).translate(_VARIANTS)
