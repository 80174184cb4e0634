"""Which groups were upgraded to supergroups, in a SQL database."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from bot.storage import schema
from bot.storage.transactions import Transactions


class SqlMoves:
    """Keep the new ids of groups in a database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._upsert = transactions.upsert(schema.moves)

    async def keep(self, old: int, new: int) -> None:
        """Remember the new id of a group."""
        row = {"old_chat": old, "new_chat": new}
        await self._transactions.execute(self._upsert.values(row))

    async def known(self) -> Mapping[int, int]:
        """Return the new ids of groups by their old ones."""
        found = await self._transactions.execute(select(schema.moves))
        return {row["old_chat"]: row["new_chat"] for row in found}
