"""The wishes in a SQL database; a person's chat is there itself until they have been told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection, Update, and_, or_, select, update

from bot.storage import schema
from bot.storage.pseudonyms import Pseudonym
from bot.storage.telling import TELLING_LEASE
from bot.storage.transactions import Transactions
from bot.storage.wishes import Wish

_w = schema.wishes.c


class SqlWishes:
    """Keep wishes in a database; `clock` returns the present instant with its time zone."""

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

    async def add(self, chat: int, language: str, text: str) -> None:
        """Keep a wish of a private chat; the same one twice is one."""
        hidden = self._pseudonym(chat)
        same = select(_w.id).where(_w.user_id == hidden, _w.text == text, _w.told_at.is_(None))
        row = {"chat": chat, "user_id": hidden, "language": language, "text": text}
        wished = self._transactions.insert(schema.wishes).values(row | {"at": self._clock()})

        def work(connection: Connection) -> None:
            if connection.execute(same).first() is None:
                connection.execute(wished)

        await self._transactions.run(work)

    async def open(self) -> tuple[Wish, ...]:
        """Return the wishes that aren't granted, claimed or not, oldest first."""
        untold = and_(_w.told_at.is_(None), _w.chat.is_not(None))
        query = select(schema.wishes).where(untold).order_by(_w.id)
        found = await self._transactions.execute(query)
        return tuple(Wish(row["id"], row["chat"], row["language"], row["text"]) for row in found)

    async def grant(self, number: int) -> bool:
        """Claim to tell a person of the answer to a wish."""
        now = self._clock()
        is_free = and_(_w.told_at.is_(None), or_(_w.free_at.is_(None), _w.free_at <= now))
        which = update(schema.wishes).where(_w.id == number, is_free)
        return await self._changed(which.values(free_at=now + TELLING_LEASE))

    async def ungrant(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        await self._changed(update(schema.wishes).where(_w.id == number).values(free_at=None))

    async def granted(self, number: int) -> None:
        """Note that a person has been told, or can't be any more, and let go of their chat."""
        which = update(schema.wishes).where(_w.id == number)
        await self._changed(which.values(told_at=self._clock(), chat=None))

    async def _changed(self, statement: Update) -> bool:
        """Run an update and return whether there was something to change."""
        return await self._transactions.run(
            lambda connection: connection.execute(statement).rowcount > 0
        )
