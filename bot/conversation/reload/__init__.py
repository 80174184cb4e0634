"""Reloads: newer knowledge is tried before it goes live, and what went live can be gone back to."""

from bot.conversation.reload.asking import Outcome
from bot.conversation.reload.gate import Difference, Failing, failing_tests
from bot.conversation.reload.reloader import AT_START, FROM_FILES, Reloader
from bot.conversation.reload.report import ReloadReport, compare, log_line
from bot.conversation.reload.shelf import Shelf

__all__ = [
    "AT_START",
    "FROM_FILES",
    "Difference",
    "Failing",
    "Outcome",
    "ReloadReport",
    "Reloader",
    "Shelf",
    "compare",
    "failing_tests",
    "log_line",
]
