"""majlis run: on Telegram with a token, in the terminal without one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from bot import bootstrap
from bot.cli import chat
from bot.cli.parsing import Subparsers
from bot.settings import Settings

_IN_TERMINAL = (
    "No TELEGRAM_BOT_TOKEN is set, so here is the same bot in the terminal (/quit to leave).\n"
    "To get a token, write /newbot to @BotFather on Telegram; put TELEGRAM_BOT_TOKEN=… into .env.\n"
)


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser(
        "run", parents=parents, help="start the bot: on Telegram if there is a token"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run until told to stop."""
    if not settings.token:
        sys.stdout.write(_IN_TERMINAL + "\n")
        return chat.run(args, settings)
    asyncio.run(_on_telegram(settings))
    return 0


async def _on_telegram(settings: Settings) -> None:
    from bot.fronts.telegram.polling import run_telegram  # noqa: PLC0415 - the terminal needs none

    async with bootstrap.durable(settings) as bot:
        await run_telegram(settings, bot.conversation, bot.reloader, bot.store)
