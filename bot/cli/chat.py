"""majlis chat: the conversation in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import textwrap
from collections.abc import Sequence

from bot import bootstrap
from bot.cli.parsing import Subparsers
from bot.fronts.console import Console, read_line
from bot.settings import Settings


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser("chat", parents=parents, help="talk to the bot in the terminal")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the common signature
    """Talk until the person leaves."""
    bot = bootstrap.in_memory(settings)
    asyncio.run(Console(bot.conversation, read_line, _write, bot.reloader).run())
    return 0


def _write(text: str) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    sys.stdout.write(f"{wrapped(text, width)}\n")
    sys.stdout.flush()


def wrapped(text: str, width: int) -> str:
    """Break lines between words to fit a width in columns; 0 leaves them as they are."""
    if not width:
        return text
    lines = [textwrap.wrap(line, width) or [""] for line in text.split("\n")]
    return "\n".join(part for parts in lines for part in parts)
