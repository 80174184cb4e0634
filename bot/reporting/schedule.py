"""When a weekly digest is due."""

from __future__ import annotations

import datetime as dt

from bot.settings.values import Weekly

_WEEK = dt.timedelta(days=7)
_LATE = dt.timedelta(days=1)


def due_week(weekly: Weekly, now: dt.datetime) -> str | None:
    """Return the week (2026-W47) whose digest is due, or None if it isn't due now.

    It is due for a day from its time on: a bot that starts later than that waits for the next one.
    """
    now = now.astimezone(dt.UTC)
    monday = now.date() - dt.timedelta(days=now.weekday())
    day = monday + dt.timedelta(days=weekly.weekday)
    at = dt.datetime.combine(day, weekly.time, dt.UTC)
    if at > now:
        at -= _WEEK
    if now - at >= _LATE:
        return None
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"
