"""The tests of Majlis."""
