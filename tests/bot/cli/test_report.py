"""majlis report: options, the database it reads, and where the report goes."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.storage.database import open_database
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.store import Exchange, Heard, Miss


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a database in which somebody asked something, and name it in the environment."""
    path = tmp_path / "majlis.db"
    asyncio.run(_fill(path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAJLIS_DATABASE", str(path))
    return path


async def _fill(path: Path) -> None:
    pseudonym, now = pseudonyms("a key"), dt.datetime.now(dt.UTC)
    age = dt.timedelta(days=90)
    store = SqlStore(
        await open_database(str(path), pseudonym),
        pseudonym,
        session_expiry=age,
        retention=age,
        clock=lambda: now,
    )
    await store.keep(
        [
            Heard(1, 2, "where?", "en", "answer", (), now),
            Heard(1, 2, "parrots?", "en", "fallback", (), now - dt.timedelta(days=9)),
            Miss(2, "parrots?", "en", (), now - dt.timedelta(days=9)),
            Exchange(1, 2, 3, ("no-such-entry",), now, 2, "where?", "why"),
        ]
    )
    await store.close()


@pytest.mark.usefixtures("database")
def test_the_last_week_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options it is seven days, in text."""
    assert main(["report"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("7 days, ")
    assert "no-such-entry" in out
    assert "parrots?" not in out


@pytest.mark.usefixtures("database")
def test_other_days_and_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page is written beside the text."""
    page = tmp_path / "report.html"
    assert main(["report", "--days", "30", "--html", str(page)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("30 days, ")
    assert "parrots?" in out
    assert "parrots?" in page.read_text(encoding="utf-8")
    assert str(page) in err


@pytest.mark.usefixtures("database")
def test_a_broken_knowledge_costs_the_questions_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Entries go by their ids then."""
    assert main(["--knowledge", str(tmp_path / "none"), "report"]) == 0
    assert "no-such-entry" in capsys.readouterr().out


@pytest.mark.usefixtures("database")
def test_a_page_that_cannot_be_written_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code tells, and the message names the file."""
    assert main(["report", "--html", str(tmp_path / "no" / "report.html")]) == 1
    assert "can't be written" in capsys.readouterr().err


def test_without_a_database_there_is_nothing_to_report(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong path makes no empty database."""
    database.unlink()
    assert main(["report"]) == 1
    assert "There is no database" in capsys.readouterr().err
    assert not database.exists()


@pytest.mark.parametrize("days", ["0", "367", "week"])
def test_days_have_a_range(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is wrong usage."""
    with pytest.raises(SystemExit) as wrong:
        main(["report", "--days", days])
    assert wrong.value.code == 2
    assert "--days" in capsys.readouterr().err
