"""majlis eval: how well the knowledge answers utterances whose entries are known."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import building
from bot.cli.parsing import Subparsers
from bot.conversation.edition import Edition
from bot.settings import Settings

_HUNDRED = 100.0


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "eval",
        parents=parents,
        help="measure how well the knowledge answers",
        description="Ask utterances whose entries are known, and measure the answers. A file is "
        'YAML, \'entry-id: [utterance, …]\', or JSON lines, {"text": …, "entry": …}. What no '
        "entry answers stands in a file _out_of_scope*.yaml, under the key __oos__, or has null "
        "for its entry. In folders, other files that begin with _ are passed over.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a file or folder")
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="try each phrase of the knowledge as if it hadn't got it; needs no FILE",
    )
    parser.add_argument("--split", metavar="NAME", help="of JSON lines only those of this split")
    parser.add_argument("--lang", metavar="CODE", help="the language of who doesn't say theirs")
    _add_output(parser)
    parser.set_defaults(run=run)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="write a page with charts, too (needs matplotlib)"
    )
    for name, metavar, explained in (
        ("--fail-under", "RIGHT", "exit with 1 if under RIGHT %% are answered rightly"),
        ("--max-wrong", "WRONG", "exit with 1 if over WRONG %% are answered wrongly"),
        ("--max-false", "FALSE", "exit with 1 if over FALSE %% are answered out of scope"),
    ):
        parser.add_argument(name, type=_percentage, metavar=metavar, help=explained)


def run(
    args: argparse.Namespace,
    settings: Settings,
    build: Callable[[Settings], Edition] = building.build,
) -> int:
    """Measure and report; return 1 if a limit is missed, 2 for what can't be measured."""
    from bot.cli.measuring import measure  # noqa: PLC0415 - no other command needs its tables

    return measure(args, settings, build)


def _percentage(text: str) -> float:
    """Return a number from 0 to 100; raises ArgumentTypeError for anything else."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if 0 <= number <= _HUNDRED:
        return number
    message = f"{text} is no percentage from 0 to 100"
    raise argparse.ArgumentTypeError(message)
