"""Measure what each subject costs as the knowledge grows, and how long the bot takes to start."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import make_corpus
from benchmarks.errors import BenchmarkError
from benchmarks.scale_worker import Cost
from bot.building import build, load_knowledge
from bot.settings import read_settings

SUBJECTS = ("majlis", "wratio", "fts5", "bm25s")
SIZES = (1_000, 10_000, 100_000)
STARTS = 5
ROOT = Path(__file__).parent.parent
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Start:
    """Hold how long the repository's own knowledge takes to build: medians in seconds."""

    phrasings: int
    reading_s: float
    fitting_s: float
    whole_s: float


def costs(
    folder: Path, sizes: Sequence[int], subjects: Sequence[str], seconds: float
) -> Iterator[Cost]:
    """Yield the cost of each subject at each size; raises BenchmarkError."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "corpus.json")
        for size in sizes:
            make_corpus(folder, size).write(path)
            for subject in subjects:
                yield _apart(subject, path, seconds)


def start() -> Start:
    """Build the repository's own knowledge six times; the first only warms up."""
    settings = read_settings(environ={"MAJLIS_ENCODER": "static"}, dotenv=None)
    knowledge = build(settings).knowledge
    whole = _median(lambda: build(settings))
    reading = _median(lambda: load_knowledge(settings))
    phrasings = sum(len(entry.phrases) for entry in knowledge.entries)
    return Start(phrasings, reading, whole - reading, whole)


def _apart(subject: str, corpus: Path, seconds: float) -> Cost:
    """Measure in a fresh process with one thread, so that memory and time are the subject's own."""
    command = [sys.executable, "-m", "benchmarks.scale_worker", subject, str(corpus), str(seconds)]
    environment = os.environ | dict.fromkeys(_ONE_THREAD, "1")
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{subject} failed: {(done.stderr.splitlines() or ['it says nothing'])[-1]}"
        raise BenchmarkError(message)
    return Cost(**json.loads(done.stdout))


def _median(action: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
