"""The transport over HTTP: what arrives, what fails how, and that nothing tells the token."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import io
import json
import logging
import os
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import certifi
import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest

from bot.errors import FrontError
from bot.fronts.telegram.transport import AiohttpRequest, Unreadable
from tests.botapi import (
    TOKEN,
    BotApiServer,
    Delay,
    Dropped,
    Garbage,
    Person,
    ServerError,
    TooManyRequests,
)
from tests.botapi.request import Upload

ME = {"ok": True, "result": {"id": 4242, "is_bot": True, "first_name": "Bot", "username": "bot"}}
CLOSE = b"Connection: close\r\n\r\n"
SHORT = 0.05  # seconds: what is to run out
FOREIGN = "What answers isn't Telegram"


@dataclass
class Recorder:
    """Answer every request alike and keep what was asked, as any server or a proxy would."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[web.BaseRequest] = field(default_factory=list)
    peers: set[tuple[str, int]] = field(default_factory=set)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer as to getMe."""
        assert request.transport is not None
        await request.read()
        self.seen.append(request)
        self.peers.add(request.transport.get_extra_info("peername"))
        return web.json_response(ME, status=self.status, headers=self.headers)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the proxies and certificates of whoever runs the tests out of the environment."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in {"SSL_CERT_FILE", "SSL_CERT_DIR"}:
            monkeypatch.delenv(name)


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    """Return a bot on the server."""
    async with calling(server.base_url) as running:
        yield running


@contextlib.asynccontextmanager
async def calling(base_url: str, *, limit: float = 5.0) -> AsyncIterator[Bot]:
    """Make a bot and open its transport, with a limit in seconds, but call nothing yet."""
    everything, updates = (AiohttpRequest(connections=4, timeout=limit) for _ in range(2))
    async with everything, updates:
        yield Bot(TOKEN, base_url=base_url, request=everything, get_updates_request=updates)


@contextlib.asynccontextmanager
async def recording(recorder: Recorder) -> AsyncIterator[str]:
    """Run a recorder and yield its root."""
    async with RawTestServer(recorder.answer) as running:
        yield str(running.make_url("")).rstrip("/")


@contextlib.asynccontextmanager
async def replying(reply: bytes) -> AsyncIterator[str]:
    """Run a server that replies with fixed bytes, `<path>` filled in, and yield its root."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(reply.replace(b"<path>", head.split()[1]))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as running:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"


@pytest.fixture
def silent() -> Iterator[str]:
    """Return host and port of a listener that lets everybody in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """Return host and port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def told(error: BaseException) -> str:
    """Return all that an error and whatever led to it could tell a log."""
    words = [*traceback.format_exception(error)]
    cause: BaseException | None = error
    while cause is not None:
        words += [str(cause), repr(cause)]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(words)


async def polled(server: BotApiServer) -> None:
    """Wait until a bot waits for updates."""
    await server.watch.until(lambda: server.world.queue._turn, "a poll")


async def failure(bot: Bot, **limits: float) -> NetworkError:
    """Return the error of a call that fails, having looked that it doesn't tell the token."""
    with pytest.raises(NetworkError) as caught:
        await bot.get_me(**limits)  # type: ignore[arg-type]
    assert TOKEN not in told(caught.value)
    assert TOKEN.partition(":")[2] not in told(caught.value)
    return caught.value


async def test_text_and_keyboard_arrive_as_they_were_sent(bot: Bot, ada: Person) -> None:
    """What a form would mistake for its own signs arrives as it is, and so does JSON."""
    text = "1 + 1 = 2 & 100 %41;\n🙂 مجلس"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a&b", callback_data="c=d")]])
    sent = await bot.send_message(ada.id, text, reply_markup=keyboard)
    heard = await ada.hears()
    assert (sent.text, heard.text, heard.buttons[0].text) == (text, text, "a&b")


async def test_refusals_are_the_library_s(bot: Bot, server: BotApiServer, ada: Person) -> None:
    """What Telegram refuses, raises what it raises with the library's own transport."""
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.send_message(1, "hello?")
    server.fail("sendMessage", TooManyRequests(7), ServerError(502))
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(ada.id, "hello?")
    assert flood.value.retry_after == dt.timedelta(seconds=7)
    with pytest.raises(NetworkError, match="Internal Server Error") as caught:
        await bot.send_message(ada.id, "hello?")
    assert type(caught.value) is NetworkError


async def test_refused_token(server: BotApiServer) -> None:
    """A token that Telegram doesn't know is told from a server that isn't Telegram."""
    async with calling(f"{server.base_url}1") as bot:
        with pytest.raises(InvalidToken):
            await bot.get_me()


@pytest.mark.parametrize("name", ["notes.txt", "مجلس & «notes».txt"])
async def test_bytes_are_uploaded(bot: Bot, server: BotApiServer, ada: Person, name: str) -> None:
    """Bytes go up as a file, under their name whatever its letters, and with their caption."""
    await bot.send_document(ada.id, b"\x00\xff\r\n--", filename=name, caption="1 & 2 ~ ü")
    parameters = server.calls_of("sendDocument")[-1].parameters
    assert parameters["document"] == Upload(name, b"\x00\xff\r\n--")
    assert parameters["caption"] == "1 & 2 ~ ü"


async def test_handle_is_uploaded(
    bot: Bot, server: BotApiServer, ada: Person, tmp_path: Path
) -> None:
    """A file is read while it goes up, from the disk or from memory."""
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(300_000))
    with path.open("rb") as on_disk:
        for handle in (on_disk, io.BytesIO(b"little")):
            file = InputFile(handle, filename="f.bin", read_file_handle=False)
            await bot.send_document(ada.id, file)
    sent = [call.parameters["document"] for call in server.calls_of("sendDocument")]
    assert sent == [Upload("f.bin", path.read_bytes()), Upload("f.bin", b"little")]


async def test_poll_outlasts_the_limit_of_other_calls(server: BotApiServer) -> None:
    """A poll may take its own time besides the limit for reading, which cuts other calls."""
    server.fail("*", Delay(0.6), Delay(0.6))
    server.push({"message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}})
    async with calling(server.base_url, limit=0.3) as bot:
        assert len(await bot.get_updates(timeout=30)) == 1
        assert type(await failure(bot)) is TimedOut


async def test_no_limit(server: BotApiServer) -> None:
    """A limit of None lets a call take its time."""
    server.fail("getMe", Delay(0.6))
    async with calling(server.base_url, limit=0.3) as bot:
        assert (await bot.get_me(read_timeout=None)).is_bot


@pytest.mark.parametrize("applied", [False, True])
async def test_dropped_connection(
    bot: Bot, server: BotApiServer, ada: Person, *, applied: bool
) -> None:
    """A connection lost on the way leaves open whether the message came; the next call works."""
    server.fail("sendMessage", Dropped(applied=applied))
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(ada.id, "one")
    assert type(caught.value) is NetworkError
    assert str(caught.value).startswith(("ServerDisconnectedError", "ClientOSError"))
    assert TOKEN not in told(caught.value)
    await bot.send_message(ada.id, "two")
    heard = [await ada.hears() for _ in range(1 + applied)]
    assert [message.text for message in heard] == ["one", "two"][not applied :]


async def test_stalled_upload_ends() -> None:
    """An upload that isn't read doesn't last for ever, and leaves open whether it arrived."""
    given_up, ended = asyncio.Event(), asyncio.Event()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await given_up.wait()
        while await reader.read(1_000_000):
            pass
        writer.close()
        ended.set()

    async with await asyncio.start_server(stall, "127.0.0.1", 0) as running:
        root = f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"
        async with calling(f"{root}/bot", limit=SHORT) as bot:
            with pytest.raises(TimedOut):
                await bot.send_document(1, bytes(20_000_000))
        given_up.set()
        await ended.wait()


async def test_nobody_listens(closed: str) -> None:
    """A refused connection is told with its reason."""
    async with calling(f"http://{closed}/bot") as bot:
        error = await failure(bot)
    assert type(error) is NetworkError
    assert str(error).startswith("ClientConnectorError: ")


async def test_unknown_name() -> None:
    """A server whose name isn't known can't be reached."""
    async with calling("http://api.invalid/bot") as bot:
        assert "ClientConnector" in str(await failure(bot))


async def test_unusable_address() -> None:
    """An address that can't be one isn't repeated in the error."""
    for base_url in ("http://[api/bot", "ftp://127.0.0.1/bot", "http:///bot"):
        async with calling(base_url) as bot:
            assert type(await failure(bot)) is NetworkError


async def test_failed_handshake(server: BotApiServer, silent: str) -> None:
    """TLS that fails or takes too long is told as such."""
    async with calling(server.base_url.replace("http:", "https:")) as bot:
        assert "SSL" in str(await failure(bot))
    async with calling(f"https://{silent}/bot") as bot:
        error = await failure(bot, connect_timeout=SHORT)
    assert type(error) is TimedOut
    assert str(error).startswith("ConnectionTimeoutError")


async def test_exhausted_pool_and_cancelled_call(server: BotApiServer, ada: Person) -> None:
    """A call that gets no connection in time sends nothing; a cancelled one gives its own back."""
    async with AiohttpRequest(connections=1, timeout=5) as only:
        bot = Bot(TOKEN, base_url=server.base_url, request=only, get_updates_request=only)
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await polled(server)
        with pytest.raises(TimedOut) as caught:
            await bot.send_message(ada.id, "hi", pool_timeout=SHORT, connect_timeout=SHORT)
        assert TOKEN not in told(caught.value)
        assert not server.calls_of("sendMessage")
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        await bot.send_message(ada.id, "hi")


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n<path>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<path>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n<path>",
        b"<path>\r\n\r\n",
        b"HTTP/1.1 <path>\r\n\r\n",
        b"",
    ],
)
async def test_broken_answer(reply: bytes) -> None:
    """An answer that breaks off or isn't HTTP leaves open whether the call arrived."""
    async with replying(reply) as root, calling(f"{root}/bot") as bot:
        assert type(await failure(bot)) is NetworkError


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 502])
async def test_error_page(status: int, log: pytest.LogCaptureFixture) -> None:
    """The error page of a proxy neither refuses a token nor is quoted."""
    reply = b"HTTP/1.1 %d No\r\nLocation: <path>\r\n" + CLOSE + b"<p>No <path> here</p>"
    async with replying(reply % status) as root, calling(f"{root}/bot") as bot:
        error = await failure(bot)
    assert (type(error), str(error)) == (NetworkError, f"{FOREIGN} (status {status})")
    assert not log.records


@pytest.mark.parametrize(
    "body", ["<p>", "[]", '{"status": "log in"}', '{"ok": false, "error_code": 502}']
)
async def test_garbage_is_told_quietly(
    bot: Bot, server: BotApiServer, log: pytest.LogCaptureFixture, body: str
) -> None:
    """A body that isn't Telegram's, or no success with its status, is one short error."""
    server.fail("getMe", Garbage(body))
    assert str(await failure(bot)) == FOREIGN
    assert not log.records


@pytest.mark.parametrize(
    "odd",
    [
        {"parameters": [1]},
        {"parameters": {"retry_after": "soon"}},
        {"parameters": {"retry_after": -1}},
        {"parameters": {"retry_after": 10**20}},
        {"parameters": {"retry_after": float("inf")}},
        {"description": 5, "parameters": {"unknown": 1}},
    ],
)
async def test_odd_refusal(odd: dict[str, object]) -> None:
    """A refusal that the library would fall over isn't Telegram's."""
    body = json.dumps({"ok": False, "error_code": 429} | odd).encode()
    reply = b"HTTP/1.1 429 No\r\n" + CLOSE + body
    async with replying(reply) as root, calling(f"{root}/bot") as bot:
        error = await failure(bot)
    assert (type(error), str(error)) == (NetworkError, f"{FOREIGN} (status 429)")


@pytest.mark.parametrize("payload", [b"7", b'"ok"', b'{"ok":true}', b"[1]"])
def test_odd_payload(payload: bytes) -> None:
    """JSON that isn't an answer of Telegram's is one error without a cause."""
    with pytest.raises(NetworkError, match=FOREIGN) as caught:
        AiohttpRequest.parse_json_payload(payload)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("payload", [b"", b"[" * 100_000, b"9" * 5_000, b"\xff", b'{"ok":true'])
def test_unreadable_payload(payload: bytes) -> None:
    """What can't be read at all is told with its body, for whoever looks into it, but unsaid."""
    with pytest.raises(Unreadable) as caught:
        AiohttpRequest.parse_json_payload(payload)
    assert caught.value.body == payload
    assert str(caught.value) == FOREIGN
    assert caught.value.__context__ is None


def test_telegram_s_payload() -> None:
    """Results and refusals are Telegram's, also with a broken letter in them."""
    assert AiohttpRequest.parse_json_payload(b'{"ok":true,"result":"\xff"}')["result"] == "\ufffd"
    refusal = {"ok": False, "error_code": 400, "description": "no"}
    assert AiohttpRequest.parse_json_payload(json.dumps(refusal).encode()) == refusal


async def test_calls_share_a_connection_and_no_cookies() -> None:
    """One connection serves call after call, under the library's name and without cookies."""
    recorder = Recorder(headers={"Set-Cookie": "a=b"})
    async with recording(recorder) as root:
        named = root.replace("127.0.0.1", "localhost")  # addresses have no cookies anyway
        async with calling(f"{named}/bot") as bot:
            for _ in range(3):
                await bot.get_me()
    assert len(recorder.peers) == 1
    for request in recorder.seen:
        assert request.headers["User-Agent"] == BaseRequest.USER_AGENT
        assert "Cookie" not in request.headers


async def test_redirects_are_not_followed(server: BotApiServer) -> None:
    """A redirect isn't followed, as it would carry the token elsewhere."""
    recorder = Recorder(status=307, headers={"Location": f"{server.base_url}{TOKEN}/getMe"})
    async with recording(recorder) as root, calling(f"{root}/bot") as bot:
        with pytest.raises(NetworkError):
            await bot.get_me()
    assert not server.calls


async def test_files_are_fetched() -> None:
    """A file is fetched whole."""
    reply = b"HTTP/1.1 200 OK\r\n" + CLOSE + bytes(300_000)
    async with replying(reply) as root, AiohttpRequest(connections=1, timeout=5) as request:
        assert await request.retrieve(f"{root}/file/bot/a.bin") == bytes(300_000)


async def test_opened_and_closed_again(server: BotApiServer) -> None:
    """What isn't open can't be used; to open or close twice is harmless, to open anew is fine."""
    request = AiohttpRequest(connections=1, timeout=5)
    url = f"{server.base_url}{TOKEN}/getMe"
    assert request.read_timeout == 5
    await request.shutdown()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="not initialized"):
            await request.do_request(url, "POST")
        await request.initialize()
        assert (await request.do_request(url, "POST"))[0] == 200
        session = request._session
        await request.initialize()
        assert request._session is session
        await request.shutdown()
        await request.shutdown()


async def test_closing_ends_what_is_under_way(bot: Bot, server: BotApiServer) -> None:
    """A call under way when the transport closes ends with an error, not with a hang."""
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await polled(server)
    await bot._request[0].shutdown()
    with pytest.raises(NetworkError):
        await poll


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_proxy_is_used(monkeypatch: pytest.MonkeyPatch, name: str, scheme: str) -> None:
    """Calls go through the proxy of the environment, with its password."""
    recorder = Recorder()
    async with recording(recorder) as root:
        monkeypatch.setenv(name, root.replace("http://", f"{scheme}ada:pw@"))
        async with calling("http://api.invalid/bot") as bot:
            for _ in range(2):
                assert (await bot.get_me()).username == "bot"
    assert len(recorder.peers) == 1
    for request in recorder.seen:
        assert str(request.url) == f"http://api.invalid/bot{TOKEN}/getMe"
        assert request.headers["Proxy-Authorization"] == "Basic YWRhOnB3"


@pytest.mark.parametrize("excepted", ["127.0.0.1", "*", "example.org, 127.0.0.1:{port}"])
async def test_excepted_from_the_proxy(
    monkeypatch: pytest.MonkeyPatch, server: BotApiServer, closed: str, excepted: str
) -> None:
    """A server that the environment excepts is called directly."""
    monkeypatch.setenv("HTTP_PROXY", f"http://{closed}")
    monkeypatch.setenv("NO_PROXY", excepted.format(port=server.url.rpartition(":")[2]))
    async with calling(server.base_url) as bot:
        assert (await bot.get_me()).is_bot


async def test_proxy_that_fails(monkeypatch: pytest.MonkeyPatch, closed: str) -> None:
    """A proxy that can't be reached, won't let through or isn't one for HTTP is told as such."""
    async with replying(b"HTTP/1.1 403 No\r\n" + CLOSE) as root:
        for proxy, words in (
            (f"http://ada:pw@{closed}", "ClientProxyConnectionError: "),
            (root.replace("//", "//ada:pw@"), "the proxy answers with status 403"),
            (f"socks5://ada:pw@{closed}", "another kind"),
        ):
            monkeypatch.setenv("HTTPS_PROXY", proxy)
            async with calling("https://api.invalid/bot") as bot:
                error = await failure(bot)
            assert type(error) is NetworkError
            assert words in str(error)
            assert "pw" not in str(error)


async def test_trust(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Certificates are those of certifi unless the environment names others, which must exist."""
    request = AiohttpRequest(connections=1, timeout=5)
    for name, value, count in (
        ("", "", len(ssl.create_default_context(cafile=certifi.where()).get_ca_certs())),
        ("SSL_CERT_DIR", str(tmp_path), 0),
        ("SSL_CERT_FILE", certifi.where(), 1),
    ):
        if name:
            monkeypatch.setenv(name, value)
        await request.initialize()
        assert request._session is not None
        connector = request._session.connector
        assert len(connector._ssl.get_ca_certs()) >= count  # type: ignore[union-attr]
        assert bool(connector._ssl.get_ca_certs()) is bool(count)  # type: ignore[union-attr]
        await request.shutdown()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    with pytest.raises(FrontError, match=r"gone\.pem: correct or unset SSL_CERT_FILE"):
        await request.initialize()


async def test_no_log_line_tells_the_token(
    server: BotApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever befalls a call, no library below logs its address, even at its most talkative."""
    caplog.set_level(logging.DEBUG)
    server.fail("getMe", Dropped(), Garbage(), ServerError(500), Delay(9))
    async with calling(server.base_url, limit=0.3) as bot:
        for _ in range(4):
            await failure(bot)
    below = [record for record in caplog.records if not record.name.startswith("telegram.")]
    assert TOKEN not in "\n".join(record.getMessage() for record in below)
