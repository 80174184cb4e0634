"""Measure one subject on one corpus in a process of its own: python -m benchmarks.scale_worker."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.corpus import Corpus, read_corpus
from benchmarks.memory import peak_mb, resident_mb
from benchmarks.metrics import percentile
from benchmarks.subjects import Subject
from benchmarks.subjects.catalogue import makers

WARM_UP = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Hold what a subject costs at one size.

    `p50_ms` and `p99_ms` are per query, over `asked` queries. `resident_mb` is the process's
    memory right after the build, `peak_mb` the most at any time.
    """

    subject: str
    phrasings: int
    asked: int
    p50_ms: float | None
    p99_ms: float | None
    build_s: float
    resident_mb: float | None
    peak_mb: float


def cost(subject: Subject, corpus: Corpus, seconds: float) -> Cost:
    """Build a subject and ask it the queries, for about so many seconds at most."""
    begun = time.perf_counter()
    subject.build(corpus.phrasings)
    built = time.perf_counter() - begun
    resident = resident_mb()
    for text in corpus.phrasings.texts[:WARM_UP]:
        subject.rank(text)
    times: list[float] = []
    for query in corpus.queries:
        asked = time.perf_counter()
        subject.rank(query)
        times.append(1000 * (time.perf_counter() - asked))
        if sum(times) > 1000 * seconds:
            break
    return Cost(
        subject.name,
        len(corpus.phrasings.texts),
        len(times),
        percentile(times, 50),
        percentile(times, 99),
        built,
        resident,
        peak_mb(),
    )


def main() -> None:
    """Measure what the command line names and write the cost as JSON to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subject")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("seconds", type=float)
    args = parser.parse_args()
    threadpool_limits(limits=1)
    subject = makers([args.subject])[args.subject]()
    sys.stdout.write(json.dumps(asdict(cost(subject, read_corpus(args.corpus), args.seconds))))


if __name__ == "__main__":
    main()
