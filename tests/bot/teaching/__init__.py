"""Tests of the teaching loop."""
