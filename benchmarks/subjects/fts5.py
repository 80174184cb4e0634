"""SQLite's full-text search: an index in memory, ranked by its bm25."""

from __future__ import annotations

import re
import sqlite3

from benchmarks.phrasings import Phrasings
from benchmarks.subjects import Ranked
from benchmarks.subjects.peer import Peer

_TOKEN = re.compile(r"\w+")
_TABLE = "CREATE VIRTUAL TABLE phrases USING fts5(text, tokenize='porter unicode61')"
_BEST = "SELECT rowid, rank FROM phrases WHERE phrases MATCH ? ORDER BY rank"


class Fts5(Peer):
    """Ask for any of a text's tokens, each quoted, and take the best row."""

    name = "SQLite FTS5 bm25"

    def __init__(self) -> None:
        super().__init__()
        self._database = sqlite3.connect(":memory:")

    def close(self) -> None:
        """Drop the index."""
        self._database.close()

    def _fit(self, phrasings: Phrasings) -> None:
        self._database.close()
        self._database = sqlite3.connect(":memory:")
        self._database.execute(_TABLE)
        rows = enumerate(phrasings.texts)
        self._database.executemany("INSERT INTO phrases (rowid, text) VALUES (?, ?)", rows)

    def _best(self, text: str, left_out: int | None) -> Ranked:
        query = " OR ".join(f'"{token}"' for token in _TOKEN.findall(text))
        limit = " LIMIT 1" if left_out is None else ""
        for place, rank in self._database.execute(_BEST + limit, (query,)) if query else ():
            label = self._phrasings.labels[place]
            if label != left_out:
                return Ranked(label, -float(rank))
        return Ranked(None)
