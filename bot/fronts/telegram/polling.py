"""Run the bot on Telegram by long polling, from start to a clean stop."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from dataclasses import dataclass
from typing import Any

from telegram.constants import UpdateType
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.errors import FrontError
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.handlers import Handlers
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.intake import UpdateRequest
from bot.fronts.telegram.logs import secret_kept
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.ordering import ChatOrder
from bot.fronts.telegram.poller import REFUSED, Poller
from bot.fronts.telegram.ports import Conversation, Reloader
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.signals import signals
from bot.settings import Settings
from bot.storage.store import Store

_LOG = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_TIMEOUT = 20.0  # seconds for one call
_HANDLED = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
)
_Application = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """Set the times of a front, in seconds.

    `retry_after` passes before the first repetition of a failed call, `typing_after` before a
    person is shown that the bot is at work; `patience` is what running replies get at the stop.
    """

    retry_after: float = 1.0
    typing_after: float = 0.7
    patience: float = 20.0


async def run_telegram(
    settings: Settings, conversation: Conversation, reloader: Reloader, store: Store
) -> None:
    """Run until SIGTERM or SIGINT and finish what is under way; SIGHUP reloads the knowledge.

    Raises FrontError if Telegram refuses the token.
    """
    stop = asyncio.Event()
    with signals(stop, reloader):
        await run_until(stop, settings, conversation, reloader, store)


async def run_until(  # noqa: PLR0913 - the parts of the bot, each once
    stop: asyncio.Event,
    settings: Settings,
    conversation: Conversation,
    reloader: Reloader,
    store: Store,
    *,
    pace: Pace | None = None,
) -> None:
    """Run until told to stop and finish what is under way.

    Raises FrontError if Telegram refuses the token.
    """
    if not _TOKEN.fullmatch(settings.token):
        raise FrontError(REFUSED)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # times as timedelta, without a warning
    pace = pace or Pace()
    with secret_kept(settings.token):
        order = ChatOrder()
        application = _application(settings, order)
        poller = Poller(
            application.bot, application.update_queue, _HANDLED, first_wait=pace.retry_after
        )
        try:
            await poller.until(application.initialize, stop)
            await poller.until(application.bot.delete_webhook, stop)
            if not stop.is_set():
                menus = Menus(application.bot, conversation, settings.admins, pace.retry_after)
                sender = Sender(application.bot, pace.typing_after, pace.retry_after)
                _register(
                    application,
                    settings=settings,
                    conversation=conversation,
                    reloader=reloader,
                    store=store,
                    menus=menus,
                    sender=sender,
                )
                try:
                    await _serve(application, poller, menus, stop)
                finally:
                    await _finish(application, poller, order, pace.patience)
        finally:
            await _shut_down(application)


def _application(settings: Settings, order: ChatOrder) -> _Application:
    """Return an application whose calls go to the server of the settings."""
    environment = "/test" if settings.test_environment else ""
    return (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(lambda token: f"{settings.api_url}/bot{token}{environment}")
        .read_timeout(_TIMEOUT)
        .connect_timeout(_TIMEOUT)
        .get_updates_request(UpdateRequest(connection_pool_size=1, connect_timeout=_TIMEOUT))
        .updater(None)
        .job_queue(None)
        .concurrent_updates(order)
        .build()
    )


def _register(  # noqa: PLR0913 - the parts of the bot, each once
    application: _Application,
    *,
    settings: Settings,
    conversation: Conversation,
    reloader: Reloader,
    store: Store,
    menus: Menus,
    sender: Sender,
) -> None:
    exchanges = Exchanges(store)
    handlers = Handlers(
        me=application.bot.bot,
        conversation=conversation,
        commands=Commands(conversation, reloader, settings.admins),
        presses=Presses(conversation, store, exchanges, sender),
        inline=Inline(conversation, application.bot),
        exchanges=exchanges,
        sender=sender,
        menus=menus,
    )
    messages = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(messages, handlers.on_message))
    application.add_handler(CallbackQueryHandler(handlers.on_press))
    application.add_handler(InlineQueryHandler(handlers.on_inline))
    application.add_error_handler(handlers.on_error)


async def _serve(
    application: _Application, poller: Poller, menus: Menus, stop: asyncio.Event
) -> None:
    """Fetch and handle updates until the stop comes."""
    await application.start()
    menus.keep_up()
    _LOG.info("On Telegram as @%s. Ctrl-C stops the bot.", application.bot.username)
    try:
        await poller.run(stop)
    finally:
        await menus.stop()


async def _finish(
    application: _Application, poller: Poller, order: ChatOrder, patience: float
) -> None:
    """Finish the updates that were fetched, or give them up after `patience` seconds."""
    try:
        async with asyncio.timeout(patience):
            await application.update_queue.join()
        await poller.confirm()
    except TimeoutError:
        _LOG.warning("What took longer than %g s to answer is given up.", patience)
        order.give_up()
    await application.stop()


async def _shut_down(application: _Application) -> None:
    """Close the connections, also those of an application that didn't get as far as to start."""
    await application.bot.shutdown()
    await application.shutdown()
