"""majlis backup: a copy of the database while the bot runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.cli.parsing import Subparsers
from bot.settings import Settings

_STEP = 1000
_UNITS = ("kB", "MB", "GB", "TB")


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "backup",
        parents=parents,
        help="copy the database while the bot runs",
        description="Copy the SQLite database that MAJLIS_DATABASE names, and check the copy. A "
        "bot may go on writing meanwhile. To restore: stop the bot, put the copy in the "
        "database's place, remove the files beside it that end in -wal and -shm, start the bot.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the copy")
    parser.add_argument("--force", action="store_true", help="replace FILE if it is there")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Copy, and say what; raises StorageError where that can't be done."""
    from bot.storage.backup import back_up  # noqa: PLC0415 - no other command needs it at once

    made = back_up(settings.database, args.file, overwrite=args.force)
    sys.stdout.write(f"Copied {made.database} to {made.copy} ({_size(made.size)}, checked).\n")
    return 0


def _size(count: int) -> str:
    """Return a number of bytes as people read it."""
    size, unit = float(count), "bytes"
    for larger in _UNITS:
        if size < _STEP:
            break
        size, unit = size / _STEP, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
