"""Refusals, floods, bugs and lost connections, over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.errors import FrontError, StorageError
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.render import TYPES
from bot.storage.memory import MemoryStore
from bot.storage.store import Exchange
from tests.bot.fronts.telegram.running import Majlis, labels, logged
from tests.botapi import (
    Dropped,
    Person,
    ServerError,
    TooManyRequests,
)
from tests.fakes import (
    ForgetfulStore,
    make_store,
)


class MoodyStore(MemoryStore):
    """Fail at times to tell which message answered which."""

    fails = False

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Fail or not."""
        if self.fails:
            message = "The disk is full."
            raise StorageError(message)
        return await super().answer_to(chat, question)


async def test_refused_markup_goes_plain(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Telegram refuses a text's markup, the text comes plain, with its buttons; edits too."""
    monkeypatch.setitem(TYPES, "bold", "shout")
    question = await ada.says("oak?")
    answer = await ada.hears()
    assert (answer.text, answer.entities) == ("Oak is a thing.", [])
    assert "<source>" in labels(answer)
    await ada.edits(question, "pine?")
    assert (await ada.sees_edit(answer)).text == "Pine is a thing."
    assert logged(log, "refuses the markup") == 2


async def test_flood_and_broken_lines_are_survived(majlis: Majlis, ada: Person) -> None:
    """A reply refused for a flood, a server's fault or a lost connection is sent again."""
    majlis.server.fail("sendMessage", TooManyRequests(1), ServerError(502))
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    majlis.server.fail("sendMessage", Dropped())
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."


async def test_error_gives_the_fallback(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A reply that fails is logged once with its traceback, and the person isn't left waiting."""
    majlis.conversation.errors = [RuntimeError("bug")]
    await ada.says("oak?")
    fallback = await ada.hears()
    assert (fallback.text, labels(fallback)) == ("(fallback)", ["Trees", "Elms"])
    assert [bool(record.exc_info) for record in log.records if record.levelno >= 40] == [True]
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."


async def test_expected_error_is_one_line(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """An error that says what to do is logged without traceback; a due reply is the fallback."""
    await ada.says("oak?")
    answer = await ada.hears()
    majlis.conversation.errors = [FrontError("the wind is wrong")] * 2
    await ada.says("oak?")
    assert (await ada.hears()).text == "(fallback)"
    press = await ada.presses(answer.button("What is pine?"))
    assert (await press.answer()).text == "(fallback)"
    assert logged(log, "could not be handled: the wind is wrong") == 2
    assert not any(record.exc_info for record in log.records)


async def test_press_is_answered_even_on_errors(majlis: Majlis, ada: Person) -> None:
    """A press whose reply fails is answered with the fallback."""
    await ada.says("oak?")
    answer = await ada.hears()
    majlis.conversation.errors = [RuntimeError("bug")]
    press = await ada.presses(answer.button("What is pine?"))
    assert (await press.answer()).text == "(fallback)"


async def test_failing_memory_costs_no_answer(idle: Majlis, ada: Person) -> None:
    """If an answer can't be remembered, it is given all the same, once."""
    idle.store = make_store(ForgetfulStore)
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    await idle.end()


async def test_blocked_bot_is_one_line(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A person who blocks the bot costs a line in the log and no traceback."""
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    await majlis.server.called("sendChatAction")
    await ada.blocks()
    majlis.conversation.gate.set()
    await majlis.server.called("sendMessage")
    bob = majlis.server.person("Bob")
    await bob.says("oak?")
    await bob.hears()
    assert logged(log, "can't be delivered") == 1
    assert not any(record.exc_info for record in log.records)


async def test_failing_lookups_cost_no_answer(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """If it can't be told which message answered which, an edit or a reply is answered anew.

    The log has one line about it.
    """
    idle.store = make_store(ForgetfulStore)
    idle.start()
    question = await ada.says("oak?")
    answer = await ada.hears()
    await ada.edits(question, "pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    await ada.says("birch?", reply_to=answer)
    assert (await ada.hears()).text == "Birch is a thing."
    await idle.end()
    assert logged(log, "can't be looked up") == 1


async def test_an_outage_of_lookups_is_two_lines(log: pytest.LogCaptureFixture) -> None:
    """However many lookups an outage of the database costs, only what changes is logged."""
    day = dt.timedelta(days=1)
    store = MoodyStore(session_expiry=day, retention=day, clock=lambda: dt.datetime.now(dt.UTC))
    exchanges = Exchanges(store)
    for store.fails in (True, False) * 2:
        for _ in range(3):
            assert await exchanges.answer_to(1, 2) is None
    assert logged(log, "can't be looked up: The disk is full.") == 2
    assert logged(log, "can be looked up again") == 2
    assert len(log.records) == 4


async def test_a_flooded_chat_waits_and_holds_up_nobody(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A long flood limit of one chat is waited out in order, while others are answered."""
    majlis.server.fail("sendMessage", TooManyRequests(2))
    await ada.says("oak?")
    await majlis.server.called("sendMessage")
    await ada.says("pine?")
    bob = majlis.server.person("Bob")
    await bob.says("birch?")
    await bob.hears()
    assert not ada.unheard()
    assert (await ada.hears()).text == "Oak is a thing."
    assert (await ada.hears()).text == "Pine is a thing."
    assert not any(record.exc_info for record in log.records)


async def test_failing_fallback_is_logged(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """If not even the fallback can be delivered, the bot says so in its log and goes on."""
    majlis.conversation.errors = [RuntimeError("bug")]
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    await majlis.server.called("sendChatAction")
    await ada.blocks()
    majlis.conversation.gate.set()
    bob = majlis.server.person("Bob")
    await bob.says("pine?")
    assert (await bob.hears()).text == "Pine is a thing."
    assert logged(log, "can't be delivered") == 1
