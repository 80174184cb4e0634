"""majlis chat: the conversation in the terminal."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot import bootstrap
from bot.cli.parsing import Subparsers
from bot.fronts.console import Console, read_line
from bot.settings import Settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("chat", help="talk to the bot in the terminal")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the common signature
    """Talk until the person leaves."""
    bot = bootstrap.in_memory(settings)
    asyncio.run(Console(bot.conversation, read_line, _write).run())
    return 0


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
