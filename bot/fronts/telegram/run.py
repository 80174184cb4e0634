"""Run the bot on Telegram, from start to a clean stop: by long polling or by a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import os
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass

from telegram import Bot
from telegram.request import BaseRequest

from bot.errors import FrontError
from bot.fronts.telegram.boundary import Boundary
from bot.fronts.telegram.bursts import Bursts
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.handlers import Handlers
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.intake import Intake
from bot.fronts.telegram.languages import Languages
from bot.fronts.telegram.limits import Limits
from bot.fronts.telegram.logs import secret_kept
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.operators.opening import operators_room
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.personal import Personal
from bot.fronts.telegram.poller import REFUSED, Poller
from bot.fronts.telegram.ports import Conversation, Reloader, ReloadReport
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.pulse import Pulse
from bot.fronts.telegram.reactions import Reactions
from bot.fronts.telegram.received import HANDLED
from bot.fronts.telegram.reloading import ReloadingRoom
from bot.fronts.telegram.reporting import Desk, ReportingRoom
from bot.fronts.telegram.rooms import Room, attended
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.serving import Webhook, serving, webhook_path
from bot.fronts.telegram.signals import signals
from bot.fronts.telegram.teaching import TeachingRoom
from bot.fronts.telegram.transport import AiohttpRequest
from bot.fronts.telegram.tuning import Tuner, TuningRoom
from bot.fronts.telegram.worker import Worker
from bot.reporting.picture import Painter
from bot.settings import Settings
from bot.storage.cases import Cases
from bot.storage.drafts import Drafts
from bot.storage.figures import Figures
from bot.storage.journal import Journal
from bot.storage.store import Store
from bot.storage.wishes import Wishes
from bot.teaching.classroom import Classroom

_LOG = logging.getLogger(__name__)
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_TIMEOUT = 20.0  # seconds for one call
_CONNECTIONS = 256
_LAST_REQUESTS = 2.0  # seconds that they get at the stop, before the running replies


@dataclass(frozen=True, slots=True)
class Pace:
    """Set the times of a front, in seconds.

    `listening` is how long what can't be answered waits for what a person goes on to type.
    `retry_after` passes before the first repetition of a failed call at the start, `typing_after`
    before a person is shown that the bot is at work; `patience` is what running replies get at
    the stop; `attend_every` lies between two looks at who waits for an operator.
    """

    retry_after: float = 1.0
    typing_after: float = 0.7
    patience: float = 6.0
    listening: float = 1.2
    attend_every: float = 5.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what the front works with."""

    conversation: Conversation
    reloader: Reloader
    store: Store
    journal: Journal
    clock: Callable[[], dt.datetime]
    classroom: Classroom | None = None
    drafts: Drafts | None = None
    figures: Figures | None = None
    cases: Cases | None = None
    wishes: Wishes | None = None
    tuner: Tuner | None = None


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
        self._worker = Worker(journal, self._boundary(), self._metrics, clock, settings.lease)
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

    def _boundary(self) -> Boundary:
        settings, parts = self._settings, self._parts
        exchanges = Exchanges(parts.store)
        has_operators = bool(settings.operator_chat and parts.cases)
        sender = Sender(self.bot, self._pace.typing_after, has_operators=has_operators)
        personal = Personal(
            *(parts.store, settings.retention, settings.session_minutes),
            has_operators=has_operators,
        )
        languages = Languages(parts.conversation, parts.store, sender, parts.clock)
        self._rooms = (languages, *self._furnished(sender))
        handlers = Handlers(
            bot=self.bot,
            conversation=parts.conversation,
            commands=Commands(parts.conversation, personal, exchanges, settings.admins),
            presses=Presses(parts.conversation, exchanges, sender, parts.clock),
            inline=Inline(parts.conversation, self.bot),
            reactions=Reactions(parts.conversation, exchanges, parts.clock),
            exchanges=exchanges,
            sender=sender,
            menus=self._menus,
            limits=Limits(settings.user_limit),
            press_limits=Limits(settings.user_limit),
            allowed_chats=_allowed(settings),
            clock=parts.clock,
            rooms=self._rooms,
            bursts=Bursts(
                *(self.bot, parts.journal, parts.conversation, parts.clock, self._pace.listening)
            ),
        )
        return Boundary(*(self.bot, handlers, self._metrics, self._outages, parts.clock), languages)

    def _furnished(self, sender: Sender) -> tuple[Room, ...]:
        """Return the rooms whose parts are there."""
        settings, parts = self._settings, self._parts
        rooms: list[Room] = [
            ReloadingRoom(parts.reloader, parts.conversation, sender, settings.admins)
        ]
        teaching = None
        if parts.classroom and parts.drafts:
            teaching = TeachingRoom(
                *(parts.classroom, parts.drafts, parts.conversation, sender, settings.admins)
            )
            rooms.append(teaching)
        if settings.operator_chat and parts.cases and parts.wishes:
            operators = operators_room(
                *(settings, self.bot, parts.conversation, sender, parts.store),
                *(parts.cases, parts.wishes, parts.clock, self._pace.attend_every, teaching),
            )
            parts.reloader.observe(operators.reloaded)
            rooms.append(operators)
        if parts.figures:
            desk = Desk(
                *(parts.figures, parts.conversation, Painter(), settings.retention, parts.clock)
            )
            rooms.append(ReportingRoom(desk, sender, settings.admins, settings.digest))
        if parts.tuner:
            rooms.append(TuningRoom(parts.tuner, parts.conversation, sender, settings.admins))
        return tuple(rooms)


def _allowed(settings: Settings) -> frozenset[int]:
    """Return the chats to be answered, that of the operators among them; empty for all."""
    chats = settings.allowed_chats
    return chats | {settings.operator_chat} if chats and settings.operator_chat else chats


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
