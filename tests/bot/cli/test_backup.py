"""majlis backup: a copy that can be trusted, or one line and nothing changed."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.__main__ import main

PATIENCE = 20.0


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a database in WAL mode, with two tables that each transaction fills alike."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "majlis.db"
    monkeypatch.setenv("MAJLIS_DATABASE", str(path))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT)")
        connection.execute("CREATE TABLE other (id INTEGER PRIMARY KEY, text TEXT)")
        write(connection)
    return path


def write(connection: sqlite3.Connection) -> None:
    """Write one message into both tables, in one transaction."""
    with connection:
        for table in ("one", "other"):
            connection.execute(f"INSERT INTO {table} (text) VALUES (?)", ("what people write" * 9,))


def count(path: Path) -> int:
    """Return how many messages a database holds, in both tables alike and without a gap."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (one,), (other,) = (
            connection.execute(f"SELECT json_group_array(id) FROM {table}").fetchone()
            for table in ("one", "other")
        )
    assert one == other
    ids = [int(number) for number in one.strip("[]").split(",")]
    assert ids == list(range(1, len(ids) + 1))
    return len(ids)


@contextmanager
def hammering(path: Path) -> Iterator[Callable[[int], int]]:
    """Write messages in a thread while the block runs.

    Yields a function that waits until there are so many, and returns how many there are.
    """
    stop, written, total = threading.Event(), threading.Condition(), [0]

    def hammer() -> None:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            while not stop.is_set():
                write(connection)
                with written:
                    total[0] += 1
                    written.notify_all()

    def wait(least: int) -> int:
        with written:
            assert written.wait_for(lambda: total[0] >= least, PATIENCE)
            return total[0]

    thread = threading.Thread(target=hammer)
    thread.start()
    try:
        yield wait
    finally:
        stop.set()
        thread.join()


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Return the one line that a backup which fails ends with."""
    before = everything()
    assert main(["backup", *map(str, arguments)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("majlis: ")
    assert err.count("\n") == 1
    assert everything() == before
    return err


def everything() -> dict[str, bytes]:
    """Return the files of the folder, without those that readers of a database leave beside it."""
    return {
        str(path): path.read_bytes()
        for path in Path().rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_the_copy_is_whole_private_and_told(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what was copied; only the owner can read it, and nothing else is left."""
    target = tmp_path / "copies" / "today.db"
    target.parent.mkdir()
    assert main(["backup", str(target)]) == 0
    assert capsys.readouterr() == (
        f"Copied {database} to {target} ({target.stat().st_size / 1000:.1f} kB, checked).\n",
        "",
    )
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["today.db"]
    assert count(target) == 1


def test_a_bot_that_writes_all_the_while_is_copied_consistently(
    database: Path, tmp_path: Path
) -> None:
    """Each copy holds all that was written before, and whole transactions of what came since."""
    target = tmp_path / "copy.db"
    with hammering(database) as wait:
        for _ in range(5):
            before = wait(wait(0) + 20)
            assert main(["backup", "--force", str(target)]) == 0
            after = wait(0)
            assert before < count(target) <= after + 2
        wait(after + 20)


def test_what_is_not_committed_is_not_copied(database: Path, tmp_path: Path) -> None:
    """A transaction under way neither blocks the copy nor gets into it by half."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one (text) VALUES ('half')")
        assert main(["backup", "copy.db"]) == 0
        connection.rollback()
    assert count(tmp_path / "copy.db") == 1


def test_what_was_deleted_is_not_copied(database: Path, tmp_path: Path) -> None:
    """Words that the bot forgot don't live on in the free pages of the copy."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("UPDATE one SET text = 'a secret of somebody'")
        connection.commit()
        connection.execute("UPDATE one SET text = ''")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert main(["backup", "copy.db"]) == 0
    assert b"a secret of somebody" not in (tmp_path / "copy.db").read_bytes()


def test_a_copy_can_be_restored(database: Path, tmp_path: Path) -> None:
    """Put in the database's place, without the files beside it, it goes on from there."""
    main(["backup", "copy.db"])
    connection = sqlite3.connect(database)
    write(connection)
    # As a killed bot leaves it: with what it wrote last in the file beside.
    left = {Path(f"{database}{end}"): Path(f"{database}{end}").read_bytes() for end in ("", "-wal")}
    connection.close()
    for path, content in left.items():
        path.write_bytes(content)
    assert count(database) == 2
    (tmp_path / "copy.db").replace(database)
    for end in ("-wal", "-shm"):
        Path(f"{database}{end}").unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        write(connection)
    assert count(database) == 2


def test_a_killed_bot_s_last_words_are_copied(database: Path, tmp_path: Path) -> None:
    """What stands in the file beside the database only belongs to it."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        write(connection)
        for end in ("", "-wal"):
            content = Path(f"{database}{end}").read_bytes()
            (tmp_path / f"killed.db{end}").write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAJLIS_DATABASE", "killed.db")
        assert main(["backup", "copy.db"]) == 0
    assert count(tmp_path / "copy.db") == 2


def test_a_file_is_replaced_only_by_force(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --force it stays as it is, and the line says what to do."""
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    target.chmod(0o644)
    assert "mine.txt exists already: name another file, or give --force" in refusal(capsys, target)
    assert main(["backup", "--force", str(target)]) == 0
    assert count(target) == 1
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "name", ["majlis.db", "./majlis.db", "majlis.db-wal", "majlis.db-shm", "link.db", "hard.db"]
)
def test_the_database_is_never_the_copy(
    name: str, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither by another name, nor its other files, whether they are there or not, by force."""
    Path("link.db").symlink_to(database)
    Path("hard.db").hardlink_to(database)
    assert "belongs to the database itself" in refusal(capsys, "--force", name)


def test_a_database_behind_a_link_is_protected_too(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite keeps its other files beside the real one."""
    Path("link.db").symlink_to(database)
    monkeypatch.setenv("MAJLIS_DATABASE", "link.db")
    assert "belongs to the database itself" in refusal(capsys, "--force", f"{database}-wal")


@pytest.mark.parametrize("name", [".", os.devnull, "fifo"])
@pytest.mark.usefixtures("database")
def test_what_is_no_file_is_not_replaced(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder and a device stay, also by force."""
    os.mkfifo("fifo")
    assert ": name a file for the copy." in refusal(capsys, "--force", name)
    assert stat.S_ISFIFO(Path("fifo").stat().st_mode)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize("name", ["none.db", "none/majlis.db", "", "sqlite:///none.db"])
def test_a_missing_database_is_told_and_not_made(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A copy of nothing would be found out too late."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAJLIS_DATABASE", name)
    assert "There is no database" in refusal(capsys, "copy.db")


def test_a_database_that_can_not_be_looked_for_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system's words are in the line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAJLIS_DATABASE", "a" * 300)
    assert "can't be read (File name too long)" in refusal(capsys, "copy.db")


@pytest.mark.parametrize("name", ["sqlite://", "sqlite:///:memory:", "sqlite:///a?mode=memory"])
def test_a_database_in_memory_is_told(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It can't be reached from another process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAJLIS_DATABASE", name)
    assert "names no file" in refusal(capsys, "copy.db")


@pytest.mark.parametrize(
    "form", ["sqlite:///{}", "sqlite+aiosqlite:///{}", "sqlite:///file:{}?uri=true"]
)
def test_the_database_may_be_an_address(
    form: str, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that MAJLIS_DATABASE may be for the bot may be copied; names may be odd."""
    odd = tmp_path / "ä b.db"
    database.rename(odd)
    monkeypatch.setenv("MAJLIS_DATABASE", form.format(odd))
    assert main(["backup", "copy #1 100%?.db"]) == 0
    assert count(tmp_path / "copy #1 100%?.db") == 1


def test_postgresql_has_a_command_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line can be pasted into a shell, and doesn't show the password."""
    monkeypatch.chdir(tmp_path)
    address = "postgresql+asyncpg://ann:hush%40hush@db.example.org:5433/faq"
    monkeypatch.setenv("MAJLIS_DATABASE", address)
    line = refusal(capsys, "my copy.db")
    assert (
        "`pg_dump --host=db.example.org --port=5433 --username=ann --dbname=faq --format=custom "
        "'--file=my copy.db'`"
    ) in line
    assert "hush" not in line


@pytest.mark.usefixtures("database")
def test_a_missing_folder_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """It isn't made: a mistyped disk would fill the one below it."""
    line = refusal(capsys, "none/copy.db")
    assert "The copy none/copy.db can't be written (No such file or directory)" in line


@pytest.mark.usefixtures("database")
def test_a_folder_that_can_not_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As root may write anywhere, the refusal is the system's words from elsewhere."""

    def refuse(**_: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert "can't be written (Permission denied)" in refusal(capsys, "copy.db")


def test_a_full_disk_leaves_no_half_copy(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy that was there before stays, and so does the database."""
    assert main(["backup", "copy.db"]) == 0
    with closing(sqlite3.connect(database)) as connection:
        for _ in range(200):
            write(connection)
    capsys.readouterr()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    try:
        line = refusal(capsys, "--force", "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "The copy copy.db can't be written (disk I/O error): make room" in line
    assert count(tmp_path / "copy.db") == 1


def test_a_damaged_database_is_not_copied(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Earlier copies aren't replaced by something worse."""
    with closing(sqlite3.connect(database)) as connection:
        for _ in range(100):
            write(connection)
    content = bytearray(database.read_bytes())
    content[5 * 4096 : 9 * 4096] = b"\xff" * 4 * 4096
    database.write_bytes(content)
    Path("copy.db").write_text("an earlier copy")
    assert "is damaged" in refusal(capsys, "--force", "copy.db")


def test_a_copy_that_fails_its_check_is_not_kept(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What SQLite copies without a word may still break the rules of its tables."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE strict (text TEXT)")
        connection.execute("INSERT INTO strict VALUES (NULL)")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE strict (text TEXT NOT NULL)' "
            "WHERE name = 'strict'"
        )
    line = refusal(capsys, "copy.db")
    assert "is damaged (NULL value in strict.text), so no copy was kept" in line


def test_another_program_s_file_is_told(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong MAJLIS_DATABASE doesn't end in a traceback."""
    database.write_text("hello " * 1000)
    assert "is not a SQLite database" in refusal(capsys, "copy.db")


@pytest.mark.usefixtures("database")
def test_a_file_must_be_named() -> None:
    """Without it the usage is shown."""
    with pytest.raises(SystemExit) as ended:
        main(["backup"])
    assert ended.value.code == 2
