"""The Bot API server in a process of its own: python -m benchmarks.load.server KIND SEED.

It prints its port, then reads trials as lines of JSON, and writes what became of each.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

import uvloop

from benchmarks.load.api import Api
from benchmarks.load.http import Connection
from benchmarks.load.people import People, Trial
from benchmarks.load.questions import KINDS, questions

_HOST = "127.0.0.1"


async def serve(kind: str, seed: int) -> None:
    """Serve one bot until the input ends."""
    people: People
    api = Api(lambda chat: people.hear(chat))  # noqa: PLW0108 - there are none yet
    texts = questions(next(each for each in KINDS if each == kind), seed)
    people = People(api.ask, texts, seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(api.call), _HOST, 0)
    _say(server.sockets[0].getsockname()[1])
    while line := await asyncio.to_thread(sys.stdin.readline):
        trial = Trial(**json.loads(line))
        api.latency = trial.latency
        _say(asdict(await people.ask_all(trial)))
        api.forget()


def _say(value: object) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1], int(sys.argv[2])))
