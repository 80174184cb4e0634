"""Run the real bot as a process of its own against the Bot API server, over HTTP."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.botapi import TOKEN, BotApiServer, Person
from tests.processes import PATIENCE, launch

ENTRY = """
topic: The greenhouse
entries:
  - id: greenhouse-hours
    question: When is the greenhouse open?
    alternates: [greenhouse opening hours, what time does the greenhouse open]
    answer: The **greenhouse** is open from nine to five.
    source: {document: DOCUMENT, paragraph: 1}
"""

WORSE = """
topic: The greenhouse
entries:
  - id: greenhouse-hours
    question: Are the maps in the reading room for sale?
    answer: The **greenhouse** sells no maps.
    source: {document: DOCUMENT, paragraph: 1}
"""


@dataclass
class Running:
    """Hold the process, its server, its admin and its own copy of the knowledge."""

    server: BotApiServer
    admin: Person
    knowledge: Path
    process: asyncio.subprocess.Process

    async def stop(self) -> tuple[int, str]:
        """End the process by SIGTERM; return its exit code and what it logged."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return self.process.returncode, log.decode()


@asynccontextmanager
async def run_bot(settings: Settings, folder: Path) -> AsyncIterator[Running]:
    """Yield the bot on a copy of the project's knowledge."""
    shutil.copytree(settings.knowledge, folder / "knowledge")
    shutil.copytree(settings.seeds, folder / "seeds")
    async with BotApiServer(patience=PATIENCE) as server:
        admin = server.person("Ada")
        process = await launch(server.url, folder, MAJLIS_ADMINS=str(admin.id))
        running = Running(server, admin, folder / "knowledge", process)
        try:
            yield running
        finally:
            await running.stop()


@pytest.fixture
async def running(settings: Settings, tmp_path: Path) -> AsyncIterator[Running]:
    """Return the running bot."""
    async with run_bot(settings, tmp_path) as bot:
        yield bot


async def test_answers_follows_up_and_shows_its_source(running: Running) -> None:
    """A person asks, follows up, presses Source and gets the paragraph."""
    bob = running.server.person("Bob")
    await bob.says("hi, where is isoj held?")
    answer = await bob.hears()
    assert "Austin, Texas" in answer.text
    await bob.presses(answer.button("Source"))
    assert "held annually in Austin, Texas" in (await bob.hears()).text
    await bob.says("and who goes there?")
    assert "journalists" in (await bob.hears()).text
    code, log = await running.stop()
    assert code == 0
    assert TOKEN not in log
    assert "Traceback" not in log


async def test_edits_votes_and_searches_inline(running: Running) -> None:
    """An edited question edits the answer, a vote is thanked for, inline mode lists entries."""
    bob = running.server.person("Bob")
    question = await bob.says("where is isoj held?")
    answer = await bob.hears()
    await bob.edits(question, "how often is isoj held?")
    edited = await bob.sees_edit(answer)
    assert "year" in edited.text
    pressed = await bob.presses(edited.button("👍"))
    assert (await pressed.answer()).text
    results = await bob.inline("isoj texas")
    assert any("Online Journalism" in title for title in results.titles)


async def test_answers_in_a_group_when_mentioned(running: Running) -> None:
    """In a group only a mention is answered, as a reply to it."""
    bob = running.server.person("Bob")
    group = running.server.group("Friends", members=[bob])
    await bob.says("where is isoj held?", chat=group)
    asked = await bob.says("@bot who attends isoj?", chat=group)
    answer = await bob.hears(chat=group)
    assert "journalists" in answer.text
    assert answer.reply_to == asked.id


async def test_reloads_good_knowledge_and_refuses_broken(running: Running) -> None:
    """/reload tells what was added; a broken file leaves the old knowledge live."""
    await running.admin.says("who attends isoj?")
    await running.admin.hears()
    document = next((running.knowledge.parent / "seeds").iterdir()).name
    added = running.knowledge / "en" / "greenhouse.yaml"
    added.write_text(ENTRY.replace("DOCUMENT", document), encoding="utf-8")
    await running.admin.says("/reload")
    assert "Added:\n• When is the greenhouse open?" in (await running.admin.hears()).text
    await running.admin.says("greenhouse opening hours")
    assert "nine to five" in (await running.admin.hears()).text
    added.write_text("topic: [", encoding="utf-8")
    await running.admin.says("/reload")
    refusal = await running.admin.hears()
    assert "greenhouse.yaml" in refusal.text
    await running.admin.says("greenhouse opening hours")
    assert "nine to five" in (await running.admin.hears()).text


async def test_a_worse_version_is_refused_forced_and_rolled_back(running: Running) -> None:
    """What was answered guards its entry; a tap publishes all the same, another goes back."""
    admin, question = running.admin, "greenhouse opening hours"
    await admin.says("who attends isoj?")
    await admin.hears()
    document = next((running.knowledge.parent / "seeds").iterdir()).name
    written = running.knowledge / "en" / "greenhouse.yaml"
    written.write_text(ENTRY.replace("DOCUMENT", document), encoding="utf-8")
    await admin.says("/reload")
    await admin.hears()
    await admin.says(question)
    assert "nine to five" in (await admin.hears()).text
    worse = WORSE.replace("DOCUMENT", document)
    written.write_text(worse, encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    await _logs(running, b"greenhouse-hours: would no longer answer 1 question")
    await admin.says("/reload")
    refused = await admin.hears()
    assert f"Lost: “{question}”: When is the greenhouse open? → " in refused.text
    await admin.presses(refused.button("Publish anyway"))
    live = await admin.sees_edit(refused)
    assert "Changed:\n• Are the maps in the reading room for sale?" in live.text
    assert f"Lost their answer: {question}" in live.text
    assert "Worth a look: " in live.text
    assert "Lost:" not in live.text
    await admin.says(question)
    assert "nine to five" not in (await admin.hears()).text
    await admin.presses(live.button("Roll back"))
    assert "is live again" in (await admin.sees_edit(live)).text
    await admin.says(question)
    assert "nine to five" in (await admin.hears()).text
    await admin.says("/versions")
    listed = await admin.hears()
    assert [button.text for button in listed.buttons] == ["2", "3"]
    assert f"{admin.user.first_name} · " in listed.text


async def test_hangup_signal_reloads(running: Running) -> None:
    """SIGHUP reloads like the command."""
    await running.admin.says("who attends isoj?")
    await running.admin.hears()
    document = next((running.knowledge.parent / "seeds").iterdir()).name
    added = running.knowledge / "en" / "greenhouse.yaml"
    added.write_text(ENTRY.replace("DOCUMENT", document), encoding="utf-8")
    running.process.send_signal(signal.SIGHUP)
    await _logs(running, b"live")
    await running.admin.says("greenhouse opening hours")
    assert "nine to five" in (await running.admin.hears()).text


async def test_invalid_token_is_one_clear_line(settings: Settings, tmp_path: Path) -> None:
    """A token that Telegram refuses ends the process with code 1 and one line without it."""
    wrong = "123:wrong"
    shutil.copytree(settings.knowledge, tmp_path / "knowledge")
    async with BotApiServer() as server:
        process = await launch(server.url, tmp_path, token=wrong)
        _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
    lines = [line for line in log.decode().splitlines() if line.startswith("majlis:")]
    assert process.returncode == 1
    assert len(lines) == 1
    assert "@BotFather" in lines[0]
    assert wrong not in log.decode()
    assert "Traceback" not in log.decode()


async def _logs(running: Running, words: bytes) -> None:
    """Wait until the process has logged some words."""
    assert running.process.stderr is not None
    while words not in (line := await running.process.stderr.readline()):
        assert line, "the process ended"
