"""The buttons of people who ask for a person, and of the operators who answer them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.knowledge.wordings import ButtonWordings, OperatorWordings

Deed = Literal["ask", "hope", "end", "helpful", "not_helpful", "close", "teach"]

_LETTERS: dict[Deed, str] = dict(zip(get_args(Deed), "ahepnct", strict=True))
_DEEDS = {letter: deed for deed, letter in _LETTERS.items()}
_DATA = re.compile(r"1O(?P<deed>[a-z])(?P<case>[0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Carry what somebody wants, and the number of the case; 0 for the message itself."""

    deed: Deed
    case: int = 0


def decoded(data: object) -> Wanted | None:
    """Return what a button of this room carries, or None if it is another's."""
    found = _DATA.fullmatch(data) if isinstance(data, str) else None
    if found is None or found["deed"] not in _DEEDS:
        return None
    return Wanted(_DEEDS[found["deed"]], int(found["case"] or 0))


def help_rows(words: OperatorWordings) -> list[tuple[InlineKeyboardButton, ...]]:
    """Return what stands under a question without an answer: ask a person, be told later."""
    return [(_button(words.button_ask, "ask"),), (_button(words.button_hope, "hope"),)]


def opened_keyboard(case: int, words: OperatorWordings) -> InlineKeyboardMarkup:
    """Return the person's way back to the bot."""
    return InlineKeyboardMarkup([[_button(words.button_end, "end", case)]])


def waiting_keyboard(case: int, words: OperatorWordings) -> InlineKeyboardMarkup:
    """Return what a person can do while no operator answers."""
    hope, end = (
        _button(words.button_hope, "hope", case),
        _button(words.button_end, "end", case),
    )
    return InlineKeyboardMarkup([[hope], [end]])


def hope_keyboard(case: int, words: OperatorWordings) -> InlineKeyboardMarkup:
    """Return what a person can do who reaches no operator."""
    return InlineKeyboardMarkup([[_button(words.button_hope, "hope", case)]])


def votes_keyboard(case: int, words: ButtonWordings) -> InlineKeyboardMarkup:
    """Return the votes on the help in a case."""
    votes = (
        _button(words.helpful, "helpful", case),
        _button(words.not_helpful, "not_helpful", case),
    )
    return InlineKeyboardMarkup([votes])


def card_keyboard(
    case: int, words: OperatorWordings, *, is_open: bool, teachable: bool
) -> InlineKeyboardMarkup | None:
    """Return what operators can do about a case; None if there is nothing to do."""
    row = [_button(words.button_close, "close", case)] if is_open else []
    row += [_button(words.button_teach, "teach", case)] if teachable else []
    return InlineKeyboardMarkup([row]) if row else None


def _button(label: str, deed: Deed, case: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=f"1O{_LETTERS[deed]}{case or ''}")
