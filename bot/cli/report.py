"""majlis report: how a bot is used, and how well it answers, from what it has kept."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import bootstrap, building
from bot.cli.parsing import Subparsers
from bot.errors import BotError
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.lessons import Lesson, with_lessons
from bot.knowledge.problems import KnowledgeError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.reporting.summary import Summary

_MOST_DAYS = 366


class ReportError(BotError):
    """The page can't be written."""


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "report",
        parents=parents,
        help="how the bot is used, and how well it answers",
        description="Count what the database that MAJLIS_DATABASE names has kept: questions, "
        "answers, votes, what is asked most and what in vain. The database is only read; a bot "
        "may go on writing meanwhile.",
    )
    parser.add_argument(
        "--days", type=_days, default=7, metavar="N", help="count the last N days (default: 7)"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with charts, too")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Report; raises StorageError if there is no database, ReportError for the page."""
    from bot.reporting.as_html import as_html  # noqa: PLC0415 - no other command needs it
    from bot.reporting.as_text import write_text  # noqa: PLC0415
    from bot.reporting.summary import without_refused  # noqa: PLC0415

    summary, lessons = asyncio.run(_read(args.days, settings))
    knowledge = _knowledge(settings, lessons)
    questions = _questions(knowledge) if knowledge else {}
    summary = without_refused(summary, knowledge) if knowledge else summary
    write_text(summary, questions, sys.stdout)
    if args.html:
        _write(args.html, as_html(summary, questions))
    return 0


async def _read(days: int, settings: Settings) -> tuple[Summary, tuple[Lesson, ...]]:
    from bot.reporting.summary import summarise  # noqa: PLC0415 - as above
    from bot.storage.reading import reading  # noqa: PLC0415
    from bot.storage.sql_figures import SqlFigures  # noqa: PLC0415
    from bot.storage.sql_lessons import SqlLessonBook  # noqa: PLC0415
    from bot.teaching.classroom import taught  # noqa: PLC0415

    async with reading(settings.database) as transactions:
        figures = SqlFigures(transactions)
        summary = await summarise(figures, days, bootstrap.now(), settings.retention)
        known = await taught(SqlLessonBook(transactions, bootstrap.now))
    return summary, known.lessons


def _knowledge(settings: Settings, lessons: tuple[Lesson, ...]) -> KnowledgeBase | None:
    """Return what the bot knows, or None where it can't be read: then ids have to do."""
    try:
        return with_lessons(building.load_knowledge(settings).knowledge, lessons)
    except KnowledgeError:
        return None


def _questions(knowledge: KnowledgeBase) -> dict[str, str]:
    """Return the entries' questions by id."""
    every = {e.id: e.question for e in knowledge.entries}
    mine = knowledge.default_language
    return every | {e.id: e.question for e in knowledge.entries if e.language == mine}


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"{path} can't be written ({error.strerror}): name another file after --html."
        raise ReportError(message) from error
    sys.stderr.write(f"Wrote {path}.\n")


def _days(text: str) -> int:
    """Return a number of days; raises ArgumentTypeError for anything else."""
    if text.isdecimal() and 1 <= int(text) <= _MOST_DAYS:
        return int(text)
    message = f"{text} is no number of days from 1 to {_MOST_DAYS}"
    raise argparse.ArgumentTypeError(message)
