"""The HTTP server: whether the bot lives, is ready and how it fares, and Telegram's webhook.

It is made of aiohttp's low-level server, so that whatever is refused, also what isn't HTTP, is
answered with a bare status that names no software.
"""

from __future__ import annotations

import asyncio
import base64
import errno
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn, Protocol

from aiohttp import hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import FrontError, StorageError
from bot.fronts.telegram.intake import Busy
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.received import received
from bot.logs import Trouble
from bot.settings.values import Address

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_LOG = logging.getLogger(__name__)
_MAX_BODY = 1024 * 1024
_BODY_SECONDS = 10.0
# Longer than proxies keep theirs (nginx: 60), so that they never post into a closing connection.
# It is also what a connection gets to bring its headers.
_IDLE_SECONDS = 75.0
_LINGER_SECONDS = 2.0  # for reading away a refused body, so that the sender sees the refusal
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Probe(Protocol):
    """Tell whether the bot can answer people."""

    def ready(self) -> str | None:
        """Return None if it can, else a short reason."""
        ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """Say where Telegram posts updates, with what secret, and what takes one before its 200."""

    path: str
    secret: str = field(repr=False)
    take: Callable[[Mapping[str, object]], Awaitable[None]]


def webhook_path(secret: str, token: str) -> str:
    """Return the path that replicas with one secret and one token share; it tells neither."""
    digest = hmac.digest(secret.encode(), b"majlis webhook path\0" + token.encode(), "sha256")
    return "/telegram/" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@asynccontextmanager
async def serving(
    address: Address,
    *,
    probe: Probe,
    metrics: Metrics,
    webhook: Webhook | None = None,
    patience: float = 10.0,
) -> AsyncIterator[Address]:
    """Serve and yield where; at the end, requests under way get `patience` seconds.

    Raises FrontError if the address can't be had.
    """
    loop = asyncio.get_running_loop()
    requests = partial(_Request, loop=loop, client_max_size=_MAX_BODY)
    server = _Server(_Site(probe, metrics, webhook).respond, request_factory=requests)
    # The runner waits twice: for a request's handler, then for its connection.
    runner = web.ServerRunner(server, shutdown_timeout=patience / 2)
    await runner.setup()
    try:
        yield await _listen(runner, address)
    finally:
        await runner.cleanup()


async def _listen(runner: web.ServerRunner, address: Address) -> Address:
    host = f"[{address.host}]" if ":" in address.host else address.host
    name = f"MAJLIS_LISTEN {host}:{address.port}"
    try:
        await web.TCPSite(runner, address.host, address.port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"{name} is taken by another program: choose another port or `off`."
        else:
            reason = error.strerror or type(error).__name__
            message = f"{name} can't be listened on ({reason}): choose another address or `off`."
        raise FrontError(message) from error
    host, port = runner.addresses[0][:2]
    return Address(host, port)


class _Site:
    """Answer requests by their path."""

    def __init__(self, probe: Probe, metrics: Metrics, webhook: Webhook | None) -> None:
        self._probe = probe
        self._metrics = metrics
        self._routes: dict[str, tuple[tuple[str, ...], _Handler]] = {
            "/healthz": (("GET", "HEAD"), self._healthz),
            "/readyz": (("GET", "HEAD"), self._readyz),
            "/metrics": (("GET", "HEAD"), self._exposition),
        }
        if webhook:
            self._routes[webhook.path] = (("POST",), partial(_receive, webhook, Trouble(_LOG)))

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Return the response to any request."""
        if request.path not in self._routes:
            return web.Response(status=404)
        methods, handler = self._routes[request.path]
        if request.method not in methods:
            return web.Response(status=405, headers={hdrs.ALLOW: ", ".join(methods)})
        return await handler(request)

    async def _healthz(self, _: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text="ok")

    async def _readyz(self, _: web.BaseRequest) -> web.StreamResponse:
        reason = self._probe.ready()
        return web.Response(status=503, text=reason) if reason else web.Response(text="ready")

    async def _exposition(self, request: web.BaseRequest) -> web.StreamResponse:
        body, content_type = self._metrics.exposition(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: content_type})


async def _receive(
    webhook: Webhook, trouble: Trouble, request: web.BaseRequest
) -> web.StreamResponse:
    """Take an update and only then confirm it; refuse whatever isn't one."""
    if not _is_secret(request, webhook.secret):
        _LOG.warning("A call of the webhook without its secret is refused.")
        return web.Response(status=403)
    body = await _body(request)
    if isinstance(body, web.Response):
        return body
    update = _update(body)
    if update is None:
        _LOG.warning("A call of the webhook is refused: what it brings is no update.")
        return web.Response(status=400)
    try:
        await webhook.take(update)
    except Busy:
        return web.Response(status=503, headers={hdrs.RETRY_AFTER: "1"})
    except StorageError as error:
        trouble.log(
            logging.WARNING, "Updates can't be kept; Telegram will send them again: %s", error
        )
        return web.Response(status=503, headers={hdrs.RETRY_AFTER: "1"})
    trouble.over("Updates can be kept again.")
    return web.Response()


def _is_secret(request: web.BaseRequest, secret: str) -> bool:
    # What isn't UTF-8 in a header comes as surrogates, which compare_digest refuses in a str.
    given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
    return hmac.compare_digest(given, secret.encode())


async def _body(request: web.BaseRequest) -> bytes | web.Response:
    """Return the body, or the response to one that is too long, too slow or broken."""
    if (request.content_length or 0) > _MAX_BODY:
        return web.Response(status=413)
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue" and request.transport:
        request.transport.write(_CONTINUE)
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return web.Response(status=413)
    except TimeoutError:
        status = 408
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError):
        status = 400
    response = web.Response(status=status)
    response.force_close()
    return response


def _update(body: bytes) -> Mapping[str, object] | None:
    """Return the JSON object of an update, or None if the body is none or has no usable id."""
    try:
        found = received(json.loads(body.decode(), parse_constant=_no_json))
    except (ValueError, RecursionError):
        return None
    return found.content if found else None


def _no_json(name: str) -> NoReturn:
    """Refuse NaN and infinities, which Python reads and databases don't."""
    raise ValueError(name)


class _Request(web.BaseRequest):
    """Keep the server's name out of responses, also of those to what isn't HTTP."""

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        response.headers.popall(hdrs.SERVER, None)


class _Server(web.Server):
    """Make connections that say and log nothing about a broken request."""

    def __call__(self) -> web.RequestHandler:
        return _Connection(
            self,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=_IDLE_SECONDS,
            lingering_time=_LINGER_SECONDS,
            auto_decompress=False,
        )


class _Connection(web.RequestHandler):
    """Serve one connection, without an access log."""

    __slots__ = ()

    def log_access(
        self, request: web.BaseRequest, response: web.StreamResponse, time: float | None
    ) -> None:
        """Log nothing: paths and addresses are nobody's business."""

    def log_exception(self, *_: object, **about: object) -> None:
        """Log what breaks outside of the handlers, a sender's fault, without its words."""
        _LOG.debug("A connection broke off: %s", type(about.get("exc_info")).__name__)

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - aiohttp's signature
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - it would repeat what was sent
    ) -> web.StreamResponse:
        """Return a bare status; what is wrong inside is logged, what is wrong outside isn't."""
        if status >= 500:  # noqa: PLR2004 - where HTTP puts a server's own errors
            _LOG.error("A request couldn't be answered.", exc_info=exc)
        else:
            _LOG.debug("A request that isn't HTTP is refused: %s", type(exc).__name__)
        response = web.Response(status=status)
        response.force_close()
        return response
