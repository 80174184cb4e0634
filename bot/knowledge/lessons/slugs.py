"""Make ids out of what people wrote."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import count

from bot.knowledge.folders import DEFAULT_LANGUAGE
from bot.knowledge.function_words import function_words
from bot.knowledge.words import words

_MAX_LENGTH = 32
"""Leaves room for a number within the 40 characters that a file name may have."""
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}  # noqa: RUF001 - the dotless i is meant
)
"""Letters that are near a Latin one, but have no accent that could be taken off."""


def proposed_id(question: str, taken: Container[str]) -> str:
    """Return an id for a question that isn't taken: its content words, numbered if need be.

    The same question gets the same id while the same ids are taken. Where a question has no Latin
    letters or digits, the id is `entry-1` and so on.
    """
    function = function_words(DEFAULT_LANGUAGE)
    bare = [word.removesuffix("'s").replace("'", "") for word in words(question)]
    content = [word for word in bare if word not in function]
    return unlike(slug(content) or slug(bare), "entry", taken)


def slug(parts: Iterable[str]) -> str:
    """Return as many words as fit into 32 characters, hyphenated; those in Latin letters alone."""
    found = ""
    for part in parts:
        latin = part.translate(_LETTERS)
        if re.fullmatch("[a-z0-9]+", latin):
            longer = f"{found}-{latin}" if found else latin[:_MAX_LENGTH]
            if len(longer) > _MAX_LENGTH:
                break
            found = longer
    return found


def unlike(stem: str, otherwise: str, taken: Container[str]) -> str:
    """Return a stem of two characters or more, else `otherwise`, with a number if it's taken."""
    minimum = 2
    if len(stem) >= minimum:
        numbered = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    else:
        begun = "-".join(filter(None, (otherwise, stem)))
        numbered = (f"{begun}-{number}" for number in count(1))
    return next(each for each in numbered if each not in taken)
