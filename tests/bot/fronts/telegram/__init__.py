"""Tests of the Telegram front."""
