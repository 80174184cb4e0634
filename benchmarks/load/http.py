"""Just enough of HTTP/1.1 to serve bots quickly: kept-alive connections and bodies of a length."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import cast
from urllib.parse import parse_qsl

Parameters = Mapping[str, str]
Answer = Callable[[str], None]
Call = Callable[[str, Parameters, Answer], None]

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """Read the calls that come over one connection, and write their answers as JSON.

    A call is handed on as its method, its parameters and what takes its answer. The next one is
    read whenever it comes: no client sends one before it has the answer to the last.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._come = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        # uvloop's transports are of no class of asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget the connection, and with it the answers that it still waits for."""
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Hand on every call that is complete."""
        self._come += data
        while (end := self._come.find(_END)) >= 0:
            head = self._come[:end]
            found = _LENGTH.search(head)
            rest = end + len(_END) + (int(found[1]) if found else 0)
            if len(self._come) < rest:
                return
            body, self._come = self._come[end + len(_END) : rest], self._come[rest:]
            target = head.split(b" ", 2)[1].decode()
            path, _, query = target.partition("?")
            parameters = dict(parse_qsl(query)) | dict(parse_qsl(body.decode()))
            self._call(path.rpartition("/")[2], parameters, self._answer)

    def _answer(self, result: str) -> None:
        if self._transport:
            body = f'{{"ok":true,"result":{result}}}'.encode()
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            self._transport.write(head.encode() + _END + body)
