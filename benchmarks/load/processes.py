"""Processes that are started, watched, and stopped whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.load.people import Tally, Trial

_ROOT = Path(__file__).parents[2]
_PROC = Path("/proc")
_PATIENCE = 10.0  # seconds for a process to end by itself
_USER, _SYSTEM = 11, 12  # fields of /proc/…/stat behind the name


@contextmanager
def running(
    module: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """Run a module of ours in a folder, which gets its log, and end it by its id."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with (folder / "log.txt").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", *module],
            cwd=folder,
            env={**kept, "PYTHONPATH": str(_ROOT), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            _end(process)


class Server:
    """Have trials carried out by the server's process; `url` is where it listens."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self.url = f"http://127.0.0.1:{self.heard()}"

    def say(self, trial: Trial) -> None:
        """Begin a trial."""
        if self._process.stdin:
            self._process.stdin.write(f"{json.dumps(asdict(trial))}\n")
            self._process.stdin.flush()

    def heard(self) -> object:
        """Wait for what the server says next."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            message = f"the server ended: {last_line(self._folder)}"
            raise BenchmarkError(message)
        return json.loads(line)

    def tally(self) -> Tally:
        """Wait for what became of the trial."""
        found = self.heard()
        return Tally(**found) if isinstance(found, dict) else Tally(0, 0, 0, 0, None, None, None)


@contextmanager
def serving(kind: str, seed: int, folder: Path) -> Iterator[Server]:
    """Run a Bot API server whose people ask questions of a kind."""
    apart = folder / "server"
    apart.mkdir(exist_ok=True)
    with running(["benchmarks.load.server", kind, str(seed)], apart, {}) as process:
        yield Server(process, apart)


def cpu_seconds(number: int) -> float:
    """Return the processor time that a process has used, in seconds; BenchmarkError if it ended."""
    fields = _read(number, "stat").rpartition(")")[2].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def resident_mb(number: int) -> float:
    """Return the memory that a process holds, in MiB; BenchmarkError if it ended."""
    pages = int(_read(number, "statm").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def last_line(folder: Path) -> str:
    """Return what a process said last."""
    lines = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else "it says nothing"


def _read(number: int, name: str) -> str:
    try:
        return (_PROC / str(number) / name).read_text(encoding="utf-8")
    except OSError as error:
        message = f"/proc/{number}/{name} can't be read: {error.strerror}"
        raise BenchmarkError(message) from error


def _end(process: subprocess.Popen[str]) -> None:
    """Let a process end, and make it if it doesn't."""
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream:
                stream.close()
    try:
        process.terminate()
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()
