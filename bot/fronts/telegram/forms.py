"""Whether an update has the form that Telegram promises, as far as the front relies on it.

The library takes whatever comes: a list for a text, or a number that no database holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MOST = 2**63
_Rule = Any  # a type, a mapping of fields (those with ! have to be there), or a list of one rule
_TICKET = "ticket"  # a text that is sent back as it came, so it has to be one that can be sent

_USER: _Rule = {"id!": int, "first_name!": str, "username": str, "language_code": str}
_CHAT: _Rule = {"id!": int, "type!": str}
_ENTITY: _Rule = {"type!": str, "offset!": int, "length!": int, "user": _USER}
_EARLIER: _Rule = {
    "message_id!": int,
    "date!": int,
    "edit_date": int,
    "chat!": _CHAT,
    "from": _USER,
    "sender_chat": _CHAT,
    "via_bot": _USER,
    "message_thread_id": int,
    "media_group_id": str,
    "text": str,
    "caption": str,
    "entities": [_ENTITY],
    "caption_entities": [_ENTITY],
    "reply_markup": {"inline_keyboard!": [[{"text!": str}]]},
}
_MESSAGE: _Rule = {**_EARLIER, "reply_to_message": _EARLIER}
_REACTION: _Rule = {"type!": str, "emoji": str}
_UPDATE: _Rule = {
    "message": _MESSAGE,
    "edited_message": _MESSAGE,
    "callback_query": {"id!": _TICKET, "from!": _USER, "message": _MESSAGE, "data": str},
    "guest_message": {**_MESSAGE, "guest_query_id!": _TICKET},
    "inline_query": {"id!": _TICKET, "from!": _USER, "query!": str},
    "message_reaction": {
        "chat!": _CHAT,
        "message_id!": int,
        "user": _USER,
        "actor_chat": _CHAT,
        "date!": int,
        "old_reaction!": [_REACTION],
        "new_reaction!": [_REACTION],
    },
}


def is_well_formed(update: Mapping[str, object]) -> bool:
    """Return whether all that the front reads of an update is of the promised types."""
    return _fits(update, _UPDATE)


def _fits(value: object, rule: _Rule) -> bool:
    if rule is int:
        return isinstance(value, int) and not isinstance(value, bool) and -_MOST <= value < _MOST
    if rule is _TICKET:
        return isinstance(value, str) and value.isprintable()
    if isinstance(rule, list):
        return isinstance(value, list) and all(_fits(each, rule[0]) for each in value)
    if isinstance(rule, dict):
        return isinstance(value, Mapping) and all(
            _has(value, name, inner) for name, inner in rule.items()
        )
    return isinstance(value, rule)


def _has(value: Mapping[str, object], name: str, rule: _Rule) -> bool:
    field = value.get(name.rstrip("!"))
    return not name.endswith("!") if field is None else _fits(field, rule)
