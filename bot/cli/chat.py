"""majlis chat: the conversation in the terminal."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from bot import bootstrap
from bot.cli.parsing import Subparsers
from bot.cli.writing import write
from bot.fronts.console import Console, read_line
from bot.settings import Settings


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser(
        "chat",
        parents=parents,
        help="talk to the bot in the terminal",
        description="Talk to the bot in the terminal, as people do on Telegram: ask, pick by "
        "number, /topics, /source, /why, /reload. /quit or Ctrl-D ends it.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the common signature
    """Talk until the person leaves."""
    bot = bootstrap.in_memory(settings)
    asyncio.run(Console(bot.conversation, read_line, write, bot.reloader).run())
    return 0
