"""Log lines: whole, unforgeable, and without the token."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import pytest

from bot.fronts.telegram.logs import secret_kept
from bot.logs import Trouble, log_to_stderr
from bot.settings.values import LogFormat

TOKEN = "123456:AAF-secret_token"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/getMe"
NASTY = "a\nb\r\n2026 INFO root: forged \x1b[2J \x9b2J \x85 \u2028 \u202e \x00 \ud800 \t سلام"


class Log(io.StringIO):
    """Stand in for standard error."""

    def lines(self) -> list[str]:
        """Return what was logged, line by line."""
        return self.getvalue().split("\n")[:-1]

    def records(self) -> list[dict[str, object]]:
        """Return the lines as JSON."""
        return [json.loads(line) for line in self.lines()]


@contextmanager
def logged(log_format: LogFormat, level: str = "INFO") -> Iterator[Log]:
    """Log as the command does while the block runs, and keep what gets to standard error.

    Only what this thread logs: that of a connection to SQLite says at DEBUG that it has ended, and
    may do so when the next test is running.
    """
    log, root = Log(), logging.getLogger()
    handlers, before = root.handlers, root.level
    root.handlers = []
    try:
        with redirect_stderr(log):
            log_to_stderr(level, log_format)
            thread = threading.get_ident()
            root.handlers[0].addFilter(lambda record: record.thread == thread)
            yield log
    finally:
        root.handlers = handlers
        root.setLevel(before)


def refuse(message: str) -> None:
    """Raise an error."""
    raise ValueError(message)


def fail(logger: logging.Logger, message: str) -> None:
    """Log an error with its traceback."""
    try:
        refuse(message)
    except ValueError:
        logger.exception("it failed")


def test_text_is_time_level_logger_and_message() -> None:
    """A line has what people look for, from the level on."""
    with logged("text") as log:
        logging.getLogger("bot.test").info("%d entries are live", 3)
        logging.getLogger("bot.test").debug("unheard")
    (line,) = log.lines()
    assert line.endswith(" INFO bot.test: 3 entries are live")
    assert line[:2] == "20"


def test_alembic_is_heard_from_warnings_on() -> None:
    """Each start would else tell how the database was looked at."""
    with logged("text", "DEBUG") as log:
        logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    assert log.lines() == []


def test_a_text_message_stays_in_its_line() -> None:
    """Nobody forges a line, or steers the terminal, by what they write; letters stay letters."""
    with logged("text") as log:
        logging.getLogger("bot.test").warning("they said %s", NASTY)
    (line,) = log.lines()
    assert line.endswith(
        r"they said a\nb\r\n2026 INFO root: forged \x1b[2J \x9b2J \x85 \u2028 \u202e \x00 "
        "\ud800 \\t سلام"
    )
    assert len(line.splitlines()) == 1


def test_a_traceback_is_indented_below_its_line() -> None:
    """Its lines stay lines, but none of them looks like a record."""
    with logged("text") as log:
        fail(logging.getLogger("bot.test"), "no\n2026-01-01 INFO root: forged\x1b[2J")
    first, *others = log.lines()
    assert first.endswith("ERROR bot.test: it failed")
    assert others[0] == "    Traceback (most recent call last):"
    assert others[-2:] == ["    ValueError: no", r"    2026-01-01 INFO root: forged\x1b[2J"]


def test_a_trouble_is_logged_when_it_begins_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    """Neither while it lasts nor while there is none."""
    trouble = Trouble(logging.getLogger("bot.test"))
    with caplog.at_level(logging.INFO):
        trouble.over("unsaid")
        for _ in range(2):
            for reason in ("full", "gone"):
                trouble.log(logging.ERROR, "The disk is %s", reason)
            trouble.over("It works again")
            trouble.over("unsaid")
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("ERROR", "The disk is full"),
        ("INFO", "It works again"),
    ] * 2


def test_json_is_one_object_a_line() -> None:
    """A collector gets time in UTC, level, logger and message, whatever the message has in it."""
    with logged("json") as log:
        before = dt.datetime.now(dt.UTC)
        logging.getLogger("bot.test").warning("they said %s", NASTY)
    (record,) = log.records()
    assert list(record) == ["time", "level", "logger", "message"]
    assert (record["level"], record["logger"]) == ("WARNING", "bot.test")
    assert record["message"] == f"they said {NASTY}"
    written = dt.datetime.fromisoformat(str(record["time"]))
    assert written.utcoffset() == dt.timedelta(0)
    assert abs(written - before) < dt.timedelta(seconds=5)
    assert log.getvalue().isascii()
    assert log.getvalue()[:-1].isprintable()


def test_json_has_tracebacks_and_stacks_as_a_string() -> None:
    """Their lines don't become lines of the log."""
    with logged("json") as log:
        fail(logging.getLogger("bot.test"), "no\nway")
        logging.getLogger("bot.test").info("here", stack_info=True)
    failed, here = log.records()
    assert str(failed["error"]).startswith("Traceback (most recent call last):\n")
    assert str(failed["error"]).endswith("ValueError: no\nway")
    assert "test_logs.py" in str(here["stack"])
    assert "error" not in here


def test_json_has_the_extra_keys_that_json_can_hold() -> None:
    """Others are left out, and none takes the place of the record's own."""
    with logged("json") as log:
        ring: list[object] = []
        ring.append(ring)
        extra = {
            "kind": "callback_query",
            "seconds": 0.25,
            "tags": ["a\n", None],
            "level": "FORGED",
            "other": object(),
            "nan": float("nan"),
            "ring": ring,
        }
        logging.getLogger("bot.test").info("taken", extra=extra)
    (record,) = log.records()
    assert record["level"] == "INFO"
    assert {name: record[name] for name in list(record)[4:]} == {
        "kind": "callback_query",
        "seconds": 0.25,
        "tags": ["a\n", None],
    }


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize(
    "name", ["httpx", "httpcore.http11", "aiohttp.access", "telegram.Bot", "asyncio", "bot.test"]
)
def test_the_token_is_masked_in_both_formats(log_format: LogFormat, name: str) -> None:
    """In messages, arguments and tracebacks, even of loggers that somebody set to DEBUG."""
    with logged(log_format, "DEBUG") as log:
        logger = logging.getLogger(name)
        level = logger.level
        with secret_kept(TOKEN):
            logger.setLevel(logging.DEBUG)
            logger.debug("HTTP Request: POST %s", ADDRESS)
            logger.debug("by %(url)s", {"url": ADDRESS.replace(":AAF", "%3AAAF")})
            fail(logger, ADDRESS)
        logger.setLevel(level)
    assert "secret_token" not in log.getvalue()
    assert log.getvalue().count("/bot<token>/getMe") == 3
    if log_format == "json":
        assert [record["logger"] for record in log.records()] == [name] * 3
