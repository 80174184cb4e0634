"""majlis eval: options, exit codes, and where the reports go."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli import eval as evaluate
from bot.conversation.edition import Edition
from bot.evaluation import as_html
from bot.settings import Settings
from tests.bot.conversation.library import ENTRIES
from tests.bot.evaluation.library import edition_of
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry
from tests.fakes import make_entry

Run = Callable[..., tuple[int, str, str]]
GOOD = "hours: [when is the library open]\nplace: [where is the library, parrots]\n"
OAK = make_entry("oak", alternates=("the oak", "tell me of oaks"), negatives=("oak price",))


def _edition(settings: Settings) -> Edition:
    script = {"without the oak": {"oak": 0.9}, "without oak price": {"oak": 0.7}}
    return edition_of((*ENTRIES, OAK), script)


def _no_edition(settings: Settings) -> Edition:
    raise AssertionError


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the subcommand in a folder with two files of utterances."""
    monkeypatch.chdir(tmp_path)
    Path("good.yaml").write_text(GOOD, encoding="utf-8")
    Path("_out_of_scope.yaml").write_text("far: [are there parrots]\n", encoding="utf-8")

    def run_eval(
        *options: str, build: Callable[[Settings], Edition] = _edition
    ) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        evaluate.add(parser.add_subparsers())
        code = evaluate.run(parser.parse_args(["eval", *options]), Settings(), build)
        return (code, *capsys.readouterr())

    return run_eval


def test_a_file_is_measured_and_told_in_text(run: Run) -> None:
    """Two of three are answered rightly; the exit code is 0 and standard error empty."""
    code, out, err = run("good.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("3 utterances, 0 of them out of scope, asked of 7 entries")
    assert "2 of 3" in out


def test_a_folder_is_measured_with_what_is_out_of_scope(run: Run) -> None:
    """JSON has the figures for programs."""
    code, out, _ = run(".", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["mode"] == "utterances"
    assert found["in_scope"]["right"]["count"] == 2
    assert found["out_of_scope"]["silent"] == {
        "count": 1,
        "total": 1,
        "share": 1.0,
        "low": 0.2065,
        "high": 1.0,
    }


def test_a_split_is_that_of_the_option(run: Run) -> None:
    """Of JSON lines, only those of the split are asked."""
    lines = [{"text": "parrots", "entry": None, "split": split} for split in ("dev", "test")]
    Path("a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert run("a.jsonl", "--split", "test")[1].startswith("1 utterance, 1 of them out of scope")


def test_the_language_is_that_of_the_option(run: Run) -> None:
    """A language that the knowledge lacks is asked in the default one."""
    assert run("good.yaml", "--lang", "de")[0] == 0


def test_cross_validation_needs_no_file(run: Run) -> None:
    """The one entry with alternates is tried, and its negative."""
    code, out, _ = run("--cross-validate", "--format", "json")
    found = json.loads(out)
    assert (code, found["mode"]) == (0, "cross-validation")
    assert found["in_scope"]["right"]["count"] == 1
    assert found["in_scope"]["right"]["total"] == 3
    assert [each["given"] for each in found["false_answers"]] == ["oak"]


def test_a_page_is_written_beside_the_text(run: Run) -> None:
    """Both reports are made of the same trials."""
    code, out, _ = run("good.yaml", "--html", "page.html")
    assert (code, "2 of 3" in out) == (0, True)
    assert "2 of 3" in Path("page.html").read_text(encoding="utf-8")


def test_half_a_character_keeps_nothing_from_being_written(run: Run) -> None:
    """A lone surrogate, which no file can hold, becomes a question mark."""
    Path("a.jsonl").write_text(r'{"text": "\ud800 parrots", "entry": "hours"}', encoding="utf-8")
    assert run("a.jsonl", "--html", "page.html", "--format", "json")[0] == 0
    assert "? parrots" in Path("page.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_one_line(run: Run) -> None:
    """The exit code is that of wrong usage."""
    code, _, err = run("good.yaml", "--html", "gone/page.html")
    assert code == 2
    assert err.startswith("majlis eval: can't write gone/page.html (No such file")


def test_a_page_without_its_extra_is_refused_first(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for figures that can't be drawn."""
    monkeypatch.setattr(as_html, "find_spec", lambda name: None)
    code, out, err = run("good.yaml", "--html", "page.html", build=_no_edition)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "majlis-bot[charts]" in err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "give files or folders of utterances, such as tests/utterances, or --cross-validate"),
        (("--cross-validate", "good.yaml"), "leave FILE, --split, --lang out"),
        (("--cross-validate", "--split", "test"), "leave FILE, --split, --lang out"),
        (("--cross-validate", "--lang", "en"), "leave FILE, --split, --lang out"),
        (("gone.yaml",), "gone.yaml: doesn't exist."),
        (("good.yaml", "--max-false", "1"), "--max-false: no utterance is out of scope."),
    ],
)
def test_what_cannot_be_measured_is_said_before_the_work(
    options: tuple[str, ...], says: str, run: Run
) -> None:
    """Exit code 2, a line with the remedy, and no edition is built."""
    code, out, err = run(*options, build=_no_edition)
    assert (code, out) == (2, "")
    assert err.startswith("majlis eval: ")
    assert says in err


def test_an_unknown_entry_is_named_with_its_line(run: Run) -> None:
    """Exit code 2, and the id that may be meant."""
    Path("bad.yaml").write_text("hours: [when]\nplaces: [where]\n", encoding="utf-8")
    assert run("bad.yaml") == (
        2,
        "",
        "majlis eval: bad.yaml:2: 'places' is no entry of the knowledge. Did you mean 'place'?\n",
    )


def test_limits_that_are_kept_end_well(run: Run) -> None:
    """Exit code 0 and no word."""
    limits = ("--fail-under", "66.6", "--max-wrong", "0", "--max-false", "0")
    code, _, err = run(".", *limits)
    assert (code, err) == (0, "")


def test_limits_that_are_missed_end_with_one(run: Run) -> None:
    """The report is written all the same, and each limit has its line."""
    code, out, err = run(".", "--fail-under", "66.7")
    assert code == 1
    assert "2 of 3" in out
    assert err == ("majlis eval: 66.67 % are answered rightly, under the 66.7 % of --fail-under.\n")


@pytest.mark.parametrize("value", ["-1", "101", "nan", "many"])
def test_a_limit_is_a_percentage(value: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is wrong usage."""
    with pytest.raises(SystemExit, match="2"):
        run("good.yaml", f"--max-wrong={value}")
    assert "--max-wrong" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["office.yaml", "--cross-validate"])
def test_the_command_line_leads_here(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command down, somebody's own knowledge is measured by the live matcher."""
    monkeypatch.chdir(tmp_path)
    folder = KnowledgeFolder(tmp_path).topic(
        entry(alternates=["office hours", "when does the office open", "hours of the office"]),
        desk(alternates=["visitor pass", "where do visitors bring a pass"]),
    )
    Path("office.yaml").write_text("office-hours: [when is the office open]\n", encoding="utf-8")
    assert main(["eval", mode, "--format", "json", "--knowledge", str(folder.path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["knowledge"]["entries"] == 2
    assert found["in_scope"]["accuracy"]["total"] == (1 if mode == "office.yaml" else 7)
