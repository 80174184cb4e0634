"""Kill and stop real processes of the bot, and see that no question is lost."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.storage.migrations import REVISIONS
from tests.botapi import BotApiServer, Delay
from tests.postgres import Postgres
from tests.processes import (
    ANSWERS,
    LAST,
    PATIENCE,
    QUESTIONS,
    Balancer,
    Nursery,
    Replica,
    Tally,
    asking,
    found_town,
    free_ports,
    inquiries,
    launch,
    rename_baker,
    replicas,
    report,
    running,
    show,
    until,
    until_ready,
)

KILLS = 50
LEASE = 2.0
QUIET = {"MAJLIS_LOG_LEVEL": "WARNING"}
_VERSION = re.compile(r'majlis_knowledge_info\{version="([^"]+)"\} 1')


@dataclass(frozen=True)
class Replicated:
    """Hold replicas of one bot behind a balancer, on one PostgreSQL database."""

    server: BotApiServer
    balancer: Balancer
    replicas: list[Replica]


@contextlib.asynccontextmanager
async def replicated(
    postgres: Postgres, folder: Path, count: int, nursery: Nursery | None = None
) -> AsyncIterator[Replicated]:
    """Make replicas, none of which runs yet; what runs at the end is killed."""
    found_town(folder)
    database = await postgres.new_database()
    try:
        async with (
            Balancer([f"127.0.0.1:{port}" for port in free_ports(count)]) as balancer,
            BotApiServer(latency=0.005, patience=PATIENCE, webhook_root=balancer.url) as server,
        ):
            made = replicas(server, folder, database, balancer, nursery)
            try:
                yield Replicated(server, balancer, made)
            finally:
                for each in made:
                    await each.kill()
    finally:
        await postgres.drop_database(database)


@pytest.mark.timeout(300)
async def test_nothing_is_lost_when_a_polling_bot_is_killed_fifty_times(tmp_path: Path) -> None:
    """Killed in any phase and started again, it answers each question, in order."""
    found_town(tmp_path)
    dice = random.Random(1)
    deaths = []
    begun = time.monotonic()
    async with Nursery() as nursery, BotApiServer(latency=0.005, patience=PATIENCE) as server:
        bot = Replica(server.url, tmp_path, QUIET, nursery=nursery)
        inquirers = inquiries(server, alone=10)
        async with running(bot), asking(inquirers):
            for _ in range(KILLS):
                # Right after a reply is sent, a poll is answered, or it calls anything at a start.
                method = dice.choice(("sendMessage", "getUpdates", None))
                await calls_more(
                    server, dice.randint(1, 4 if method == "getUpdates" else 40), method
                )
                deaths.append(await bot.kill())
                await bot.start()
            await calls_more(server, 60)
        tallies = [each.tally() for each in inquirers]
    report("polling, SQLite", tallies, f"{KILLS} kills, {time.monotonic() - begun:.1f} s")
    judge(tallies, deaths)
    assert "Traceback" not in bot.log


@pytest.mark.timeout(300)
async def test_nothing_is_lost_when_replicas_are_killed_fifty_times(
    tmp_path: Path, postgres: Postgres
) -> None:
    """Of three replicas on PostgreSQL one dies again and again; order holds across them."""
    dice = random.Random(2)
    deaths = []
    begun = time.monotonic()
    async with Nursery() as nursery, replicated(postgres, tmp_path, 3, nursery) as bot:
        inquirers = inquiries(bot.server, alone=10)
        async with running(*bot.replicas), asking(inquirers):
            for _ in range(KILLS):
                victim = dice.choice(bot.replicas)
                # Some die while they start, or while all the others do.
                await takes_more(bot, victim, dice.choice((0, 1, 3, 8, 15)))
                deaths.append(await victim.kill())
                await victim.start()
        tallies = [each.tally() for each in inquirers]
    report(
        "three replicas, PostgreSQL", tallies, f"{KILLS} kills, {time.monotonic() - begun:.1f} s"
    )
    judge(tallies, deaths)
    assert not [each.name for each in bot.replicas if "Traceback" in each.log]


async def test_what_a_dead_replica_had_begun_is_taken_over(
    tmp_path: Path, postgres: Postgres
) -> None:
    """A reply that a replica took along into its death comes from another, a lease later."""
    async with replicated(postgres, tmp_path, 2) as bot:
        first, second = bot.replicas
        ada = bot.server.person("Ada")
        async with running(first):
            await until_ready(first)
            bot.server.fail("sendMessage", Delay(60))
            await ada.says(QUESTIONS[0])
            await until(lambda: not bot.server._faults._queued["sendMessage"], "a held reply")
            async with running(second):
                await until_ready(second)
                dead = await first.kill()
                assert (await ada.hears()).text == ANSWERS[QUESTIONS[0]]
                took = time.monotonic() - dead
    show(f"taken over {took:.1f} s after the death, with a lease of {LEASE:g} s")
    assert took < LEASE + 2
    assert len(bot.server.calls_of("sendMessage")) == 1


async def test_reload_reaches_every_replica(tmp_path: Path, postgres: Postgres) -> None:
    """/reload is asked of one replica, and all have the new knowledge within two seconds."""
    async with Nursery() as nursery, replicated(postgres, tmp_path, 3, nursery) as bot:
        ada = bot.server.person("Ada")
        for each in bot.replicas:
            each.settings["MAJLIS_ADMINS"] = str(ada.id)
        async with running(*bot.replicas):
            await until_ready(*bot.replicas)
            (old,) = await versions(bot.replicas)
            rename_baker(tmp_path)
            await ada.says("/reload")
            assert LAST in (await ada.hears()).text
            live = time.monotonic()
            while old in (found := await versions(bot.replicas)):
                assert time.monotonic() < live + PATIENCE
            took = time.monotonic() - live
    show(f"live everywhere {took:.1f} s after the reply to /reload")
    assert len(found) == 1
    assert took < 2


async def test_a_polling_bot_stops_cleanly_under_load(tmp_path: Path) -> None:
    """SIGTERM ends it with code 0 in time, and no question is lost or answered twice."""
    found_town(tmp_path)
    async with BotApiServer(latency=0.005, patience=PATIENCE) as server:
        bot = Replica(server.url, tmp_path, QUIET)
        inquirers = inquiries(server, alone=10)
        stops = []
        async with running(bot), asking(inquirers):
            for calls in (1, 7, 100):
                await calls_more(server, calls)
                stops.append(await bot.stop())
                await bot.start()
        tallies = [each.tally() for each in inquirers]
    report(
        "SIGTERM, polling", tallies, f"the slowest stop took {max(took for _, took in stops):.1f} s"
    )
    judge_stops(stops, tallies, [bot])


async def test_replicas_stop_cleanly_under_load(tmp_path: Path, postgres: Postgres) -> None:
    """One after the other gets SIGTERM and is started again, as in a rolling update."""
    async with replicated(postgres, tmp_path, 2) as bot:
        inquirers = inquiries(bot.server, alone=10)
        stops = []
        async with running(*bot.replicas), asking(inquirers):
            for each in bot.replicas * 2:
                await takes_more(bot, each, 30)
                stops.append(await each.stop())
                await each.start()
        tallies = [each.tally() for each in inquirers]
    report(
        "SIGTERM, webhook", tallies, f"the slowest stop took {max(took for _, took in stops):.1f} s"
    )
    judge_stops(stops, tallies, bot.replicas)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_two_processes_start_on_one_empty_database(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whoever comes second finds the tables made, and both come up and stop cleanly."""
    found_town(tmp_path)
    settings = dict(QUIET)
    if kind == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        settings["MAJLIS_DATABASE"] = await server.new_database()
    async with BotApiServer(patience=PATIENCE) as one, BotApiServer(patience=PATIENCE) as other:
        pair = [Replica(each.url, tmp_path, settings, f"{each.url[-5:]}") for each in (one, other)]
        async with running(*pair):
            await until(lambda: is_polled(one) and is_polled(other), "their polls")
            stops = [await each.stop() for each in pair]
    assert [code for code, _ in stops] == [0, 0]
    assert [each.log for each in pair] == ["", ""]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_newer_database_is_one_clear_line(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A database that a newer program made ends the process with code 1 and a remedy."""
    found_town(tmp_path)
    make = (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('9999')",
    )
    settings: dict[str, Any] = {}
    if kind == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        settings["MAJLIS_DATABASE"] = await server.new_database()
        connection = await asyncpg.connect(settings["MAJLIS_DATABASE"].replace("+asyncpg", ""))
        try:
            await connection.execute("; ".join(make))
        finally:
            await connection.close()
    else:
        with contextlib.closing(sqlite3.connect(tmp_path / "majlis.db")) as database, database:
            for statement in make:
                database.execute(statement)
    process = await launch("http://127.0.0.1:9", tmp_path, **settings)
    _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
    (line,) = log.decode().splitlines()
    assert process.returncode == 1
    assert line.startswith("majlis: The database")
    assert f"revision 9999, newer than this program knows ({REVISIONS[-1]}): update" in line


def is_polled(server: BotApiServer) -> bool:
    """Tell whether a bot waits for updates."""
    return server.world.queue._turn is not None


async def calls_more(server: BotApiServer, count: int, method: str | None = None) -> None:
    """Wait until the server has had so many more calls, of a method or of any."""
    seen, left = len(server.calls), count

    def look() -> bool | None:
        nonlocal seen, left
        fresh = server.calls[seen:]
        seen += len(fresh)
        left -= sum(method in {None, call.method} for call in fresh)
        return left <= 0 or None

    await server.watch.until(look, f"{count} more calls")


async def takes_more(bot: Replicated, victim: Replica, count: int) -> None:
    """Wait until a replica has taken so many more updates."""
    taken = bot.balancer.taken
    goal = taken[victim.address] + count
    await bot.server.watch.until(
        lambda: taken[victim.address] >= goal or None, f"{count} more updates of {victim.name}"
    )


async def versions(found: Sequence[Replica]) -> set[str]:
    """Return the versions of the knowledge that are live."""
    texts = [(await each.asked("/metrics"))[1] for each in found]
    return {match for text in texts for match in _VERSION.findall(text)}


def judge(tallies: Sequence[Tally], deaths: Sequence[float]) -> None:
    """Check that nothing is lost or out of order, and twice only what a death interrupted."""
    assert [each.lost for each in tallies] == [0] * len(tallies)
    assert [each.disorder for each in tallies] == [0] * len(tallies)
    for each in tallies:
        # Order holds, so a death between the two lies between no others of this chat: there is at
        # most one double a chat and death.
        unexplained = [
            (first, second)
            for first, second in each.twice
            if not any(first < death < second for death in deaths)
        ]
        assert unexplained == []


def judge_stops(
    stops: Sequence[tuple[int, float]], tallies: Sequence[Tally], stopped: Sequence[Replica]
) -> None:
    """Check that each stop was clean and in time, and that each question has its one reply."""
    assert {code for code, _ in stops} == {0}
    assert max(took for _, took in stops) < 11
    assert {(each.lost, each.disorder, each.twice) for each in tallies} == {(0, 0, ())}
    assert [each.log for each in stopped] == [""] * len(stopped)
