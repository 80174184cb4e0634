"""The chats that the settings name, by the ids that they have now."""

from __future__ import annotations

import logging
import time

from telegram import Message

from bot.errors import StorageError
from bot.storage.moves import Moves

_LOG = logging.getLogger(__name__)
_SUPERGROUPS = -1_000_000_000_000  # their ids are below
_STRANGE_FOR, _MOST_STRANGERS = 5.0, 10_000  # seconds for which a chat isn't looked up again


class Chats:
    """Know which chats are answered, and which is that of the operators (0 for none).

    A group that becomes a supergroup gets another id. It is kept in `moves`, for other processes
    and the next start. No `allowed` chats means all.
    """

    def __init__(self, operators: int, allowed: frozenset[int], moves: Moves) -> None:
        self._operators = operators
        self._is_open = not allowed
        self._present = {chat: chat for chat in (*allowed, operators) if chat}
        self._moves = moves
        self._strangers: dict[int, float] = {}

    @property
    def operators(self) -> int:
        """Return the id of the operators' chat."""
        return self._present.get(self._operators, 0)

    async def allows(self, chat: int | None) -> bool:
        """Return whether a chat is to be answered; raises StorageError where that isn't known."""
        try:
            if self._may_be_ours(chat):
                await self.catch_up()
        except StorageError:
            if not self._is_open:
                raise
        return self._is_open or chat in self._present or chat in self._present.values()

    async def follow(self, message: Message) -> None:
        """Learn from a message that its group was upgraded; raises StorageError."""
        if message.migrate_to_chat_id:
            await self.moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await self.moved(message.migrate_from_chat_id, message.chat.id)

    async def moved(self, old: int, new: int) -> None:
        """Learn the new id of a group; raises StorageError."""
        if old in self._present and self._present[old] != new:
            await self._moves.keep(old, new)
            self._learn(old, new)

    async def catch_up(self) -> None:
        """Learn the new ids of groups that aren't supergroups yet; raises StorageError."""
        if any(_SUPERGROUPS < each < 0 for each in self._present.values()):
            for old, new in (await self._moves.known()).items():
                self._learn(old, new)

    def _may_be_ours(self, chat: int | None) -> bool:
        """Return whether a chat may be one of ours by its new id.

        A bot that is open to all looks a stranger up now and then only: it answers them anyway.
        """
        if chat is None or chat > _SUPERGROUPS or chat in self._present.values():
            return False
        if not self._is_open:
            return True
        now = time.monotonic()
        if now < self._strangers.get(chat, 0.0):
            return False
        if len(self._strangers) >= _MOST_STRANGERS:
            self._strangers.clear()
        self._strangers[chat] = now + _STRANGE_FOR
        return True

    def _learn(self, old: int, new: int) -> None:
        if old not in self._present or self._present[old] == new:
            return
        self._present[old] = new
        setting = "OPERATOR_CHAT" if old == self._operators else "ALLOWED_CHATS"
        _LOG.warning("The group %d has a new id: set MAJLIS_%s=%d.", old, setting, new)
