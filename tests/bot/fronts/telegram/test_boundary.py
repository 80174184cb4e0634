"""How the handling of an update ends when something is wrong."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import cast

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.errors import FrontError, StorageError
from bot.fronts.telegram.boundary import Boundary
from bot.fronts.telegram.handlers import PASSED_OVER, Handlers
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.verdicts import UNDELIVERABLE, Done, Later
from bot.storage.journal import Claimed
from tests.bot.fronts.telegram.running import logged
from tests.botapi import TOKEN

NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
MINUTES = dt.timedelta(minutes=1)
AWAY = NetworkError("away")
GIVEN = Done("answer")
NOTHING_SAID = Done("failed", replied=False)
APOLOGISED = Done("failed")


@dataclass
class ScriptedHandlers:
    """Raise what stands in the script of an update, else reply; apologies likewise."""

    script: dict[int, Exception] = field(default_factory=dict)
    apologies: dict[int, Exception] = field(default_factory=dict)
    apologised: list[int] = field(default_factory=list)

    async def handle(self, update: Update, taken: float) -> Done:
        """Reply, or raise."""
        assert taken
        if error := self.script.get(update.update_id):
            raise error
        return GIVEN

    async def fail(self, update: Update) -> None:
        """Apologise, or raise."""
        if error := self.apologies.get(update.update_id):
            raise error
        self.apologised.append(update.update_id)


@pytest.fixture
def handlers() -> ScriptedHandlers:
    """Return handlers that reply to everything."""
    return ScriptedHandlers()


@pytest.fixture
def boundary(handlers: ScriptedHandlers) -> Boundary:
    """Return the boundary around the handlers."""
    acting = cast("Handlers", handlers)
    return Boundary(Bot(TOKEN), acting, Metrics(), Outages(TOKEN), lambda: NOW)


def claimed(number: int = 1, age: dt.timedelta = dt.timedelta(), deaths: int = 0) -> Claimed:
    """Return an update that was taken so long ago."""
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
    return Claimed(number, {"update_id": number, "message": message}, NOW - age, deaths)


async def test_a_kind_of_update_that_was_not_asked_for_is_not_even_read(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """Nobody has to know its form."""
    handlers.script[1] = ValueError("bug")
    odd = Claimed(1, {"update_id": 1, "channel_post": {"chat": {"id": "x"}}}, NOW, 0)
    assert await boundary(odd) == Done(PASSED_OVER, replied=False)


async def test_a_reply_in_a_group_that_moderates_bots_away_is_given_up(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """What was deleted the moment it was sent isn't sent again and again."""
    handlers.script[1] = NetworkError("Internal Server Error: sent message was immediately deleted")
    assert await boundary(claimed()) == UNDELIVERABLE


async def test_one_update_that_always_fails_is_given_up_after_ten_minutes(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """Others get their replies meanwhile, so it is to blame, and its chat goes on."""
    handlers.script[1] = AWAY
    for other in range(2, 30):
        assert isinstance(await boundary(claimed(1, 9 * MINUTES)), Later)
        assert await boundary(claimed(other)) == GIVEN
    assert await boundary(claimed(1, 11 * MINUTES)) == UNDELIVERABLE


async def test_nothing_is_given_up_while_telegram_is_away(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """Where nothing goes through, all wait: hours, and through the return, too."""
    handlers.script = dict.fromkeys(range(5), AWAY)
    for _ in range(100):
        for number in range(5):
            assert isinstance(await boundary(claimed(number, 300 * MINUTES)), Later)
    del handlers.script[4]
    assert await boundary(claimed(4, 300 * MINUTES)) == GIVEN
    assert isinstance(await boundary(claimed(0, 300 * MINUTES)), Later)


async def test_a_failing_database_is_waited_for(
    boundary: Boundary, handlers: ScriptedHandlers, log: pytest.LogCaptureFixture
) -> None:
    """What was asked for is done once the database is back; a line tells of each change."""
    handlers.script[1] = StorageError("the disk is full")
    for age in range(10):
        assert await boundary(claimed(1, age * MINUTES)) == Later(1.0)
    handlers.script.clear()
    assert await boundary(claimed(1, 10 * MINUTES)) == GIVEN
    assert handlers.apologised == []
    assert logged(log, "wait for the database: the disk is full") == 1
    assert logged(log, "database can be read again") == 1


async def test_a_database_that_stays_away_costs_an_apology(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """After ten minutes nobody is left waiting."""
    handlers.script[1] = StorageError("the disk is full")
    assert await boundary(claimed(1, 11 * MINUTES)) == APOLOGISED
    assert handlers.apologised == [1]


async def test_an_apology_that_the_database_prevents_comes_later(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """Nothing escapes, whatever fails."""
    handlers.script[1] = StorageError("down")
    handlers.apologies[1] = StorageError("down")
    assert await boundary(claimed(1, 11 * MINUTES)) == Later(1.0)


@pytest.mark.parametrize("error", [ValueError("bug"), FrontError("named"), BadRequest("no")])
async def test_what_cannot_be_answered_gets_an_apology(
    boundary: Boundary, handlers: ScriptedHandlers, error: Exception
) -> None:
    """Nobody is left waiting because of a bug, or because Telegram refuses a message's form."""
    handlers.script[1] = error
    assert await boundary(claimed()) == APOLOGISED
    assert handlers.apologised == [1]


async def test_an_apology_is_tried_again_as_telegram_asks(
    boundary: Boundary, handlers: ScriptedHandlers
) -> None:
    """It is a message like any other: it waits, and where nobody can get it, it is given up."""
    handlers.script[1] = ValueError("bug")
    handlers.apologies[1] = RetryAfter(30)
    assert await boundary(claimed()) == Later(30.0, flood=True)
    handlers.apologies[1] = Forbidden("blocked")
    assert await boundary(claimed()) == UNDELIVERABLE
    handlers.apologies[1] = TypeError("odd")
    assert await boundary(claimed()) == NOTHING_SAID


async def test_an_update_that_ends_the_program_is_given_up_with_one_apology(
    boundary: Boundary, handlers: ScriptedHandlers, log: pytest.LogCaptureFixture
) -> None:
    """Twenty deaths may be bad luck; if the apology is deadly as well, the next start goes on."""
    assert await boundary(claimed(deaths=20)) == GIVEN
    with log.at_level(logging.CRITICAL):
        assert await boundary(claimed(deaths=21)) == APOLOGISED
        assert await boundary(claimed(deaths=22)) == UNDELIVERABLE
    assert handlers.apologised == [1]
