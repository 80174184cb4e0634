"""The settings: environment and .env, read once, checked, frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import SettingsError

_PACKAGE = Path(__file__).parent
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def default_knowledge() -> Path:
    """Return the knowledge that comes with Majlis: packaged, or the checkout's own."""
    packaged = _PACKAGE / "default" / "knowledge"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "knowledge"


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold every setting; see `.env.example` for what each one does.

    `retention` is in days, `session_minutes` in minutes. An empty `token` means the terminal, an
    empty `encoder` the best one installed, no `cache` the system's folder for caches.
    """

    token: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    test_environment: bool = False
    admins: frozenset[int] = frozenset()
    knowledge: Path = Path()
    seeds: Path = Path()
    database: str = "majlis.db"
    watch: bool = False
    retention: int = 90
    session_minutes: int = 30
    log_level: str = "INFO"
    encoder: str = ""
    cache: Path | None = None


def read_settings(
    environ: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")
) -> Settings:
    """Read the settings from .env and the environment, which wins.

    Raises SettingsError naming the variable, its value's fault and an example.
    """
    values = {} if dotenv is None else _from_file(dotenv)
    values.update(os.environ if environ is None else environ)
    return with_knowledge(
        Settings(
            token=values.get("TELEGRAM_BOT_TOKEN", "").strip(),
            api_url=_url(values, "TELEGRAM_API_URL", "https://api.telegram.org"),
            test_environment=_flag(values, "TELEGRAM_TEST_ENVIRONMENT"),
            admins=_ids(values, "MAJLIS_ADMINS"),
            database=values.get("MAJLIS_DATABASE", "").strip() or "majlis.db",
            watch=_flag(values, "MAJLIS_WATCH"),
            retention=_number(values, "MAJLIS_RETENTION_DAYS", 90),
            session_minutes=_number(values, "MAJLIS_SESSION_MINUTES", 30),
            log_level=_level(values, "MAJLIS_LOG_LEVEL"),
            encoder=_encoder(values, "MAJLIS_ENCODER"),
            cache=_folder(values, "MAJLIS_CACHE"),
        ),
        Path(values["MAJLIS_KNOWLEDGE"]) if values.get("MAJLIS_KNOWLEDGE") else None,
        Path(values["MAJLIS_SEEDS"]) if values.get("MAJLIS_SEEDS") else None,
    )


def with_knowledge(
    settings: Settings, knowledge: Path | None, seeds: Path | None = None
) -> Settings:
    """Return settings that read a knowledge folder, and the documents that belong to it.

    The documents are in `seeds`, else in a folder `seeds` inside the knowledge folder, else beside.
    Raises SettingsError for a path that can't be followed, such as `~nobody`.
    """
    folder = _resolved(knowledge or default_knowledge())
    documents = _resolved(seeds) if seeds else _documents_of(folder)
    return replace(settings, knowledge=folder, seeds=documents)


def _from_file(dotenv: Path) -> dict[str, str]:
    try:
        found = dotenv_values(dotenv, encoding="utf-8-sig") if dotenv.is_file() else {}
    except UnicodeDecodeError as error:
        message = f"{dotenv} is not UTF-8 text. Save the file as UTF-8."
        raise SettingsError(message) from error
    except OSError as error:
        message = f"{dotenv} can't be read ({error.strerror}). Check that it is a readable file."
        raise SettingsError(message) from error
    return {name: value for name, value in found.items() if value is not None}


def _resolved(path: Path) -> Path:
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        message = f"{str(path)!r} can't be used as a folder ({error}). Give its full path."
        raise SettingsError(message) from error


def _documents_of(folder: Path) -> Path:
    inside = folder / "seeds"
    try:
        return _resolved(inside if inside.is_dir() else folder.parent / "seeds")
    except OSError as error:
        message = f"{inside} can't be read ({error.strerror}). Check the path."
        raise SettingsError(message) from error


def _flag(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        message = f"{name} is {value!r}: use 1 for yes or 0 for no."
        raise SettingsError(message)
    return value in _TRUE


def _number(values: Mapping[str, str], name: str, default: int) -> int:
    value = values.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        message = f"{name} is {value!r}: use a whole number from 1, such as {default}."
        raise SettingsError(message)
    return int(value)


def _ids(values: Mapping[str, str], name: str) -> frozenset[int]:
    parts = values.get(name, "").replace(",", " ").split()
    if wrong := [part for part in parts if not (part.isascii() and part.isdigit())]:
        message = (
            f"{name} has {wrong[0]!r}: use Telegram user ids, numbers with commas between, "
            "such as 123456789,987654321. /start shows nobody's id; @userinfobot does."
        )
        raise SettingsError(message)
    return frozenset(int(part) for part in parts)


def _url(values: Mapping[str, str], name: str, default: str) -> str:
    value = values.get(name, "").strip().rstrip("/") or default
    if not value.startswith(("http://", "https://")):
        message = f"{name} is {value!r}: use a server's root, such as http://127.0.0.1:8081."
        raise SettingsError(message)
    return value


def _level(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "").strip().upper() or "INFO"
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        message = f"{name} is {value!r}: use DEBUG, INFO, WARNING or ERROR."
        raise SettingsError(message)
    return value


def _encoder(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "").strip()
    if value.lower() in {"", "static"}:
        return value.lower()
    return str(_resolved(Path(value)))


def _folder(values: Mapping[str, str], name: str) -> Path | None:
    value = values.get(name, "").strip()
    return _resolved(Path(value)) if value else None
