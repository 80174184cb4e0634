"""The wishes in a SQL database; a person's chat is there itself until they have been told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import Connection, Update, and_, select, update

from bot.storage import schema
from bot.storage.pseudonyms import Pseudonym
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
        """Return the wishes that nobody has claimed, oldest first."""
        unclaimed = and_(_w.told_at.is_(None), _w.chat.is_not(None))
        found = await self._transactions.execute(
            select(schema.wishes).where(unclaimed).order_by(_w.id)
        )
        return tuple(Wish(row["id"], row["chat"], row["language"], row["text"]) for row in found)

    async def grant(self, number: int) -> bool:
        """Claim to tell a person of the answer to a wish."""
        which = update(schema.wishes).where(_w.id == number, _w.told_at.is_(None))
        return await self._changed(which.values(told_at=self._clock()))

    async def ungrant(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        await self._changed(update(schema.wishes).where(_w.id == number).values(told_at=None))

    async def granted(self, number: int) -> None:
        """Let go of the person's chat in a wish: they have been told, or can't be any more."""
        await self._changed(update(schema.wishes).where(_w.id == number).values(chat=None))

    async def _changed(self, statement: Update) -> bool:
        """Run an update and return whether there was something to change."""
        return await self._transactions.run(
            lambda connection: connection.execute(statement).rowcount > 0
        )
