"""Drafts in a SQL database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from bot.storage import schema
from bot.storage.ages import cutoff
from bot.storage.drafts import State
from bot.storage.pseudonyms import Pseudonym
from bot.storage.transactions import Transactions

_d = schema.drafts.c


class SqlDrafts:
    """Keep drafts in a SQL database, under pseudonyms; `clock` gives the time in UTC."""

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        *,
        expiry: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._expiry = expiry
        self._clock = clock
        self._upsert = transactions.upsert(schema.drafts)

    async def draft(self, chat: int, user: int) -> State | None:
        """Return what a person is writing in a chat, or None if there is nothing or it expired."""
        fresh = _d.at >= cutoff(self._clock(), self._expiry)
        query = select(_d.state).where(*self._is(chat, user), fresh)
        found = await self._transactions.execute(query)
        state: State | None = found[0]["state"] if found else None
        return state

    async def keep(self, chat: int, user: int, state: State) -> None:
        """Keep a draft in the place of the one before."""
        row = {
            "chat_id": self._pseudonym(chat),
            "user_id": self._pseudonym(user),
            "state": dict(state),
            "at": self._clock(),
        }
        await self._transactions.execute(self._upsert, row)

    async def drop(self, chat: int, user: int) -> None:
        """Forget a draft, if there is one."""
        await self._transactions.execute(delete(schema.drafts).where(*self._is(chat, user)))

    def _is(self, chat: int, user: int) -> tuple[Any, Any]:
        return _d.chat_id == self._pseudonym(chat), _d.user_id == self._pseudonym(user)
