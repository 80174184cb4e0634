"""The thresholds over HTTP: a real database, a real edition, and admins who tune it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import bootstrap
from bot.bootstrap import Bot
from bot.fronts.telegram.parts import Parts
from bot.settings import Settings, with_knowledge
from bot.storage.store import Candidate, Exchange, Heard, Memory
from tests.bot.fronts.telegram.running import Majlis, labels
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry
from tests.botapi import TOKEN, BotApiServer, Message, Person

VAGUE = "who is at the front desk tomorrow"


class Tuned(Majlis):
    """A front with a whole bot behind it."""

    bot: Bot

    @property
    def parts(self) -> Parts:
        """Return what the front works with."""
        bot = self.bot
        parts = (bot.conversation, bot.reloader, bot.store, bot.journal, bootstrap.now)
        return Parts(*parts, tuner=bot.tuner)


@pytest.fixture
async def tuned(server: BotApiServer, ada: Person, tmp_path: Path) -> AsyncIterator[Tuned]:
    """Run a bot on a small knowledge of which Ada is an admin."""
    folder = KnowledgeFolder(tmp_path).topic(entry(), desk())
    settings = Settings(
        token=TOKEN,
        api_url=server.url,
        admins=frozenset({ada.id}),
        database=str(tmp_path / "majlis.db"),
    )
    settings = with_knowledge(settings, folder.path, folder.seeds)
    async with bootstrap.durable(settings) as bot:
        front = Tuned(server, settings)
        front.bot = bot
        front.start()
        yield front
        await front.end()


def _picked(count: int) -> list[Memory]:
    """Return what is kept of so many unsure suggestions that people picked."""
    at = dt.datetime.now(dt.UTC)
    kept: list[Memory] = []
    for number in range(1, count + 1):
        ranked, asked = (Candidate("front-desk", 0.06),), f"question {number}"
        kept.append(Heard(number, number, asked, "en", "suggest", ranked, at))
        kept.append(Exchange(number, 1, 2, ("front-desk",), at, number, asked))
    return kept


async def _told(person: Person, said: str) -> Message:
    await person.says(said)
    return await person.hears()


async def test_votes_are_followed_at_a_tap(tuned: Tuned, ada: Person) -> None:
    """What got suggestions is answered once the thresholds are applied, until that is undone."""
    await tuned.bot.store.keep(_picked(60))
    assert "None of these" in labels(await _told(ada, VAGUE))
    advice = await _told(ada, "/tune")
    assert "61 questions would newly get an answer" in advice.text
    assert labels(advice) == ["Apply (en)"]
    await ada.presses(advice.button("Apply (en)"))
    applied = await ada.sees_edit(advice)
    assert "I answer from 0.06 on" in applied.text
    assert "Visitors bring a pass." in (await _told(ada, VAGUE)).text
    assert labels(await _told(ada, "/tune")) == ["Undo (en)"]
    await ada.presses(applied.button("Undo (en)"))
    assert "learnt from the knowledge again" in (await ada.sees_edit(applied)).text
    assert "None of these" in labels(await _told(ada, VAGUE))


async def test_a_button_does_the_same_again(tuned: Tuned, ada: Person) -> None:
    """A press that is handled twice chooses once."""
    await tuned.bot.store.keep(_picked(60))
    advice = await _told(ada, "/tune")
    for _ in range(2):
        press = await ada.presses(advice.button("Apply (en)"))
        await press.answer()
    (chosen,) = await tuned.bot.store._transactions.execute(text("SELECT * FROM tunings"))  # type: ignore[attr-defined]
    assert (chosen["language"], chosen["answer"], chosen["author"]) == ("en", 0.06, "Ada")


async def test_too_little_is_said_to_be_too_little(tuned: Tuned, ada: Person) -> None:
    """Without enough signs there is nothing to press."""
    await tuned.bot.store.keep(_picked(7))
    advice = await _told(ada, "/tune")
    assert "too early" in advice.text
    assert "7 questions so far" in advice.text
    assert labels(advice) == []


async def test_only_admins_tune_and_only_in_private(tuned: Tuned, ada: Person) -> None:
    """For others neither the command nor its buttons exist."""
    await tuned.bot.store.keep(_picked(60))
    bob = tuned.server.person("Bob")
    fallback = await _told(bob, "/tune")
    assert "Thresholds" not in fallback.text
    advice = await _told(ada, "/tune")
    press = await bob.presses(advice.button("Apply (en)"))
    assert (await press.answer()).text
    assert tuned.bot.conversation.thresholds["en"].answer > 0.1
    group = tuned.server.group("Team", members=[ada])
    await ada.says("/tune@majlis_bot", chat=group)
    assert "Thresholds" not in (await ada.hears(chat=group)).text


async def test_a_deleted_message_doesnt_keep_thresholds_from_going_live(
    tuned: Tuned, ada: Person
) -> None:
    """What was done is said in a new message."""
    await tuned.bot.store.keep(_picked(60))
    advice = await _told(ada, "/tune")
    del ada.home.chat.messages[advice.id]
    await ada.presses(advice.button("Apply (en)"))
    assert "I answer from 0.06 on" in (await ada.hears()).text
