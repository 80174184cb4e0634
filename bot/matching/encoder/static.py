"""The default encoder: a sentence's vector is the mean of its word pieces' vectors.

The table holds a vector of int8 and a float16 scale for each piece, and is mapped into memory, so
that only the pages of the pieces that occur are read; they are let go as soon as a text's vector is
made, since they cost more memory than reading them again costs time (15 µs).
tools/distil_encoder.py made it; where it comes from stands in PROVENANCE.md beside it.
"""

from __future__ import annotations

import mmap
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import Vectors

TABLE = "table.npy"
SCALES = "scales.npy"
VOCABULARY = "vocab.txt"

_CACHED_WORDS = 8192
_TEXTS_AT_ONCE = 128
_LONGEST_WORD = 64
_INSIDE = "##"
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['`\u00b4\u02bc\u2019](?=\w)")


class StaticEncoder:
    """Encode with a table of `n x d` bytes, a scale for each row, and each piece's row."""

    name = "static"
    quick = True

    def __init__(
        self, table: NDArray[np.int8], scales: NDArray[np.float16], rows: Mapping[str, int]
    ) -> None:
        self._table = table
        self._scales = scales.astype(np.float32)[:, None]
        self._row_of = rows
        self._longest = max(map(len, rows), default=0)
        self._rows_of_word = lru_cache(_CACHED_WORDS)(self._split)

    @property
    def dimensions(self) -> int:
        """Return the length d of a vector."""
        return int(self._table.shape[1])

    def reads(self, language: str) -> bool:
        """Tell whether it is English, which the table was distilled from."""
        return language == "en"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x d unit rows; a row is zero where a text has no known piece."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        rows = [self.rows(text) for text in texts]
        for places in _alike(map(len, rows)):
            vectors[places] = self._unit_sums(np.array([rows[place] for place in places]))
        _let_go(self._table)
        return vectors

    def rows(self, text: str) -> list[int]:
        """Return the table's row of each known piece of a text, in order."""
        return [row for word in _words(text) for row in self._rows_of_word(word)]

    def _unit_sums(self, pieces: NDArray[np.intp]) -> Vectors:
        """Return n unit rows for n texts of equally many pieces (their rows)."""
        weighted = self._table[pieces].astype(np.float32)
        weighted *= self._scales[pieces]
        sums: Vectors = weighted.sum(axis=1)
        lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))[:, None]
        np.divide(sums, lengths, out=sums, where=lengths > 0)
        return sums

    def _split(self, word: str) -> tuple[int, ...]:
        """Return the rows of a word's pieces, longest match first; none if a part is unknown."""
        if len(word) > _LONGEST_WORD:
            return ()
        rows: list[int] = []
        start = 0
        while start < len(word):
            found = next(self._matches(word, start), None)
            if found is None:
                return ()
            end, row = found
            rows.append(row)
            start = end
        return tuple(rows)

    def _matches(self, word: str, start: int) -> Iterator[tuple[int, int]]:
        prefix = _INSIDE if start else ""
        for end in range(min(len(word), start + self._longest), start, -1):
            row = self._row_of.get(prefix + word[start:end])
            if row is not None:
                yield end, row


def load_static_encoder(folder: Path | None = None) -> StaticEncoder:
    """Map the table of a folder, by default the packaged one. Raises OSError and ValueError."""
    source = folder or Path(__file__).parent
    table = np.load(source / TABLE, mmap_mode="r")
    scales = np.load(source / SCALES)
    pieces = (source / VOCABULARY).read_text(encoding="utf-8").split("\n")[:-1]
    if table.ndim != 2 or not len(table) == len(scales) == len(pieces):  # noqa: PLR2004
        message = f"{source}: {len(pieces)} pieces, but table {table.shape}, scales {scales.shape}"
        raise ValueError(message)
    return StaticEncoder(table, scales, {piece: row for row, piece in enumerate(pieces)})


def _let_go(table: NDArray[np.int8]) -> None:
    """Take a mapped table's pages out of the memory of the process, where the system can."""
    mapped: object = table.base
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _alike(lengths: Iterable[int]) -> Iterator[list[int]]:
    """Yield the places of equal lengths above 0, not too many at once."""
    places: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        places.setdefault(length, []).append(place)
    places.pop(0, None)
    for equal in places.values():
        for start in range(0, len(equal), _TEXTS_AT_ONCE):
            yield equal[start : start + _TEXTS_AT_ONCE]


def _words(text: str) -> list[str]:
    """Return the words of a text: lower case, no marks, apostrophes closed (don't: dont)."""
    folded = text.lower()
    if not folded.isascii():
        letters = unicodedata.normalize("NFD", folded)
        folded = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _WORD.findall(_APOSTROPHE.sub("", folded))
