"""From what Telegram sends to what the journal takes: a number, a line and the content."""

from __future__ import annotations

from collections.abc import Mapping

from telegram.constants import UpdateType

from bot.storage.journal import Json, Received

HANDLED = (
    UpdateType.MESSAGE,
    UpdateType.EDITED_MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.GUEST_MESSAGE,
    UpdateType.MESSAGE_REACTION,
)
"""The kinds of updates that Telegram is asked for."""

_KINDS = frozenset(map(str, UpdateType))
_MOST = 2**63


def received(raw: object) -> Received | None:
    """Return an update that can be stored, or None for what has no number."""
    if not isinstance(raw, Mapping):
        return None
    number = raw.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _MOST:
        return None
    return Received(number, _line(raw), raw)


def kind_of(raw: Json) -> str:
    """Return the kind of an update as Telegram names it, or `other`."""
    return next((str(name) for name in raw if name in _KINDS), "other")


def _line(raw: Json) -> int | None:
    """Return the chat of an update, or the person who asks from elsewhere; None without either."""
    for kind, path in (
        (UpdateType.MESSAGE, ("chat", "id")),
        (UpdateType.EDITED_MESSAGE, ("chat", "id")),
        (UpdateType.CALLBACK_QUERY, ("message", "chat", "id")),
        (UpdateType.INLINE_QUERY, ("from", "id")),
        (UpdateType.GUEST_MESSAGE, ("from", "id")),
        (UpdateType.MESSAGE_REACTION, ("chat", "id")),
    ):
        if kind in raw:
            return _number_at(raw[kind], path)
    return None


def _number_at(value: object, path: tuple[str, ...]) -> int | None:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
