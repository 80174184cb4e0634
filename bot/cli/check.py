"""majlis check: every problem of the knowledge, and how to mend it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from bot import building
from bot.cli.parsing import Subparsers
from bot.knowledge.check import check
from bot.knowledge.load import Loaded
from bot.knowledge.problems import KnowledgeError, Problem
from bot.settings import Settings

Collisions = Callable[[Loaded, Settings], list[Problem]]


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser(
        "check",
        parents=parents,
        help="report every problem of the knowledge",
        description="Report every problem of the knowledge as file:line: entry: how to mend it. "
        "The exit code is 0 if there is none, else 1.",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "github"], default="text", help="default: text"
    )
    parser.set_defaults(run=run)


def run(
    args: argparse.Namespace, settings: Settings, collide: Collisions = building.find_collisions
) -> int:
    """Print the problems; return 1 if there are any, advice included."""
    loaded, problems = _examine(settings, collide)
    match args.format:
        case "json":
            text = _json(problems)
        case "github":
            text = "\n".join([*map(_annotation, problems), _summary(loaded, problems)])
        case _:
            text = "\n".join([*map(str, problems), _summary(loaded, problems)])
    sys.stdout.write(f"{text}\n")
    return 1 if problems else 0


def _examine(settings: Settings, collide: Collisions) -> tuple[Loaded | None, list[Problem]]:
    try:
        loaded = building.load_knowledge(settings)
    except KnowledgeError as error:
        return None, sorted(error.problems)
    return loaded, sorted([*check(loaded), *collide(loaded, settings)])


def _summary(loaded: Loaded | None, problems: Sequence[Problem]) -> str:
    if loaded is None or problems:
        advice = sum(problem.severity == "advice" for problem in problems)
        noun = "problem" if len(problems) == 1 else "problems"
        return f"{len(problems)} {noun}: {len(problems) - advice} broken, {advice} advice"
    entries = len(loaded.knowledge.entries)
    paragraphs = sum(len(each.paragraphs) for each in loaded.knowledge.documents.values())
    return f"OK: {entries} entries, {paragraphs} paragraphs, all covered"


def _json(problems: Sequence[Problem]) -> str:
    return json.dumps([asdict(each) for each in problems], indent=2, ensure_ascii=False)


def _annotation(problem: Problem) -> str:
    """Return a problem as GitHub Actions shows it beside the line.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    command = "error" if problem.severity == "broken" else "warning"
    place = f"file={_escaped(problem.file).replace(':', '%3A').replace(',', '%2C')}"
    if problem.line:
        place += f",line={problem.line}"
    text = f"{problem.entry}: {problem.text}" if problem.entry else problem.text
    return f"::{command} {place}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
