"""Log lines on standard error: for people, or as JSON for collectors."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import sys
from collections.abc import Iterator

from bot.settings.values import LogFormat

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Characters that steer a terminal, begin a line or turn the order of those that follow.
_STEERING = {
    code: chr(code).encode("unicode_escape").decode()
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
_STEERING_BUT_NEWLINE = {code: shown for code, shown in _STEERING.items() if code != ord("\n")}
_INDENT = "    "
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def log_to_stderr(level: str, log_format: LogFormat) -> None:
    """Send records from `level` on to standard error, unless the root logger has handlers."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter(_TEXT))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)


class Trouble:
    """Log a trouble once, however often it shows, and that it is over."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._lasts = False

    def log(self, level: int, message: str, *args: object) -> None:
        """Log what is wrong, unless that was said since it was last over."""
        if not self._lasts:
            self._logger.log(level, message, *args)
        self._lasts = True

    def over(self, message: str) -> None:
        """Log that it is over, if it was there."""
        if self._lasts:
            self._logger.info(message)
        self._lasts = False


class TextFormatter(logging.Formatter):
    """Write a record as one line, and its traceback indented below: nobody can forge either."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line and the traceback, with what steers a terminal escaped."""
        lines = super().format(record).translate(_STEERING_BUT_NEWLINE)
        return lines.replace("\n", f"\n{_INDENT}")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Return the record without its traceback in one line."""
        return super().formatMessage(record).translate(_STEERING)


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON in ASCII, with what `extra` gave it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON; what can't be written so is left out of the extra keys."""
        written: dict[str, object] = {
            "time": _instant(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # A traceback that a filter has put there, masked, comes before the exception's own.
        if error := record.exc_text or (
            self.formatException(record.exc_info) if record.exc_info else ""
        ):
            written["error"] = error
        if record.stack_info:
            written["stack"] = self.formatStack(record.stack_info)
        given = {name: value for name, value in _extra(record) if name not in written}
        return json.dumps(written | given)


def _instant(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")


def _extra(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    """Yield what `extra` gave a record, as far as JSON has it."""
    for name, value in vars(record).items():
        if name not in _STANDARD:
            with contextlib.suppress(TypeError, ValueError, RecursionError):
                json.dumps(value, allow_nan=False)
                yield name, value
