"""Playing Telegram by hand: lines that are sent, and lines that press buttons."""

from collections.abc import Awaitable, Callable, Iterable

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from . import TOKEN, BotApiServer, Button, Person
from .__main__ import main, talk


def _typing(lines: Iterable[str]) -> Callable[[], Awaitable[str]]:
    typed = iter(lines)

    async def read() -> str:
        return next(typed, "")

    return read


async def _shown(server: BotApiServer, you: Person) -> list[Button]:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    async with Bot(TOKEN, base_url=server.base_url) as bot:
        await bot.send_message(you.id, "Well?", reply_markup=keyboard)
    return list((await you.hears()).buttons)


async def test_lines_are_sent_and_empty_ones_passed_over() -> None:
    """Only the end of the input ends it; a colon alone is text."""
    async with BotApiServer(patience=2.0) as server:
        you = server.person("You")
        await you.starts()
        await talk(you, [], _typing(["\n", "  hello\n", " \n", ":-)\n", "7"]))
        said = [each["message"]["text"] for each in server.world.queue.pending]
    assert said == ["/start", "hello", ":-)", "7"]


async def test_a_number_behind_a_colon_presses_a_button(capsys: pytest.CaptureFixture[str]) -> None:
    """A button that isn't there is said not to be, and nothing is sent."""
    async with BotApiServer(patience=2.0) as server:
        you = server.person("You")
        await you.starts()
        shown = await _shown(server, you)
        await talk(you, shown, _typing([":9\n", ":0\n", ":1\n"]))
        assert [each.user for each in server.world.callbacks.values()] == [you.user]
    assert capsys.readouterr().out.splitlines() == [
        "There is no button :9: the last message has 1.",
        "There is no button :0: the last message has 1.",
    ]


def test_help_tells_how_to_press_buttons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts it for the first time looks there."""
    monkeypatch.setattr("sys.argv", ["botapi", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert ":1 and Enter presses" in capsys.readouterr().out
