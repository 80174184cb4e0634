"""What people asked lately, in a SQL database."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.storage import schema
from bot.storage.asked import READ, Asked, distinct
from bot.storage.transactions import Transactions

_u, _m = schema.utterances.c, schema.misses.c


class SqlQuestionLog:
    """Read the log of a SQL database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def asked(self, most: int) -> tuple[Asked, ...]:
        """Return at most so many questions that differ in their words, the latest first."""
        latest = select(_u.text, _u.language).order_by(_u.id.desc()).limit(most * READ)
        disliked = select(_m.text, _m.language).where(_m.cause == "not_helpful").distinct()

        def read(connection: Connection) -> tuple[Asked, ...]:
            heard = [(text, language) for text, language in connection.execute(latest)]
            unloved = {(text, language) for text, language in connection.execute(disliked)}
            return distinct(heard, unloved, most)

        return await self._transactions.run(read)
