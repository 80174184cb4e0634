"""The thresholds that admins chose, in a SQL database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, func, insert, select

from bot.storage import schema
from bot.storage.pseudonyms import Pseudonym
from bot.storage.rows import author_of, author_row
from bot.storage.transactions import Transactions
from bot.storage.tunings import Tuning

_t = schema.tunings.c


class SqlTunings:
    """Keep tunings in a SQL database.

    Authors are kept under their `pseudonym`, without which only their names are.
    """

    def __init__(self, transactions: Transactions, pseudonym: Pseudonym | None = None) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym

    async def chosen(self) -> tuple[Tuning, ...]:
        """Return the tuning that counts for each language that has one, by language."""
        last = select(func.max(_t.id)).group_by(_t.language)
        query = select(schema.tunings).where(_t.id.in_(last)).order_by(_t.language)
        found = map(_tuning, await self._transactions.execute(query))
        return tuple(each for each in found if each.answer is not None)

    async def choose(self, tunings: Sequence[Tuning]) -> None:
        """Store tunings, all or none; the last of a language counts."""
        rows = [
            {
                "language": each.language,
                "answer": each.answer,
                "suggest": each.suggest,
                **author_row(each.author, self._pseudonym),
                "at": each.at,
            }
            for each in tunings
        ]
        if rows:
            await self._transactions.run(
                lambda connection: connection.execute(insert(schema.tunings), rows)
            )


def _tuning(row: RowMapping) -> Tuning:
    return Tuning(row["language"], row["answer"], row["suggest"], author_of(row), row["at"])
