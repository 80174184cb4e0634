"""The command load: what it takes and what it gives."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.load.capacity import capacity
from benchmarks.load.figures import load_of
from benchmarks.load.measure import QUICK, Plan, rounds, starts
from benchmarks.load.subjects import SUBJECTS
from benchmarks.load.table import load_tables
from benchmarks.progress import progress_bar

_TERMINATED = 143


def add_options(parser: argparse.ArgumentParser) -> None:
    """Let a parser read what the command takes."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--rounds", type=int, help="over which medians are taken (default: 3)")
    parser.add_argument("--only", metavar="SUBJECTS", help="default: " + ",".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="a few seconds, figures of no worth")


def run_load(args: argparse.Namespace) -> tuple[dict[str, str], object]:
    """Put the subjects under load; return tables by their names, and values for JSON.

    Raises BenchmarkError if a subject doesn't run.
    """
    names = args.only.split(",") if args.only else list(SUBJECTS)
    if wrong := [name for name in names if name not in SUBJECTS]:
        message = f"there is no subject {wrong[0]}: use some of {','.join(SUBJECTS)}."
        raise BenchmarkError(message)
    if not Path("/proc/self/stat").is_file():
        message = "what a bot costs is read from /proc, which this system doesn't have."
        raise BenchmarkError(message)
    plan = QUICK if args.quick else Plan()
    plan = replace(plan, rounds=args.rounds or plan.rounds)
    subjects = [SUBJECTS[name] for name in names]
    with _ended_by_signals(), progress_bar() as bar:
        task = bar.add_task("load", total=plan.rounds * len(subjects))

        def done(what: str) -> None:
            bar.advance(task)
            bar.console.print(f"{what} is done.", highlight=False)

        load = load_of(
            capacity(plan.seconds),
            list(rounds(plan, subjects, done)),
            list(starts(plan, subjects, done)),
        )
    return load_tables(load), asdict(load)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a request to terminate end the block as Ctrl-C does, so that all processes end too."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
