"""Tests of what `majlis tune` proposes."""
