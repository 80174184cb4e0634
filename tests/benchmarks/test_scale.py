"""Measure costs on a corpus of a few phrases."""

from __future__ import annotations

from benchmarks.corpus import Corpus
from benchmarks.memory import peak_mb, resident_mb
from benchmarks.phrasings import Phrasings
from benchmarks.scale_worker import cost
from tests.benchmarks.toy import Parrot

CORPUS = Corpus(Phrasings(("card a", "wifi b"), (0, 1)), ("card c", "wifi d", "other e"))


def test_counts_every_query_in_time() -> None:
    """All queries are asked where there is time, and both percentiles are given."""
    measured = cost(Parrot(), CORPUS, seconds=60)
    assert (measured.subject, measured.phrasings, measured.asked) == ("parrot", 2, 3)
    assert measured.p50_ms is not None
    assert measured.p99_ms is not None
    assert 0 <= measured.p50_ms <= measured.p99_ms


def test_stops_asking_when_the_time_is_up() -> None:
    """A slow subject is asked less, and the table says how often."""
    assert cost(Parrot(), CORPUS, seconds=0).asked == 1


def test_tells_its_own_memory() -> None:
    """What is resident is never more than the peak."""
    resident = resident_mb()
    assert resident is None or 1 < resident <= peak_mb()
