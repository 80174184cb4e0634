"""Which message answered which: kept so that edits and replies find their way back."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from bot.errors import StorageError
from bot.logs import Trouble
from bot.storage.store import Exchange, Store

_LOG = logging.getLogger(__name__)


class Exchanges:
    """Look up what answered what; a database that fails costs the link, never the answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trouble = Trouble(_LOG)

    async def answer_to(self, chat: int, question: int) -> int | None:
        """Return the message that answered a question, or None if that isn't known."""
        exchange = await self._found(self._store.answer_to(chat, question))
        return exchange.answer if exchange else None

    async def of(self, chat: int, answer: int) -> Exchange | None:
        """Return the exchange that a message of the bot ended, or None if that isn't known."""
        return await self._found(self._store.exchange_of(chat, answer))

    async def entry_of(self, chat: int, answer: int) -> str | None:
        """Return the last entry that a message answered with, or None."""
        exchange = await self.of(chat, answer)
        return exchange.entries[-1] if exchange and exchange.entries else None

    async def _found(self, lookup: Awaitable[Exchange | None]) -> Exchange | None:
        try:
            exchange = await lookup
        except StorageError as error:
            self._trouble.log(
                logging.WARNING, "Which message answered which can't be looked up: %s", error
            )
            return None
        self._trouble.over("Which message answered which can be looked up again.")
        return exchange
