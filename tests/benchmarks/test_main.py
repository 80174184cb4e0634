"""Run the commands as a person does, on toy sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.corpus import SENTENCES
from benchmarks.machine import machine
from benchmarks.scale import costs
from tests.benchmarks.toy import out_of_scope, rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a toy set and general sentences."""
    lines = [
        json.dumps({"text": row.text, "intent": row.intent, "split": row.split})
        for row in (*rows(60), *out_of_scope())
    ]
    (tmp_path / "toy.jsonl").write_text("\n".join(lines), encoding="utf-8")
    sentences = [f"a sentence about the thing {n}" for n in range(300)]
    (tmp_path / SENTENCES).write_text("\n".join(sentences), encoding="utf-8")
    return tmp_path


def test_matching_prints_a_table_and_keeps_the_figures(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One command gives one table, and JSON with what it was measured on."""
    kept = folder / "figures.json"
    command = ["matching", str(folder), "--only", "fts5", "--limit", "5", "--json", str(kept)]
    assert main(command) == 0
    assert "| toy | SQLite FTS5 bm25 | " in capsys.readouterr().out
    written = json.loads(kept.read_text(encoding="utf-8"))
    assert written["machine"] == machine()
    (figures,) = written["figures"]
    assert figures["set"] == "toy"
    assert 5 < figures["questions"] < 10


def test_conversation_prints_its_losses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command lists questions beside both verdicts."""
    assert main(["conversation", str(folder), "--limit", "5"]) == 0
    assert capsys.readouterr().out.startswith("| set | question | expected | matcher alone |")


def test_says_what_cannot_be_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong name is one line on standard error and exit code 2."""
    for wrong in (["--sets", "other"], ["--only", "other"]):
        assert main(["matching", str(folder), *wrong]) == 2
        assert capsys.readouterr().err.startswith("benchmarks: ")


def test_measures_costs_in_a_process_of_its_own(folder: Path) -> None:
    """A fresh process builds, is asked and tells its memory."""
    folder.joinpath("more.jsonl").write_text(
        "\n".join(
            json.dumps({"text": f"word{n} of {n % 9}", "intent": str(n % 9), "split": "train"})
            for n in range(300)
        ),
        encoding="utf-8",
    )
    (cost,) = costs(folder, [200], ["fts5"], 30)
    assert (cost.subject, cost.phrasings, cost.asked) == ("SQLite FTS5 bm25", 200, 500)
    assert cost.peak_mb > 1
