"""Tests of how the benchmarks measure, on toy questions."""
