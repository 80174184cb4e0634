"""Tests of bot.reporting."""
