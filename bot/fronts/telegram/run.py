"""Run the bot on Telegram, from start to a clean stop: by long polling or by a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
from collections.abc import AsyncIterator, Coroutine

from telegram import Bot
from telegram.request import BaseRequest

from bot.errors import FrontError
from bot.fronts.telegram.furnishing import furnished
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.logs import secret_kept
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.parts import Pace, Parts
from bot.fronts.telegram.poller import REFUSED, Poller
from bot.fronts.telegram.ports import ReloadReport
from bot.fronts.telegram.pulse import Pulse
from bot.fronts.telegram.received import HANDLED
from bot.fronts.telegram.rooms import attended
from bot.fronts.telegram.serving import Webhook, serving, webhook_path
from bot.fronts.telegram.signals import signals
from bot.fronts.telegram.transport import AiohttpRequest
from bot.fronts.telegram.worker import Worker
from bot.settings import Settings

_LOG = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_TIMEOUT = 20.0  # seconds for one call
_CONNECTIONS = 256
_LAST_REQUESTS = 2.0  # seconds that they get at the stop, before the running replies


async def run_telegram(settings: Settings, parts: Parts) -> None:
    """Run until SIGTERM or SIGINT and finish what is under way; SIGHUP reloads the knowledge.

    Raises FrontError if Telegram refuses the token or the address to listen on is taken.
    """
    stop = asyncio.Event()
    with signals(stop, parts.reloader):
        await run_until(stop, settings, parts)


async def run_until(
    stop: asyncio.Event, settings: Settings, parts: Parts, pace: Pace | None = None
) -> None:
    """Run until told to stop and finish what is under way.

    Raises FrontError if Telegram refuses the token or the address to listen on is taken.
    """
    if not _TOKEN.fullmatch(settings.token):
        raise FrontError(REFUSED)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # times as timedelta, without a warning
    with secret_kept(settings.token):
        front = _Front(settings, parts, pace or Pace())
        try:
            await front.run(stop)
        finally:
            await front.bot.shutdown()


class _Front:
    """Put the parts together and run them."""

    def __init__(self, settings: Settings, parts: Parts, pace: Pace) -> None:
        self._settings = settings
        self._parts = parts
        self._pace = pace
        fetching = AiohttpRequest(connections=1, timeout=_TIMEOUT)
        self.bot = _bot(settings, fetching)
        self._metrics = Metrics()
        self._outages = Outages(settings.token)
        self._poller = Poller(self.bot, fetching, self._outages, first_wait=pace.retry_after)
        self._menus = Menus(self.bot, parts.conversation, settings.admins, pace.retry_after)
        parts.reloader.observe(self._reloaded)
        self._metrics.knowledge(parts.conversation.knowledge.version)
        clock, journal = parts.clock, parts.journal
        boundary, self._rooms = furnished(
            *(settings, parts, pace, self.bot, self._menus, self._metrics, self._outages)
        )
        self._worker = Worker(journal, boundary, self._metrics, clock, settings.lease)
        self._intake = Intake(journal, self._metrics, self._worker.wake)
        self._pulse = Pulse(
            *(journal, self._intake, self._worker, self._metrics, clock, settings.lease)
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Serve and fetch until told to stop, and finish what is under way."""
        async with _in_background(self._pulse.run(), stop):
            try:
                async with self._serving():
                    await self._start(stop)
                    if not stop.is_set():
                        await self._work(stop)
            finally:
                await self._worker.finish(self._pace.patience)

    async def _start(self, stop: asyncio.Event) -> None:
        await self._poller.until(self.bot.initialize, stop)
        await self._poller.until(self._set_webhook, stop)

    async def _work(self, stop: asyncio.Event) -> None:
        self._menus.keep_up()
        self._pulse.started()
        _LOG.info("On Telegram as @%s. Ctrl-C stops the bot.", self.bot.username)
        try:
            async with _in_background(self._worker.run(), stop), attended(self._rooms):
                if self._settings.webhook_url:
                    await stop.wait()
                else:
                    await self._poller.run(self._intake, stop)
        finally:
            self._pulse.stopping()
            await self._menus.stop()

    def _reloaded(self, report: ReloadReport) -> None:
        self._metrics.reloaded("refused" if report.problems else "live")
        self._metrics.knowledge(report.version)
        self._menus.keep_up()

    async def _set_webhook(self) -> None:
        """Tell Telegram where updates go to, or that they are fetched."""
        settings = self._settings
        if not settings.webhook_url:
            await self.bot.delete_webhook()
            return
        await self.bot.set_webhook(
            settings.webhook_url + webhook_path(settings.webhook_secret, settings.token),
            allowed_updates=HANDLED,
            secret_token=settings.webhook_secret,
        )

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        settings = self._settings
        if settings.listen is None:
            yield
            return
        webhook = None
        if settings.webhook_url:
            path = webhook_path(settings.webhook_secret, settings.token)
            webhook = Webhook(path, settings.webhook_secret, lambda raw: self._intake.take([raw]))
        async with serving(
            settings.listen,
            probe=self._pulse,
            metrics=self._metrics,
            webhook=webhook,
            patience=_LAST_REQUESTS,
        ) as address:
            _LOG.info("Serving on %s, port %d.", address.host, address.port)
            yield


def _bot(settings: Settings, fetching: BaseRequest) -> Bot:
    """Return a bot whose calls go to the server of the settings."""
    environment = "/test" if settings.test_environment else ""
    return Bot(
        settings.token,
        base_url=lambda token: f"{settings.api_url}/bot{token}{environment}",
        request=AiohttpRequest(connections=_CONNECTIONS, timeout=_TIMEOUT),
        get_updates_request=fetching,
    )


@contextlib.asynccontextmanager
async def _in_background(
    work: Coroutine[object, object, None], stop: asyncio.Event
) -> AsyncIterator[None]:
    """Run something beside the block; if it fails, the stop comes and its error is raised."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda _: stop.set())
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
