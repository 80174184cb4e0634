"""A front that runs in the loop of a test, with a conversation by rule behind it."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field

import pytest

from bot.fronts.telegram.parts import Pace, Parts
from bot.fronts.telegram.run import run_until
from bot.settings import Settings
from bot.storage.journal import Journal
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from tests.botapi import (
    BotApiServer,
    Message,
)
from tests.fakes import (
    FakeConversation,
    FakeReloader,
    make_entry,
    make_knowledge,
    make_store,
)

MANY = make_knowledge(
    (
        make_entry("oak", related=("pine", "gone")),
        *(make_entry(name) for name in ("pine", "birch")),
        *(make_entry(f"elm{number}", topic="elms") for number in range(10)),
        make_entry("very-long-name-" * 6 + "end"),
    )
)


ANSWERED = ["<source>", "<share>", "<copy_text>", "<helpful>", "<not_helpful>"]
"""The labels of the buttons under an answer in private."""


@dataclass
class Majlis:
    """Run the front in the loop of the test; `run` is the task it runs in."""

    server: BotApiServer
    settings: Settings
    conversation: FakeConversation = field(default_factory=lambda: FakeConversation(MANY))
    reloader: FakeReloader = field(default_factory=FakeReloader)
    store: MemoryStore = field(default_factory=make_store)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    pace: Pace = field(
        default_factory=lambda: Pace(retry_after=0.01, typing_after=0.2, listening=0)
    )
    run: asyncio.Task[None] | None = None

    journal: Journal | None = None

    @property
    def parts(self) -> Parts:
        """Return what the front works with."""
        journal = self.journal or MemoryJournal(self.store, _now)
        return Parts(self.conversation, self.reloader, self.store, journal, _now)

    def start(self) -> asyncio.Task[None]:
        """Start the front."""
        self.run = asyncio.create_task(run_until(self.stop, self.settings, self.parts, self.pace))
        return self.run

    async def end(self) -> None:
        """Stop the front and wait for it."""
        self.stop.set()
        if self.run:
            await self.run


def labels(message: Message) -> list[str]:
    """Return the labels of the buttons of a message."""
    return [button.text for button in message.buttons]


def logged(log: pytest.LogCaptureFixture, words: str) -> int:
    """Return how many log lines have certain words."""
    return sum(words in record.getMessage() for record in log.records)


async def polled(server: BotApiServer) -> None:
    """Wait until the bot waits for updates."""
    await server.watch.until(lambda: server.world.queue._turn, "a poll")


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
