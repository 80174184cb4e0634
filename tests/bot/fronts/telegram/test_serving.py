"""Tests of the HTTP server, over real connections."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import FrontError, StorageError
from bot.fronts.telegram import serving as module
from bot.fronts.telegram.intake import Busy
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.serving import SECRET_HEADER, Webhook, serving, webhook_path
from bot.settings.values import Address
from tests.bot.fronts.telegram.running import logged

TOKEN = "4242:AAH-test-token_of-nobody"
SECRET = "a-secret_of-24-letters-x"
PATH = webhook_path(SECRET, TOKEN)
LOCAL = Address("127.0.0.1", 0)
LIMIT = 1024 * 1024
SCRIPT = Path(__file__).parents[4] / "deploy" / "ready.py"


@dataclass
class Bot:
    """Stand for the bot behind the server: say whether it is ready, and take updates."""

    reason: str | None = None
    refusal: Exception | None = None
    updates: list[Mapping[str, object]] = field(default_factory=list)
    begun: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Let updates through."""
        self.gate.set()

    def ready(self) -> str | None:
        """Return why the bot isn't ready."""
        return self.reason

    async def take(self, update: Mapping[str, object]) -> None:
        """Take an update once the gate is open, or refuse it."""
        self.begun += 1
        await self.gate.wait()
        if self.refusal:
            raise self.refusal
        self.updates.append(update)

    def serve(self, *, at: Address = LOCAL, **options: Any) -> Any:
        """Return the server of this bot, not yet started."""
        webhook = Webhook(PATH, SECRET, self.take)
        return serving(at, probe=self, metrics=Metrics(), webhook=webhook, **options)

    @property
    def ids(self) -> list[object]:
        """Return the ids of the updates taken."""
        return [update["update_id"] for update in self.updates]


@pytest.fixture
def bot() -> Bot:
    """Return a bot that is ready and takes everything."""
    return Bot()


@pytest.fixture
async def address(bot: Bot) -> AsyncIterator[Address]:
    """Serve, and return where."""
    async with bot.serve() as found:
        yield found


@pytest.fixture
async def client(address: Address) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a client of the server."""
    async with connected(address) as session:
        yield session


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a client of a server at an address."""
    timeout = aiohttp.ClientTimeout(total=20)
    base = f"http://{address.host}:{address.port}"
    async with aiohttp.ClientSession(base, timeout=timeout) as session:
        yield session


async def post(client: aiohttp.ClientSession, data: Any, secret: str = SECRET) -> int:
    """Post a body to the webhook and return the status, having checked that nothing is told."""
    content = io.BytesIO(data) if isinstance(data, bytes) else data
    async with client.post(PATH, data=content, headers={SECRET_HEADER: secret}) as response:
        assert await response.read() == b""
        assert "Server" not in response.headers
        return response.status


def update(number: int, text: str = "hello") -> bytes:
    """Return the body of an update."""
    return json.dumps({"update_id": number, "message": {"text": text}}).encode()


def head(length: int, *lines: str, secret: bytes = SECRET.encode()) -> bytes:
    """Return the head of a post to the webhook."""
    start = [f"POST {PATH} HTTP/1.1", "Host: bot", f"Content-Length: {length}", *lines]
    named = SECRET_HEADER.encode() + b": " + secret
    return "\r\n".join(start).encode() + b"\r\n" + named + b"\r\n\r\n"


async def raw(address: Address, sent: bytes) -> bytes:
    """Send bytes and return all that comes until the server closes."""
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), timeout=20)
    finally:
        writer.close()
        await writer.wait_closed()


async def answer_to(address: Address, sent: bytes) -> bytes:
    """Send bytes and return the head of the first response, leaving the connection then."""
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=20)
    finally:
        writer.close()
        await writer.wait_closed()


async def until(condition: Callable[[], bool]) -> None:
    """Let everything else run until a condition holds."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for is no one event
            await asyncio.sleep(0)


def is_closed(address: Address) -> bool:
    """Return whether nobody listens at an address."""
    with socket.socket() as caller:
        return caller.connect_ex((address.host, address.port)) != 0


async def test_health_is_ok_while_the_loop_runs(bot: Bot, client: aiohttp.ClientSession) -> None:
    """A bot that isn't ready is alive all the same."""
    bot.reason = "the database is away"
    async with client.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")


async def test_readiness_gives_its_reason(bot: Bot, client: aiohttp.ClientSession) -> None:
    """Who asks whether the bot is ready is told what is missing, each time anew."""
    bot.reason = "the database is away"
    async with client.get("/readyz") as response:
        assert (response.status, await response.text()) == (503, "the database is away")
    bot.reason = None
    async with client.get("/readyz") as response:
        assert (response.status, await response.text()) == (200, "ready")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("*/*", "text/plain"), ("application/openmetrics-text", "application/openmetrics-text")],
)
async def test_metrics_come_in_the_format_asked_for(
    client: aiohttp.ClientSession, accept: str, content_type: str
) -> None:
    """Prometheus gets the figures in the format it prefers."""
    async with client.get("/metrics", headers={"Accept": accept}) as response:
        assert (response.status, response.content_type) == (200, content_type)
        assert "majlis_updates_waiting 0.0" in await response.text()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_checks_may_ask_for_the_head_alone(client: aiohttp.ClientSession, path: str) -> None:
    """HEAD answers as GET does, without a body; anything else isn't allowed."""
    async with client.head(path) as response:
        assert (response.status, await response.read()) == (200, b"")
    async with client.post(path, data=b"x") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


async def test_update_is_taken_before_it_is_confirmed(
    bot: Bot, client: aiohttp.ClientSession
) -> None:
    """Telegram hears 200 only after the update was taken."""
    bot.gate.clear()
    posted = asyncio.create_task(post(client, update(7)))
    await until(lambda: bot.begun == 1)
    assert not posted.done()
    bot.gate.set()
    assert await posted == 200
    assert bot.updates == [{"update_id": 7, "message": {"text": "hello"}}]


@pytest.mark.parametrize(
    "secret",
    [
        b"",
        b"wrong",
        SECRET[:-1].encode(),
        SECRET.encode() + b"x",
        SECRET.upper().encode(),
        SECRET.encode("utf-16-le").replace(b"\0", b"\xff"),
        SECRET.encode() + "é".encode(),
        SECRET.encode() + "é".encode("latin-1"),
        "секрет".encode(),
        b"\xff\xfe\x80",
        b"x" * 7000,
    ],
)
async def test_wrong_secret_is_refused_before_the_body_is_read(
    bot: Bot, address: Address, secret: bytes
) -> None:
    """A secret of any other length, letters or encoding is refused at the head already."""
    assert (await answer_to(address, head(1000, secret=secret))).startswith(b"HTTP/1.1 403 ")
    assert bot.updates == []


async def test_missing_secret_is_refused(bot: Bot, client: aiohttp.ClientSession) -> None:
    """Who doesn't send the header is nobody."""
    async with client.post(PATH, data=update(1)) as response:
        assert (response.status, await response.read()) == (403, b"")
    assert bot.updates == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b"7",
        b"null",
        b'"update_id"',
        b"{}",
        b'{"update_id": null}',
        b'{"update_id": "7"}',
        b'{"update_id": 7.0}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 9223372036854775808}',
        b'{"update_id": 7, "x": NaN}',
        b'{"update_id": 7',
        b'{"update_id": 7, "text": "\xff"}',
        b'{"update_id": ' + b"7" * 5000 + b"}",
        b'{"update_id": 7, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"x":' * 100_000 + b"1" + b"}" * 100_000,
        b"\x1f\x8b\x08\x00",
    ],
)
async def test_what_is_no_update_is_refused(
    bot: Bot, client: aiohttp.ClientSession, body: bytes
) -> None:
    """Whatever can't be an update is a bad request and goes no further."""
    assert await post(client, body) == 400
    assert bot.updates == []


async def test_refusal_is_logged_without_content(
    client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator learns that something was refused, not what it said."""
    caplog.set_level(logging.DEBUG)
    assert await post(client, b'{"update_id": "x", "message": "my diary"}') == 400
    assert "no update" in caplog.text
    assert "diary" not in caplog.text


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-nonsense", "nonsense"])
async def test_content_type_does_not_matter(
    bot: Bot, client: aiohttp.ClientSession, content_type: str
) -> None:
    """An update is an update, whatever a proxy makes of its content type."""
    headers = {SECRET_HEADER: SECRET, "Content-Type": content_type}
    async with client.post(f"{PATH}?x=1", data=update(7), headers=headers) as response:
        assert response.status == 200
    assert bot.ids == [7]


async def test_body_of_one_mebibyte_is_taken(bot: Bot, client: aiohttp.ClientSession) -> None:
    """The limit itself is allowed, one byte more isn't."""
    room = LIMIT - len(update(7, ""))
    assert await post(client, update(7, "x" * room)) == 200
    assert await post(client, update(8, "x" * (room + 1))) == 413
    assert bot.ids == [7]


async def test_body_of_two_mebibytes_is_refused_unread(bot: Bot, address: Address) -> None:
    """A length over the limit is refused at the head, also where the body never comes."""
    assert (await answer_to(address, head(2 * LIMIT))).startswith(b"HTTP/1.1 413 ")
    async with connected(address) as client:
        assert await post(client, b"x" * (2 * LIMIT)) == 413
    assert bot.updates == []


async def test_body_without_a_length_has_the_same_limit(
    bot: Bot, client: aiohttp.ClientSession
) -> None:
    """A body in chunks is read up to the limit, and refused beyond."""

    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * 65536
        yield update(7)

    assert await post(client, chunks(3)) == 200
    assert await post(client, chunks(17)) == 413
    assert bot.ids == [7]


@pytest.mark.parametrize("refusal", [Busy(), StorageError("The disk is full.")])
async def test_update_that_cannot_be_taken_now_is_asked_for_again(
    bot: Bot, client: aiohttp.ClientSession, refusal: Exception
) -> None:
    """Telegram is told to send the update again in a second."""
    bot.refusal = refusal
    headers = {SECRET_HEADER: SECRET}
    async with client.post(PATH, data=update(7), headers=headers) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "1")
        assert await response.read() == b""
    bot.refusal = None
    assert await post(client, update(7)) == 200
    assert bot.ids == [7]


async def test_an_outage_of_the_database_is_two_lines(
    bot: Bot, client: aiohttp.ClientSession, log: pytest.LogCaptureFixture
) -> None:
    """Telegram posts again and again meanwhile; only what changes is logged."""
    for _ in range(2):
        bot.refusal = StorageError("The disk is full.")
        for _ in range(3):
            assert await post(client, update(7)) == 503
        bot.refusal = Busy()
        assert await post(client, update(7)) == 503
        bot.refusal = None
        for _ in range(3):
            assert await post(client, update(7)) == 200
    assert logged(log, "can't be kept; Telegram will send them again: The disk is full.") == 2
    assert logged(log, "Updates can be kept again.") == 2
    assert len(log.records) == 4


async def test_fault_of_ours_is_logged_and_not_told(
    bot: Bot, client: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    """An error nobody thought of is a bare 500, and a traceback in the log."""
    bot.refusal = ZeroDivisionError("nobody thought of this")
    assert await post(client, update(7)) == 500
    assert "nobody thought of this" in caplog.text


async def test_webhook_is_for_posts(client: aiohttp.ClientSession) -> None:
    """Looking at the webhook in a browser shows nothing."""
    async with client.get(PATH) as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert await response.read() == b""


@pytest.mark.parametrize(
    "path",
    ["/", "/telegram", "/telegram/", PATH[:-1], PATH + "/", PATH.lower(), "/favicon.ico", "/%00"],
)
async def test_unknown_paths_tell_nothing(
    bot: Bot, client: aiohttp.ClientSession, path: str
) -> None:
    """A guess gets an empty 404 that names no software, also with the right secret."""
    async with client.post(path, data=update(7), headers={SECRET_HEADER: SECRET}) as response:
        assert (response.status, await response.read()) == (404, b"")
        assert set(response.headers) == {"Content-Length", "Date"}
    assert bot.updates == []


async def test_without_a_webhook_there_is_no_path(bot: Bot) -> None:
    """A bot that polls serves nothing but its state."""
    async with serving(LOCAL, probe=bot, metrics=Metrics()) as found, connected(found) as client:
        assert await post(client, update(7)) == 404
    assert bot.updates == []


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /healthz HTTP/x.y\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X: x\r\n" * 500 + b"\r\n",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        head(5, "Transfer-Encoding: chunked"),
        b"GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_what_is_no_http_gets_a_bare_refusal(
    address: Address, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A scanner's bytes are neither repeated nor logged, and no software is named."""
    found = await raw(address, sent)
    top, _, body = found.partition(b"\r\n\r\n")
    assert top.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert b"server:" not in top.lower()
    assert body == b""
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


async def test_secrets_are_in_no_response_and_no_log(
    bot: Bot, address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the token nor the secret comes back or is logged, whatever is sent."""
    caplog.set_level(logging.DEBUG)
    bot.refusal = RuntimeError("broken")
    broken = head(3, "Bad\x01Header: x")
    end = "Connection: close"
    sent = [
        broken,
        head(3, end) + b"abc",
        head(3, end, secret=b"wrong") + b"abc",
        head(len(update(1)), end) + update(1),
        f"GET {PATH} HTTP/1.1\r\nConnection: close\r\n\r\n".encode(),
        f"GET /bot{TOKEN}/getMe HTTP/1.1\r\nConnection: close\r\n\r\n".encode(),
    ]
    answers = b"".join([await raw(address, each) for each in sent]).decode()
    assert answers.count("HTTP/1.") == len(sent)
    for told in (answers, caplog.text, repr(Webhook(PATH, SECRET, bot.take))):
        assert SECRET not in told
        assert TOKEN not in told
        assert TOKEN.partition(":")[2] not in told
    assert PATH not in answers
    assert PATH not in caplog.text


async def test_broken_chunks_are_refused(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A body that breaks the rules of chunks takes nothing, also once reading has begun."""
    # The parser may notice only itself, so that the reading ends by its limit.
    monkeypatch.setattr(module, "_BODY_SECONDS", 0.05)
    monkeypatch.setattr(module, "_LINGER_SECONDS", 0.05)
    sent = head(0, "Transfer-Encoding: chunked", "Expect: 100-continue")
    sent = sent.replace(b"Content-Length: 0\r\n", b"")
    async with bot.serve() as found:
        assert b" 400 Bad Request" in await raw(found, sent + b"zz\r\nhello\r\n")
        reader, writer = await asyncio.open_connection(found.host, found.port)
        writer.write(sent)
        await reader.readuntil(b"100 Continue\r\n\r\n")
        writer.write(b"1\r\n{\r\nzz\r\nhello\r\n")
        assert (await reader.read()).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 408 "))
        writer.close()
        await writer.wait_closed()
    assert bot.updates == []
    assert caplog.records == []


async def test_sender_that_leaves_is_forgotten(
    bot: Bot, address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that ends within a body takes nothing and disturbs nobody."""
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(head(1000) + b'{"update_id"')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    async with connected(address) as client:
        assert await post(client, update(8)) == 200
    assert bot.ids == [8]
    assert caplog.records == []


async def test_slow_body_is_given_up(
    bot: Bot, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who doesn't bring the body in time is told so and loses the connection."""
    monkeypatch.setattr(module, "_BODY_SECONDS", 0.05)
    found = await answer_to(address, head(1000) + b'{"update_id"')
    assert found.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in found
    assert bot.updates == []


async def test_slow_head_is_given_up(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that never finishes its headers is closed without a word."""
    monkeypatch.setattr(module, "_IDLE_SECONDS", 0.05)
    async with bot.serve() as found:
        assert await raw(found, head(10)[:-2]) == b""


async def test_sender_that_asks_first_is_told_to_go_on(bot: Bot, address: Address) -> None:
    """`Expect: 100-continue` gets its answer once the secret is right, and not before."""
    sent = head(10, "Expect: 100-continue")
    assert await answer_to(address, sent) == b"HTTP/1.1 100 Continue\r\n\r\n"
    wrong = head(10, "Expect: 100-continue", secret=b"wrong")
    assert (await answer_to(address, wrong)).startswith(b"HTTP/1.1 403 ")


async def test_many_posts_at_once_are_each_taken_once(
    bot: Bot, client: aiohttp.ClientSession
) -> None:
    """Hundreds of concurrent updates all arrive, none twice."""
    statuses = await asyncio.gather(*(post(client, update(number)) for number in range(400)))
    assert set(statuses) == {200}
    assert sorted(map(str, bot.ids)) == sorted(map(str, range(400)))


async def test_stop_finishes_requests_under_way(bot: Bot) -> None:
    """What is being taken when the stop comes is confirmed; nothing new is let in."""
    bot.gate.clear()
    server = bot.serve()
    found = await server.__aenter__()
    async with connected(found) as client:
        posts = [asyncio.create_task(post(client, update(number))) for number in range(20)]
        await until(lambda: bot.begun == 20)
        stopped = asyncio.create_task(server.__aexit__(None, None, None))
        await until(lambda: is_closed(found))
        bot.gate.set()
        assert await asyncio.gather(*posts) == [200] * 20
        await stopped
    assert sorted(map(str, bot.ids)) == sorted(map(str, range(20)))


async def test_stop_under_load_loses_nothing_confirmed(bot: Bot) -> None:
    """While updates stream in, those confirmed are those taken, each once."""
    confirmed: list[object] = []
    numbers = iter(range(100_000))

    async def stream(client: aiohttp.ClientSession) -> None:
        while True:
            number = next(numbers)
            try:
                assert await post(client, update(number)) == 200
            except aiohttp.ClientError:
                return
            confirmed.append(number)

    server = bot.serve()
    found = await server.__aenter__()
    async with connected(found) as client:
        streams = [asyncio.create_task(stream(client)) for _ in range(20)]
        await until(lambda: len(bot.updates) >= 200)
        await server.__aexit__(None, None, None)
        await asyncio.gather(*streams)
    assert len(confirmed) >= 200
    assert set(confirmed) == set(bot.ids)
    assert len(bot.ids) == len(set(bot.ids))


async def test_stop_does_not_wait_for_ever(bot: Bot) -> None:
    """An update that can't be taken in time isn't confirmed, so Telegram sends it again."""
    bot.gate.clear()
    server = bot.serve(patience=0.1)
    found = await server.__aenter__()
    async with connected(found) as client:
        posted = asyncio.create_task(post(client, update(7)))
        await until(lambda: bot.begun == 1)
        async with asyncio.timeout(5):
            await server.__aexit__(None, None, None)
        with pytest.raises(aiohttp.ClientError):
            await posted
    assert bot.updates == []


async def test_stop_does_not_wait_for_idle_connections(bot: Bot) -> None:
    """A connection that is kept alive without a request doesn't hold up the stop."""
    async with asyncio.timeout(5):
        server = bot.serve(patience=60)
        async with connected(await server.__aenter__()) as client:
            assert await post(client, update(7)) == 200
            await server.__aexit__(None, None, None)


async def test_taken_port_is_an_error_with_its_remedy(bot: Bot, address: Address) -> None:
    """Two bots on one port: the second says which setting to change."""
    with pytest.raises(FrontError, match=r"MAJLIS_LISTEN 127\.0\.0\.1:\d+ is taken.*`off`"):
        async with bot.serve(at=address):
            pass


async def test_address_of_another_machine_is_an_error_with_its_remedy(bot: Bot) -> None:
    """An address that this machine hasn't got is named, with what to do."""
    with pytest.raises(FrontError, match=r"MAJLIS_LISTEN 192\.0\.2\.1:1 can't be listened on"):
        async with bot.serve(at=Address("192.0.2.1", 1)):
            pass


async def test_port_is_free_again_after_the_stop(bot: Bot) -> None:
    """A bot that restarts gets its port back at once."""
    async with bot.serve() as found, connected(found) as client:
        assert await post(client, update(1)) == 200
    async with bot.serve(at=found) as again, connected(again) as client:
        assert again == found
        assert await post(client, update(2)) == 200


def test_path_is_shared_by_replicas_and_tells_nothing() -> None:
    """One secret and token give one path, others another, and none can be read from it."""
    assert webhook_path(SECRET, TOKEN) == PATH
    others = {webhook_path(SECRET, TOKEN + "x"), webhook_path(SECRET + "x", TOKEN)}
    assert len(others | {PATH}) == 3
    assert PATH.startswith("/telegram/")
    digest = PATH.removeprefix("/telegram/")
    assert len(digest) == 43
    assert set(digest) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert SECRET not in PATH
    assert TOKEN.partition(":")[0] not in PATH


def test_server_runs_on_uvloop() -> None:
    """On uvloop updates are taken, ports are refused and the stop is clean as on asyncio."""
    uvloop = pytest.importorskip("uvloop")

    async def scenario() -> None:
        bot = Bot()
        await test_stop_under_load_loses_nothing_confirmed(bot)
        async with bot.serve() as found:
            await test_taken_port_is_an_error_with_its_remedy(bot, found)
            assert (await raw(found, b"nonsense\r\n\r\n")).startswith(b"HTTP/1.0 400")
            for secret in (b"wrong", b"\xff\xfe"):
                sent = head(1000, secret=secret)
                assert (await answer_to(found, sent)).startswith(b"HTTP/1.1 403 ")
        await test_stop_does_not_wait_for_ever(Bot())
        await test_stop_finishes_requests_under_way(Bot())

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())


async def test_check_of_the_image_follows_readiness(bot: Bot, address: Address) -> None:
    """What Docker runs fails exactly while the bot isn't ready; without a server it can't tell."""
    listen = f"{address.host}:{address.port}"
    assert await health(listen) == 0
    bot.reason = "the database is away"
    assert await health(listen) == 1
    assert await health("off") == 0
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert await health(f"127.0.0.1:{unused.getsockname()[1]}") == 1


async def health(listen: str) -> int:
    """Run the check of the image, where a proxy is set that must not be asked."""
    environment = os.environ | {"MAJLIS_LISTEN": listen, "http_proxy": "http://192.0.2.1:1"}
    process = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), env=environment)
    return await process.wait()
