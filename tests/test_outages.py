"""Telegram goes away, refuses or fails; the database is locked or full: nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import resource
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from bot import bootstrap
from bot.fronts.telegram import poller, pressure, verdicts
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.parts import Pace
from bot.settings import Settings
from bot.storage import sqlite
from tests.botapi import (
    TOKEN,
    BotApiServer,
    Delay,
    Dropped,
    Fault,
    Garbage,
    ServerError,
    TooManyRequests,
)
from tests.processes import (
    PATIENCE,
    QUESTIONS,
    Gate,
    Inquiry,
    Replica,
    Tally,
    answered,
    found_town,
    inquiries,
    launch,
    report,
    running,
    until,
)
from tests.whole import whole_bot

EACH = 3
LOUD = {"MAJLIS_LOG_LEVEL": "DEBUG"}
AWAY = (ServerError(502), ServerError(503), Garbage(), Dropped())
FLAKY: tuple[Fault, ...] = (
    *(ServerError(500, applied=applied) for applied in (False, True)),
    *(Dropped(applied=applied) for applied in (False, True)),
    *(Garbage(applied=applied) for applied in (False, True)),
)


class Clock:
    """Tell the time, some hours later than it is."""

    def __init__(self) -> None:
        self.hours = 0

    def __call__(self) -> dt.datetime:
        """Return the time in UTC."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(hours=self.hours)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock by which a front in this process goes."""
    clock = Clock()
    monkeypatch.setattr(bootstrap, "now", clock)
    return clock


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a front in this process try again so soon that many tries fit into a second."""
    monkeypatch.setattr(poller, "_LONGEST_WAIT", 0.02)
    monkeypatch.setattr(pressure, "_LONGEST_PAUSE", 0.02)
    monkeypatch.setattr(verdicts, "_LONGEST", 0.05)


@contextlib.asynccontextmanager
async def front(server: BotApiServer, folder: Path) -> AsyncIterator[None]:
    """Run the whole bot, on a SQLite file, in the loop of the test."""
    settings = Settings(
        token=TOKEN,
        api_url=server.url,
        user_limit=0,
        knowledge=folder / "knowledge",
        seeds=folder / "seeds",
        database=str(folder / "majlis.db"),
        encoder="static",
    )
    async with whole_bot(settings, Pace(retry_after=0.01)):
        yield


@pytest.mark.usefixtures("_hasty")
async def test_telegram_is_away_for_an_hour(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """What was taken before and what comes meanwhile is answered once, in order, afterwards."""
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        inquirers = inquiries(server, alone=10)
        with caplog.at_level("INFO"):
            async with front(server, tmp_path):
                server.fail("sendMessage", *AWAY, chance=1)
                await ask(inquirers, EACH)
                await server.drained()
                server.fail("*", *AWAY, chance=1)
                await ask(inquirers, EACH)
                for hours in range(1, 5):
                    goal = len(server.calls) + 50
                    await server.watch.until(partial(has_had, server, goal), "failing calls")
                    clock.hours = hours
                failed = sum(not call.ok for call in server.calls)
                server.heal()
                back = time.monotonic()
                await ask(inquirers, 0, last=True)
                await answered(inquirers)
                took = time.monotonic() - back
    report(
        "away for hours",
        tallies_of(inquirers),
        f"{failed} failed calls, all answered in {took:.1f} s",
    )
    assert once(inquirers)
    assert took < 10
    said = Counter(record.getMessage().partition(" (")[0] for record in caplog.records)
    assert said["Telegram can't be reached"] == 1
    assert said["Telegram can be reached again."] == 1
    assert TOKEN not in caplog.text


async def test_connections_are_refused_at_the_start_and_later(tmp_path: Path) -> None:
    """The bot waits for Telegram, says so once each time, and goes on by itself."""
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server, gate_before(server) as gate:
        bot = Replica(gate.url, tmp_path, LOUD)
        inquirers = inquiries(server, alone=6)
        async with running(bot):
            await until(lambda: "can't be reached" in bot.log, "a line about the outage")
            await gate.open()
            await until(lambda: "On Telegram as" in bot.log, "the start")
            held = server._faults._queued["sendMessage"]
            server.fail("sendMessage", *[Delay(30)] * len(inquirers))
            await ask(inquirers, EACH)
            await until(lambda: not held, "replies under way")
            await gate.shut()
            await until(lambda: bot.log.count("can't be reached") == 2, "another such line")
            await ask(inquirers, EACH, last=True)
            await gate.open()
            back = time.monotonic()
            await answered(inquirers)
            took = time.monotonic() - back
            code, _ = await bot.stop()
    report("connections refused", tallies_of(inquirers), f"all answered in {took:.1f} s")
    assert once(inquirers)
    assert took < 10
    assert code == 0
    assert bot.log.count("can't be reached") == bot.log.count("can be reached again") == 2
    assert_discreet(bot)


async def test_half_of_all_messages_are_refused_for_a_flood(tmp_path: Path) -> None:
    """Whatever Telegram asks to wait, each reply comes, and once."""
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        bot = Replica(server.url, tmp_path, LOUD)
        inquirers = inquiries(server, alone=20)
        server.fail("sendMessage", TooManyRequests(1), chance=0.5)
        await ask(inquirers, EACH, last=True)
        async with running(bot):
            await answered(inquirers, timeout=40)
            code, _ = await bot.stop()
        refused = sum(not call.ok for call in server.calls_of("sendMessage"))
    report("a flood", tallies_of(inquirers), f"{refused} refused")
    assert once(inquirers)
    assert refused > 30
    assert code == 0
    assert_discreet(bot)


async def test_a_tenth_of_all_calls_fail(tmp_path: Path) -> None:
    """Nothing is lost; what comes twice is what Telegram took and then said it hadn't."""
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        bot = Replica(server.url, tmp_path, LOUD)
        inquirers = inquiries(server, alone=20)
        server.fail("*", *FLAKY, chance=0.1)
        await ask(inquirers, 2 * EACH, last=True)
        async with running(bot):
            await answered(inquirers, timeout=40)
            asked = sum(each.asked for each in tallies_of(inquirers))
            # Some have heard what Telegram denies; the bot is still about to say it again.
            await until(lambda: accepted(server) >= asked, "all replies accepted")
            await bot.stop()
        failed = [call for call in server.calls if not call.ok]
    tallies = tallies_of(inquirers)
    report("a tenth of all calls fails", tallies, f"{len(failed)} failed")
    assert {(each.lost, each.disorder) for each in tallies} == {(0, 0)}
    assert accepted(server) == asked
    assert_discreet(bot)


def accepted(server: BotApiServer) -> int:
    """Return how many messages Telegram said that it took."""
    return sum(call.ok for call in server.calls_of("sendMessage"))


@pytest.mark.usefixtures("_hasty")
async def test_another_program_locks_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Replies already given aren't given again, and new messages wait with Telegram."""
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, "busy_timeout=1000"))
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        inquirers = inquiries(server, alone=6)
        with caplog.at_level("INFO"):
            async with front(server, tmp_path):
                held = server._faults._queued["sendMessage"]
                server.fail("sendMessage", *[Delay(0.2)] * len(inquirers))
                await ask(inquirers, 1)
                await until(lambda: not held, "replies under way")
                with locked(tmp_path / "majlis.db"):
                    await ask(inquirers, EACH, last=True)
                    await until(lambda: "wait in the journal" in caplog.text, "the outage noticed")
                    await until(lambda: "can't be stored" in caplog.text, "messages not stored")
                    waiting = len(server.world.queue.pending)
                back = time.monotonic()
                await answered(inquirers)
                took = time.monotonic() - back
    report(
        "locked",
        tallies_of(inquirers),
        f"{waiting} stayed with Telegram, all answered in {took:.1f} s",
    )
    assert once(inquirers)
    assert waiting
    said = Counter(record.getMessage().partition(",")[0] for record in caplog.records)
    assert said["Messages stay with Telegram"] == 1
    assert said["Messages can be stored again."] == 1
    assert "Traceback" not in caplog.text


async def test_disk_is_full(tmp_path: Path) -> None:
    """One line says so, messages stay with Telegram, and are answered after the next start."""
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        inquirers = inquiries(server, alone=4)
        process = await launch(server.url, tmp_path, MAJLIS_LOG_LEVEL="WARNING")
        assert process.stderr is not None
        try:
            await inquirers[0].ask(inquirers[0].people[0], QUESTIONS[0])
            await inquirers[0].people[0].hears()
            await until(lambda: is_done(tmp_path / "majlis.db", 1), "the first question's end")
            # No file may be longer than nothing: whatever is written fails.
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            for each in inquirers[1:]:
                await each.ask_many(EACH, last=True)
            line = await asyncio.wait_for(process.stderr.readline(), PATIENCE)
            assert len(server.world.queue.pending) == (EACH + 1) * (len(inquirers) - 1)
            process.terminate()
            _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        async with running(Replica(server.url, tmp_path, LOUD)):
            await answered(inquirers[1:])
    assert once(inquirers)
    assert process.returncode == 0
    lines = [text for text in (line + log).decode().splitlines() if " ERROR " in text]
    assert sum("Messages stay with Telegram" in text for text in lines) == 1
    # Besides, it says once that it isn't ready, and at its end that it can't clear up.
    assert len(lines) <= 3
    assert b"Traceback" not in log


@pytest.mark.usefixtures("_hasty")
async def test_full_journal_leaves_messages_with_telegram(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While too much waits for replies no more is taken; later all is answered, in order."""
    monkeypatch.setattr(Intake.__init__, "__defaults__", (20,))
    found_town(tmp_path)
    async with BotApiServer(patience=PATIENCE) as server:
        inquirers = inquiries(server, alone=10)
        with caplog.at_level("WARNING"):
            async with front(server, tmp_path):
                server.fail("sendMessage", *AWAY, chance=1)
                await ask(inquirers, EACH)
                await until(lambda: "Telegram keeps the next ones" in caplog.text, "a full journal")
                await ask(inquirers, EACH, last=True)
                server.heal()
                await answered(inquirers)
    assert once(inquirers)


async def ask(inquirers: Sequence[Inquiry], count: int, *, last: bool = False) -> None:
    """Let so many questions be asked in each chat, and at last perhaps something else."""
    for each in inquirers:
        await each.ask_many(count, last=last)


def has_had(server: BotApiServer, calls: int) -> bool | None:
    """Return True if the server has had so many calls, else None."""
    return len(server.calls) >= calls or None


def tallies_of(inquirers: Sequence[Inquiry]) -> list[Tally]:
    """Return what became of the questions, chat by chat."""
    return [each.tally() for each in inquirers]


def once(inquirers: Sequence[Inquiry]) -> bool:
    """Tell whether each question has its one reply, in order."""
    tallies = tallies_of(inquirers)
    return {(each.lost, each.disorder, each.twice) for each in tallies} == {(0, 0, ())}


def assert_discreet(bot: Replica) -> None:
    """Check that a log tells no secret and holds no traceback."""
    assert TOKEN not in bot.log
    assert TOKEN.partition(":")[2] not in bot.log
    assert "Traceback" not in bot.log


@contextlib.asynccontextmanager
async def gate_before(server: BotApiServer) -> AsyncIterator[Gate]:
    """Make a gate that is shut, and shut it at the end."""
    gate = Gate(server)
    try:
        yield gate
    finally:
        await gate.shut()


def is_done(database: Path, number: int) -> bool:
    """Tell whether an update is marked as done."""
    with contextlib.closing(sqlite3.connect(database)) as other:
        found = other.execute("SELECT done_at FROM updates WHERE update_id = ?", (number,))
        return found.fetchone() not in {None, (None,)}


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Keep everybody else from writing to a database."""
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
