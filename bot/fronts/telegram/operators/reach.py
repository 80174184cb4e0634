"""Telling a chat that is closed to the bot from whatever else Telegram doesn't take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import BadRequest, Forbidden

from bot.errors import BotError

_NO_CHAT = re.compile(
    r"chat not found|CHAT_WRITE_FORBIDDEN|not enough rights to send", re.IGNORECASE
)
OUT_OF_REACH = (
    "The chat of the operators (MAJLIS_OPERATOR_CHAT=%d) can't be reached: %s. Add the bot to that "
    "group, or correct its id."
)


class OutOfReach(BotError):  # noqa: N818 - it says where the operators are
    """Report that the bot may not write to the chat of the operators."""


@contextmanager
def reaching() -> Iterator[None]:
    """Raise OutOfReach for what says that the bot may not write here."""
    try:
        yield
    except Forbidden as error:
        raise OutOfReach(str(error)) from error
    except BadRequest as error:
        if _NO_CHAT.search(error.message):
            raise OutOfReach(str(error)) from error
        raise
