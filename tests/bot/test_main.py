"""The command majlis: exit codes, and one line instead of a traceback."""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __version__
from bot.__main__ import main
from bot.cli import ask, chat, run
from bot.errors import BotError
from bot.settings import Settings

GOOD = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: The library is in Oak Street.
    source: {document: library.txt, paragraph: 1}
"""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("KNOWLEDGE", "SEEDS", "DATABASE", "ADMINS", "WATCH", "LOG_LEVEL"):
        monkeypatch.delenv(f"MAJLIS_{name}", raising=False)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """Return a small knowledge folder with its document inside."""
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "en" / "library.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "seeds" / "library.txt").write_text("The library is in Oak Street.\n")
    return folder


def _interrupted() -> None:
    raise KeyboardInterrupt


def raises(error: BaseException) -> Callable[[argparse.Namespace, Settings], int]:
    """Return a subcommand that ends with an error."""

    def run_and_fail(args: argparse.Namespace, settings: Settings) -> int:
        raise error

    return run_and_fail


def test_an_own_knowledge_folder_answers(
    knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One entry and its document are enough to be answered from, with exit code 0."""
    assert main(["--knowledge", str(knowledge), "ask", "Where is the library?"]) == 0
    said = "The library is in Oak Street.\n\nSource: library, paragraph 1\n"
    assert capsys.readouterr() == (said, "")


def test_a_broken_knowledge_folder_gives_the_list(
    knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every problem is a line on standard error, and the exit code is 1."""
    text = GOOD.replace("question:", "questoin:").replace("id: place", "id: The Place")
    (knowledge / "en" / "library.yaml").write_text(text, encoding="utf-8")
    assert main(["--knowledge", str(knowledge), "ask", "x"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("majlis: own/en/library.yaml:")
    assert "Did you mean 'question'?" in err
    assert "'The Place'" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("folder", ["no-such-folder", "own/en/library.yaml"])
def test_a_folder_that_is_none_is_said_in_a_line(
    folder: str, knowledge: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong path ends with exit code 1 and a remedy."""
    assert main(["--knowledge", folder, "ask", "x"]) == 1
    assert "is not a folder" in capsys.readouterr().err


def test_documents_may_lie_elsewhere(
    knowledge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both folders reach the subcommand; each may come from an option or the environment."""
    seen: list[Settings] = []

    def keep(args: argparse.Namespace, settings: Settings) -> int:
        seen.append(settings)
        return 0

    monkeypatch.setattr(ask, "run", keep)
    monkeypatch.setenv("MAJLIS_KNOWLEDGE", str(knowledge))
    main(["ask", "x"])
    main(["--seeds", str(tmp_path), "ask", "x"])
    main(["--knowledge", str(tmp_path), "--seeds", str(knowledge), "ask", "x"])
    main(["ask", "x", "--knowledge", str(tmp_path), "--seeds", str(knowledge)])
    main(["--knowledge", str(tmp_path), "ask", "--seeds", str(knowledge), "x"])
    main(["--knowledge", "elsewhere", "ask", "--knowledge", str(knowledge), "x"])
    assert [(each.knowledge, each.seeds) for each in seen] == [
        (knowledge, knowledge / "seeds"),
        (knowledge, tmp_path),
        (tmp_path, knowledge),
        (tmp_path, knowledge),
        (tmp_path, knowledge),
        (knowledge, knowledge / "seeds"),
    ]


@pytest.mark.parametrize("command", ["run", "chat", "ask", "check", "schema", "draft", "eval"])
def test_folders_may_be_named_after_any_subcommand(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The options are offered where people look for them."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "--knowledge DIR" in capsys.readouterr().out


def test_a_home_of_nobody_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A path that can't be followed is no traceback."""
    assert main(["check", "--knowledge", "~nobody-of-that-name"]) == 1
    assert capsys.readouterr().err.startswith("majlis: '~nobody-of-that-name' can't be used")


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["frobnicate"], ["ask", "--frobnicate"], ["--knowledge"]),
        *(["check", "--format", "xml"], ["report", "--days", "x"], ["eval", "--fail-under", "x"]),
    ],
)
def test_wrong_usage_is_exit_code_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing or unknown command or option says how it is used."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("usage: majlis")
    assert " value: " not in err


def test_ask_with_nothing_to_ask_is_exit_code_two() -> None:
    """A subcommand's own wrong usage has the same exit code."""
    assert main(["ask"]) == 2


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """--version says name and version, and ends well."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"majlis {__version__}\n"


@pytest.mark.parametrize("command", ["", "eval"])
def test_help_is_told_in_any_letters(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without Unicode shows the help, too."""
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, "ascii"))
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    sys.stdout.flush()
    assert b"usage: majlis" in shown.getvalue()


@pytest.mark.parametrize("command", ["", "run", "chat", "ask", "check", "schema", "draft", "eval"])
def test_help_is_told(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help of the command and of every subcommand ends well; the first lists the others."""
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: majlis {command}".rstrip())
    if not command:
        assert all(
            name in out for name in ("run", "chat", "ask", "check", "schema", "draft", "eval")
        )


def test_an_expected_error_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error with a remedy is shown as its message, with exit code 1."""
    monkeypatch.setattr(ask, "run", raises(BotError("it rains. Take an umbrella.")))
    assert main(["ask", "x"]) == 1
    assert capsys.readouterr().err == "majlis: it rains. Take an umbrella.\n"


def test_a_wrong_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A setting that can't be used is named, with exit code 1."""
    monkeypatch.setenv("MAJLIS_ADMINS", "me")
    assert main(["ask", "x"]) == 1
    assert capsys.readouterr().err.startswith("majlis: MAJLIS_ADMINS has 'me'")


def test_an_interrupt_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends without a word."""
    monkeypatch.setattr(ask, "run", raises(KeyboardInterrupt()))
    assert main(["ask", "x"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_an_interrupt_during_the_start_is_one_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The subcommands take half a second to be imported."""
    monkeypatch.setattr("bot.__main__._commands", _interrupted)
    assert main(["ask", "x"]) == 130
    assert capsys.readouterr() == ("", "")


def test_the_command_itself_imports_little() -> None:
    """What takes long isn't imported before an interrupt can be answered."""
    script = "import sys, bot.__main__; print([each for each in sys.modules if 'numpy' in each])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "[]\n"


def test_a_closed_pipe_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the reader of the output has gone, the command ends quietly."""
    silent = io.StringIO()
    monkeypatch.setattr(sys, "stderr", silent)
    monkeypatch.setattr(ask, "run", raises(BrokenPipeError()))
    assert main(["ask", "x"]) == 1
    assert silent.closed


@pytest.mark.parametrize("command", ["run", "chat"])
def test_without_a_token_the_bot_is_in_the_terminal(
    command: str,
    knowledge: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Both commands talk in the terminal; `run` says how to get a token."""
    lines = iter(["Where is the library?", "/quit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(lines))
    assert main(["--knowledge", str(knowledge), command]) == 0
    out = capsys.readouterr().out
    assert "The library is in Oak Street." in out
    assert ("@BotFather" in out) == (command == "run")


def test_with_a_token_the_bot_goes_to_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """With TELEGRAM_BOT_TOKEN set, `run` doesn't open the terminal."""
    seen: list[str] = []

    async def on_telegram(settings: Settings) -> None:
        seen.append(settings.token)

    monkeypatch.setattr(run, "_on_telegram", on_telegram)
    monkeypatch.setattr(chat, "run", raises(AssertionError()))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:a")
    assert main(["run"]) == 0
    assert seen == ["1:a"]


def test_bytes_that_are_no_text_are_survived(
    knowledge: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Input that can't be read and letters that can't be shown become question marks."""
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff library?\n"), "utf-8"))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, "ascii"))
    assert main(["--knowledge", str(knowledge), "chat"]) == 0
    sys.stdout.flush()
    assert b"Hello" in shown.getvalue()


def test_it_runs_as_a_module() -> None:
    """Python -m bot is the same command."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == f"majlis {__version__}\n"
