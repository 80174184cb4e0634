"""What people asked and what they thought of the replies, from a SQL database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from bot.storage import schema
from bot.storage.rows import heard_of, miss_of
from bot.storage.store import Exchange, Feedback
from bot.storage.traffic import Settled, Traffic
from bot.storage.transactions import Transactions

_u, _e, _f = schema.utterances.c, schema.exchanges.c, schema.feedback.c
_m, _l = schema.misses.c, schema.lessons.c


class SqlTrafficLog:
    """Read what people asked from a SQL database."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def traffic(self, since: dt.datetime | None = None) -> Traffic:
        """Return what came since an instant, or all."""

        def work(connection: Connection) -> Traffic:
            def read(query: Select[Any], at: ColumnElement[dt.datetime]) -> list[RowMapping]:
                young = query if since is None else query.where(at >= since)
                return list(connection.execute(young.order_by(at)).mappings())

            return Traffic(
                tuple(heard_of(row, row["user_id"]) for row in read(_questions(), _u.at)),
                tuple(map(_exchange, read(_exchanges(), _e.at))),
                tuple(map(_feedback, read(select(schema.feedback), _f.at))),
                tuple(miss_of(row, row["user_id"]) for row in read(_dismissed(), _m.at)),
                tuple(_settled(row) for row in read(_answered(), _m.at) if row["contents"]),
            )

        return await self._transactions.run(work)


def _questions() -> Select[Any]:
    return select(schema.utterances).where(_u.kind != "chitchat")


def _exchanges() -> Select[Any]:
    columns = (_e.chat_id, _e.question_id, _e.answer_id, _e.entries, _e.at, _e.user_id, _e.text)
    return select(*columns).where(_e.user_id.is_not(None), _e.text.is_not(None), _e.text != "")


def _dismissed() -> Select[Any]:
    return select(schema.misses).where(_m.cause == "dismissed", _m.user_id.is_not(None))


def _answered() -> Select[Any]:
    columns = (_m.user_id, _m.text, _m.at, _l.id, _l.contents)
    joined = schema.misses.join(schema.lessons, _l.id == _m.settled_by)
    return select(*columns).select_from(joined).where(_m.user_id.is_not(None))


def _exchange(row: RowMapping) -> Exchange:
    numbers = (row["chat_id"], row["question_id"], row["answer_id"])
    return Exchange(*numbers, tuple(row["entries"]), row["at"], row["user_id"], row["text"])


def _feedback(row: RowMapping) -> Feedback:
    where = (row["chat_id"], row["message_id"], row["user_id"])
    return Feedback(*where, row["entry"], row["vote"], row["at"])


def _settled(row: RowMapping) -> Settled:
    """Return the answered miss in a row; taught as phrases, it has the entry that got them."""
    taught = {each["entry"] for each in row["contents"] if each["kind"] == "phrase"}
    only = taught.pop() if len(taught) == 1 else ""
    entry = only if all(each["kind"] == "phrase" for each in row["contents"]) else ""
    return Settled(row["id"], row["user_id"], row["text"], entry, row["at"])
