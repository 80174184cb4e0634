"""Put bots under load: the people, the server, the figures, and the command as a whole."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.errors import BenchmarkError
from benchmarks.load.api import Api
from benchmarks.load.figures import goals, load_of
from benchmarks.load.http import Connection
from benchmarks.load.measure import Sample, Start
from benchmarks.load.people import People, Tally, Trial
from benchmarks.load.processes import cpu_seconds, running
from benchmarks.load.questions import questions
from benchmarks.load.table import load_tables
from benchmarks.table import README, write_into

CALL = b"POST /bot1:x/sendMessage HTTP/1.1\r\nContent-Length: 17\r\n\r\nchat_id=7&text=hi"


class Wire(asyncio.Transport):
    """Keep what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take some bytes."""
        self.written += data


class Bot:
    """Answer people so many times each, at once."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.people = People(self.asked, texts(), seed=1)

    def asked(self, chat: int, text: str) -> None:
        """Take a question."""
        for _ in range(self.times):
            asyncio.get_running_loop().call_soon(self.people.hear, chat)


def texts() -> Iterator[str]:
    """Return endless questions."""
    return map(str, itertools.count())


def sample(subject: str, rate: float | None = None, **figures: float) -> Sample:
    """Return a trial of a subject."""
    tally = Tally(100, 1, 0, figures.get("throughput", 10), 1.0, 2.0, figures.get("p99", 3.0))
    trial = Trial(50, 1, rate=rate, latency=figures.get("latency", 0.0))
    return Sample(subject, trial, tally, 1.5, 90)


def test_new_questions_never_come_again() -> None:
    """What was kept of a question is of no use for another."""
    assert len(set(itertools.islice(questions("new", 1), 3000))) == 3000


def test_some_repeated_questions_come_often() -> None:
    """The first comes far more often than evenly drawn; the same seed draws the same."""
    drawn, again = (list(itertools.islice(questions("repeated", 1), 2000)) for _ in range(2))
    assert drawn == again
    assert 200 < max(map(drawn.count, set(drawn))) < 400


async def test_every_person_asks_again_after_the_reply() -> None:
    """A closed loop counts all questions, none of them lost."""
    tally = await Bot(1).people.ask_all(Trial(3, 10, most=20, patience=5))
    assert (tally.asked, tally.lost, tally.doubled) == (20, 0, 0)


async def test_sees_lost_and_doubled_replies() -> None:
    """A bot that is silent, or says everything twice, is found out."""
    silent = await Bot(0).people.ask_all(Trial(3, 0.01, most=3, patience=0.01))
    assert (silent.asked, silent.lost, silent.p50_ms) == (3, 3, None)
    twice = await Bot(2).people.ask_all(Trial(1, 5, most=4, patience=5))
    assert twice.lost == 0
    assert twice.doubled >= 3


async def test_questions_come_at_a_rate() -> None:
    """An open loop asks about as often as it is told to."""
    tally = await Bot(1).people.ask_all(Trial(500, 0.2, rate=1000, patience=1))
    assert 120 < tally.asked < 280


async def test_updates_are_there_until_they_are_confirmed() -> None:
    """A poll gets what waits, in vain or later, again until a later offset."""
    api, found = Api(lambda _: None), list[str]()
    api.call("getUpdates", {"timeout": "5"}, found.append)
    assert not found
    api.ask(7, 'is "it" open?')
    await asyncio.sleep(0)
    api.call("getUpdates", {"offset": "0"}, found.append)
    first, again = map(json.loads, found)
    assert first == again
    assert first[0]["message"]["text"] == 'is "it" open?'
    late: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    offset = first[0]["update_id"] + 1
    api.call("getUpdates", {"offset": str(offset), "timeout": "0"}, late.set_result)
    assert await late == "[]"


async def test_calls_come_in_pieces() -> None:
    """A call is carried out when its last byte is there, and its answer is a message."""
    heard: list[int] = []
    connection, wire = Connection(Api(heard.append).call), Wire()
    connection.connection_made(wire)
    for byte in CALL[:-1]:
        connection.data_received(bytes([byte]))
    assert not heard
    connection.data_received(CALL[-1:])
    assert heard == [7]
    head, _, body = wire.written.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body)["result"]["text"] == "hi"


def test_processes_end_whatever_happens(tmp_path: Path) -> None:
    """A process is gone after the block, also after a failing one."""
    with pytest.raises(ZeroDivisionError), running(["http.server", "0"], tmp_path, {}) as process:
        raise ZeroDivisionError(cpu_seconds(process.pid))
    assert process.returncode is not None
    with pytest.raises(BenchmarkError, match="can't be read"):
        cpu_seconds(process.pid)


def test_figures_are_medians_over_the_rounds() -> None:
    """Each kind of trial has one row, lost replies add up, and goals are held against them."""
    samples = [
        *(sample("majlis", throughput=each) for each in (10, 90, 50)),
        sample("majlis", latency=0.08, throughput=400),
        sample("majlis", rate=25, p99=26),
        sample("echo", throughput=20),
    ]
    load = load_of(5000, samples, [Start("majlis", each) for each in (1, 2, 9)])
    near = load.figures[0]
    assert (near.throughput, near.lost, near.latency_ms) == (50, 3, 0)
    measured = [each.measured for each in goals(load, "majlis")]
    assert measured == [2.5, None, 400, 26, 90, 2]
    assert [each.is_met for each in goals(load, "majlis")] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    tables = load_tables(load)
    for table in tables.values():
        rows = [line for line in table.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) == 1


@pytest.mark.parametrize("name", ["load", "half load", "load goals"])
def test_the_readme_has_a_place_for_every_table(name: str, tmp_path: Path) -> None:
    """The command's tables find their markers."""
    copy = tmp_path / "README.md"
    copy.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    write_into(copy, name, "| figure |\n")
    assert "| figure |" in copy.read_text(encoding="utf-8")


def test_says_which_subjects_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name is one line and exit code 2."""
    assert main(["load", "--only", "majlis,other"]) == 2
    assert "there is no subject other" in capsys.readouterr().err


def test_loads_the_bot_and_an_echo_bot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command runs real processes, and nothing is lost or doubled."""
    kept = tmp_path / "figures.json"
    assert main(["load", "--quick", "--only", "majlis,echo", "--json", str(kept)]) == 0
    assert "| Majlis, new questions | 0 | 20 | " in capsys.readouterr().out
    found = json.loads(kept.read_text(encoding="utf-8"))["figures"]
    assert {each["subject"] for each in found["figures"]} == {"majlis", "echo"}
    assert found["capacity"] > 100
    assert {(each["lost"], each["doubled"]) for each in found["figures"]} == {(0, 0)}
