"""A real PostgreSQL server for tests, in a folder of its own that goes when the tests end."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

_NO_POSTGRES = (
    "no PostgreSQL server programs (initdb, postgres) are installed, so nothing of "
    "PostgreSQL is tested: apt-get install postgresql (no server need run), or put them on PATH"
)
_PROGRAMS = ("initdb", "postgres")
_DEBIAN = Path("/usr/lib/postgresql")
_USER = "majlis"
_STOP_SECONDS = 20
# The shell stops the server as soon as its standard input ends, which it also does when the tests
# are killed. The first of the ports that is still free is taken, and printed.
_KEEPER = r"""
folder=$1; shift
trap 'kill -QUIT $server; wait; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
exec 2>>log
initdb -D data -U "$0" -A trust -E UTF8 --no-locale --no-sync >>log && for port in "$@"; do
  postgres -D data -p "$port" -k "$folder" -F -c listen_addresses=127.0.0.1 \
    -c synchronous_commit=off -c full_page_writes=off >>log &
  server=$!
  while kill -0 $server; do
    if grep -qs ^ready data/postmaster.pid; then echo "$port"; read -r _; exit; fi
    sleep 0.02
  done
done
echo failed; cat log
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """Name the databases of a running server, and make and drop them.

    Its `folder` holds data, log and Unix socket.
    """

    host: str
    port: int
    folder: Path

    def url(self, database: str = "postgres") -> str:
        """Return the text for MAJLIS_DATABASE that names a database."""
        return f"postgresql+asyncpg://{_USER}@{self.host}:{self.port}/{database}"

    def address(self, database: str = "postgres") -> str:
        """Return the same for asyncpg.connect."""
        return self.url(database).replace("+asyncpg", "")

    async def new_database(self) -> str:
        """Make an empty database, and return the text for MAJLIS_DATABASE."""
        name = f"test_{secrets.token_hex(8)}"
        await self._execute(f"CREATE DATABASE {name}")
        return self.url(name)

    async def drop_database(self, url: str) -> None:
        """Drop a database that `new_database` made, and whatever connections it still has."""
        await self._execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.address())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def needed_programs(environ: Mapping[str, str]) -> Path:
    """Return the folder of the server's programs, the newest that Debian has.

    Without them the test is skipped, or fails where CI is set.
    """
    if programs := next(filter(_complete, _folders()), None):
        return programs
    if environ.get("CI"):
        pytest.fail(_NO_POSTGRES)
    pytest.skip(_NO_POSTGRES)


@contextmanager
def running_postgres(programs: Path) -> Iterator[Postgres]:
    """Run a server while the block does; raise RuntimeError with its log if it won't start."""
    uid, gid = _account()
    # Not the temporary folder of pytest: a socket's path must be short, and reached by that user.
    folder = Path(tempfile.mkdtemp(prefix="majlis-pg-", dir="/tmp"))
    if uid is not None and gid is not None:
        os.chown(folder, uid, gid)
    with subprocess.Popen(
        ["/bin/sh", "-c", _KEEPER, _USER, str(folder), *map(str, _free_ports(3))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C"},
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        start_new_session=True,  # Ctrl-C is for the tests, and they for the server.
    ) as keeper:
        assert keeper.stdout is not None
        try:
            if not (port := keeper.stdout.readline().strip()).isdigit():
                message = f"PostgreSQL of {programs} doesn't start:\n{keeper.stdout.read()}"
                raise RuntimeError(message)
            yield Postgres("127.0.0.1", int(port), folder)
        finally:
            keeper.communicate("stop\n", timeout=_STOP_SECONDS)


def _folders() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    yield from sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    if config := shutil.which("pg_config"):
        done = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(done.stdout.strip())


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in _PROGRAMS)


def _version(folder: Path) -> float:
    return float(re.sub(r"[^\d.]", "", folder.parent.name) or 0)


def _account() -> tuple[int, int] | tuple[None, None]:
    """Return who runs the server: it refuses root, so another takes its place."""
    if os.geteuid():
        return None, None
    names = {each.pw_name: each for each in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return account.pw_uid, account.pw_gid


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        taken = [stack.enter_context(closing(socket.socket())) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]
