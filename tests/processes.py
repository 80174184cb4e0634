"""Real processes of the bot, people who ask them all the time, and what stands in between."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `until(…, timeout=1)`

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiohttp
from aiohttp import web

from tests.botapi import TOKEN, BotApiServer, Message, Person, Place

PATIENCE = 20.0
SECRET = "0123456789abcdef"
_ROOT = Path(__file__).parent.parent
# Starts bots without the second that Python takes to import them: each is forked off a process that
# has imported everything and done nothing. With this process's input, all of them end.
_NURSERY = """
import json, os, signal, sys, traceback
import aiosqlite, asyncpg, uvloop
import sqlalchemy.dialects.postgresql.asyncpg, sqlalchemy.dialects.sqlite.aiosqlite
import bot.__main__, bot.bootstrap, bot.fronts.telegram.run, bot.storage.migrations.upgrade
import bot.storage.database, bot.storage.sql, bot.storage.sql_journal

def run(folder, log, settings):
    for number, path in ((0, os.devnull), (1, log), (2, log)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    sys.stdin = open(0)
    os.chdir(folder)
    os.environ.update(settings)
    code = 70
    try:
        code = bot.__main__.main(["run"])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)

children = set()
try:
    for line in sys.stdin:
        order = json.loads(line)
        if isinstance(order, int):
            print(os.waitstatus_to_exitcode(os.waitpid(order, 0)[1]), flush=True)
            children.discard(order)
        elif child := os.fork():
            children.add(child)
            print(child, flush=True)
        else:
            children.clear()
            run(**order)
finally:
    for child in children:
        os.kill(child, signal.SIGKILL)
"""
_LOOK_AGAIN = 0.01
_AFTER = 0.01  # seconds that the balancer lets pass before it says that nobody takes an update
_ENTRY = """
  - id: {id}
    question: {question}
    alternates: [{others}]
    answer: {answer}
    source: {{document: town.txt, paragraph: {paragraph}}}
"""
_ENTRIES = (
    ("library", "When is the library open?", "library opening hours", "It opens at nine."),
    ("museum", "What does the museum cost?", "museum ticket price", "A ticket is four coins."),
    ("market", "Where is the fish market?", "fish market address", "It is in the harbour."),
    ("baker", "Who bakes the best bread?", "name of the best baker", "Old Martha bakes it."),
)
LAST = _ENTRIES[-1][1]
ANSWERS = {question: answer for _, question, _, answer in _ENTRIES}
QUESTIONS = tuple(question for question in ANSWERS if question != LAST)


def found_town(folder: Path) -> None:
    """Write a small knowledge base, with which the bot starts quickly."""
    (folder / "knowledge" / "en").mkdir(parents=True)
    (folder / "seeds").mkdir()
    write_town(folder, _ENTRIES)
    paragraphs = "\n\n".join(answer for *_, answer in _ENTRIES)
    (folder / "seeds" / "town.txt").write_text(f"{paragraphs}\n", encoding="utf-8")


def write_town(folder: Path, entries: Iterable[tuple[str, str, str, str]]) -> None:
    """Write entries: id, question, another way to ask, answer; each has a paragraph in turn."""
    listed = "".join(
        _ENTRY.format(id=name, question=question, others=other, answer=answer, paragraph=number)
        for number, (name, question, other, answer) in enumerate(entries, 1)
    )
    town = folder / "knowledge" / "en" / "town.yaml"
    town.write_text(f"topic: The town\nentries:{listed}", encoding="utf-8")


def rename_baker(folder: Path) -> None:
    """Change one question of the small knowledge base, so that it is of another version."""
    baker = ("baker", LAST, "which baker is the best", ANSWERS[LAST])
    write_town(folder, (*_ENTRIES[:-1], baker))


async def launch(
    url: str, folder: Path, *, log: Path | None = None, token: str = TOKEN, **settings: str
) -> asyncio.subprocess.Process:
    """Start `majlis run` in a folder, with nothing of this machine's settings.

    What it logs goes to the end of a file, or without one to the pipe `stderr`.
    """
    own = {"TELEGRAM_API_URL": url, "TELEGRAM_BOT_TOKEN": token}
    with contextlib.ExitStack() as stack:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "run"),
            cwd=folder,
            env={**_environment(), **_defaults(folder), **own, **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=stack.enter_context(log.open("ab")) if log else asyncio.subprocess.PIPE,
        )


async def run_command(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    """Start a subcommand of `majlis` in a folder; what it prints comes through a pipe."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={**_environment(), **_defaults(folder)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )


class Nursery:
    """Start many bots quickly: each is a process of its own, but Python and imports are there."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _NURSERY),
            env={**_environment(), "OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._process.communicate(b"")

    async def start(self, folder: Path, log: Path, settings: dict[str, str]) -> int:
        """Start a bot and return the id of its process."""
        return await self._order({"folder": str(folder), "log": str(log), "settings": settings})

    async def wait(self, process: int) -> int:
        """Wait for the end of a process and return its exit code."""
        return await self._order(process)

    async def _order(self, order: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE), self._turn:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            return int(await self._process.stdout.readline())


@dataclass
class Replica:
    """Keep one bot that can be killed and started again; all its runs log to one file.

    Its processes are new ones, or come from a nursery.
    """

    url: str
    folder: Path
    settings: dict[str, str]
    name: str = "bot"
    nursery: Nursery | None = None
    process: asyncio.subprocess.Process | None = None
    forked: int | None = None

    @property
    def log(self) -> str:
        """Return what it has logged so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def address(self) -> str:
        """Return where it listens."""
        return self.settings["MAJLIS_LISTEN"]

    async def start(self) -> None:
        """Start a process."""
        if self.nursery:
            own = {"TELEGRAM_API_URL": self.url, "TELEGRAM_BOT_TOKEN": TOKEN}
            settings = {**_defaults(self.folder), **own, **self.settings}
            self.forked = await self.nursery.start(self.folder, self._log, settings)
        else:
            self.process = await launch(self.url, self.folder, log=self._log, **self.settings)

    async def kill(self) -> float:
        """End the process as the kernel does when memory is short; return when it was dead."""
        if self.nursery and self.forked:
            os.kill(self.forked, signal.SIGKILL)
            await self.nursery.wait(self.forked)
            self.forked = None
        elif self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()
        return time.monotonic()

    async def stop(self) -> tuple[int, float]:
        """End the process by SIGTERM; return its exit code and how many seconds it took."""
        assert self.process is not None
        begun = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self.process.wait(), PATIENCE)
        return code, time.monotonic() - begun

    async def is_ready(self) -> bool:
        """Tell whether it says that it can answer people."""
        return (await self.asked("/readyz"))[0] == 200

    async def asked(self, path: str) -> tuple[int, str]:
        """Return the status and the text that it serves under a path; 0 if it doesn't answer."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://{self.address}{path}") as response,
            ):
                return response.status, await response.text()
        except aiohttp.ClientError:
            return 0, ""

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}.log"


def _environment() -> dict[str, str]:
    """Return what a process needs of this one's environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_ROOT)}


def _defaults(folder: Path) -> dict[str, str]:
    """Return the settings of a bot that lives in a folder."""
    return {
        "MAJLIS_DATABASE": str(folder / "majlis.db"),
        "MAJLIS_KNOWLEDGE": str(folder / "knowledge"),
        "MAJLIS_ENCODER": "static",
        "MAJLIS_LISTEN": "off",
        "MAJLIS_USER_LIMIT": "0",
    }


@contextlib.asynccontextmanager
async def running(*replicas: Replica) -> AsyncIterator[None]:
    """Start replicas, all at once; whatever runs at the end is killed."""
    try:
        await asyncio.gather(*(each.start() for each in replicas))
        yield
    finally:
        for each in replicas:
            await each.kill()


async def until(
    condition: Callable[[], bool], wanted: str = "the condition", timeout: float = PATIENCE
) -> None:
    """Wait for something that tells nobody when it changes, such as a file."""
    try:
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - there is no event
                await asyncio.sleep(_LOOK_AGAIN)
    except TimeoutError:
        message = f"waited {timeout} s for {wanted}"
        raise TimeoutError(message) from None


async def until_ready(*replicas: Replica) -> None:
    """Wait until every one of them says that it can answer people."""
    async with asyncio.timeout(PATIENCE):
        while not all([await each.is_ready() for each in replicas]):  # noqa: ASYNC110 - as above
            await asyncio.sleep(_LOOK_AGAIN)


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that nobody listens on."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(contextlib.closing(socket.socket())) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


@dataclass(frozen=True, slots=True)
class Tally:
    """Count what became of the questions of a chat; `twice` are replies given more than once.

    Of each of these it has when the earlier and the later reply were called for.
    """

    asked: int
    lost: int
    disorder: int
    twice: tuple[tuple[float, float], ...]


@dataclass
class Inquiry:
    """Ask in one chat all the time, at most `most` questions ahead of the replies.

    The questions go round, so that each reply shows which of its neighbours it belongs to. In a
    group the people take turns.
    """

    server: BotApiServer
    people: Sequence[Person]
    place: Place
    most: int = 3
    asked: list[Message] = field(default_factory=list)

    async def go_on(self, stop: asyncio.Event) -> None:
        """Ask until told to stop, and at last something else."""
        while not stop.is_set():
            await self.ask_many(1)
            await self.server.watch.until(
                lambda: stop.is_set() or self._open < self.most or None, "a reply", timeout=60
            )
        await self.ask(self.people[0], LAST)

    async def ask_many(self, count: int, *, last: bool = False) -> None:
        """Ask so many questions at once, and at last perhaps something else."""
        for _ in range(count):
            number = len(self.asked)
            person = self.people[number % len(self.people)]
            await self.ask(person, QUESTIONS[number % len(QUESTIONS)])
        if last:
            await self.ask(self.people[0], LAST)

    async def ask(self, person: Person, question: str) -> None:
        """Ask one question."""
        mention = "@bot " if self.place.chat.kind != "private" else ""
        self.asked.append(await person.says(mention + question, chat=self.place))

    @property
    def is_over(self) -> bool:
        """Tell whether the last question has its reply."""
        own = self.place.chat.own
        return bool(own) and self.place.look(max(own)).text == ANSWERS[LAST]

    def tally(self) -> Tally:
        """Compare the questions with the replies, in the order of both."""
        calls = {
            call.result["message_id"]: call.started
            for call in self.server.calls_of("sendMessage")
            if call.ok and call.result["chat"]["id"] == self.place.id
        }
        done, disorder = 0, 0
        twice: list[tuple[float, float]] = []
        last = 0
        for reply in self.place.said:
            if done < len(self.asked) and _answers(reply, self.asked[done]):
                done += 1
            elif done and _answers(reply, self.asked[done - 1]):
                twice.append((calls.get(last, 0.0), calls.get(reply.id, 0.0)))
            else:
                disorder += 1
            last = reply.id
        return Tally(len(self.asked), len(self.asked) - done, disorder, tuple(twice))

    @property
    def _open(self) -> int:
        return len(self.asked) - len(self.place.chat.own)


def _answers(reply: Message, question: Message) -> bool:
    """Tell whether a reply is to a question: by its words, and in a group by what it quotes."""
    fits = reply.text == ANSWERS[question.text.removeprefix("@bot ")]
    return fits and reply.reply_to in {None, question.id}


def inquiries(server: BotApiServer, alone: int, most: int = 3) -> list[Inquiry]:
    """Make people who ask in their private chats, and four of them in a group and a supergroup."""
    people = [server.person(f"P{number}") for number in range(alone)]
    four = people[:4]
    groups = (
        server.group("Friends", members=four),
        server.group("Neighbours", members=four, supergroup=True),
    )
    return [
        *(Inquiry(server, [person], person.home, most) for person in people),
        *(Inquiry(server, four, group, most) for group in groups),
    ]


@contextlib.asynccontextmanager
async def asking(inquirers: Sequence[Inquiry]) -> AsyncIterator[None]:
    """Ask while the block runs; afterwards wait until all has been answered."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for each in inquirers:
            group.create_task(each.go_on(stop))
        yield
        stop.set()
        inquirers[0].server.world.pulse.beat()
    await answered(inquirers)


async def answered(inquirers: Sequence[Inquiry], timeout: float = PATIENCE) -> None:
    """Wait until each chat's last question has its reply."""
    await inquirers[0].server.watch.until(
        lambda: all(each.is_over for each in inquirers) or None, "every reply", timeout=timeout
    )


def show(text: str) -> None:
    """Print a line of figures, which `pytest -s` shows."""
    sys.stdout.write(f"\n{text}\n")


def report(what: str, tallies: Sequence[Tally], more: str) -> None:
    """Print what became of all questions."""
    asked, lost, twice = (
        sum(figures)
        for figures in zip(*((t.asked, t.lost, len(t.twice)) for t in tallies), strict=True)
    )
    show(f"{what}: {asked} questions, {lost} lost, {twice} twice; {more}")


class Balancer:
    """Stand between Telegram and the replicas: what one doesn't take, the next is asked to.

    `taken` counts the updates that each of the addresses has taken.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._turn = 0
        self._session: aiohttp.ClientSession | None = None
        self.taken = dict.fromkeys(addresses, 0)
        self.url = ""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        self._runner = web.ServerRunner(web.Server(self._pass_on), shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        if self._session:
            await self._session.close()

    async def _pass_on(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        for _ in self._addresses:
            self._turn += 1
            address = self._addresses[self._turn % len(self._addresses)]
            status = await self._post(f"http://{address}{request.path}", body, request)
            if status < 500:
                self.taken[address] += status == 200
                return web.Response(status=status)
        await asyncio.sleep(_AFTER)
        return web.Response(status=502)

    async def _post(self, url: str, body: bytes, request: web.BaseRequest) -> int:
        kept = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")
        headers = {name: request.headers[name] for name in kept if name in request.headers}
        assert self._session is not None
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 502


class Gate:
    """Stand between the bot and a server: while it is shut, connections are refused.

    Its port stays the same.
    """

    def __init__(self, server: BotApiServer) -> None:
        self._target = int(server.url.rpartition(":")[2])
        (self._port,) = free_ports(1)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Return the root of the server behind the gate."""
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self._port)

    async def shut(self) -> None:
        """Cut every connection and refuse others."""
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._open |= {writer, inner_writer}
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        finally:
            self._open -= {writer, inner_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on bytes until either side hangs up."""
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()


def replicas(
    server: BotApiServer, folder: Path, database: str, balancer: Balancer, nursery: Nursery | None
) -> list[Replica]:
    """Return a replica for each address of the balancer, on one database."""
    shared = {
        "MAJLIS_DATABASE": database,
        "MAJLIS_WEBHOOK_URL": "https://majlis.test",
        "MAJLIS_WEBHOOK_SECRET": SECRET,
        "MAJLIS_LEASE_SECONDS": "2",
        "MAJLIS_LOG_LEVEL": "WARNING",
    }
    return [
        Replica(
            server.url, folder, {**shared, "MAJLIS_LISTEN": address}, f"replica{number}", nursery
        )
        for number, address in enumerate(balancer.taken)
    ]
