"""Measure the matcher beside its peers; README.md says how and what came of it."""
