"""Tests that mirror bot/."""
