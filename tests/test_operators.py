"""From a question in vain to an operator, to knowledge, and back to who asked, over HTTP."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.botapi import TOKEN, BotApiServer, Group, Person
from tests.processes import found_town
from tests.whole import whole_bot

HOTEL = "which hotel has a swimming pool"


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Run a Bot API server."""
    async with BotApiServer(username="majlis_bot") as running:
        yield running


@pytest.fixture
def olga(server: BotApiServer) -> Person:
    """Return an operator who is an admin too."""
    return server.person("Olga")


@pytest.fixture
def desk(server: BotApiServer, olga: Person) -> Group:
    """Return the operators' forum."""
    return server.group("Desk", members=[olga], admins=[olga], forum=True, bot="administrator")


@pytest.fixture
def settings(server: BotApiServer, olga: Person, desk: Group, tmp_path: Path) -> Settings:
    """Return the settings of a bot of a small town, with operators."""
    found_town(tmp_path)
    return Settings(
        token=TOKEN,
        api_url=server.url,
        admins=frozenset({olga.id}),
        operator_chat=desk.id,
        knowledge=tmp_path / "knowledge",
        seeds=tmp_path / "seeds",
        database=str(tmp_path / "majlis.db"),
        encoder="static",
        listen=None,
    )


async def test_what_an_operator_answered_becomes_knowledge(
    server: BotApiServer, olga: Person, desk: Group, settings: Settings
) -> None:
    """One asks a person, another wants to be told; the answer is taught and reaches everybody."""
    ada, bob = server.person("Ada"), server.person("Bob")
    async with whole_bot(settings):
        await bob.says(HOTEL)
        fallback = await bob.hears()
        hope = await bob.presses(fallback.button("Tell me when there is an answer"))
        assert (await hope.answer()).text == "I'll write to you once when there is an answer."
        await ada.says(HOTEL)
        await ada.presses((await ada.hears()).button("Ask a person"))
        opened = await ada.hears()
        assert "A person will answer you here." in opened.text
        card = await olga.hears(chat=desk)
        assert card.text.startswith("Ada asks for a person (language: en):\n\nwhich hotel has")
        early = await olga.presses(card.button("Teach"))
        assert (await early.answer()).text.startswith("Answer in words first.")
        await olga.says("The Rose has a pool.", chat=desk, thread=card.thread)
        assert (await ada.hears()).text == "A person from our team is here now:"
        assert (await ada.hears()).text == "The Rose has a pool."
    # The bot may be restarted meanwhile.
    async with whole_bot(settings):
        await ada.says("Thank you!")
        assert (await olga.hears(chat=desk)).text == "Thank you!"
        await olga.presses(card.button("Close"))
        closed = await ada.hears()
        await (await ada.presses(closed.button("👍"))).answer()
        assert (await olga.hears(chat=desk)).text.startswith("Closed. Ada has been told")
        await olga.presses(desk.look(card.id).button("Teach"))
        draft = await olga.hears(chat=desk)
        assert "The Rose has a pool." in draft.text
        await olga.presses(draft.button("Publish"))
        told = await bob.hears()
        assert "You wanted to know: which hotel has a swimming pool" in told.text
        assert "The Rose has a pool." in told.text
        await ada.says(HOTEL)
        assert (await ada.hears()).text.startswith("The Rose has a pool.")
        assert not bob.unheard()
        assert _authors(settings) == ["Olga"]
        await olga.says("/forgetme")
        assert "deleted everything" in (await olga.hears()).text
        assert _authors(settings) == [""]
        await ada.says(HOTEL)
        assert (await ada.hears()).text.startswith("The Rose has a pool.")


def _authors(settings: Settings) -> list[str]:
    with contextlib.closing(sqlite3.connect(settings.database)) as database:
        return [author for (author,) in database.execute("SELECT author FROM lessons")]


async def test_ones_cases_are_shown_and_forgotten(
    server: BotApiServer, olga: Person, desk: Group, settings: Settings
) -> None:
    """/mydata has the case and the wish; after /forgetme nothing is left."""
    ada = server.person("Ada")
    async with whole_bot(settings):
        await ada.says(HOTEL)
        fallback = await ada.hears()
        for label in ("Tell me when there is an answer", "Ask a person"):
            await (await ada.presses(fallback.button(label))).answer()
        await ada.hears()
        card = await olga.hears(chat=desk)
        await olga.says("The Rose.", chat=desk, thread=card.thread)
        for _ in range(2):
            await ada.hears()
        await ada.says("/mydata")
        await ada.hears()
        sent = server.calls_of("sendDocument")[-1].parameters["document"].content.decode()
        handed = sent[sent.index("handed_over") :]
        assert all(text in handed for text in ("name: Ada", HOTEL, "- The Rose.", "to_be_told"))
        await ada.says("/forgetme")
        assert "I answer your questions again" in (await ada.hears()).text
        assert "deleted everything" in (await ada.hears()).text
        await ada.says("/mydata")
        assert (await ada.hears()).text == "I keep nothing about you."


async def test_what_an_admin_writes_for_a_draft_reaches_nobody_else(
    server: BotApiServer, olga: Person, desk: Group, settings: Settings
) -> None:
    """A draft of the operators' chat is changed, and the misses are shown, in private alone."""
    ada = server.person("Ada")
    async with whole_bot(settings):
        await olga.says("/start")
        await olga.hears()
        await ada.says(HOTEL)
        await ada.presses((await ada.hears()).button("Ask a person"))
        await ada.hears()
        card = await olga.hears(chat=desk)
        await olga.says("The Rose.", chat=desk, thread=card.thread)
        for _ in range(2):
            await ada.hears()
        await olga.presses(card.button("Teach"))
        shared = await olga.hears(chat=desk)
        notice = await (await olga.presses(shared.button("Change question"))).answer()
        assert notice.text == "Please write this to me in our private chat."
        draft = await olga.hears()
        await olga.presses(draft.button("Change question"))
        await olga.sees_edit(draft)
        await olga.says("Which hotels have a pool?")
        assert (await olga.hears()).text.startswith("Which hotels have a pool?\n\nThe Rose.")
        await olga.presses(shared.button("Cancel"))
        shared = await olga.sees_edit(shared)
        await (await olga.presses(shared.button("Back to the list"))).answer()
        assert HOTEL not in desk.look(shared.id).text
        assert not ada.unheard()
