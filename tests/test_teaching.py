"""The teaching loop over HTTP: what people ask in vain becomes knowledge, and can be taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import bootstrap
from bot.__main__ import main
from bot.settings import Settings
from bot.storage.reading import reading
from bot.storage.sql_lessons import SqlLessonBook
from tests.botapi import TOKEN, BotApiServer, Message, Person, ServerError
from tests.postgres import Postgres
from tests.processes import found_town
from tests.whole import whole_bot

PARKING = ("where can i park my car", "Where can I park my car?", "parking for cars please")
HOTEL = "which hotel has a swimming pool"
ARABIC = ("أين أوقف سيارتي", "اين اوقف سيارتي؟")
WEATHER_IN_ARABIC = "كيف الطقس اليوم"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Run a Bot API server."""
    async with BotApiServer(username="majlis_bot") as running:
        yield running


@pytest.fixture
def admin(server: BotApiServer) -> Person:
    """Return somebody who may teach."""
    return server.person("Ada")


@pytest.fixture
def settings(server: BotApiServer, admin: Person, tmp_path: Path) -> Settings:
    """Return the settings of a bot of a small town."""
    found_town(tmp_path)
    return Settings(
        token=TOKEN,
        api_url=server.url,
        admins=frozenset({admin.id}),
        knowledge=tmp_path / "knowledge",
        seeds=tmp_path / "seeds",
        database=str(tmp_path / "majlis.db"),
        encoder="static",
        listen=None,
    )


async def asked_in_vain(server: BotApiServer, *questions: str) -> list[Person]:
    """Have each question asked by somebody else, who gets no answer."""
    people = []
    for number, question in enumerate(questions):
        person = server.person(f"Person {number}")
        await person.says(question)
        told = (await person.hears()).text
        assert told.startswith(("I'm sorry, I don't have an answer", "عذرًا، ليست لديّ إجابة")), told
        people.append(person)
    return people


async def opened(admin: Person) -> Message:
    """Open the list of misses and its first cluster."""
    await admin.says("/misses")
    shown = await admin.hears()
    await admin.presses(shown.button("1"))
    return await admin.sees_edit(shown)


async def test_what_is_attached_is_answered_at_once_and_can_be_taken_back(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """Two taps teach all wordings of a question; one takes them back."""
    async with whole_bot(settings):
        *_, asker = await asked_in_vain(server, HOTEL, *PARKING)
        await admin.says("/misses")
        shown = await admin.hears()
        assert shown.text.startswith("Asked without an answer: 2 subjects (4 times)")
        assert re.search(r"1\. .*(park|parking).* \(3 times, 3 👤\)", shown.text)
        await admin.presses(shown.button("1"))
        shown = await admin.sees_edit(shown)
        entry = shown.buttons[0].text
        await admin.presses(shown.button(entry))
        shown = await admin.sees_edit(shown)
        assert shown.text.startswith(f"Learnt. From now on I answer this with {entry}")
        await asker.says("Where can I park my car?")
        answer = await asker.hears()
        assert "I don't have an answer" not in answer.text
        await admin.presses(shown.button("Undo"))
        assert (await admin.sees_edit(shown)).text.startswith("Taken back")
        await asker.says("Where can I park my car?")
        assert "I don't have an answer" in (await asker.hears()).text


async def test_a_question_in_another_script_is_taught(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """An Arabic question attached to an English entry is answered, and nothing else in Arabic."""
    async with whole_bot(settings):
        await asked_in_vain(server, ARABIC[0])
        shown = await opened(admin)
        await admin.presses(shown.button("Search…"))
        await admin.sees_edit(shown)
        await admin.says("fish harbour")
        found = await admin.hears()
        await admin.presses(found.buttons[0])
        assert (await admin.sees_edit(found)).text.startswith("Learnt.")
        other = server.person("Layla")
        await other.says(ARABIC[1])
        answer = await other.hears()
        assert "I don't have an answer" not in answer.text
        assert answer.button("👍").data
        await asked_in_vain(server, WEATHER_IN_ARABIC)


async def test_a_new_answer_is_written_in_the_chat(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """The admin sends the answer, sees the entry, mends it by editing, and publishes it."""
    async with whole_bot(settings):
        [asker] = await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("New answer"))
        asking = await admin.sees_edit(shown)
        assert "Which hotel has a swimming pool?" in asking.text
        written = await admin.says("The Rose has one")
        draft = await admin.hears()
        assert "The Rose has one" in draft.text
        await admin.edits(written, "The **Rose** has a pool.\nIt is open:\n- in May\n- in June")
        draft = await admin.hears()
        await admin.presses(draft.button("Publish"))
        assert (await admin.sees_edit(draft)).text.startswith("Published.")
        await asker.says(HOTEL)
        answer = await asker.hears()
        assert answer.text.startswith("The Rose has a pool.\n\nIt is open:\n• in May\n• in June")
        await admin.says("/misses")
        assert (await admin.hears()).text.startswith("Nothing is waiting")


async def test_a_second_tap_says_so_and_leaves_the_undo(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """Who taps twice, or later than another admin, reads that it is dealt with."""
    async with whole_bot(settings):
        await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        first = await admin.presses(shown.button("Ignore"))
        second = await admin.presses(shown.button("Ignore"))
        assert (await first.answer()).text == ""
        assert (await second.answer()).text.startswith("Somebody has dealt with this")
        done = await admin.sees_edit(shown)
        assert [each.text for each in done.buttons] == ["Undo", "Back to the list"]


async def test_an_entry_is_searched_for(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """A few words find the entry where it isn't among the likeliest; a command breaks off."""
    async with whole_bot(settings):
        [asker] = await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("Search…"))
        await admin.sees_edit(shown)
        await admin.says("/help")
        await admin.hears()
        await admin.says("fish harbour")
        found = await admin.hears()
        await admin.presses(found.button("Where is the fish market?"))
        assert (await admin.sees_edit(found)).text.startswith("Learnt.")
        await asker.says(HOTEL)
        assert (await asker.hears()).text.startswith("It is in the harbour.")
        await admin.says("library opening hours")
        assert (await admin.hears()).text.startswith("It opens at nine.")


async def test_the_question_and_the_topic_of_a_draft_can_be_changed(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """Each part is asked for, a topic may be new, and what stands already is refused."""
    async with whole_bot(settings):
        await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("New answer"))
        await admin.sees_edit(shown)
        await admin.says("The Rose has one.")
        draft = await admin.hears()
        assert "Topic: The town (my guess)" in draft.text
        await admin.presses(draft.button("Change topic"))
        topics = await admin.sees_edit(draft)
        assert topics.buttons[0].text == "The town"
        await admin.says("Places to stay")
        draft = await admin.hears()
        assert "Topic: Places to stay\n" in draft.text
        await admin.presses(draft.button("Change question"))
        await admin.sees_edit(draft)
        await admin.says("When is the library open?")
        draft = await admin.hears()
        await admin.presses(draft.button("Publish"))
        refused = await admin.sees_edit(draft)
        assert "When is the library open? belongs to When is the library open? already" in (
            refused.text
        )
        await admin.says("/misses")
        assert (await admin.hears()).text.startswith("Asked without an answer: 1 subject")


async def test_what_telegram_did_not_take_is_taught_once(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """The press is handled again, and the lesson stands as it did the first time."""
    async with whole_bot(settings):
        await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        server.fail("editMessageText", ServerError(502), ServerError(502))
        await admin.presses(shown.buttons[0])
        shown = await admin.sees_edit(shown)
        assert shown.text.startswith("Done.")
        await admin.presses(shown.button("Undo"))
        assert (await admin.sees_edit(shown)).text.startswith("Taken back")


async def test_what_is_no_subject_is_refused_for_good(
    server: BotApiServer,
    admin: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is off the lists, and isn't on them again when somebody else asks the same."""
    async with whole_bot(settings):
        await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("Not our subject"))
        assert (await admin.sees_edit(shown)).text.startswith("Noted")
        await asked_in_vain(server, HOTEL)
        await admin.says("/misses")
        assert (await admin.hears()).text.startswith("Nothing is waiting")
    monkeypatch.setenv("MAJLIS_DATABASE", settings.database)
    monkeypatch.setenv("MAJLIS_KNOWLEDGE", str(settings.knowledge))
    assert await asyncio.to_thread(main, ["report"]) == 0
    figures = capsys.readouterr().out
    assert "2 (100" in figures
    assert HOTEL not in figures


async def test_what_was_taught_goes_into_the_files(
    server: BotApiServer,
    admin: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The diff says what, --write writes it, and at the next start the learnt copy is gone."""
    async with whole_bot(settings):
        [asker] = await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("New answer"))
        await admin.sees_edit(shown)
        await admin.says("The Rose has one.")
        draft = await admin.hears()
        await admin.presses(draft.button("Publish"))
        await admin.sees_edit(draft)
    monkeypatch.setenv("MAJLIS_DATABASE", settings.database)
    monkeypatch.setenv("MAJLIS_KNOWLEDGE", str(settings.knowledge))
    monkeypatch.setenv("MAJLIS_SEEDS", str(settings.seeds))
    for arguments, said in (
        (["export"], "Nothing is written yet"),
        (["export", "--write"], f"Wrote {settings.seeds / 'answers.md'}, "),
        (["export"], "The files have all that was taught."),
    ):
        assert await asyncio.to_thread(main, arguments) == 0
        assert said in (found := capsys.readouterr().out)
        assert ("+  - id: hotel-swimming-pool" in found) == ("The files" not in found)
    async with whole_bot(settings):
        await asker.says(HOTEL)
        assert (await asker.hears()).text.startswith("The Rose has one.")
        async with reading(settings.database) as transactions:
            book = SqlLessonBook(transactions, bootstrap.now)
            async with asyncio.timeout(20):
                while await book.decided():  # noqa: ASYNC110 - another task strikes it
                    await asyncio.sleep(0.02)


async def test_others_than_admins_see_nothing(
    server: BotApiServer, admin: Person, settings: Settings
) -> None:
    """For them the command and a copied button don't exist."""
    async with whole_bot(settings):
        [eve] = await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await eve.says("/misses")
        assert (await eve.hears()).text.startswith("I don't know this command")
        await eve.says("/topics")
        stolen = replace((await eve.hears()).buttons[0], raw=shown.button("Ignore").raw)
        await (await eve.presses(stolen)).answer()
        await admin.says("/misses")
        assert (await admin.hears()).text.startswith("Asked without an answer: 1 subject")


async def test_what_is_taught_is_live_in_every_replica_and_after_a_restart(
    server: BotApiServer, admin: Person, settings: Settings, postgres: Postgres
) -> None:
    """What one process learns the others know within two seconds, and the next start too."""
    shared = replace(settings, database=await postgres.new_database())
    async with whole_bot(shared), bootstrap.durable(shared) as other:
        await asked_in_vain(server, HOTEL)
        shown = await opened(admin)
        await admin.presses(shown.button("Ignore"))
        await admin.sees_edit(shown)
        await asked_in_vain(server, *PARKING[:1])
        shown = await opened(admin)
        await admin.presses(shown.buttons[0])
        await admin.sees_edit(shown)
        async with asyncio.timeout(20):
            while "+" not in other.conversation.knowledge.version:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    async with bootstrap.durable(shared) as later:
        assert later.conversation.knowledge.version == other.conversation.knowledge.version
