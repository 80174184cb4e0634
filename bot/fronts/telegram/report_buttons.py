"""The buttons under the figures: for how many days they are."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.knowledge.wordings import ReportWordings

PERIODS = (7, 30)
"""The days that a report can be of; the digest has the first."""

_SHOWN = "• "


def report_keyboard(days: int, words: ReportWordings) -> InlineKeyboardMarkup:
    """Return the buttons of the periods, that of the one shown marked."""
    labels = dict(zip(PERIODS, (words.button_week, words.button_month), strict=True))
    buttons = [
        InlineKeyboardButton(
            f"{_SHOWN}{label}" if each == days else label, callback_data=f"1S{each}"
        )
        for each, label in labels.items()
    ]
    return InlineKeyboardMarkup([buttons])


def days_of(data: object) -> int | None:
    """Return for how many days a button asks, or None if it is none of a report."""
    return next((each for each in PERIODS if data == f"1S{each}"), None)
