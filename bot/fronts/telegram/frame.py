"""Where a message is shown: what its buttons and its length depend on, and links to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Bot, MaybeInaccessibleMessage

from bot.fronts.telegram.translate import is_in_group

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Frame:
    """Hold the bot's name, whether its inline mode is on, and whether people read in a group.

    Without a name nothing can be linked to. `has_operators` says whether there are people to ask.
    """

    name: str = ""
    has_inline: bool = False
    in_group: bool = False
    has_operators: bool = False

    def link(self, entry: str) -> str | None:
        """Return the link that has an entry answered in private, or None if there can be none."""
        if not self.name or not _PAYLOAD.fullmatch(entry):
            return None
        return f"https://t.me/{self.name}?start={entry}"


PRIVATE = Frame()
"""A private chat with a bot whose name doesn't matter."""


def frame_of(message: MaybeInaccessibleMessage, bot: Bot, *, has_operators: bool = False) -> Frame:
    """Return the frame of the reply to a message."""
    inline = bool(bot.supports_inline_queries)
    return Frame(bot.username, inline, is_in_group(message), has_operators)
