"""Start and stop of the front, over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import FrontError
from bot.fronts.telegram.received import received
from bot.fronts.telegram.run import run_telegram
from bot.knowledge.problems import Problem
from tests.bot.fronts.telegram.running import Majlis, logged, polled
from tests.botapi import (
    TOKEN,
    Delay,
    Dropped,
    Garbage,
    Person,
    ServerError,
)
from tests.fakes import FakeReport


async def test_invalid_token_is_one_error_without_the_token(
    idle: Majlis, log: pytest.LogCaptureFixture
) -> None:
    """A token that Telegram refuses ends the front with a remedy and without the token."""
    idle.settings = replace(idle.settings, token="4242:another-token")
    with pytest.raises(FrontError, match="TELEGRAM_BOT_TOKEN") as raised:
        await idle.start()
    assert "another-token" not in str(raised.value)
    assert "another-token" not in log.text
    assert raised.value.__suppress_context__


async def test_token_that_isn_t_one_is_refused_unasked(idle: Majlis) -> None:
    """What doesn't look like a token isn't even sent."""
    idle.settings = replace(idle.settings, token="not a token/../x")
    with pytest.raises(FrontError, match="TELEGRAM_BOT_TOKEN"):
        await idle.start()
    assert not idle.server.calls


async def test_no_network_at_start_is_waited_out(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """With no network the front tries on and says so once, and again when it is back."""
    idle.server.fail("getMe", Dropped(), Dropped(), ServerError(500), Garbage())
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert logged(log, "can't be reached") == 1
    assert logged(log, "can be reached again") == 1
    assert not any(record.exc_info for record in log.records if record.name.startswith("bot"))


async def test_second_poller_is_one_line(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Two fronts on one token: each says in one line what to do, and tries on."""
    other = Majlis(idle.server, idle.settings)
    idle.start()
    await polled(idle.server)
    other.start()
    await idle.server.watch.until(lambda: logged(log, "Another program uses") or None, "a conflict")
    await other.end()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert logged(log, "Another program uses") <= 2
    assert not any(record.exc_info for record in log.records)


async def test_stop_finishes_what_runs(majlis: Majlis, ada: Person) -> None:
    """What is being answered at the stop is answered."""
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    await majlis.server.called("sendChatAction")
    majlis.stop.set()
    majlis.conversation.gate.set()
    await majlis.end()
    assert (await ada.hears()).text == "Oak is a thing."


async def test_stop_doesn_t_wait_for_ever(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A reply that hangs, and what waits behind it, is left to the next start."""
    idle.pace = replace(idle.pace, patience=0.05)
    idle.conversation.gate = asyncio.Event()
    idle.start()
    await ada.says("oak?")
    await ada.says("pine?")
    await idle.server.called("sendChatAction")
    await idle.end()
    assert logged(log, "the next start gives them") == 1
    assert len(idle.conversation.heard) == 1


async def test_signals_reload_and_stop(idle: Majlis, log: pytest.LogCaptureFixture) -> None:
    """SIGHUP reloads the knowledge and SIGTERM ends the front."""
    run = asyncio.create_task(run_telegram(idle.settings, idle.parts))
    await polled(idle.server)
    os.kill(os.getpid(), signal.SIGHUP)
    await idle.reloader.reloaded.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await run
    assert idle.reloader.reloads == 1
    assert logged(log, "Knowledge version v1 is live") == 1


async def test_test_environment_has_its_own_addresses(idle: Majlis, ada: Person) -> None:
    """A token of the test environment is used under /test."""
    idle.settings = replace(idle.settings, test_environment=True)
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()


async def test_token_never_reaches_the_log(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Neither requests nor errors show the token, though they are logged in full."""
    idle.conversation.errors = [RuntimeError(f"failed at /bot{TOKEN}/getMe")]
    idle.server.fail("sendMessage", Delay(0.01))
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert "failed at /bot<token>/getMe" in log.text
    assert TOKEN not in log.text


@pytest.mark.parametrize(
    ("update", "is_read"),
    [
        ({"message": {"message_id": 5, "date": 1, "chat": {"id": 1, "type": "new"}}}, True),
        ({"nonsense": {}}, True),
        ({"message": {"message_id": 5}}, False),
        ({"message": {"message_id": 5, "date": "now", "chat": {"id": 1, "type": "new"}}}, False),
        ({"message": "words"}, False),
        ({"message": ["words"]}, False),
        ({"callback_query": 5}, False),
        ({"callback_query": {"id": "1"}}, False),
        ({"inline_query": {"id": "1", "from": None}}, False),
        ({"edited_message": {"message_id": 5, "date": 10**30, "chat": {"id": 1}}}, False),
    ],
)
async def test_odd_updates_are_passed_over(
    majlis: Majlis,
    ada: Person,
    log: pytest.LogCaptureFixture,
    update: dict[str, Any],
    is_read: bool,
) -> None:
    """What isn't understood changes nothing; what can't even be read is one line in the log."""
    number = majlis.server.push(update)
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await majlis.server.drained()
    assert logged(log, f"Update {number} can't be read") == (not is_read)
    assert not any(record.exc_info for record in log.records)


@pytest.mark.parametrize("text", [5, ["words"], {"words": True}])
async def test_update_of_wrong_types_stops_nothing(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture, text: object
) -> None:
    """An update with what no message has is a line in the log and no more."""
    message = {"message_id": 5, "date": 1, "chat": ada.home.chat.json(), "from": ada.user.json()}
    majlis.server.push({"message": message | {"text": text}})
    await ada.says("oak?")
    heard = await ada.hears()
    assert heard.text == "Oak is a thing."
    assert logged(log, "can't be read") == 1
    assert not any(record.exc_info for record in log.records)


@pytest.mark.parametrize(
    "raw", [{"update_id": "8"}, {"update_id": True}, {"update_id": -1}, {"update_id": 2**63}, {}, 9]
)
def test_what_has_no_number_can_t_be_received(raw: object) -> None:
    """Only what has a number, and one that a database can hold, is an update."""
    assert received(raw) is None


async def test_updates_without_numbers_are_an_outage(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """They can't be confirmed, so that Telegram would send them again and again: slowly, then."""
    answer = json.dumps({"ok": True, "result": [{}, 9, None]})
    idle.server.fail("getUpdates", Garbage(answer))
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.end()
    assert logged(log, "updates without a number") == 1


async def test_an_update_without_a_number_is_left_out(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Among others it is passed over with a line in the log."""
    answer = json.dumps({"ok": True, "result": [{}, {"update_id": 0}]})
    idle.server.fail("getUpdates", Garbage(answer))
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.end()
    assert logged(log, "without an update's number") == 1


async def test_an_unreadable_update_stops_nobody(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """What is nested too deep to be read is passed over, and the next question is answered."""
    update = '{"update_id":0,"message":' + "[" * 5000 + "]" * 5000 + "}"
    answer = '{"ok":true,"result":[' + update + "]}"
    idle.server.fail("getUpdates", Garbage(answer), Garbage(answer))
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.end()
    assert logged(log, "Update 0 can't be read at all; passed over.") == 1
    assert logged(log, "Update 0: passed over") == 1
    assert logged(log, "can't be reached") == 0


async def test_answer_of_something_else_is_an_outage(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """JSON that isn't an answer of Telegram's is waited out like a lost connection."""
    idle.server.fail("getUpdates", Garbage("[]"), Garbage("5"))
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.end()
    assert logged(log, "can't be reached (What answers isn't Telegram)") == 1


async def test_refused_reload_by_signal_is_logged(
    idle: Majlis, log: pytest.LogCaptureFixture
) -> None:
    """SIGHUP on broken knowledge logs every problem and leaves the bot running."""
    problems = (Problem("a.yaml", 3, "elm", "no answer"), Problem("b.yaml", 0, "", "no entries"))
    idle.reloader.report = FakeReport(problems=problems)
    run = asyncio.create_task(run_telegram(idle.settings, idle.parts))
    await polled(idle.server)
    os.kill(os.getpid(), signal.SIGHUP)
    await idle.reloader.reloaded.wait()
    os.kill(os.getpid(), signal.SIGINT)
    await run
    assert logged(log, "a.yaml:3: elm: no answer\nb.yaml: no entries") == 1
