"""The PostgreSQL server that other tests run on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from tests import postgres as module
from tests.postgres import Postgres, needed_programs, running_postgres

FOREVER = """
import signal
from tests.postgres import needed_programs, running_postgres
with running_postgres(needed_programs({})) as server:
    print(server.port, server.folder, flush=True)
    signal.pause()
"""


async def query(postgres: Postgres, url: str, statement: str) -> object:
    """Return the first value that a statement gives in a database."""
    connection = await asyncpg.connect(postgres.address(url.rpartition("/")[2]))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def listening(port: int) -> bool:
    """Tell whether anything listens at a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


async def test_databases_are_empty_and_independent(postgres: Postgres) -> None:
    """What is made in one new database isn't in the other; both speak UTF-8."""
    one, other = await postgres.new_database(), await postgres.new_database()
    assert one.startswith("postgresql+asyncpg://")
    await query(postgres, one, "CREATE TABLE words AS SELECT 'مجلس' AS word")
    assert await query(postgres, one, "SELECT word FROM words") == "مجلس"
    with pytest.raises(asyncpg.UndefinedTableError):
        await query(postgres, other, "SELECT word FROM words")


async def test_a_database_in_use_can_be_dropped(postgres: Postgres) -> None:
    """Connections that a test left open don't keep its database."""
    url = await postgres.new_database()
    left_open = await asyncpg.connect(postgres.address(url.rpartition("/")[2]))
    await postgres.drop_database(url)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await query(postgres, url, "SELECT 1")
    await left_open.close()


def test_the_server_is_gone_after_the_block(postgres: Postgres) -> None:
    """Neither process nor folder is left; other servers run on."""
    with running_postgres(needed_programs(os.environ)) as second:
        assert second.folder.is_dir()
        assert second.port != postgres.port
    assert not second.folder.exists()
    assert not listening(second.port)
    assert listening(postgres.port)


@pytest.mark.usefixtures("postgres")
def test_the_server_dies_with_its_tests() -> None:
    """Killed tests, which clean nothing up, leave no server either."""
    with subprocess.Popen(
        [sys.executable, "-c", FOREVER],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        port, folder = tests.stdout.readline().split()
        assert listening(int(port))
        tests.kill()
    # Asked by connecting, a server that is being stopped would wait for the one who asks.
    while Path(folder).exists():
        time.sleep(0.01)
    assert not listening(int(port))


@pytest.mark.usefixtures("postgres")
def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error has the server's own words, and nothing is left in the way of the next."""
    programs = needed_programs(os.environ)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(module, "_free_ports", lambda count: [other.getsockname()[1]] * count)
        with pytest.raises(RuntimeError, match="already in use"), running_postgres(programs):
            raise AssertionError


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [({}, pytest.skip.Exception), ({"CI": "true"}, pytest.fail.Exception)],
)
def test_a_missing_postgresql_is_skipped_loudly_and_fails_in_ci(
    environment: dict[str, str],
    outcome: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both say what to install; a CI that tests nothing of PostgreSQL isn't green."""
    monkeypatch.setattr(module, "_folders", lambda: iter(()))
    with pytest.raises(outcome, match="apt-get install postgresql"):
        needed_programs(environment)
