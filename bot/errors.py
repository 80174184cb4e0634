"""The errors that Majlis raises by name, each with its remedy in the message."""

from __future__ import annotations


class BotError(Exception):
    """Say in one line what went wrong and what to do about it."""


class SettingsError(BotError):
    """Report a setting whose value can't be used."""


class StorageError(BotError):
    """Report a database that can't be opened or written."""


class FrontError(BotError):
    """Report a front that can't start or go on, such as a refused token."""
