"""The rooms of the front: parts with buttons, commands and chores of their own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from telegram import CallbackQuery, Message

from bot.conversation.messages import Utterance
from bot.fronts.telegram.translate import Command, Unsupported
from bot.fronts.telegram.verdicts import Done

_LOG = logging.getLogger(__name__)

Said = Command | Utterance | Unsupported | None
"""What a message says to the bot; None if it isn't for the bot, as most in a group aren't."""


class Room(Protocol):
    """Handle some messages and presses instead of the conversation.

    Whatever it does may be done again where Telegram didn't take the reply.
    """

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Reply to a message, or return None if it belongs elsewhere; raises TelegramError."""
        ...

    async def press(self, query: CallbackQuery) -> Done | None:
        """Do what a button says, or return None if it isn't one of this room's."""
        ...

    async def attend(self) -> None:
        """Do what falls due by itself, until cancelled; returns at once if nothing ever does."""
        ...


async def heard(rooms: Sequence[Room], message: Message, said: Said) -> Done | None:
    """Return what the first room did whose message it is, or None."""
    for room in rooms:
        if done := await room.hear(message, said):
            return done
    return None


async def pressed(rooms: Sequence[Room], query: CallbackQuery) -> Done | None:
    """Return what the room did whose button it is, or None."""
    for room in rooms:
        if done := await room.press(query):
            return done
    return None


@contextlib.asynccontextmanager
async def attended(rooms: Sequence[Room]) -> AsyncIterator[None]:
    """Let the rooms do what falls due by itself while the block runs; failures are logged."""
    chores = [asyncio.create_task(room.attend()) for room in rooms]
    for chore in chores:
        chore.add_done_callback(_report)
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


def _report(chore: asyncio.Task[None]) -> None:
    if not chore.cancelled() and (error := chore.exception()):
        _LOG.error("A chore of the bot ended; restart the bot to have it done", exc_info=error)
