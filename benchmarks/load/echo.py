"""Bare bots of python-telegram-bot to compare with: python -m benchmarks.load.echo KIND URL TOKEN.

`echo` is the library as it comes, `echo-256` handles 256 updates side by side, and `echo-aiohttp`
has our transport and event loop besides.
"""

from __future__ import annotations

import asyncio
import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters

_SIDE_BY_SIDE = 256
_TIMEOUT = 20.0


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(kind: str, url: str, token: str) -> None:
    """Run one of the bots until it is told to stop."""
    builder = ApplicationBuilder().token(token).base_url(f"{url}/bot")
    if kind != "echo":
        builder = builder.concurrent_updates(_SIDE_BY_SIDE)
    if kind == "echo-aiohttp":
        # What only this one is to pay for.
        import uvloop  # noqa: PLC0415

        from bot.fronts.telegram.transport import AiohttpRequest  # noqa: PLC0415

        asyncio.set_event_loop(uvloop.new_event_loop())
        builder = builder.request(AiohttpRequest(connections=_SIDE_BY_SIDE, timeout=_TIMEOUT))
        fetching = AiohttpRequest(connections=1, timeout=_TIMEOUT)
        builder = builder.get_updates_request(fetching)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
