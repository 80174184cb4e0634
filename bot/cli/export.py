"""majlis export: what admins taught in the chat, written into the knowledge files."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from bot.cli.parsing import Subparsers
from bot.knowledge.lessons import Lesson
from bot.settings import Settings, default_knowledge


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "export",
        parents=parents,
        help="write what was taught in the chat into the files",
        description="Show, as a diff, what admins taught in the chat and the files don't have yet. "
        "With --write it is written into them, comments and order kept. Nothing of it is lost "
        "before: the bot knows it from the database, until the files have it and it starts anew.",
    )
    parser.add_argument("--write", action="store_true", help="write the files")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Show the diff, and write it if asked; raises StorageError, KnowledgeError, ExportError."""
    from bot.knowledge.exporting import export, write  # noqa: PLC0415 - of no other command

    lessons = asyncio.run(_lessons(settings))
    found = export(settings.knowledge, settings.seeds, lessons, default_knowledge())
    sys.stdout.write(found.diff())
    if not found.changes:
        sys.stdout.write("The files have all that was taught.\n")
    elif args.write:
        write(found)
        names = ", ".join(change.name for change in found.changes)
        sys.stdout.write(f"Wrote {names}. Check that, then send /reload to the bot.\n")
    else:
        sys.stdout.write("Nothing is written yet: majlis export --write does it.\n")
    return 0


async def _lessons(settings: Settings) -> tuple[Lesson, ...]:
    from bot.bootstrap import now  # noqa: PLC0415 - of no other command
    from bot.storage.reading import reading  # noqa: PLC0415
    from bot.storage.sql_lessons import SqlLessonBook  # noqa: PLC0415
    from bot.teaching.classroom import taught  # noqa: PLC0415

    async with reading(settings.database) as transactions:
        return (await taught(SqlLessonBook(transactions, now))).lessons
