"""Versions of real files on real databases: kept, gone back to, and followed by other bots."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from bot import bootstrap, building
from bot.bootstrap import Bot
from bot.conversation.messages import Answer, Utterance
from bot.conversation.reload import AT_START
from bot.settings import Settings, with_knowledge
from bot.storage.authors import Author
from tests.postgres import Postgres

ENTRY = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: The library is in Oak Street.
    source: {document: library.txt, paragraph: 1}
"""
MOVED = ENTRY.replace("Oak", "Elm")
BROKEN = "topic: ["
ADA, BOB = Author("Ada", 7), Author("Bob", 8)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Return the settings of a knowledge folder of one entry."""
    return _settings(tmp_path / "a", str(tmp_path / "majlis.db"))


@pytest.fixture
async def pair(tmp_path: Path, postgres: Postgres) -> tuple[Settings, Settings]:
    """Return the settings of two bots that share a database, each with files of its own."""
    url = await postgres.new_database()
    return _settings(tmp_path / "a", url), _settings(tmp_path / "b", url)


def _settings(folder: Path, database: str) -> Settings:
    own = folder / "own"
    (own / "en").mkdir(parents=True)
    (own / "seeds").mkdir()
    (own / "seeds" / "library.txt").write_text("It is in Oak Street. It is in Elm Street.\n")
    settings = with_knowledge(Settings(database=database, secret="s"), own)
    _write(settings, ENTRY)
    return settings


def _write(settings: Settings, text: str) -> None:
    (settings.knowledge / "en" / "library.yaml").write_text(text, encoding="utf-8")


async def _street(bot: Bot) -> str:
    reply = await bot.conversation.respond(Utterance(1, 1, "Where is the library?"))
    assert isinstance(reply, Answer)
    return "Oak" if "Oak" in reply.text else "Elm"


class Noticing(logging.Handler):
    """Wait for what bots come to, looking again at each line that they log."""

    def __init__(self) -> None:
        super().__init__()
        self._logged = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Have a look."""
        self._logged.set()

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(20):
            while not what():
                self._logged.clear()
                await self._logged.wait()


@pytest.fixture
def noticing(log: logging.Logger) -> Iterator[Noticing]:
    """Listen to what reloads log."""
    handler = Noticing()
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> logging.Logger:
    """Return the log of reloads, from the level at which they tell what is live."""
    caplog.set_level(logging.INFO)
    return logging.getLogger("bot.conversation.reload.following")


@pytest.fixture(autouse=True)
def _one_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the encoder once a test: bots are started again and again."""
    monkeypatch.setattr(bootstrap, "encoder_of", lru_cache(building.encoder_of))


async def test_a_version_is_gone_back_to_and_forth(own: Settings) -> None:
    """The files of the version before are live again, whatever stands on disk."""
    async with bootstrap.durable(own) as bot:
        first = bot.reloader.live
        _write(own, MOVED)
        report = await bot.reloader.reload(ADA)
        second = bot.reloader.live
        assert (report.before, await _street(bot)) == (first, "Elm")
        kept = await bot.reloader.versions(10)
        put_live = [(v.version, v.author) for v in kept]
        assert put_live == [(second, Author("Ada", hidden=True)), (first, AT_START)]
        back = await bot.reloader.roll_back(first, BOB, live=second)
        assert (back.changed, back.before, await _street(bot)) == (("place",), second, "Oak")
        again = await bot.reloader.roll_back(first, BOB, live=second)
        assert (again.stale, again.problems) == (False, ())
        assert (await bot.reloader.roll_back(second, BOB, live="other")).stale
        assert (await bot.reloader.roll_back("unknown", BOB)).stale
        assert await _street(bot) == "Oak"
        await bot.reloader.roll_back(second, BOB, live=first)
        assert [v.version for v in await bot.reloader.versions(10)] == [second, first]


async def test_a_rollback_survives_restarts(own: Settings) -> None:
    """It counts instead of the files it was made for, until these change."""
    async with bootstrap.durable(own) as bot:
        first = bot.reloader.live
        _write(own, MOVED)
        await bot.reloader.reload()
        await bot.reloader.roll_back(first, ADA)
        assert not (await bot.reloader.refresh()).problems
    for _ in range(2):
        async with bootstrap.durable(own) as bot:
            assert (bot.reloader.live, await _street(bot)) == (first, "Oak")
    _write(own, MOVED.replace("is the", "is our"))
    async with bootstrap.durable(own) as bot:
        assert await _street(bot) == "Elm"


async def test_a_reload_ends_a_rollback(own: Settings) -> None:
    """/reload takes the files again, now and after a restart."""
    async with bootstrap.durable(own) as bot:
        first = bot.reloader.live
        _write(own, MOVED)
        await bot.reloader.reload()
        await bot.reloader.roll_back(first, ADA)
        await bot.reloader.reload()
        assert await _street(bot) == "Elm"
    async with bootstrap.durable(own) as bot:
        assert await _street(bot) == "Elm"


async def test_what_is_taught_leaves_the_files_that_are_live(own: Settings) -> None:
    """Half-edited files on disk go live by a reload only."""
    async with bootstrap.durable(own) as bot:
        for text in (MOVED, BROKEN):
            _write(own, text)
            assert not (await bot.reloader.refresh()).problems
            assert await _street(bot) == "Oak"


async def test_another_bot_takes_what_its_files_lack(
    pair: tuple[Settings, Settings], noticing: Noticing
) -> None:
    """A reload and a rollback on one bot reach the other through the database."""
    async with bootstrap.durable(pair[0]) as one, bootstrap.durable(pair[1]) as other:
        first = one.reloader.live
        _write(pair[0], MOVED)
        await one.reloader.reload(ADA)
        await noticing.until(lambda: other.reloader.live == one.reloader.live != first)
        assert await _street(other) == "Elm"
        await other.reloader.roll_back(first, ADA)
        await noticing.until(lambda: one.reloader.live == first)
        assert await _street(one) == "Oak"
    async with bootstrap.durable(pair[1]) as other:
        assert await _street(other) == "Oak"


async def test_lessons_dont_change_files_elsewhere(
    pair: tuple[Settings, Settings], noticing: Noticing
) -> None:
    """While bots are given new files one by one, what is taught takes none of them back."""
    _write(pair[0], MOVED)
    async with bootstrap.durable(pair[0]) as new, bootstrap.durable(pair[1]) as old:
        await old.reloader.refresh()
        seen: list[str] = []
        new.reloader.observe(lambda report: seen.append(report.version))
        await noticing.until(lambda: bool(seen))
        assert (await _street(new), await _street(old)) == ("Elm", "Oak")


async def test_a_version_that_is_nowhere_is_warned_about(
    own: Settings, noticing: Noticing, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that can't have what another one has live says so, and stays as it is."""
    async with bootstrap.durable(own) as bot:
        await bot.reloader._shelf.book.publish("unknown", "")
        await noticing.until(lambda: "has version unknown of the knowledge live" in caplog.text)
        assert await _street(bot) == "Oak"


async def test_a_folder_of_another_name_is_no_hindrance(
    pair: tuple[Settings, Settings], noticing: Noticing, tmp_path: Path
) -> None:
    """Files are taken over under the names they came with."""
    elsewhere = tmp_path / "c"
    shutil.copytree(pair[1].knowledge, elsewhere)
    renamed = replace(pair[1], knowledge=elsewhere, seeds=elsewhere / "seeds")
    async with bootstrap.durable(pair[0]) as one, bootstrap.durable(renamed) as other:
        _write(pair[0], MOVED)
        await one.reloader.reload()
        await noticing.until(lambda: other.reloader.live == one.reloader.live)
        assert await _street(other) == "Elm"
