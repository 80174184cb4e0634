"""Pictures, drawn in a process of their own."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.reporting.drawing import draw
from bot.reporting.labels import MONTHS
from bot.reporting.picture import WORDS, Painter, drawing_of
from tests.bot.reporting.library import SUMMARY

NAMES = {name: name for name in WORDS}
PNG = b"\x89PNG\r\n\x1a\n"


async def test_a_picture_is_drawn_and_the_process_ends() -> None:
    """What comes back is a PNG; matplotlib isn't loaded here for it."""
    loaded = {name for name in sys.modules if name.startswith("matplotlib.")}
    picture = await Painter().paint(SUMMARY, NAMES, MONTHS)
    assert picture
    assert picture.startswith(PNG)
    assert {name for name in sys.modules if name.startswith("matplotlib.")} == loaded


def test_a_picture_of_a_month_or_of_nothing_can_be_drawn() -> None:
    """Whatever the number of days and the counts, there is a picture."""
    for days in (1, 30, 366):
        empty = {name: [0] * days for name in ("suggested", "missed", "helpful", "not_helpful")}
        counts = empty | {"answered": list(range(days))}
        drawing = drawing_of(SUMMARY, NAMES, MONTHS) | {"days": ["1.1."] * days, "counts": counts}
        assert draw(drawing).startswith(PNG)


def test_a_picture_without_votes_says_so() -> None:
    """Words stand in place of an empty frame."""
    drawing = drawing_of(SUMMARY, NAMES, MONTHS)
    none = drawing["counts"] | {"helpful": [0] * 7, "not_helpful": [0] * 7}
    empty = draw(drawing | {"counts": none})
    assert empty.startswith(PNG)
    assert empty != draw(drawing | {"counts": none, "words": NAMES | {"no_votes": ""}})


def test_days_are_named_as_in_the_other_reports() -> None:
    """A day is a number and the beginning of a month's name."""
    assert drawing_of(SUMMARY, NAMES, MONTHS)["days"][:2] == ["9 Nov", "10 Nov"]


async def test_without_matplotlib_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started then."""
    monkeypatch.setattr("bot.reporting.picture.find_spec", lambda _: None)
    assert await Painter("/no/such/program").paint(SUMMARY, NAMES, MONTHS) is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("/no/such/program",), "No such file"),
        ((sys.executable, "-c", "raise SystemExit('no fonts')"), "no fonts"),
        ((sys.executable, "-c", "input()"), "couldn't be drawn"),
    ],
)
async def test_what_fails_costs_the_picture_only(
    command: tuple[str, ...], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why; nothing is raised."""
    with caplog.at_level(logging.WARNING):
        assert await Painter(*command).paint(SUMMARY, NAMES, MONTHS) is None
    assert words in caplog.text


async def test_a_drawing_that_hangs_is_ended(caplog: pytest.LogCaptureFixture) -> None:
    """Its process is killed after its time."""
    painter = Painter(sys.executable, "-c", "import signal; signal.pause()", seconds=0.05)
    assert await painter.paint(SUMMARY, NAMES, MONTHS) is None
    assert "TimeoutError" in caplog.text


async def test_a_drawing_learns_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment it gets what Python needs, and not the token."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:secret")
    monkeypatch.setenv("MAJLIS_DATABASE", "postgresql://bot:secret@db/majlis")
    script = "import json, os, sys; sys.stdin.read(); print(json.dumps(dict(os.environ)))"
    told = await Painter(sys.executable, "-c", script).paint(SUMMARY, NAMES, MONTHS)
    assert told
    assert "secret" not in json.dumps(json.loads(told))
