"""Which admin got the digest of which week, in a SQL database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, update

from bot.storage import schema
from bot.storage.digests import Due
from bot.storage.pseudonyms import Pseudonym
from bot.storage.telling import TELLING_LEASE
from bot.storage.transactions import Transactions

_d = schema.digests.c


class SqlDigests:
    """Remember digests in a database; `clock` returns the present instant with its time zone."""

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        *,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._clock = clock

    async def claim(self, due: Due) -> bool:
        """Claim to send a digest: of all who ask, one gets True, until its lease is over."""
        (week, admin), now = due, self._clock()
        row = {"week": week, "user_id": self._pseudonym(admin), "free_at": now + TELLING_LEASE}
        statement = self._transactions.insert(schema.digests).values(row)
        claimed = statement.on_conflict_do_update(
            index_elements=schema.digests.primary_key,
            set_={"free_at": statement.excluded.free_at},
            where=and_(_d.told_at.is_(None), _d.free_at <= now),
        )
        return bool(await self._transactions.execute(claimed.returning(_d.week)))

    async def give_back(self, due: Due) -> None:
        """Give such a claim back: the admin couldn't be told."""
        given = update(schema.digests).where(self._is(due))
        await self._transactions.execute(given.values(free_at=self._clock()))

    async def settle(self, due: Due) -> None:
        """Note that an admin has got a digest, or can't get any."""
        settled = update(schema.digests).where(self._is(due))
        await self._transactions.execute(settled.values(told_at=self._clock()))

    def _is(self, due: Due) -> ColumnElement[bool]:
        week, admin = due
        return and_(_d.week == week, _d.user_id == self._pseudonym(admin))
