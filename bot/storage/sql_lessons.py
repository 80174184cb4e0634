"""The lesson book in a SQL database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from bot.knowledge.lessons import Content, NewEntry, NewPhrase, OutOfScope
from bot.storage import schema
from bot.storage.lessons import Decided, Decision, OpenMiss
from bot.storage.pseudonyms import Pseudonym
from bot.storage.rows import author_of, author_row
from bot.storage.store import Cause
from bot.storage.transactions import Transactions

_KINDS = {"phrase": NewPhrase, "entry": NewEntry, "out_of_scope": OutOfScope}
_NAMES: dict[type[Content], str] = {kind: name for name, kind in _KINDS.items()}
_l, _m = schema.lessons.c, schema.misses.c


class SqlLessonBook:
    """Keep decisions in a SQL database; `clock` gives the time in UTC.

    Authors are kept under their `pseudonym`, without which only their names are.
    """

    def __init__(
        self,
        transactions: Transactions,
        clock: Callable[[], dt.datetime],
        pseudonym: Pseudonym | None = None,
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._pseudonym = pseudonym
        self._insert = transactions.insert(schema.lessons).on_conflict_do_nothing(
            index_elements=["token"]
        )

    async def open_misses(self, most: int) -> tuple[OpenMiss, ...]:
        """Return at most so many misses that nobody has dealt with, newest first."""
        query = select(schema.misses).where(_m.settled_by.is_(None))
        found = await self._transactions.execute(query.order_by(_m.id.desc()).limit(most))
        return tuple(map(_open_miss, found))

    async def decide(self, decision: Decision) -> int:
        """Store a decision and settle its misses; return its number, the first time's if again."""
        row = {
            "token": decision.token,
            "contents": [_packed(each) for each in decision.contents],
            **author_row(decision.author, self._pseudonym),
            "at": self._clock(),
        }

        def work(connection: Connection) -> int:
            is_new = connection.execute(self._insert, row).rowcount > 0
            named = select(_l.id).where(_l.token == decision.token)
            number = int(connection.execute(named).scalar_one())
            if is_new and decision.misses:
                settled = update(schema.misses).where(_m.id.in_(decision.misses))
                connection.execute(settled.values(settled_by=number))
            return number

        return await self._transactions.run(work)

    async def undo(self, number: int) -> bool:
        """Take a decision back, its misses open again; return False if it doesn't stand."""
        undone = update(schema.lessons).where(_l.id == number, _l.undone_at.is_(None))
        opened = update(schema.misses).where(_m.settled_by == number).values(settled_by=None)

        def work(connection: Connection) -> bool:
            stood = connection.execute(undone.values(undone_at=self._clock())).rowcount > 0
            if stood:
                connection.execute(opened)
            return stood

        return await self._transactions.run(work)

    async def decided(self) -> tuple[Decided, ...]:
        """Return the decisions that stand, oldest first."""
        query = select(schema.lessons).where(_l.undone_at.is_(None)).order_by(_l.id)
        return tuple(map(_decided, await self._transactions.execute(query)))

    async def strike(self, numbers: Sequence[int]) -> None:
        """Forget decisions that the files have taken up; their misses stay settled."""
        if numbers:
            struck = update(schema.lessons).where(_l.id.in_(numbers))
            await self._transactions.execute(struck.values(undone_at=self._clock()))


def _open_miss(row: RowMapping) -> OpenMiss:
    cause: Cause = row["cause"] or "fallback"
    person = row["user_id"] or 0
    return OpenMiss(row["id"], row["text"], row["language"], person, row["at"], cause)


def _decided(row: RowMapping) -> Decided:
    contents = tuple(map(_unpacked, row["contents"]))
    return Decided(row["id"], row["token"], contents, author_of(row), row["at"])


def _packed(content: Content) -> dict[str, Any]:
    return {"kind": _NAMES[type(content)], **asdict(content)}


def _unpacked(packed: dict[str, Any]) -> Content:
    fields = dict(packed)
    kind = _KINDS[fields.pop("kind")]
    if "alternates" in fields:
        fields["alternates"] = tuple(fields["alternates"])
    content: Content = kind(**fields)
    return content
