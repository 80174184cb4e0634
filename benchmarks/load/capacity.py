"""Measure how much the server takes, so that nobody mistakes its limit for a bot's."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

from benchmarks.load.api import TOKEN
from benchmarks.load.processes import serving

_CONNECTIONS = 50
_BODY = b"chat_id=1000000&text=This+is+about+as+long+as+what+bots+reply+to+the+questions+of+people."
_CALL = (
    f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: localhost\r\n"
    f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(_BODY)}\r\n\r\n"
).encode() + _BODY


def capacity(seconds: float) -> float:
    """Return how many messages a second the server takes, in its own process."""
    with tempfile.TemporaryDirectory() as name, serving("new", 0, Path(name)) as server:
        return uvloop.run(_taken(server.url, seconds)) / seconds


async def _taken(url: str, seconds: float) -> int:
    loop, port = asyncio.get_running_loop(), urlsplit(url).port or 0
    made = [await loop.create_connection(_Caller, "127.0.0.1", port) for _ in range(_CONNECTIONS)]
    await asyncio.sleep(seconds)
    for transport, _ in made:
        transport.close()
    return sum(caller.answers for _, caller in made)


class _Caller(asyncio.Protocol):
    """Send the same message again and again, each as soon as the last one is answered."""

    def __init__(self) -> None:
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._transport.write(_CALL)

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"}}"):
            self.answers += 1
            self._transport.write(_CALL)
