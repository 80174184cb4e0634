"""How long a process has for telling somebody what it claimed to tell them."""

from __future__ import annotations

import datetime as dt

TELLING_LEASE = dt.timedelta(minutes=5)
"""If it hasn't settled its claim by then, it has died, and another one tells them.

Longer than Telegram takes for a message, with its picture drawn, all refusals and repetitions.
"""
