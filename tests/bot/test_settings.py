"""Settings: from the environment and .env, checked before anything starts."""

from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, default_knowledge, read_settings, with_knowledge
from bot.settings.values import Address, Weekly


def test_nothing_set_means_the_terminal_and_the_packaged_knowledge() -> None:
    """A newcomer needs no settings at all."""
    settings = read_settings({}, None)
    assert settings == with_knowledge(Settings(listen=Address("127.0.0.1", 8088)), None)
    assert settings.token == ""
    assert settings.knowledge == default_knowledge()
    assert (settings.knowledge / "en").is_dir()
    assert settings.seeds == settings.knowledge.parent / "seeds"


def test_every_variable_is_read(tmp_path: Path) -> None:
    """Each setting has its variable; blanks around values don't matter."""
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": " 1:abc ",
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "TELEGRAM_TEST_ENVIRONMENT": "Yes",
            "MAJLIS_ADMINS": "1, 22;3".replace(";", ","),
            "MAJLIS_ALLOWED_CHATS": "1,-1001234567890",
            "MAJLIS_OPERATOR_CHAT": "-1009876543210",
            "MAJLIS_OPERATOR_MINUTES": "3",
            "MAJLIS_USER_LIMIT": "0",
            "MAJLIS_WEBHOOK_URL": "https://bot.example/",
            "MAJLIS_WEBHOOK_SECRET": "a-secret-of-some-length",
            "MAJLIS_LISTEN": "[::1]:0",
            "MAJLIS_SECRET": "key",
            "MAJLIS_LEASE_SECONDS": "2",
            "MAJLIS_LOG_FORMAT": "JSON",
            "MAJLIS_DATABASE": "other.db",
            "MAJLIS_WATCH": "1",
            "MAJLIS_RETENTION_DAYS": "7",
            "MAJLIS_SESSION_MINUTES": "5",
            "MAJLIS_LOG_LEVEL": "debug",
            "MAJLIS_ENCODER": str(tmp_path / "model"),
            "MAJLIS_CACHE": f" {tmp_path / 'cache'} ",
            "MAJLIS_KNOWLEDGE": str(tmp_path / "knowledge"),
            "MAJLIS_SEEDS": str(tmp_path / "documents"),
        },
        None,
    )
    assert settings == Settings(
        token="1:abc",
        api_url="http://127.0.0.1:8081",
        test_environment=True,
        admins=frozenset({1, 22, 3}),
        allowed_chats=frozenset({1, -1001234567890}),
        operator_chat=-1009876543210,
        operator_minutes=3,
        user_limit=0,
        webhook_url="https://bot.example",
        webhook_secret="a-secret-of-some-length",
        listen=Address("::1", 0),
        secret="key",
        lease=2,
        log_format="json",
        knowledge=tmp_path / "knowledge",
        seeds=tmp_path / "documents",
        database="other.db",
        watch=True,
        retention=7,
        session_minutes=5,
        log_level="DEBUG",
        encoder=str(tmp_path / "model"),
        cache=tmp_path / "cache",
    )


def test_the_environment_wins_over_dotenv(tmp_path: Path) -> None:
    """A file gives the defaults, the command line's environment the exceptions."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("MAJLIS_DATABASE=file.db\nMAJLIS_RETENTION_DAYS=3\nMAJLIS_WATCH\n")
    settings = read_settings({"MAJLIS_DATABASE": "environment.db"}, dotenv)
    assert (settings.database, settings.retention) == ("environment.db", 3)


def test_a_missing_dotenv_is_fine(tmp_path: Path) -> None:
    """Nobody needs a .env."""
    assert read_settings({}, tmp_path / ".env") == read_settings({}, None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TELEGRAM_API_URL", "127.0.0.1:8081", "use a server's root, such as http://127.0.0.1"),
        ("TELEGRAM_TEST_ENVIRONMENT", "maybe", "use 1 for yes or 0 for no"),
        ("MAJLIS_WATCH", "2", "use 1 for yes or 0 for no"),
        ("MAJLIS_ADMINS", "1, @me", "has '@me': use Telegram user ids"),
        ("MAJLIS_ADMINS", "-5", "has '-5': use Telegram user ids"),
        ("MAJLIS_RETENTION_DAYS", "0", "use a whole number from 1, such as 90"),
        ("MAJLIS_RETENTION_DAYS", "1.5", "use a whole number from 1, such as 90"),
        ("MAJLIS_SESSION_MINUTES", "\N{SUPERSCRIPT TWO}", "a whole number from 1, such as 30"),
        ("MAJLIS_LOG_FORMAT", "xml", "use text or json"),
        ("MAJLIS_ALLOWED_CHATS", "@group", "has '@group': use ids of chats"),
        ("MAJLIS_USER_LIMIT", "-1", "a whole number from 0, such as 30"),
        ("MAJLIS_WEBHOOK_URL", "http://bot.example", "no https:// address"),
        ("MAJLIS_LISTEN", "8088", "use a host and a port, such as 127.0.0.1:8088, or off"),
        ("MAJLIS_LISTEN", "localhost:70000", "use a host and a port"),
        ("MAJLIS_DIGEST", "someday 9:00", "use a weekday and a time in UTC, such as monday 09:00"),
        ("MAJLIS_DIGEST", "monday 24:00", "use a weekday and a time"),
        ("MAJLIS_LOG_LEVEL", "loud", "use DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_value_names_its_variable_and_an_example(
    name: str, value: str, expected: str
) -> None:
    """One line says which variable is wrong and what it may be."""
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value}, None)
    assert str(caught.value).startswith(name)
    assert expected in str(caught.value)


@pytest.mark.parametrize("secret", ["", "short", "a secret with blanks in it"])
def test_a_webhook_needs_a_secret_that_is_never_shown(secret: str) -> None:
    """Without a good secret anybody could speak as Telegram; a bad one isn't repeated."""
    values = {"MAJLIS_WEBHOOK_URL": "https://bot.example", "MAJLIS_WEBHOOK_SECRET": secret}
    with pytest.raises(SettingsError, match="MAJLIS_WEBHOOK_SECRET") as caught:
        read_settings(values, None)
    assert not secret or secret not in str(caught.value)


def test_a_webhook_needs_a_server() -> None:
    """Telegram can't bring messages to where nobody listens."""
    values = {
        "MAJLIS_WEBHOOK_URL": "https://bot.example",
        "MAJLIS_WEBHOOK_SECRET": "a-secret-of-some-length",
        "MAJLIS_LISTEN": "off",
    }
    with pytest.raises(SettingsError, match="MAJLIS_LISTEN is off"):
        read_settings(values, None)


def test_no_server_where_listening_is_off() -> None:
    """`off` serves no page at all."""
    assert read_settings({"MAJLIS_LISTEN": "OFF"}, None).listen is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Monday 09:00", Weekly(0, dt.time(9))),
        ("sunday  7:05", Weekly(6, dt.time(7, 5))),
        ("", None),
        ("off", None),
    ],
)
def test_a_digest_has_a_weekday_and_a_time(value: str, expected: Weekly | None) -> None:
    """English names of days in any case; empty is never."""
    assert read_settings({"MAJLIS_DIGEST": value}, None).digest == expected


def test_a_dotenv_that_is_not_utf_8_is_one_line(tmp_path: Path) -> None:
    """A file saved in another encoding is named with its remedy, and nothing of it is shown."""
    dotenv = tmp_path / ".env"
    dotenv.write_bytes("TELEGRAM_BOT_TOKEN=1:secret".encode("utf-16"))
    with pytest.raises(SettingsError) as caught:
        read_settings({}, dotenv)
    assert str(caught.value) == f"{dotenv} is not UTF-8 text. Save the file as UTF-8."


def test_a_byte_order_mark_hides_no_variable(tmp_path: Path) -> None:
    """A file saved by an editor that marks UTF-8 is read from its first variable on."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("MAJLIS_DATABASE=file.db\n", encoding="utf-8-sig")
    assert read_settings({}, dotenv).database == "file.db"


def test_a_dotenv_that_can_not_be_read_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is closed to the reader is named."""
    dotenv = tmp_path / ".env"
    dotenv.write_text("MAJLIS_WATCH=1\n")

    def closed(path: Path, encoding: str) -> dict[str, str | None]:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("bot.settings.dotenv_values", closed)
    with pytest.raises(SettingsError, match=r"\.env can't be read \(Permission denied\)\. Check"):
        read_settings({}, dotenv)


@pytest.mark.parametrize("name", ["MAJLIS_KNOWLEDGE", "MAJLIS_SEEDS"])
@pytest.mark.parametrize("path", ["~nobody-of-that-name/docs", "a\0b"])
def test_a_path_that_leads_nowhere_is_one_line(name: str, path: str) -> None:
    """The home of an unknown user, or a path that can be none, is named with its remedy."""
    with pytest.raises(SettingsError) as caught:
        read_settings({name: path}, None)
    assert str(caught.value).startswith(f"{path!r} can't be used as a folder (")
    assert str(caught.value).endswith("Give its full path.")


def test_a_path_that_is_too_long_is_one_line() -> None:
    """What the system refuses to look for is told."""
    with pytest.raises(SettingsError, match="File name too long"):
        with_knowledge(Settings(), Path("a" * 5000))


def test_the_token_is_not_shown() -> None:
    """Whoever prints the settings doesn't give the bot away."""
    assert "secret" not in repr(Settings(token="1:secret"))


@pytest.mark.parametrize("value", ["", " ", "0", "no", "OFF", "false"])
def test_flags_can_be_switched_off_in_words(value: str) -> None:
    """Empty and every usual no mean no."""
    assert read_settings({"MAJLIS_WATCH": value}, None).watch is False


def test_documents_are_inside_the_knowledge_folder_or_beside_it(tmp_path: Path) -> None:
    """A folder that brings its own seeds is served by them."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    assert with_knowledge(Settings(), folder).seeds == tmp_path / "seeds"
    (folder / "seeds").mkdir()
    assert with_knowledge(Settings(), folder).seeds == folder / "seeds"
    assert with_knowledge(Settings(), folder, tmp_path / "other").seeds == tmp_path / "other"


def test_the_documents_of_majlis_serve_its_own_knowledge_alone() -> None:
    """A folder in the checkout that has no documents isn't given those of another subject."""
    shipped = default_knowledge()
    assert with_knowledge(Settings(), shipped).seeds == shipped.parent / "seeds"
    mine = shipped.parent / "mine"
    assert with_knowledge(Settings(), mine).seeds == mine / "seeds"
    assert with_knowledge(Settings(), mine, shipped.parent / "seeds").seeds.parent == shipped.parent


def test_other_settings_stay_when_the_knowledge_changes(tmp_path: Path) -> None:
    """--knowledge replaces nothing else."""
    assert with_knowledge(Settings(token="1:abc"), tmp_path).token == "1:abc"


@pytest.mark.parametrize(("value", "encoder"), [("", ""), (" ", ""), ("Static ", "static")])
def test_an_encoder_may_be_named_or_left_to_majlis(value: str, encoder: str) -> None:
    """The table has a name, the best encoder there is has none."""
    assert read_settings({"MAJLIS_ENCODER": value}, None).encoder == encoder


def test_an_encoders_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is found from wherever the bot was started, and the home is understood."""
    monkeypatch.setenv("HOME", "/home/someone")
    read = read_settings({"MAJLIS_ENCODER": "./static", "MAJLIS_CACHE": "~/cache"}, None)
    assert read.encoder == str(Path("static").resolve())
    assert read.cache == Path("/home/someone/cache")
