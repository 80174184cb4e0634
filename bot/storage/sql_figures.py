"""The figures of a SQL database, counted by it: SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Function,
    RowMapping,
    Select,
    TableValuedAlias,
    and_,
    case,
    extract,
    func,
    or_,
    select,
    true,
)

from bot.storage import schema
from bot.storage.figures import (
    Asked,
    Details,
    Handover,
    Overview,
    Ranked,
    Replies,
    Span,
    Votes,
    Wanted,
)
from bot.storage.transactions import Transactions

_MOST_WANTED = 20_000
_SECONDS_A_DAY = 24 * 60 * 60
_u, _f, _e = schema.utterances.c, schema.feedback.c, schema.exchanges.c
_m, _c = schema.misses.c, schema.cases.c
_Query = Select[Any]


class SqlFigures:
    """Count by statements; what differs between the databases is chosen here."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        shared = transactions.is_shared
        self._day = _day_on_postgres if shared else _day_on_sqlite
        self._seconds = _seconds_on_postgres if shared else _seconds_on_sqlite
        self._unnested = func.json_array_elements_text if shared else func.json_each

    async def overview(self, span: Span) -> Overview:
        """Return what happened in a span."""
        queries = [self._replies(span), self._votes(span), *_cases(span), self._wait(span)]
        replies, votes, opened, closed, waits = await self._read(queries)
        wait = waits[0]["seconds"]
        median = None if wait is None else dt.timedelta(seconds=round(float(wait), 3))
        return Overview(
            tuple(Replies(_date(r), r["language"], r["kind"], r["count"]) for r in replies),
            tuple(Votes(_date(r), r["entry"], r["vote"], r["count"]) for r in votes),
            Handover(opened[0]["count"], closed[0]["count"], median),
        )

    async def details(self, span: Span) -> Details:
        """Return which entries and texts it was about; of `wanted` the latest 20,000."""
        asked, ranked, wanted = await self._read([self._asked(span), _ranked(span), _wanted(span)])
        return Details(
            tuple(Asked(r["entry"], r["count"]) for r in asked),
            tuple(
                Ranked(r["entry"], r["count"], float(r["confidence"]), int(r["suggested"]))
                for r in ranked
            ),
            tuple(Wanted(r["text"], r["user_id"]) for r in wanted),
        )

    async def _read(self, queries: Sequence[_Query]) -> list[Sequence[RowMapping]]:
        def read(connection: Connection) -> list[Sequence[RowMapping]]:
            return [connection.execute(query).mappings().all() for query in queries]

        return await self._transactions.run(read)

    def _replies(self, span: Span) -> _Query:
        day = self._day(_u.at).label("day")
        query = select(day, _u.language, _u.kind, func.count().label("count"))
        return query.where(_within(_u.at, span)).group_by(day, _u.language, _u.kind).order_by(day)

    def _votes(self, span: Span) -> _Query:
        day = self._day(_f.at).label("day")
        query = select(day, _f.entry, _f.vote, func.count().label("count"))
        return query.where(_within(_f.at, span)).group_by(day, _f.entry, _f.vote).order_by(day)

    def _asked(self, span: Span) -> _Query:
        """Count the entries of replies; the message of a Source button has no explanation."""
        entries: TableValuedAlias = self._unnested(_e.entries).table_valued("value")
        count = func.count().label("count")
        query = select(entries.c.value.label("entry"), count)
        joined = query.select_from(schema.exchanges.join(entries, true()))
        replies = or_(_e.explanation.is_(None), _e.explanation != "")
        return (
            joined.where(_within(_e.at, span), replies)
            .group_by(entries.c.value)
            .order_by(count.desc(), entries.c.value)
        )

    def _wait(self, span: Span) -> _Query:
        """Take the median as the mean of the one or two waits in the middle."""
        seconds = self._seconds(_c.opened_at, _c.answered_at)
        ordered = (
            select(
                seconds.label("seconds"),
                func.row_number().over(order_by=seconds).label("place"),
                func.count().over().label("all"),
            )
            .where(_within(_c.opened_at, span), _c.answered_at.is_not(None))
            .subquery()
        )
        twice = 2 * ordered.c.place
        middle = and_(twice >= ordered.c.all, twice <= ordered.c.all + 2)
        return select(func.avg(ordered.c.seconds).label("seconds")).where(middle)


def _ranked(span: Span) -> _Query:
    first = _u.candidates[(0, "entry")].as_string()
    suggested = case((_u.kind == "suggest", 1), else_=0)
    query = select(
        first.label("entry"),
        func.count().label("count"),
        func.avg(_u.candidates[(0, "confidence")].as_float()).label("confidence"),
        func.sum(suggested).label("suggested"),
    )
    replied = _u.kind.in_(("answer", "suggest"))
    return query.where(_within(_u.at, span), replied, first.is_not(None)).group_by(first)


def _wanted(span: Span) -> _Query:
    query = select(_m.text, _m.user_id).where(_within(_m.at, span), _m.settled_by.is_(None))
    latest = query.group_by(_m.text, _m.user_id).order_by(func.max(_m.id).desc())
    return latest.limit(_MOST_WANTED)


def _cases(span: Span) -> tuple[_Query, _Query]:
    count = select(func.count().label("count")).select_from(schema.cases)
    return count.where(_within(_c.opened_at, span)), count.where(_within(_c.closed_at, span))


def _within(at: ColumnElement[Any], span: Span) -> ColumnElement[bool]:
    return and_(at >= span.since, at < span.until)


def _date(row: RowMapping) -> dt.date:
    return dt.date.fromisoformat(row["day"])


def _day_on_sqlite(at: ColumnElement[Any]) -> Function[str]:
    return func.strftime("%Y-%m-%d", at)


def _day_on_postgres(at: ColumnElement[Any]) -> Function[str]:
    return func.to_char(func.timezone("UTC", at), "YYYY-MM-DD")


def _seconds_on_sqlite(start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[Any]:
    return (func.julianday(end) - func.julianday(start)) * _SECONDS_A_DAY


def _seconds_on_postgres(start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[Any]:
    return extract("epoch", end - start)
