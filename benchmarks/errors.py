"""The errors a person who runs the benchmarks can do something about."""

from __future__ import annotations


class BenchmarkError(Exception):
    """Say in one line what keeps a benchmark from running and what to do about it."""
