"""The settings: environment and .env, read once, checked, frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.settings import values as read
from bot.settings.values import Address, LogFormat, Weekly, folder_path

_PACKAGE = Path(__file__).parent.parent


def default_knowledge() -> Path:
    """Return the knowledge that comes with Majlis: packaged, or the checkout's own."""
    packaged = _PACKAGE / "default" / "knowledge"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "knowledge"


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold every setting; see `.env.example` for what each one does.

    `retention` is in days, `session_minutes` in minutes, `lease` in seconds, `user_limit` in
    messages a minute (0: none). An empty `token` means the terminal, an empty `webhook_url`
    polling, an empty `encoder` the best one installed, no `cache` the system's folder for caches,
    no `listen` no HTTP server, an empty `allowed_chats` every chat, an `operator_chat` of 0 no
    operators; people wait `operator_minutes` for them until they are told. `secret` is the key
    under which ids of people are kept; empty, it is made from the token.
    """

    token: str = field(default="", repr=False)
    api_url: str = "https://api.telegram.org"
    test_environment: bool = False
    admins: frozenset[int] = frozenset()
    allowed_chats: frozenset[int] = frozenset()
    operator_chat: int = 0
    operator_minutes: int = 10
    user_limit: int = 30
    webhook_url: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)
    listen: Address | None = None
    knowledge: Path = Path()
    seeds: Path = Path()
    database: str = field(default="majlis.db", repr=False)
    secret: str = field(default="", repr=False)
    lease: int = 15
    watch: bool = False
    retention: int = 90
    session_minutes: int = 30
    log_level: str = "INFO"
    log_format: LogFormat = "text"
    digest: Weekly | None = None
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
    webhook_url = read.url(values, "MAJLIS_WEBHOOK_URL", "")
    listen = read.address(values, "MAJLIS_LISTEN", Address("127.0.0.1", 8088))
    if webhook_url and listen is None:
        message = "MAJLIS_LISTEN is off, but MAJLIS_WEBHOOK_URL needs a server: name an address."
        raise SettingsError(message)
    return with_knowledge(
        Settings(
            token=values.get("TELEGRAM_BOT_TOKEN", "").strip(),
            api_url=read.url(values, "TELEGRAM_API_URL", "https://api.telegram.org"),
            test_environment=read.flag(values, "TELEGRAM_TEST_ENVIRONMENT"),
            admins=read.ids(values, "MAJLIS_ADMINS"),
            allowed_chats=read.chats(values, "MAJLIS_ALLOWED_CHATS"),
            operator_chat=read.chat(values, "MAJLIS_OPERATOR_CHAT"),
            operator_minutes=read.number(values, "MAJLIS_OPERATOR_MINUTES", 10),
            user_limit=read.number(values, "MAJLIS_USER_LIMIT", 30, least=0),
            webhook_url=webhook_url,
            webhook_secret=_webhook_secret(values, webhook_url),
            listen=listen,
            database=values.get("MAJLIS_DATABASE", "").strip() or "majlis.db",
            secret=values.get("MAJLIS_SECRET", "").strip(),
            lease=read.number(values, "MAJLIS_LEASE_SECONDS", 15),
            watch=read.flag(values, "MAJLIS_WATCH"),
            retention=read.number(values, "MAJLIS_RETENTION_DAYS", 90),
            session_minutes=read.number(values, "MAJLIS_SESSION_MINUTES", 30),
            log_level=read.level(values, "MAJLIS_LOG_LEVEL"),
            log_format=read.log_format(values, "MAJLIS_LOG_FORMAT"),
            digest=read.weekly(values, "MAJLIS_DIGEST"),
            encoder=read.encoder(values, "MAJLIS_ENCODER"),
            cache=read.folder(values, "MAJLIS_CACHE"),
        ),
        Path(values["MAJLIS_KNOWLEDGE"]) if values.get("MAJLIS_KNOWLEDGE") else None,
        Path(values["MAJLIS_SEEDS"]) if values.get("MAJLIS_SEEDS") else None,
    )


def with_knowledge(
    settings: Settings, knowledge: Path | None, seeds: Path | None = None
) -> Settings:
    """Return settings that read a knowledge folder, and the documents that belong to it.

    The documents are in `seeds`, else in a folder `seeds` inside the knowledge folder, else beside
    it; but those that come with Majlis belong to the knowledge that does.
    Raises SettingsError for a path that can't be followed, such as `~nobody`.
    """
    folder = folder_path(knowledge or default_knowledge())
    documents = folder_path(seeds) if seeds else _documents_of(folder)
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


def _webhook_secret(values: Mapping[str, str], webhook_url: str) -> str:
    if not webhook_url:
        return ""
    if not webhook_url.startswith("https://"):
        message = "MAJLIS_WEBHOOK_URL is no https:// address: Telegram calls no other."
        raise SettingsError(message)
    return read.secret(values, "MAJLIS_WEBHOOK_SECRET")


def _documents_of(folder: Path) -> Path:
    inside, shipped = folder / "seeds", folder_path(default_knowledge())
    beside_shipped = folder.parent == shipped.parent and folder != shipped
    try:
        is_inside = inside.is_dir() or beside_shipped
        return folder_path(inside if is_inside else folder.parent / "seeds")
    except OSError as error:
        message = f"{inside} can't be read ({error.strerror}). Check the path."
        raise SettingsError(message) from error
