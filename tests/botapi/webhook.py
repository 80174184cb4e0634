"""Webhooks: updates brought to the bot, in order, until it takes them."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import aiohttp

from .chat import Json
from .errors import refuse
from .updates import UpdateQueue
from .world import World, now

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS = (443, 80, 88, 8443)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Say where updates go and how the last delivery went."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_date: int = 0

    def json(self, queue: UpdateQueue) -> Json:
        """Render the `WebhookInfo` of the Bot API."""
        info: Json = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = len(queue.pending)
        if self.url:
            info |= {"max_connections": self.max_connections, "ip_address": "127.0.0.1"}
        if self.error:
            info |= {"last_error_date": self.error_date, "last_error_message": self.error}
        return info | ({"allowed_updates": queue.allowed} if queue.allowed else {})


@dataclass(slots=True)
class WebhookSender:
    """Deliver the queue to the webhook, one update after the other.

    Where there is a `root`, it stands in for the scheme and host of the webhook's URL.
    """

    world: World
    root: str = ""
    redelivery: float = 0.05
    webhook: Webhook = field(default_factory=Webhook)
    _task: "asyncio.Task[None] | None" = None

    def set(self, parameters: Json) -> bool:
        """Take the parameters of setWebhook; an empty URL removes the webhook."""
        if "url" not in parameters:
            return self.delete(parameters)
        _check_webhook(parameters)
        self._apply(parameters)
        self.world.queue.allowed = parameters.get("allowed_updates", self.world.queue.allowed)
        self.webhook = Webhook(
            parameters["url"],
            parameters.get("secret_token", ""),
            parameters.get("max_connections", 40),
        )
        self.world.queue.interrupt("terminated by setWebhook request")
        self._task = asyncio.create_task(self._deliver())
        return True

    def delete(self, parameters: Json) -> bool:
        """Take the parameters of deleteWebhook."""
        self._apply(parameters)
        self.webhook = Webhook()
        return True

    async def stop(self) -> None:
        """End the delivery."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _apply(self, parameters: Json) -> None:
        if self._task:
            self._task.cancel()
            self._task = None
        if parameters.get("drop_pending_updates"):
            self.world.queue.clear()

    async def _deliver(self) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_LIMIT)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                update = await self._next_update()
                if problem := await self._post(session, update):
                    self.webhook = replace(self.webhook, error=problem, error_date=now())
                    await asyncio.sleep(self.redelivery)
                else:
                    self.world.queue.confirm(update["update_id"] + 1)

    async def _next_update(self) -> Json:
        queue = self.world.queue
        return await self.world.pulse.until(
            lambda: next(iter(queue.pending), None), timeout=None, what=str
        )

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> str:
        """Deliver one update; return what went wrong, if anything did."""
        headers = {SECRET_HEADER: self.webhook.secret} if self.webhook.secret else {}
        url = self.root + urlsplit(self.webhook.url).path if self.root else self.webhook.url
        try:
            async with session.post(url, json=update, headers=headers) as response:
                wrong = f"{response.status} {response.reason}"
                return "" if response.ok else f"Wrong response from the webhook: {wrong}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}"


def _check_webhook(parameters: Json) -> None:
    _check_url(parameters["url"])
    if "secret_token" in parameters and not SECRET.fullmatch(parameters["secret_token"]):
        refuse("secret token contains unallowed characters")
    if not 1 <= parameters.get("max_connections", 40) <= 100:
        refuse("max_connections is out of range")


def _check_url(url: str) -> None:
    """Refuse what Telegram can't reach safely; the loopback interface is for tests."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        refuse("bad webhook: invalid URL specified")
    is_local = host in LOOPBACK
    if not host or (parts.scheme != "https" and not is_local):
        refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if not is_local and port not in PORTS:
        refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
