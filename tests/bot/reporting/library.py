"""What the tests of reports share: a summary with a bit of everything."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.reporting.summary import Day, Missed, Summary, Totals
from bot.reporting.weak import Weak
from bot.storage.figures import Asked, Handover

MONDAY = dt.date(2026, 11, 9)
_DAY = dt.timedelta(days=1)
HANDOVER = Handover(3, 2, dt.timedelta(minutes=7))
QUIET = Totals()
BUSY = Totals(60, 20, 20, 5, 8, 2)
NASTY = "<script>alert(1)</script> \x1b[31m & $tables"

SUMMARY = Summary(
    since=MONDAY,
    until=MONDAY + 6 * _DAY,
    totals=replace(BUSY, handover=HANDOVER),
    before=Totals(answered=50),
    days=tuple(Day(MONDAY + n * _DAY, BUSY if n == 1 else QUIET) for n in range(7)),
    languages=(("en", 80), ("ar", 20)),
    asked=(Asked("oak", 1200), Asked("gone", 3)),
    missed=(Missed("are there parrots?", 4), Missed(NASTY, 2)),
    weak=(Weak("oak", 9, 0.6, 5, 1, 3), Weak("elm", 0, None, 0, 0, 2)),
)
NOTHING = Summary(
    since=MONDAY,
    until=MONDAY,
    totals=QUIET,
    before=None,
    days=(Day(MONDAY, QUIET),),
    languages=(),
    asked=(),
    missed=(),
    weak=(),
)
QUESTIONS = {"oak": "What is an oak?", "elm": "What is an elm?"}
