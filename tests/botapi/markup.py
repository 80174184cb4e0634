"""Keyboards: buttons that do exactly one thing, within the limits of the API."""

from typing import Any
from urllib.parse import urlsplit

from .errors import refuse

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
STYLES = ("danger", "success", "primary")
DATA_LIMIT = 64
COPY_LIMIT = 256
BUTTON_LIMIT = 100
SCHEMES = ("http", "https", "tg", "ton", "tonsite")


def read_inline_keyboard(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the `reply_markup` of a message: nothing unless it is an inline keyboard."""
    markup = parameters.get("reply_markup", {})
    if "keyboard" in markup:
        _check_plain_buttons(markup["keyboard"])
    rows = [row for row in markup.get("inline_keyboard", []) if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(map(len, rows)) > BUTTON_LIMIT:
        refuse("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_plain_buttons(rows: list[list[dict[str, Any]]]) -> None:
    if not any(rows):
        refuse("reply keyboard must be non-empty")
    if any(not button["text"].strip() for row in rows for button in row):
        refuse("keyboard button text must be non-empty")


def _check_button(button: dict[str, Any]) -> None:
    where = "can't parse inline keyboard button"
    if not button["text"].strip():
        refuse(f"{where}: text must be non-empty")
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        refuse(f"{where}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        refuse(f"{where}: exactly one action is allowed, found {', '.join(actions)}")
    if button.get("style", "primary") not in STYLES:
        refuse(f"{where}: invalid button style specified")
    _check_action(button)


def _check_action(button: dict[str, Any]) -> None:
    match button:
        case {"callback_data": str(data)} if not 1 <= len(data.encode()) <= DATA_LIMIT:
            refuse("BUTTON_DATA_INVALID")
        case {"copy_text": {"text": str(text)}} if not 1 <= len(text) <= COPY_LIMIT:
            refuse("BUTTON_COPY_TEXT_INVALID")
        case {"url": str(url)}:
            _check_url(url)
        case {"web_app": {"url": str(url)}} | {"login_url": {"url": str(url)}}:
            if not url.startswith("https://"):
                refuse(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS allowed")


def _check_url(url: str) -> None:
    if not _is_link(url):
        refuse(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"}
    is_known = parts.scheme in SCHEMES and bool(parts.netloc)
    return is_known and (not is_web or _is_host(parts.hostname))


def _is_host(host: str | None) -> bool:
    return bool(host) and "." in str(host).strip(".") and " " not in str(host)
