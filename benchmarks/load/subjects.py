"""The bots that are put under load."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.api import TOKEN
from benchmarks.load.processes import running
from benchmarks.load.questions import Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """Name a bot and the questions it gets.

    One that handles updates `in_turn` makes everybody wait for everybody else's call.
    """

    name: str
    label: str
    questions: Kind
    in_turn: bool = False


SUBJECTS = {
    each.name: each
    for each in (
        Subject("majlis", "Majlis, new questions", "new"),
        Subject("majlis-repeated", "Majlis, repeated questions", "repeated"),
        Subject("echo", "echo bot as it comes", "new", in_turn=True),
        Subject("echo-256", "echo bot, 256 side by side", "new"),
        Subject("echo-aiohttp", "echo bot, our transport and loop", "new"),
    )
}


@contextmanager
def bot(subject: Subject, url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a bot in a folder for what it keeps, against a server."""
    if not subject.name.startswith("majlis"):
        module = ["benchmarks.load.echo", subject.name, url, TOKEN]
        with running(module, folder, {"PTB_TIMEDELTA": "1"}) as process:
            yield process
        return
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "MAJLIS_DATABASE": str(folder / "majlis.db"),
        "MAJLIS_ENCODER": "static",
        "MAJLIS_LISTEN": "off",
        "MAJLIS_USER_LIMIT": "0",
    }
    with running(["bot", "run"], folder, environment) as process:
        yield process
