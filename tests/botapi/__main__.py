"""Play Telegram by hand: `python -m tests.botapi --port 8081`."""

import argparse
import asyncio
import sys
import time
from contextlib import suppress

from . import TOKEN, BotApiServer, Button, Message, Person


def main() -> None:
    """Read the arguments and run until the input ends."""
    parser = argparse.ArgumentParser(description="A pretended Telegram for one bot.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--language", default="en", help="of the person you play")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(options.port, options.token, options.language))


async def _run(port: int, token: str, language: str) -> None:
    async with BotApiServer(token, port=port) as server:
        # A bot whose database is older than this run must not take these for updates it has had.
        server.world.queue.start_at(int(time.time()))
        print(f"token {token}\nbase URL {server.base_url}")  # noqa: T201 - it is a prompt
        print("Type to the bot; :1 presses the first button, an empty line ends.")  # noqa: T201
        you = server.person("You", language=language)
        shown: list[Button] = []
        listening = asyncio.create_task(_listen(you, shown))
        await _talk(you, shown)
        listening.cancel()


async def _talk(you: Person, shown: list[Button]) -> None:
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        number = line.removeprefix(":")
        if line.startswith(":") and number.isdecimal() and 0 < int(number) <= len(shown):
            await you.presses(shown[int(number) - 1])
        else:
            await you.says(line)


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
