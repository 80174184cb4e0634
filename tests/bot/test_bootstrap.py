"""The composition root: what is put together, watched and closed again."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import bootstrap, building
from bot.conversation.messages import Answer, Utterance
from bot.knowledge.lessons import NewPhrase
from bot.knowledge.problems import KnowledgeError
from bot.settings import Settings, with_knowledge
from bot.storage.authors import Author
from bot.storage.database import open_database
from bot.storage.lessons import Decision
from bot.storage.memory import MemoryStore
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_lessons import SqlLessonBook

GOOD = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: The library is in Oak Street.
    source: {document: library.txt, paragraph: 1}
"""
ASKED = Utterance(1, 1, "Where is the library?")
ANN = Author("Ann")


class Watched:
    """Tell when the store was pruned and whether it was closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pruned = asyncio.Event()
        self.closed = False
        prune, close = SqlStore.prune, SqlStore.close

        async def watched_prune(store: SqlStore) -> int:
            self.pruned.set()
            return await prune(store)

        async def watched_close(store: SqlStore) -> None:
            self.closed = True
            await close(store)

        monkeypatch.setattr(SqlStore, "prune", watched_prune)
        monkeypatch.setattr(SqlStore, "close", watched_close)


class Files:
    """Stand in for the watch on the files: each `touch` is a change."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._changes: asyncio.Queue[None] = asyncio.Queue()
        self.watched: tuple[Path, ...] = ()
        monkeypatch.setattr("watchfiles.awatch", self._watch)

    def touch(self) -> None:
        """Change a file."""
        self._changes.put_nowait(None)

    async def _watch(self, *folders: Path) -> AsyncIterator[set[object]]:
        self.watched = folders
        while True:
            await self._changes.get()
            yield set()


class Logged(logging.Handler):
    """Keep what is logged, and let tests wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.records: asyncio.Queue[str] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record's text."""
        self.records.put_nowait(record.getMessage())

    async def line_with(self, part: str) -> str:
        """Return the next line that has `part`."""
        while part not in (line := await asyncio.wait_for(self.records.get(), 10)):
            pass
        return line


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Return the settings of a knowledge folder of one entry."""
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "en" / "library.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "seeds" / "library.txt").write_text("The library is in Oak Street.\n")
    return with_knowledge(Settings(database=str(tmp_path / "majlis.db")), folder)


@pytest.fixture
def logged() -> Logged:
    """Return what the composition root logs from now on."""
    handler = Logged()
    logger = logging.getLogger("bot.chores")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler


def rewrite(settings: Settings, text: str) -> None:
    """Replace the knowledge file."""
    (settings.knowledge / "en" / "library.yaml").write_text(text, encoding="utf-8")


def test_wordings_come_from_the_packaged_knowledge(own: Settings) -> None:
    """A folder without wordings and phrases of its own has those that come with Majlis."""
    knowledge = building.load_knowledge(own).knowledge
    assert [entry.id for entry in knowledge.entries] == ["place"]
    assert "Majlis" in knowledge.wordings_in("en").about
    assert knowledge.phrases_in("en").small_talk["greeting"]


def test_an_edition_is_built_from_the_folder(own: Settings) -> None:
    """The matcher of the edition knows the folder's entries."""
    edition = building.build(own)
    best = edition.understanding["en"].matcher.rank("Where is the library?").best
    assert best is not None
    assert best.entry.id == "place"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("topic: [", id="no YAML"),
        pytest.param(
            GOOD.replace("paragraph: 1", "paragraph: 9"), id="a paragraph that is missing"
        ),
        pytest.param(GOOD + "    related: [no-such-entry]\n", id="an entry that is missing"),
    ],
)
def test_a_broken_knowledge_may_not_go_live(text: str, own: Settings) -> None:
    """What is checked before a reload is refused with its problems."""
    rewrite(own, text)
    with pytest.raises(KnowledgeError) as refused:
        building.build_checked(own)
    assert refused.value.problems


def test_a_sound_knowledge_may_go_live(own: Settings) -> None:
    """Nothing broken, an edition."""
    assert building.build_checked(own).knowledge.entry("place") is not None
    assert building.build_checked(own).advice == ()


def test_advice_comes_with_an_edition_that_may_go_live(own: Settings) -> None:
    """A word of an answer that its paragraph lacks breaks nothing, and its author hears of it."""
    rewrite(own, GOOD.replace("Oak Street", "Oak Street, behind the brewery"))
    [advice] = building.build_checked(own).advice
    assert "brewery" in str(advice)
    assert (advice.file, advice.severity) == ("own/en/library.yaml", "advice")


def test_a_bot_in_memory_answers_and_writes_no_file(own: Settings) -> None:
    """The terminal's bot leaves nothing behind."""
    bot = bootstrap.in_memory(own)
    reply = asyncio.run(bot.conversation.respond(ASKED))
    assert isinstance(reply, Answer)
    assert isinstance(bot.store, MemoryStore)
    assert not Path(own.database).exists()


def test_a_bot_in_memory_knows_what_was_taught(own: Settings) -> None:
    """What admins taught in the chat is answered in the terminal, and stays over a reload there."""
    asyncio.run(_teach(own, NewPhrase("en", "place", "zebra crossings")))
    before = Path(own.database).read_bytes()
    bot = bootstrap.in_memory(own)
    reply = asyncio.run(bot.conversation.respond(Utterance(1, 1, "zebra crossings")))
    assert isinstance(reply, Answer)
    assert not asyncio.run(bot.reloader.reload()).removed
    assert isinstance(asyncio.run(bot.conversation.respond(ASKED)), Answer)
    assert Path(own.database).read_bytes() == before


def test_a_bot_in_memory_has_the_version_that_was_rolled_back_to(own: Settings) -> None:
    """Where the bot has gone back behind the files, the terminal has, too."""
    asyncio.run(_go_back(own))
    reply = asyncio.run(bootstrap.in_memory(own).conversation.respond(ASKED))
    assert isinstance(reply, Answer)
    assert reply.text == "The library is in Oak Street."


@pytest.mark.parametrize(
    "database", ["no-such.db", "no-such/folder/x.db", "sqlite:///no-such.db", "~no-such-user/x.db"]
)
def test_without_a_database_the_files_do(
    database: str, own: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is made where no database is, and nothing is said where a path names none."""
    missing = database.replace("no-such", f"{tmp_path}/no-such", 1)
    bot = bootstrap.in_memory(replace(own, database=missing))
    assert isinstance(asyncio.run(bot.conversation.respond(ASKED)), Answer)
    assert not list(tmp_path.glob("no-such*"))
    assert not caplog.text


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_broken_database_is_named_and_the_files_do(
    content: bytes, own: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """One line says what is wrong with it, and it stays as it was."""
    Path(own.database).write_bytes(content)
    bot = bootstrap.in_memory(own)
    assert isinstance(asyncio.run(bot.conversation.respond(ASKED)), Answer)
    [line] = caplog.messages
    assert line.startswith("I answer from the files alone, without what was taught. The database ")
    assert Path(own.database).read_bytes() == content


def test_a_broken_knowledge_starts_no_bot(own: Settings) -> None:
    """At the start a knowledge that can't be read raises its problems."""
    rewrite(own, "topic: [")
    with pytest.raises(KnowledgeError):
        bootstrap.in_memory(own)


async def test_a_durable_bot_keeps_its_session(own: Settings) -> None:
    """What was said before a stop is known after the next start."""
    async with bootstrap.durable(own) as bot:
        await bot.conversation.respond(ASKED)
    async with bootstrap.durable(own) as bot:
        assert isinstance(bot.store, SqlStore)
        session = await bot.store.session(1, 1)
    assert session is not None
    assert session.last_entry == "place"


async def test_a_durable_bot_prunes_at_once_and_closes(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retention doesn't wait a day, and the store is closed at the end, whatever happened."""
    watched = Watched(monkeypatch)
    with pytest.raises(RuntimeError, match="the front failed"):
        await _run_into_an_error(own, watched)
    assert watched.closed


async def test_a_broken_knowledge_closes_the_store(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start that fails leaves no open database."""
    watched = Watched(monkeypatch)
    rewrite(own, "topic: [")
    with pytest.raises(KnowledgeError):
        await _run_into_an_error(own, watched)
    assert watched.closed


async def test_a_changed_file_goes_live(
    own: Settings, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    """With MAJLIS_WATCH a change is reloaded, a broken one refused, and the next one taken."""
    files = Files(monkeypatch)
    async with bootstrap.durable(replace(own, watch=True)) as bot:
        first = bot.conversation.knowledge.version
        rewrite(own, "topic: [")
        files.touch()
        refused = await logged.line_with("Kept the old knowledge")
        assert "own/en/library.yaml" in refused
        assert bot.conversation.knowledge.version == first
        rewrite(own, GOOD.replace("answer: The", "answer: This"))
        files.touch()
        version = (await logged.line_with("is live")).split()[2]
        assert bot.conversation.knowledge.version == version != first
        assert files.watched == (own.knowledge, own.seeds)


def test_failing_tests_are_problems_of_the_knowledge(own: Settings) -> None:
    """`majlis check` asks the live matchers what _tests.yaml lists."""
    tests = own.knowledge / "en" / "_tests.yaml"
    tests.write_text("place: [where is the library?]\nout_of_scope: [who are you?]\n")
    loaded = building.load_knowledge(own)
    assert building.find_collisions(loaded, own) == []
    tests.write_text("out_of_scope: [where is the library?]\n")
    [problem] = building.find_collisions(building.load_knowledge(own), own)
    assert "out_of_scope: 'where is the library?' gets an answer from place." in str(problem)


async def test_without_the_setting_no_file_is_watched(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are watched only when asked for."""
    watched = Watched(monkeypatch)
    files = Files(monkeypatch)
    async with bootstrap.durable(own):
        await watched.pruned.wait()
    assert files.watched == ()


async def test_the_bots_reloader_reads_the_folder_again(own: Settings) -> None:
    """A reload tells what changed in the files since the start."""
    bot = bootstrap.in_memory(own)
    rewrite(own, GOOD.replace("id: place", "id: spot").replace("Where is", "Where do I find"))
    report = await bot.reloader.reload()
    assert (report.added, report.removed, report.problems) == (("spot",), ("place",), ())


def test_time_is_in_utc() -> None:
    """The clock of everything has a time zone."""
    assert bootstrap.now().utcoffset() == dt.timedelta(0)


async def _teach(settings: Settings, *contents: NewPhrase) -> None:
    async with bootstrap.durable(settings) as bot:
        assert isinstance(bot.store, SqlStore)
    transactions = await open_database(settings.database, pseudonyms(settings.secret))
    try:
        await SqlLessonBook(transactions, bootstrap.now).decide(Decision("1", contents, ANN))
    finally:
        await transactions.close()


async def _go_back(settings: Settings) -> None:
    """Let a bot take newer files, and roll it back to the ones before."""
    async with bootstrap.durable(settings) as bot:
        before = bot.conversation.knowledge.version
        rewrite(settings, GOOD.replace("answer: The", "answer: This"))
        await bot.reloader.reload()
        await bot.reloader.roll_back(before, ANN)


async def _run_into_an_error(settings: Settings, watched: Watched) -> None:
    async with bootstrap.durable(settings):
        await watched.pruned.wait()
        message = "the front failed"
        raise RuntimeError(message)
