"""A strict Bot API server for tests, over HTTP on the loopback interface."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `called(…, timeout=1)`

from types import TracebackType
from typing import Self

from aiohttp import web

from .calls import Call
from .chat import Chat, Json, Kind, Standing, User
from .endpoint import Endpoint
from .faults import Fault, Faults
from .people import Person
from .places import Channel, Group, Place
from .watch import Watch
from .webhook import WebhookSender
from .world import World

TOKEN = "4242:test-token"
UPLOAD_LIMIT = 50 * 1024 * 1024


class BotApiServer:
    """Speak the Bot API on a free port, strictly, and let tests be the people behind it.

    `latency` seconds pass before each call; `patience` is how long a person waits for the bot.
    With `privacy`, the bot sees only what a bot in privacy mode sees in groups. `webhook_root` is
    where updates are brought instead of the webhook's host, which may be one that doesn't exist.
    """

    def __init__(  # noqa: PLR0913 - all but the token go by name and have defaults
        self,
        token: str = TOKEN,
        *,
        username: str = "bot",
        port: int = 0,
        latency: float = 0.0,
        patience: float = 5.0,
        privacy: bool = False,
        webhook_root: str = "",
        seed: int = 0,
    ) -> None:
        self.token = token
        number = int(token.partition(":")[0])
        self.world = World(User(number, "Bot", username, is_bot=True), is_private=privacy)
        self.watch = Watch(self.world, patience)
        self._faults = Faults(seed)
        self._webhooks = WebhookSender(self.world, webhook_root)
        self._endpoint = Endpoint(token, self.watch, self._webhooks, self._faults, latency)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        for path in ("/bot{token}/{method}", "/bot{token}/test/{method}"):
            app.router.add_route("*", path, self._endpoint.handle)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.queue.close()
        await self._webhooks.stop()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Return the root of the server."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """Return what python-telegram-bot calls the base URL: the token comes behind it."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """Return what python-telegram-bot calls the base URL of files."""
        return f"{self.url}/file/bot"

    @property
    def latency(self) -> float:
        """Return the seconds that pass before each call."""
        return self._endpoint.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._endpoint.latency = seconds

    def person(
        self, name: str, *, language: str = "en", username: str = "", started: bool = True
    ) -> Person:
        """Make a person with a private chat; one who hasn't started is unknown to the bot."""
        number = 1000 + next(self.world.numbers)
        user = User(number, name, username or name.lower().replace(" ", "_"), language)
        self.world.users[number] = user
        chat = Chat(number, "private", name, user.username, is_known=started)
        return Person(self.watch, user, Place(self.watch, self.world.add_chat(chat)))

    def group(  # noqa: PLR0913 - all but the title go by name
        self,
        title: str,
        *,
        members: list[Person],
        admins: list[Person] | None = None,
        forum: bool = False,
        supergroup: bool = False,
        username: str = "",
        bot: Standing = "member",
    ) -> Group:
        """Make a group; the first administrator is its owner."""
        kind: Kind = "supergroup" if forum or supergroup else "group"
        chat = Chat(self.world.new_chat_id(kind), kind, title, username, forum, bot)
        chat.members = {person.id: "member" for person in members}
        for index, admin in enumerate(admins or []):
            chat.members[admin.id] = "administrator" if index else "creator"
        return Group(self.watch, self.world.add_chat(chat))

    def channel(
        self, title: str, *, username: str = "", bot: Standing = "administrator"
    ) -> Channel:
        """Make a channel."""
        number = self.world.new_chat_id("channel")
        chat = Chat(number, "channel", title, username, bot=bot)
        return Channel(self.watch, self.world.add_chat(chat))

    def push(self, update: Json) -> int:
        """Enqueue a raw update, however odd; it gets an `update_id` unless it has one."""
        return self.world.queue.push(update)

    def fail(self, method: str, *faults: Fault, chance: float | None = None) -> None:
        """Let the next calls of a method (`*`: of any) fail, or each call by `chance`."""
        self._faults.add(method, faults, chance)

    def heal(self) -> None:
        """Take back all faults."""
        self._faults.clear()

    @property
    def calls(self) -> list[Call]:
        """Return every call so far, in the order of their ends."""
        return self.watch.calls

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of a method so far."""
        return self.watch.calls_of(method)

    async def called(self, method: str, *, times: int = 1, timeout: float | None = None) -> Call:
        """Wait until a method has been called so many times; return the last of these calls."""

        def look() -> Call | None:
            calls = self.calls_of(method)
            return calls[times - 1] if len(calls) >= times else None

        return await self.watch.until(look, f"call {times} of {method}", timeout=timeout)

    async def drained(self, *, timeout: float | None = None) -> None:
        """Wait until the bot has confirmed every update."""

        def look() -> bool | None:
            return None if self.world.queue.pending else True

        await self.watch.until(look, "every update to be confirmed", timeout=timeout)
