"""What the tests of the front share: a Bot API server, a person, and the front running."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.settings import Settings
from tests.bot.fronts.telegram.running import Majlis
from tests.botapi import (
    TOKEN,
    BotApiServer,
    Person,
)


@pytest.fixture(autouse=True)
def _times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library read times as the running front does, without a warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Run a Bot API server."""
    async with BotApiServer(username="majlis_bot") as running:
        yield running


@pytest.fixture
def ada(server: BotApiServer) -> Person:
    """Return somebody with a private chat."""
    return server.person("Ada")


@pytest.fixture
def idle(server: BotApiServer, ada: Person) -> Majlis:
    """Return a front that isn't started."""
    settings = Settings(token=TOKEN, api_url=server.url, admins=frozenset({ada.id}))
    return Majlis(server, settings)


@pytest.fixture
async def majlis(idle: Majlis) -> AsyncIterator[Majlis]:
    """Run the front."""
    idle.start()
    yield idle
    await idle.end()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Capture the log from the level at which the bot speaks."""
    with caplog.at_level(logging.INFO):
        yield caplog
