"""When Telegram goes away and comes back."""

from __future__ import annotations

import pytest
from telegram.error import Conflict, TimedOut

from bot.fronts.telegram.outages import Outages
from tests.bot.fronts.telegram.running import logged

TOKEN = "4242:test-token"


class Clock:
    """Count the seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def outages(clock: Clock) -> Outages:
    """Return outages by that clock."""
    return Outages(TOKEN, clock)


def test_an_outage_is_two_lines(outages: Outages, log: pytest.LogCaptureFixture) -> None:
    """Only the change is logged, without the token."""
    outages.over()
    for _ in range(5):
        outages.failed(TimedOut(f"at /bot{TOKEN}"))
    for _ in range(5):
        outages.over()
    assert [record.getMessage() for record in log.records] == [
        "Telegram can't be reached (at /bot<token>). Trying on.",
        "Telegram can be reached again.",
    ]


def test_many_short_outages_are_two_pairs_in_two_minutes(
    outages: Outages, clock: Clock, log: pytest.LogCaptureFixture
) -> None:
    """If each tenth call fails the log isn't flooded, and says no `again` that answers nothing."""
    for number in range(3000):
        clock.now = number / 10
        if number % 10 == 0:
            outages.failed(TimedOut())
        else:
            outages.over()
    assert logged(log, "can't be reached") == 6
    assert logged(log, "can be reached again") == 6


def test_an_outage_that_outlasts_the_quiet_is_logged(
    outages: Outages, clock: Clock, log: pytest.LogCaptureFixture
) -> None:
    """One that begins soon after two others is logged all the same, if it lasts."""
    for _ in range(2):
        outages.failed(TimedOut())
        outages.over()
    for clock.now in range(1, 200):
        outages.failed(TimedOut())
    outages.over()
    assert logged(log, "can't be reached") == 3
    assert logged(log, "can be reached again") == 3


def test_another_program_is_a_line_a_minute(
    outages: Outages, clock: Clock, log: pytest.LogCaptureFixture
) -> None:
    """Two programs on one token take turns, so that each poll may fail or not."""
    for clock.now in range(100):
        outages.failed(Conflict("another"))
        outages.over()
    assert logged(log, "Another program uses") == 2
    assert logged(log, "again") == 0
