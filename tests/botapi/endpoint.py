"""The HTTP side of the server: from a request to a call, its answer and its record."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from . import chats, edit, profile, queries, send
from .calls import Call
from .chat import Json
from .errors import ApiError, conflict
from .faults import Delay, Dropped, Fault, Faults, Garbage, ServerError, TooManyRequests
from .request import read_parameters
from .schema import check_parameters, method_names
from .updates import OTHER_WEBHOOK
from .watch import Watch
from .webhook import WebhookSender
from .world import World

METHODS: dict[str, Callable[[World, Json], Any]] = (
    send.METHODS | edit.METHODS | queries.METHODS | profile.METHODS | chats.METHODS
)


@dataclass(slots=True)
class Exchange:
    """Follow one call; None as the body means that no JSON went out, 0 that nothing did."""

    request: web.Request
    method: str
    fault: Fault | None
    parameters: Json = field(default_factory=dict)
    status: int = 0
    body: Json | None = None

    @property
    def takes_effect(self) -> bool:
        """Tell whether the call is carried out, whatever the bot gets to hear."""
        calm = self.fault is None or isinstance(self.fault, Delay)
        return calm or getattr(self.fault, "applied", False)

    def respond(self, body: Json) -> web.Response:
        """Answer in JSON."""
        self.body, self.status = body, body.get("error_code", 200)
        return web.json_response(body, status=self.status)


@dataclass(slots=True)
class Endpoint:
    """Answer the requests of one bot."""

    token: str
    watch: Watch
    webhooks: WebhookSender
    faults: Faults
    latency: float

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and record it as a call."""
        if request.match_info["token"] != self.token:
            return _refuse(401, "Unauthorized")
        method = method_names().get(request.match_info["method"].lower())
        if method is None or request.method not in {"GET", "POST"}:
            return _refuse(404, "Not Found: method not found")
        exchange = Exchange(request, method, self.faults.next(method))
        started = time.monotonic()
        await self._wait(exchange.fault)
        response = await self._answer(exchange)
        self._record(exchange, started)
        return response

    async def _wait(self, fault: Fault | None) -> None:
        await asyncio.sleep(self.latency + (fault.seconds if isinstance(fault, Delay) else 0))

    def _record(self, exchange: Exchange, started: float) -> None:
        call = Call(
            exchange.method,
            exchange.parameters,
            exchange.status,
            exchange.body,
            started,
            time.monotonic(),
        )
        self.watch.record(call)

    async def _answer(self, exchange: Exchange) -> web.StreamResponse:
        """Carry out a call unless a fault forbids it, and answer unless a fault spoils it."""
        try:
            exchange.parameters = await read_parameters(exchange.request)
            body: Json = {}
            if exchange.takes_effect:
                exchange.parameters = check_parameters(exchange.method, exchange.parameters)
                body = {"ok": True, "result": await self._perform(exchange)}
        except ApiError as refusal:
            body = refusal.json()
        return _spoil(exchange) or exchange.respond(body)

    async def _perform(self, exchange: Exchange) -> Any:
        parameters = exchange.parameters
        match exchange.method:
            case "getUpdates":
                return await self._poll(parameters)
            case "setWebhook":
                return self.webhooks.set(parameters)
            case "deleteWebhook":
                return self.webhooks.delete(parameters)
            case "getWebhookInfo":
                return self.webhooks.webhook.json(self.watch.world.queue)
        return METHODS[exchange.method](self.watch.world, parameters)

    async def _poll(self, parameters: Json) -> list[Json]:
        if self.webhooks.webhook.url:
            conflict(OTHER_WEBHOOK)
        queue = self.watch.world.queue
        queue.allowed = parameters.get("allowed_updates", queue.allowed)
        return await queue.poll(
            offset=parameters.get("offset", 0),
            limit=parameters.get("limit", 100),
            timeout=parameters.get("timeout", 0),
        )


def _refuse(code: int, description: str) -> web.Response:
    return web.json_response(ApiError(code, description).json(), status=code)


def _spoil(exchange: Exchange) -> web.StreamResponse | None:
    """Answer as the fault wants: wrongly, not at all, or (None) as if there were none."""
    match exchange.fault:
        case TooManyRequests(seconds):
            reason = f"Too Many Requests: retry after {seconds}"
            return exchange.respond(ApiError(429, reason, retry_after=seconds).json())
        case ServerError(code):
            return exchange.respond(ApiError(code, "Internal Server Error").json())
        case Garbage(text):
            exchange.status = 200
            return web.Response(text=text, content_type="text/html")
        case Dropped():
            if exchange.request.transport:
                exchange.request.transport.abort()
            return web.Response()
    return None
