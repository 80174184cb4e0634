"""From the text of one variable to its value; each raises SettingsError with an example."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.errors import SettingsError

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_ADDRESS = re.compile(r"(?P<host>[^:\s]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_LAST_PORT = 65535
_DIGITS = 5  # of the greatest number: 99,999 days are enough

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKLY = re.compile(r"(?P<day>[a-z]+) +(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)", re.ASCII)

LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Address:
    """Say where a server listens; port 0 takes any free one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """Say when something happens each week: on a weekday, from 0 for Monday on, at a UTC time."""

    weekday: int
    time: dt.time


def folder_path(path: Path) -> Path:
    """Return the whole path of a folder."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        message = f"{str(path)!r} can't be used as a folder ({error}). Give its full path."
        raise SettingsError(message) from error


def flag(values: Mapping[str, str], name: str) -> bool:
    """Return a yes or no."""
    value = values.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        message = f"{name} is {value!r}: use 1 for yes or 0 for no."
        raise SettingsError(message)
    return value in _TRUE


def number(values: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    """Return a whole number from `least` of at most five digits."""
    value = values.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and len(value) <= _DIGITS and int(value) >= least:
        return int(value)
    message = f"{name} is {value!r}: use a whole number from {least}, such as {default}."
    raise SettingsError(message)


def ids(values: Mapping[str, str], name: str) -> frozenset[int]:
    """Return the ids of users."""
    parts = values.get(name, "").replace(",", " ").split()
    if wrong := [part for part in parts if not (part.isascii() and part.isdigit())]:
        message = (
            f"{name} has {wrong[0]!r}: use Telegram user ids, numbers with commas between, "
            "such as 123456789,987654321. /start shows nobody's id; @userinfobot does."
        )
        raise SettingsError(message)
    return frozenset(int(part) for part in parts)


def chats(values: Mapping[str, str], name: str) -> frozenset[int]:
    """Return the ids of chats; those of groups are negative."""
    parts = values.get(name, "").replace(",", " ").split()
    if wrong := [part for part in parts if not re.fullmatch(r"-?[0-9]{1,18}", part)]:
        message = (
            f"{name} has {wrong[0]!r}: use ids of chats, numbers with commas between, such as "
            "123456789,-1001234567890 (a person's chat has the person's id)."
        )
        raise SettingsError(message)
    return frozenset(int(part) for part in parts)


def chat(values: Mapping[str, str], name: str) -> int:
    """Return the id of a chat, or 0 for none."""
    found = chats(values, name)
    if len(found) > 1:
        message = f"{name} has {len(found)} ids: use that of one group, such as -1001234567890."
        raise SettingsError(message)
    return next(iter(found), 0)


def url(values: Mapping[str, str], name: str, default: str) -> str:
    """Return a server's root without the last slash, or the default."""
    value = values.get(name, "").strip().rstrip("/")
    if not value:
        return default
    if not value.startswith(("http://", "https://")):
        message = f"{name} is {value!r}: use a server's root, such as http://127.0.0.1:8081."
        raise SettingsError(message)
    return value


def level(values: Mapping[str, str], name: str) -> str:
    """Return a log level."""
    value = values.get(name, "").strip().upper() or "INFO"
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        message = f"{name} is {value!r}: use DEBUG, INFO, WARNING or ERROR."
        raise SettingsError(message)
    return value


def log_format(values: Mapping[str, str], name: str) -> LogFormat:
    """Return how log lines look."""
    value = values.get(name, "").strip().lower() or "text"
    if value == "text":
        return "text"
    if value == "json":
        return "json"
    message = f"{name} is {value!r}: use text or json."
    raise SettingsError(message)


def address(values: Mapping[str, str], name: str, default: Address) -> Address | None:
    """Return where to listen, or None for `off`."""
    value = values.get(name, "").strip()
    if value.lower() == "off":
        return None
    found = _ADDRESS.fullmatch(value)
    if value and (found is None or int(found["port"]) > _LAST_PORT):
        message = (
            f"{name} is {value!r}: use a host and a port, such as {default.host}:{default.port}, "
            "or off."
        )
        raise SettingsError(message)
    return Address(found["host"].strip("[]"), int(found["port"])) if found else default


def weekly(values: Mapping[str, str], name: str) -> Weekly | None:
    """Return a weekday and a time, or None for nothing."""
    value = values.get(name, "").strip().lower()
    if value in {"", "off"}:
        return None
    found = _WEEKLY.fullmatch(value)
    if found is None or found["day"] not in _WEEKDAYS:
        message = f"{name} is {value!r}: use a weekday and a time in UTC, such as monday 09:00."
        raise SettingsError(message)
    time = dt.time(int(found["hour"]), int(found["minute"]))
    return Weekly(_WEEKDAYS.index(found["day"]), time)


def secret(values: Mapping[str, str], name: str) -> str:
    """Return a secret that must be there; the message never shows it."""
    value = values.get(name, "").strip()
    if not _SECRET.fullmatch(value):
        message = (
            f"{name} is missing or can't be used: put in 16 to 256 letters, digits, - and _, such "
            'as `python3 -c "import secrets; print(secrets.token_urlsafe())"` prints.'
        )
        raise SettingsError(message)
    return value


def encoder(values: Mapping[str, str], name: str) -> str:
    """Return `static`, the path of a model, or nothing."""
    value = values.get(name, "").strip()
    if value.lower() in {"", "static"}:
        return value.lower()
    return str(folder_path(Path(value)))


def folder(values: Mapping[str, str], name: str) -> Path | None:
    """Return a folder, or None."""
    value = values.get(name, "").strip()
    return folder_path(Path(value)) if value else None
