"""Long polling through odd answers and refusals."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from telegram import Bot
from telegram.request import RequestData

from bot.errors import FrontError
from bot.fronts.telegram import poller as module
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.poller import Poller
from bot.fronts.telegram.transport import AiohttpRequest
from bot.storage.memory_journal import MemoryJournal
from tests.bot.fronts.telegram.running import logged
from tests.botapi import TOKEN
from tests.fakes import make_store

GOOD = {"ok": True, "result": [{"update_id": 7}]}
UNAUTHORIZED = (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
NOT_FOUND = (404, {"ok": False, "error_code": 404, "description": "Not Found"})
BAD = (400, {"ok": False, "error_code": 400, "description": f"Bad Request: no {TOKEN}"})
UNWELL = (502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
DEEP = '{"update_id":8,"message":{"text":"\\"update_id\\":99","x":' + "[" * 9999 + "]" * 9999 + "}}"
LONG = '{"update_id":8,"message":{"date":' + "9" * 5000 + "}}"

Answer = tuple[int, object]


class Telegram(AiohttpRequest):
    """Answer polls with what is there, in turn, and then nothing more until the end."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(connections=1, timeout=1)
        self.answers = list(answers)
        self.asked: list[dict[str, list[str]]] = []
        self.exhausted = asyncio.Event()

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Return the next answer."""
        self.asked.append(parse_qs(urlsplit(url).query))
        if not self.answers:
            self.exhausted.set()
            await asyncio.Event().wait()
        status, body = self.answers.pop(0)
        text = body if isinstance(body, str) else json.dumps(body)
        return self._checked(status, text.encode())

    @property
    def offsets(self) -> list[str]:
        """Return from which number on updates were asked for, poll by poll."""
        return [each["offset"][0] for each in self.asked]


@dataclass
class Polling:
    """Run a poller against given answers."""

    telegram: Telegram
    first_wait: float = 0.0
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    journal: MemoryJournal = field(default_factory=lambda: MemoryJournal(make_store(), _now))

    @property
    def poller(self) -> Poller:
        """Return a poller."""
        bot = Bot(TOKEN, request=self.telegram, get_updates_request=self.telegram)
        return Poller(bot, self.telegram, Outages(TOKEN), first_wait=self.first_wait)

    async def run(self) -> None:
        """Poll until told to stop."""
        await self.poller.run(Intake(self.journal, Metrics(), lambda: None), self.stop)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Poll while the block runs."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            self.stop.set()
            await task

    async def taken(self) -> list[int]:
        """Return the numbers of the updates that are taken once every answer was given."""
        async with self.running():
            await asyncio.wait_for(self.telegram.exhausted.wait(), 20)
        return [each.number for each in await self.journal.claim(99)]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _with(*updates: str) -> str:
    """Return an answer with updates as they are written."""
    return '{"ok":true,"result":[' + ",".join(updates) + "]}"


@pytest.mark.parametrize(
    "odd",
    [
        (200, {"ok": False, "error_code": 502, "description": "x"}),
        (200, {"ok": True, "result": True}),
        (200, {"ok": True, "result": {"update_id": 7}}),
        (429, {"ok": False, "error_code": 429, "parameters": {"retry_after": "soon"}}),
        (429, {"ok": False, "error_code": 429, "parameters": [1]}),
        (200, "<p>update_id"),
        (200, '{"ok":true,"result":[{"update_id":7,"mess'),
        UNWELL,
    ],
)
async def test_odd_answers_are_outages(odd: Answer, log: pytest.LogCaptureFixture) -> None:
    """Whatever comes in place of updates is waited out, and nothing is skipped for it."""
    polling = Polling(Telegram(odd, odd, (200, GOOD)))
    assert await polling.taken() == [7]
    assert polling.telegram.offsets == ["0", "0", "0", "8"]
    assert logged(log, "can't be reached") == 1
    assert logged(log, "can be reached again") == 1


@pytest.mark.parametrize(
    "odd", [(200, {"ok": True, "result": True}), (200, {"ok": True, "result": []}), UNWELL]
)
async def test_odd_answers_bring_no_rush(odd: Answer) -> None:
    """An answer without updates that came at once isn't asked for again at once."""
    polling = Polling(Telegram(*(odd for _ in range(99))), first_wait=60.0)
    async with polling.running():
        for _ in range(200):
            await asyncio.sleep(0)
    assert len(polling.telegram.asked) == 1


async def test_an_empty_poll_that_took_its_time_is_followed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So does each poll in which nobody writes to the bot."""
    monkeypatch.setattr(module, "_AT_ONCE", 0.0)
    empty = (200, {"ok": True, "result": []})
    assert await Polling(Telegram(empty, empty, (200, GOOD)), first_wait=60.0).taken() == [7]


@pytest.mark.parametrize("unreadable", [DEEP, LONG])
async def test_an_update_that_cannot_be_read_is_stepped_over(
    unreadable: str, log: pytest.LogCaptureFixture
) -> None:
    """It keeps nobody else's from the bot: those before it are taken one by one, it by its number.

    The log has one line about it, with nothing of what it says.
    """
    good = '{"update_id":7}'
    answers = [
        *(_with(good, unreadable), _with(good)),
        *(_with(unreadable, '{"update_id":9}'), _with(unreadable)),
        _with('{"update_id":9}'),
    ]
    polling = Polling(Telegram(*((200, each) for each in answers)))
    assert await polling.taken() == [7, 8, 9]
    assert polling.telegram.offsets == ["0", "0", "8", "8", "9", "10"]
    limits = [each["limit"][0] for each in polling.telegram.asked]
    assert limits == ["100", "1", "100", "1", "100", "100"]
    assert [record.getMessage() for record in log.records] == [
        "Update 8 can't be read at all; passed over."
    ]


@pytest.mark.parametrize(
    "second", ["<p>", LONG, _with('{"update_id":' + "9" * 5000 + "}"), _with('{"id":[}')]
)
async def test_what_shows_no_number_is_not_stepped_over(
    second: str, log: pytest.LogCaptureFixture
) -> None:
    """If it breaks off, isn't Telegram's or has no number, it is an outage."""
    polling = Polling(Telegram((200, _with(LONG)), (200, second), (200, GOOD)))
    assert await polling.taken() == [7]
    assert polling.telegram.offsets == ["0", "0", "0", "8"]
    assert logged(log, "can't be read") == 0
    assert logged(log, "What answers isn't Telegram") == 1


@pytest.mark.parametrize("refusal", [UNAUTHORIZED, NOT_FOUND, BAD])
async def test_refusals_between_polls_are_waited_out(
    refusal: Answer, log: pytest.LogCaptureFixture
) -> None:
    """Two refusals in a row may pass, again and again; other failures in between begin anew."""
    good = [(200, {"ok": True, "result": [{"update_id": number}]}) for number in (1, 2, 3)]
    answers = [refusal, refusal, good[0], refusal, refusal, UNWELL, refusal, refusal, *good[1:]]
    polling = Polling(Telegram(*answers))
    assert await polling.taken() == [1, 2, 3]
    assert TOKEN not in log.text


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(UNAUTHORIZED, "TELEGRAM_BOT_TOKEN"), (BAD, "refuses a call .No <token>.*TELEGRAM_API_URL")],
)
async def test_the_third_refusal_ends_the_bot(refusal: Answer, words: str) -> None:
    """A token that is revoked in mid-run is an error with a remedy."""
    polling = Polling(Telegram((200, GOOD), *[refusal] * 9))
    with pytest.raises(FrontError, match=words) as raised:
        await polling.run()
    assert len(polling.telegram.asked) == 4
    assert TOKEN not in str(raised.value)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("refusal", "words"),
    [(UNAUTHORIZED, "TELEGRAM_BOT_TOKEN"), (BAD, "refuses a call .No <token>.*MAJLIS_WEBHOOK_URL")],
)
async def test_a_refusal_at_the_start_ends_the_bot_at_once(refusal: Answer, words: str) -> None:
    """Neither a wrong token nor a wrong address of the webhook becomes right by trying again."""
    polling = Polling(Telegram(UNWELL, *[refusal] * 9))

    async def set_webhook() -> object:
        return await polling.telegram.post("https://api.invalid/setWebhook")

    with pytest.raises(FrontError, match=words):
        await polling.poller.until(set_webhook, polling.stop)
    assert len(polling.telegram.asked) == 2
