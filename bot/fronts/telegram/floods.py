"""How long Telegram asks a bot to wait."""

from __future__ import annotations

import datetime as dt

from telegram.error import RetryAfter, TelegramError


def asked_pause(error: TelegramError) -> float:
    """Return the seconds that Telegram asks to wait, 0 if it doesn't."""
    if not isinstance(error, RetryAfter):
        return 0.0
    after = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)
