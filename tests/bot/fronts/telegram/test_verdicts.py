"""What becomes of an update whose reply Telegram didn't take."""

from __future__ import annotations

import datetime as dt

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.fronts.telegram.verdicts import UNDELIVERABLE, Later, verdict_on

DAY = 24 * 60 * 60


@pytest.mark.parametrize("error", [BadRequest("no"), Forbidden("blocked")])
@pytest.mark.parametrize("age", [0.0, 100.0])
def test_what_cannot_be_delivered_is_done_with(error: TelegramError, age: float) -> None:
    """A refusal won't change, however new the update is."""
    assert verdict_on(error, age) == UNDELIVERABLE


@pytest.mark.parametrize(
    "error", [NetworkError("away"), TimedOut(), Conflict("two"), InvalidToken("gone")]
)
def test_everything_else_is_tried_again_more_rarely_with_age(error: TelegramError) -> None:
    """A quarter of the age, from a quarter of a second up to five seconds."""
    found = [verdict_on(error, age) for age in (-5.0, 0.0, 1.0, 8.0, 20.0, 3600.0)]
    assert found == [Later(0.25), Later(0.25), Later(0.25), Later(2.0), Later(5.0), Later(5.0)]


def test_a_flood_is_waited_out_as_asked() -> None:
    """Telegram says how long, in either of the library's forms, and it counts as a flood."""
    assert verdict_on(RetryAfter(7), 0.0) == Later(7.0, flood=True)
    assert verdict_on(RetryAfter(dt.timedelta(seconds=90)), 0.0) == Later(90.0, flood=True)


def test_after_a_day_it_is_given_up() -> None:
    """Telegram itself would have kept it no longer."""
    for error in (NetworkError("away"), RetryAfter(7), ChatMigrated(-5)):
        assert verdict_on(error, DAY + 1) == UNDELIVERABLE
        assert isinstance(verdict_on(error, DAY - 1), Later)
