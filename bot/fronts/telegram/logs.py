"""Keep the bot token out of the logs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from urllib.parse import quote

_MASK = "<token>"
_CHATTY = ("httpx", "httpcore", "telegram", "telegram.ext")


@contextlib.contextmanager
def secret_kept(token: str) -> Iterator[None]:
    """Mask a token in whatever the handlers of the root logger get, while the block runs.

    The libraries below, which log each request with its address, are heard from warnings on.
    """
    mask = _Mask(token)
    handlers = list(logging.getLogger().handlers)
    levels = {name: logging.getLogger(name).level for name in _CHATTY}
    for handler in handlers:
        handler.addFilter(mask)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for handler in handlers:
            handler.removeFilter(mask)


def masked(text: str, token: str) -> str:
    """Return a text without a token, as it is or as addresses write it."""
    return text.replace(token, _MASK).replace(quote(token, safe=""), _MASK) if token else text


class _Mask(logging.Filter):
    """Rewrite records that hold a token; their tracebacks too."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        record.msg, record.args = _message(record), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._formatter.formatException(record.exc_info)
        for name, value in vars(record).items():
            if isinstance(value, str):
                setattr(record, name, masked(value, self._token))
        return True


def _message(record: logging.LogRecord) -> str:
    """Return the message; what doesn't fit its arguments is shown as it is."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"
