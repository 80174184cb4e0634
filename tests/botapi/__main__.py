"""Play Telegram by hand: `python -m tests.botapi --port 8081`."""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import FileIO
from itertools import chain
from threading import Thread

from . import TOKEN, BotApiServer, Button, Message, Person

HOW_TO_PRESS = (
    "Buttons are numbered below the message they belong to: :1 and Enter presses the first one. "
    "Ctrl-D or Ctrl-C ends it."
)


def main() -> None:
    """Read the arguments and run until the input ends."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.botapi",
        description="A pretended Telegram for one bot. What you type is sent to it.",
        epilog=HOW_TO_PRESS,
    )
    parser.add_argument("--port", type=int, default=8081, help="default: %(default)s")
    parser.add_argument("--token", default=TOKEN, help="of the bot (default: %(default)s)")
    parser.add_argument("--language", default="en", help="of the person you play")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(options.port, options.token, options.language))


async def _run(port: int, token: str, language: str) -> None:
    async with BotApiServer(token, port=port) as server:
        # A bot whose database is older than this run must not take these for updates it has had.
        server.world.queue.start_at(int(time.time()))
        print(f"token {token}\nbase URL {server.base_url}")  # noqa: T201 - it is a prompt
        print(f"Type to the bot. {HOW_TO_PRESS}")  # noqa: T201
        you = server.person("You", language=language)
        shown: list[Button] = []
        listening = asyncio.create_task(_listen(you, shown))
        await talk(you, shown, _typed())
        listening.cancel()


async def talk(you: Person, shown: list[Button], read: Callable[[], Awaitable[str]]) -> None:
    """Send each line that is read, or press the button it names, until the input ends."""
    while line := await read():
        text = line.strip()
        number = text.removeprefix(":")
        if number == text or not number.isdecimal():
            if text:
                await you.says(text)
        elif 0 < int(number) <= len(shown):
            await you.presses(shown[int(number) - 1])
        else:
            print(f"There is no button {text}: the last message has {len(shown)}.")  # noqa: T201


def _typed() -> Callable[[], Awaitable[str]]:
    """Return what waits for a line of the input; the thread that reads holds up no Ctrl-C."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def read() -> None:
        with suppress(RuntimeError):  # that the loop is closed
            for line in chain(iter(FileIO(0, closefd=False).readline, b""), [b""]):
                loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))

    Thread(target=read, daemon=True).start()
    return lines.get


async def _listen(you: Person, shown: list[Button]) -> None:
    """Print what the bot sends and edits; the buttons are those of what was printed last."""
    versions: dict[int, int] = {}

    def changed() -> Message | None:
        said = you.home.said
        return next((each for each in said if versions.get(each.id) != each.version), None)

    while True:
        message = await you.watch.until(changed, "something new", timeout=float("inf"))
        head = "bot (edited)" if message.id in versions else "bot"
        versions[message.id] = message.version
        shown[:] = [button for button in message.buttons if button.data]
        print(_render(head, message, shown))  # noqa: T201


def _render(head: str, message: Message, shown: list[Button]) -> str:
    links = [f"    [{b.text}] {b.url}" for b in message.buttons if b.url]
    buttons = [f"    :{number} [{b.text}]" for number, b in enumerate(shown, start=1)]
    return "\n".join([f"{head}> {message.text}", *buttons, *links])


if __name__ == "__main__":
    main()
