"""Call Telegram over kept-alive connections, and tell its answers from those of anything else."""

from __future__ import annotations

import io
import json
import os
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import FrontError

_KEPT_ALIVE = 30.0  # seconds without use; after more, the other side may have hung up
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_CLOSED = "This AiohttpRequest is not initialized!"
_FOREIGN = "What answers isn't Telegram"
_PROXY = "The environment sets a proxy of another kind than HTTP"
_LONGEST_FLOOD = 10**9  # seconds; dates can't be reckoned with many more


class Unreadable(NetworkError):  # noqa: N818 - named like the library's TimedOut
    """Report an answer that isn't JSON, or none that Python reads; `body` is all of it."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        super().__init__(_FOREIGN)
        self.body = body


class AiohttpRequest(BaseRequest):
    """Call the Bot API over at most `connections` connections at a time.

    `timeout` is the default limit in seconds of each part of a call: to wait for a connection of
    the pool, to make one, to write, and to read (the longest silence). What is sent ends at the
    latest after the sum of its limits. Proxies and certificates are those of the environment.
    """

    def __init__(self, *, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str] = {}

    @property
    def read_timeout(self) -> float:
        """Return the default limit for reading, in seconds."""
        return self._timeout

    async def initialize(self) -> None:
        """Open the pool; raises FrontError if the certificates to trust can't be read."""
        if self._session:
            return
        # The session could ask the environment itself, but does so in threads for every call.
        self._proxies = getproxies()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=_KEPT_ALIVE, ssl=_trusted()
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Close the pool; it can be opened anew."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of Telegram's answer; limits are in seconds or None.

        Raises TimedOut or another NetworkError if the call fails or what answers isn't Telegram;
        RuntimeError if the pool isn't open.
        """
        if self._session is None:
            raise RuntimeError(_CLOSED)
        body, headers = _encode(request_data) if request_data else (None, None)
        timeout = self._timeouts(read_timeout, write_timeout, connect_timeout, pool_timeout)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as response:
                return self._checked(response.status, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            failure = _failure(error)
        # Outside of the handler, or the error of the library, with the URL, would be its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Return the object that Telegram answers; raises NetworkError if it isn't one of its.

        Raises Unreadable if it can't be read at all.
        """
        try:
            answer: object = json.loads(payload.decode(errors="replace"))
        except (ValueError, RecursionError):
            answer = None
        if answer is None:
            raise Unreadable(payload)
        if isinstance(answer, dict) and _is_telegram_s(answer):
            return _Answer(answer)
        raise NetworkError(_FOREIGN)

    def _timeouts(self, *limits: object) -> aiohttp.ClientTimeout:
        """Return what the session calls timeouts, from those for read, write, connect and pool."""
        reading, writing, connecting, waiting = (
            limit if limit is None or isinstance(limit, int | float) else self._timeout
            for limit in limits
        )
        return aiohttp.ClientTimeout(
            total=_sum(waiting, connecting, writing, reading),  # none but this limits writing
            connect=_sum(waiting, connecting),
            sock_connect=connecting,
            sock_read=reading,
        )

    def _proxy(self, url: str) -> str | None:
        """Return the proxy that the environment sets for a URL; raises NetworkError if not HTTP."""
        if not self._proxies:
            return None
        parts = urlsplit(url)
        proxy = self._proxies.get(parts.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
            return None
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        if not proxy.startswith("http"):
            raise NetworkError(_PROXY)
        return proxy

    def _checked(self, status: int, body: bytes) -> tuple[int, bytes]:
        """Pass on an answer; raises NetworkError if it is the error page of something in between.

        The library would read a refused token or a blocked bot from its status, and quote it.
        """
        if not 200 <= status < 300:  # noqa: PLR2004 - the statuses of success
            try:
                self.parse_json_payload(body)
            except NetworkError:
                message = f"{_FOREIGN} (status {status})"
                raise NetworkError(message) from None
        return status, body


class _Answer(dict[str, object]):
    """Hold an answer; the library takes for granted that one of success has a result."""

    def __missing__(self, name: str) -> object:
        raise NetworkError(_FOREIGN)


def _is_telegram_s(answer: dict[str, object]) -> bool:
    """Return whether an answer is a result or a refusal, with what the library reads of it."""
    words, parameters = answer.get("description", ""), answer.get("parameters", {})
    if not isinstance(words, str) or not isinstance(parameters, dict):
        return False
    after = parameters.get("retry_after", 0)
    if not isinstance(after, int | float) or not 0 <= after < _LONGEST_FLOOD:
        return False
    return "result" in answer or "error_code" in answer


def _trusted() -> ssl.SSLContext:
    """Trust whom httpx trusts: $SSL_CERT_FILE, else $SSL_CERT_DIR, else certifi."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file:
        return ssl.create_default_context(
            cafile=None if folder else certifi.where(), capath=folder or None
        )
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        message = f"No certificates can be read from {file}: correct or unset SSL_CERT_FILE"
        raise FrontError(message) from error


def _encode(data: RequestData) -> tuple[bytes | aiohttp.FormData, dict[str, str] | None]:
    """Return a body and its headers."""
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), _FORM
    form = aiohttp.FormData(quote_fields=False)  # Telegram takes the names of files as they are
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in data.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content  # goes up in pieces
        form.add_field(name, file, filename=filename, content_type=mimetype)
    return form, None


def _sum(*limits: float | None) -> float | None:
    return None if None in limits else sum(limit or 0 for limit in limits)


def _failure(error: aiohttp.ClientError | OSError) -> NetworkError:
    """Tell what went wrong, but none of the library's own words, which may hold the URL."""
    words = type(error).__name__
    match error:
        case aiohttp.ClientConnectorError():
            words += f": {error.os_error.strerror or error.os_error}"
        case aiohttp.ClientHttpProxyError():
            words += f": the proxy answers with status {error.status}"
        case _ if error.__cause__:
            words += f": {type(error.__cause__).__name__}"
    return TimedOut(words) if isinstance(error, TimeoutError) else NetworkError(words)
