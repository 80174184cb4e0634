"""majlis check, as people, programs and GitHub read it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import check
from bot.knowledge.load import Loaded
from bot.knowledge.problems import Problem
from bot.settings import Settings, with_knowledge
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry

Run = Callable[..., tuple[int, str]]


def _no_collisions(loaded: Loaded, settings: Settings) -> list[Problem]:
    return []


def _one_collision(loaded: Loaded, settings: Settings) -> list[Problem]:
    return [loaded.problem(loaded.knowledge.entries[0], "is confused.", advice=True)]


@pytest.fixture
def folder(tmp_path: Path) -> KnowledgeFolder:
    """Return an empty knowledge folder with one document."""
    return KnowledgeFolder(tmp_path)


@pytest.fixture
def run(folder: KnowledgeFolder, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that checks the folder and gives the exit code and what was printed."""

    def run_check(
        *options: str, collide: Callable[[Loaded, Settings], list[Problem]] = _no_collisions
    ) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        check.add(parser.add_subparsers())
        args = parser.parse_args(["check", *options])
        code = check.run(args, with_knowledge(Settings(), folder.path), collide)
        return code, capsys.readouterr().out

    return run_check


def test_a_sound_knowledge_base_is_one_line(folder: KnowledgeFolder, run: Run) -> None:
    """Nothing wrong is said in one line, with exit code 0."""
    folder.topic(entry(), desk())
    assert run() == (0, "OK: 2 entries, 2 paragraphs, all covered\n")
    assert run("--format", "github") == (0, "OK: 2 entries, 2 paragraphs, all covered\n")


def test_every_problem_is_a_line_with_place_entry_and_remedy(
    folder: KnowledgeFolder, run: Run
) -> None:
    """Problems of all checks come sorted, then their count; advice alone fails too."""
    folder.topic(entry(related=["front-dsk"], review="true"), desk())
    code, out = run(collide=_one_collision)
    assert code == 1
    assert out.splitlines() == [
        "knowledge/en/office.yaml:3: office-hours: is confused.",
        (
            "knowledge/en/office.yaml:12: office-hours: points at 'front-dsk' in 'related', which "
            "no entry has as its id. Did you mean 'front-desk'?"
        ),
        (
            "knowledge/en/office.yaml:13: office-hours: waits for review. Read it, then remove the "
            "line 'review: true'."
        ),
        "3 problems: 1 broken, 2 advice",
    ]


def test_advice_alone_fails(folder: KnowledgeFolder, run: Run) -> None:
    """What is worth saying is worth mending."""
    folder.topic(entry(), desk())
    code, out = run(collide=_one_collision)
    assert (code, out.splitlines()[-1]) == (1, "1 problem: 0 broken, 1 advice")


def test_knowledge_that_does_not_load_is_reported_without_traceback(
    folder: KnowledgeFolder, run: Run
) -> None:
    """Broken YAML is a problem like any other."""
    folder.raw("en/office.yaml", "topic: [")
    code, out = run()
    assert code == 1
    assert out.startswith("knowledge/en/office.yaml:1: is not valid YAML")
    assert out.endswith("1 problem: 1 broken, 0 advice\n")


def test_json_is_a_list_of_problems(folder: KnowledgeFolder, run: Run) -> None:
    """Programs get every part of a problem under its name, and an empty list for none."""
    folder.topic(entry(), desk())
    assert run("--format", "json") == (0, "[]\n")
    code, out = run("--format", "json", collide=_one_collision)
    assert code == 1
    assert json.loads(out) == [
        {
            "file": "knowledge/en/office.yaml",
            "line": 3,
            "entry": "office-hours",
            "text": "is confused.",
            "severity": "advice",
        }
    ]


def test_github_gets_errors_and_warnings_beside_the_line(folder: KnowledgeFolder, run: Run) -> None:
    """Broken parts are errors, advice is a warning; a problem of a whole file has no line."""
    folder.topic(entry(source=None), desk(review="true")).document("100%,a:b.txt", "50% off.")
    lines = run("--format", "github")[1].splitlines()
    assert lines[0].startswith("::error file=knowledge/en/office.yaml,line=3::office-hours: has no")
    assert lines[1].startswith("::warning file=knowledge/en/office.yaml,line=16::front-desk: waits")
    assert lines[2].startswith("::warning file=seeds/100%25%2Ca%3Ab.txt::paragraph 1 ('50%25 off.")
    assert lines[-1].endswith("advice")


def test_an_unknown_format_is_wrong_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 and the choices."""
    with pytest.raises(SystemExit, match="2"):
        run("--format", "xml")
    assert "github" in capsys.readouterr().err
