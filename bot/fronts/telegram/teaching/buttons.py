"""The buttons of the teaching room, and their way through Telegram's 64 bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

from bot.fronts.telegram.callback import short_id
from bot.fronts.telegram.render import shorten
from bot.storage.authors import Author

Deed = Literal[
    "list",
    "cluster",
    "attach",
    "search",
    "new",
    "refuse",
    "ignore",
    "undo",
    "publish",
    "question",
    "topics",
    "topic",
    "cancel",
]
_LETTERS: dict[Deed, str] = dict(zip(get_args(Deed), "lcasnoiupqtkx", strict=True))
_DEEDS = {letter: deed for deed, letter in _LETTERS.items()}
_DATA = re.compile(r"1M(?P<deed>[a-z])(?P<number>\d{0,19})(:(?P<name>.+))?", re.DOTALL)
_LABEL = 60
_MAX_BYTES = 64


@dataclass(frozen=True, slots=True)
class Step:
    """Carry what to do, with a page, a cluster's key or a decision's number, and an id."""

    deed: Deed
    number: int = 0
    name: str = ""


def encoded(step: Step) -> str:
    """Return the data of a button."""
    head = f"1M{_LETTERS[step.deed]}{step.number}"
    return f"{head}:{short_id(step.name, _MAX_BYTES - len(head) - 1)}" if step.name else head


def decoded(data: object) -> Step | None:
    """Return what a button of this room carries, or None if it is another's."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    if found is None or found["deed"] not in _DEEDS:
        return None
    return Step(_DEEDS[found["deed"]], int(found["number"] or 0), found["name"] or "")


def named(name: str, ids: Sequence[str]) -> str | None:
    """Return the id that a button's name stands for, or None if it is gone."""
    return next((each for each in ids if name in {each, short_id(each, 0)}), None)


def button(label: str, deed: Deed, number: int = 0, name: str = "") -> InlineKeyboardButton:
    """Return a button that carries a step."""
    return InlineKeyboardButton(
        shorten(label, _LABEL), callback_data=encoded(Step(deed, number, name))
    )


def decision_of(query: CallbackQuery) -> tuple[str, Author]:
    """Return the token of a press, by which it decides once however often handled, and whose."""
    user = query.from_user
    return f"press:{query.id}", Author(user.first_name, user.id)


def keyboard(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return the rows that have a button."""
    return InlineKeyboardMarkup([row for row in rows if row])
