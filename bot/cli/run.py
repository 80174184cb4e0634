"""majlis run: on Telegram with a token, in the terminal without one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence

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
        "run",
        parents=parents,
        help="start the bot: on Telegram if there is a token",
        description="Start the bot. With TELEGRAM_BOT_TOKEN in the environment or in .env it "
        "answers on Telegram, without one in the terminal. Ctrl-C ends it.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Run until told to stop."""
    if not settings.token:
        sys.stdout.write(_IN_TERMINAL + "\n")
        return chat.run(args, settings)
    with asyncio.Runner(loop_factory=_new_loop()) as runner:
        runner.run(_on_telegram(settings))
    return 0


async def _on_telegram(settings: Settings) -> None:
    # Imported here because the terminal needs none of it.
    from bot.fronts.telegram.run import run_telegram  # noqa: PLC0415

    async with bootstrap.durable(settings) as bot:
        await run_telegram(settings, bootstrap.telegram_parts(bot))


def _new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's event loop where it is installed, else None for Python's own."""
    try:
        import uvloop  # noqa: PLC0415 - it doesn't exist on Windows
    except ModuleNotFoundError:
        return None
    return uvloop.new_event_loop
