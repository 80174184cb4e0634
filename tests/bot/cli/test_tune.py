"""majlis tune: what it shows, and thresholds that go live in a bot that runs."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot import bootstrap
from bot.__main__ import main
from bot.conversation.messages import Answer, Suggestions, Utterance
from bot.evaluation import as_html
from bot.settings import Settings, read_settings
from bot.storage.store import Candidate, Exchange, Heard, Memory, ReplyKind
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry
from tests.bot.storage.conftest import EXPIRY, RETENTION, FakeClock, open_store

Run = Callable[..., tuple[int, str, str]]
VAGUE = Utterance(1, 1, "who is at the front desk tomorrow", "en")
PATIENCE = 10.0


def _picked(number: int, sure: float, kind: ReplyKind = "suggest") -> Iterable[Memory]:
    """Yield what is kept of a question whose first match was picked, or answered in silence."""
    at = dt.datetime.now(dt.UTC)
    text = f"question {number}"
    candidates = (Candidate("office-hours", sure),)
    yield Heard(number, number, text, "en", kind, candidates, at)
    yield Exchange(number, 1, 2, ("office-hours",), at, number, text)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a small knowledge, in the environment too."""
    folder = KnowledgeFolder(tmp_path).topic(entry(), desk())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAJLIS_KNOWLEDGE", str(folder.path))
    monkeypatch.setenv("MAJLIS_SEEDS", str(folder.seeds))
    monkeypatch.setenv("MAJLIS_DATABASE", str(tmp_path / "majlis.db"))
    monkeypatch.setenv("MAJLIS_LOG_LEVEL", "WARNING")
    return read_settings()


@pytest.fixture
def fill(settings: Settings) -> Callable[[int], None]:
    """Return a function that keeps so many picked questions of little confidence."""

    def filled(count: int) -> None:
        async def keep() -> None:
            store = await open_store(settings.database, EXPIRY, RETENTION, FakeClock(), "")
            kept = (each for number in range(1, count + 1) for each in _picked(number, 0.06))
            await store.keep(list(kept))
            await store.close()

        asyncio.run(keep())

    return filled


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the subcommand."""

    def run_tune(*options: str) -> tuple[int, str, str]:
        return (main(["tune", *options]), *capsys.readouterr())

    return run_tune


def test_a_proposal_is_shown_and_changes_nothing(fill: Callable[[int], None], run: Run) -> None:
    """The curve has the threshold, and the questions that would newly be answered."""
    fill(60)
    code, out, err = run()
    assert (code, err) == (0, "")
    assert "60 questions, 60 votes or picks from people, 60 of them for the first match" in out
    assert "0.06 proposed" in out
    assert "Newly answered: 60" in out
    assert "question 7 → office-hours (0.06, right)" in out
    assert "Proposed: answer from 0.06 on (now " in out
    (found,) = json.loads(run("--json")[1])
    assert found["reason"] == "proposed"


def test_few_signs_propose_nothing(fill: Callable[[int], None], run: Run) -> None:
    """It is said how many there are and how many it takes; --apply applies nothing."""
    fill(12)
    code, out, err = run("--apply")
    assert code == 0
    assert "12 votes or picks from people" in out
    assert "Too early to propose anything: 30 votes or picks are needed." in out
    assert "nothing changed" in err
    assert "nothing changed" in run("--reset")[2]


def test_a_precision_out_of_reach_is_said(fill: Callable[[int], None], run: Run) -> None:
    """Sixty right ones don't prove 99 %."""
    fill(60)
    (found,) = json.loads(run("--precision", "0.99", "--json")[1])
    assert (found["reason"], found["then"], found["target"]) == ("out of reach", None, 0.99)
    assert found["curve"][5]["precision"]["signs"] == 60


def test_only_the_last_days_count_if_wished(fill: Callable[[int], None], run: Run) -> None:
    """What was asked just now is within a day."""
    fill(3)
    (found,) = json.loads(run("--days", "1", "--json")[1])
    assert found["questions"] == 3


def test_a_page_has_the_curve(fill: Callable[[int], None], run: Run) -> None:
    """It needs nothing from elsewhere; the drawing has the page's colours."""
    fill(60)
    assert run("--html", "page.html")[0] == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert "http" not in page
    assert "question 7" in page
    assert "var(--right)" in page


def test_a_page_that_cant_be_made_is_told(
    fill: Callable[[int], None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing folder or drawing library is named, with the exit code of wrong usage."""
    fill(1)
    code, _, err = run("--html", "none/page.html")
    assert (code, "none/page.html" in err) == (2, True)
    monkeypatch.setattr(as_html, "find_spec", lambda name: None)
    code, _, err = run("--html", "page.html")
    assert (code, "majlis-bot[charts]" in err) == (2, True)


def test_a_database_that_isnt_there_is_told(settings: Settings, run: Run) -> None:
    """Nothing is made in its place."""
    code, _, err = run()
    assert (code, "There is no database" in err) == (1, True)
    assert not Path(settings.database).exists()


@pytest.mark.parametrize(
    "options",
    [("--precision", "90"), ("--precision", "x"), ("--days", "0"), ("--apply", "--reset")],
)
def test_wrong_options_are_refused(options: tuple[str, ...]) -> None:
    """The usage is shown."""
    with pytest.raises(SystemExit) as ended:
        main(["tune", *options])
    assert ended.value.code == 2


async def test_a_running_bot_takes_what_is_applied(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A vague question gets suggestions; tuned, an answer; reset, suggestions again.

    A restart between makes no difference.
    """
    async with bootstrap.durable(settings) as bot:
        kept = (each for number in range(2, 62) for each in _picked(number, 0.06))
        await bot.store.keep(list(kept))
        plain = bot.conversation.knowledge.version
        assert isinstance(await bot.conversation.respond(VAGUE), Suggestions)
        changed = _changes(bot)
        assert await asyncio.to_thread(main, ["tune", "--apply"]) == 0
        tuned = await asyncio.wait_for(changed.get(), PATIENCE)
        assert tuned.startswith(f"{plain}+t")
        assert isinstance(await bot.conversation.respond(VAGUE), Answer)
    async with bootstrap.durable(settings) as bot:
        assert bot.conversation.knowledge.version == tuned
        assert isinstance(await bot.conversation.respond(VAGUE), Answer)
        changed = _changes(bot)
        assert await asyncio.to_thread(main, ["tune", "--reset"]) == 0
        assert await asyncio.wait_for(changed.get(), PATIENCE) == plain
        assert isinstance(await bot.conversation.respond(VAGUE), Suggestions)
    assert "within two seconds" in capsys.readouterr().err


def _changes(bot: bootstrap.Bot) -> asyncio.Queue[str]:
    """Return where the versions come that go live."""
    versions: asyncio.Queue[str] = asyncio.Queue()
    bot.reloader.observe(lambda report: versions.put_nowait(report.version))
    return versions
