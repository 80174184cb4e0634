"""How old is too old, without overflow."""

from __future__ import annotations

import datetime as dt

_FIRST = dt.datetime.min.replace(tzinfo=dt.UTC)


def cutoff(now: dt.datetime, age: dt.timedelta) -> dt.datetime:
    """Return the instant that lies `age` before `now`: what is earlier is too old.

    An age longer than the calendar gives the calendar's first instant.
    """
    try:
        return now - age
    except OverflowError:
        return _FIRST
