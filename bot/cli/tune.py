"""majlis tune: choose the thresholds by what people thought of the replies."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.cli.parsing import Subparsers
from bot.settings import Settings

_PRECISION = 0.9


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "tune",
        parents=parents,
        help="choose thresholds by people's votes",
        description="Read from the database that MAJLIS_DATABASE names what people asked and what "
        "they thought of the replies, show what each threshold would give, and propose the lowest "
        "one from which answers are right often enough. Nothing changes without --apply.",
    )
    parser.add_argument(
        "--precision",
        type=_share,
        default=_PRECISION,
        metavar="SHARE",
        help="the share of answers that must surely be right (default: 0.9)",
    )
    parser.add_argument(
        "--days", type=_days, metavar="DAYS", help="count only what was asked in the last DAYS"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--apply", action="store_true", help="put the proposed thresholds live")
    what.add_argument(
        "--reset", action="store_true", help="go back to the thresholds fitted to the knowledge"
    )
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with the curve, too"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Show a proposal, or put thresholds live; return 2 for what can't be written.

    Raises StorageError and KnowledgeError.
    """
    from bot.cli.tuning import tune  # noqa: PLC0415 - no other command needs its tables

    return tune(args, settings)


def _share(text: str) -> float:
    """Return a number over 0 and under 1; raises ArgumentTypeError for anything else."""
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if 0 < share < 1:
        return share
    message = f"{text} is no share between 0 and 1, such as 0.9"
    raise argparse.ArgumentTypeError(message)


def _days(text: str) -> int:
    """Return a whole number from 1 on; raises ArgumentTypeError for anything else."""
    if text.isdecimal() and 0 < int(text) < 10**5:
        return int(text)
    message = f"{text} is no number of days"
    raise argparse.ArgumentTypeError(message)
