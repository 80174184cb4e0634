"""The journal of updates in a SQL database, for one process or many."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Sequence
from itertools import chain

from sqlalchemy import (
    Boolean,
    Connection,
    Integer,
    RowMapping,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.storage import schema
from bot.storage.batching import Batcher
from bot.storage.journal import Backlog, Claimed, Received
from bot.storage.pseudonyms import Pseudonym
from bot.storage.store import Memory
from bot.storage.transactions import Transactions
from bot.storage.writing import Writer

_Finished = tuple[int, Sequence[Memory], Sequence[int]]
_u = schema.updates.c
_OPEN = _u.done_at.is_(None)
_FINISHING = (
    update(schema.updates)
    .where(_OPEN, _u.update_id.in_(bindparam("numbers", expanding=True)))
    .values(done_at=bindparam("now"), content="", line=None, owner=None)
    .returning(_u.update_id)
)
_first = schema.updates.alias("first").c
_FOLLOWING = (
    select(_u.update_id, _u.content, _u.taken_at, _u.deaths)
    .join(
        _first.line.table,
        and_(_first.update_id == bindparam("number"), _first.line == _u.line),
    )
    .where(_OPEN, _u.update_id > bindparam("number"))
    .order_by(_u.update_id)
    .limit(bindparam("most", type_=Integer))
)


class SqlJournal:
    """Keep the journal in a database; `lease` is how long a claim lasts without being renewed.

    `clock` returns the present instant with its time zone. Processes that share a database must
    agree on the time to within a second or two.
    """

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        *,
        lease: dt.timedelta,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._lease = lease
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._writer = Writer(transactions, pseudonym, clock)
        self._claiming = _claiming(self._owner)
        self._insert = transactions.insert(schema.updates).on_conflict_do_nothing()
        self._take: Batcher[Sequence[Received], None] = Batcher(self._insert_all)
        self._finish: Batcher[_Finished, None] = Batcher(self._finish_all)

    async def take(self, received: Sequence[Received]) -> None:
        """Store updates durably; one that was stored before, done or not, changes nothing."""
        if received:
            await self._take(received)

    async def claim(self, most: int, *, lost: bool = True) -> tuple[Claimed, ...]:
        """Return at most so many updates that nobody handles, oldest first, and lease them.

        Of each line only the first that isn't done is given, and none while another is handled.
        """
        now = self._clock()
        asked = {"now": now, "most": most, "leased": now + self._lease, "lost": lost}
        found = await self._transactions.execute(self._claiming, asked)
        return tuple(sorted(map(_claimed, found), key=lambda each: each.number))

    async def following(self, number: int, most: int) -> tuple[Claimed, ...]:
        """Return at most so many updates that wait behind one in its line, in their order."""
        found = await self._transactions.execute(_FOLLOWING, {"number": number, "most": most})
        return tuple(map(_claimed, found))

    async def finish(
        self, number: int, memories: Sequence[Memory] = (), also: Sequence[int] = ()
    ) -> None:
        """Mark an update as done, with others behind it, and keep what follows from it.

        All or nothing of it happens.
        """
        await self._finish((number, memories, also))

    async def defer(self, number: int, until: dt.datetime) -> None:
        """Give an update back, to be claimed again by anybody from an instant on."""
        change = update(schema.updates).where(_u.update_id == number, _u.owner == self._owner)
        await self._transactions.execute(change.values(free_at=until, owner=None))

    async def renew(self, numbers: Sequence[int]) -> None:
        """Prolong this process's leases of some updates."""
        if numbers:
            change = self._mine().where(_u.update_id.in_(numbers))
            await self._transactions.execute(change.values(free_at=self._clock() + self._lease))

    async def release(self) -> None:
        """Give back all that this process has claimed."""
        await self._transactions.execute(self._mine().values(free_at=self._clock(), owner=None))

    async def take_over(self) -> None:
        """Free what any process has claimed, when there can be no other."""
        change = update(schema.updates).where(_OPEN, _u.owner.is_not(None))
        await self._transactions.execute(change.values(free_at=self._clock()))

    async def backlog(self) -> Backlog:
        """Return how much waits or is being handled."""
        count, oldest = func.count().label("count"), func.min(_u.taken_at).label("oldest")
        found = await self._transactions.execute(
            select(count, oldest).select_from(schema.updates).where(_OPEN)
        )
        return Backlog(int(found[0]["count"]), found[0]["oldest"])

    def _mine(self) -> Update:
        return update(schema.updates).where(_OPEN, _u.owner == self._owner)

    async def _insert_all(self, batches: Sequence[Sequence[Received]]) -> Sequence[None]:
        now = self._clock()
        found = [
            {
                "update_id": each.number,
                "line": None if each.line is None else self._pseudonym(each.line),
                "content": json.dumps(each.content),
                "taken_at": now,
                "free_at": now,
                "owner": None,
                "deaths": 0,
                "done_at": None,
            }
            # In one order, so that processes that got the same updates never wait in a circle.
            for each in sorted(chain.from_iterable(batches), key=lambda each: each.number)
        ]

        def insert(connection: Connection) -> None:
            connection.execute(self._insert, found)

        await self._transactions.run(insert)
        return [None] * len(batches)

    async def _finish_all(self, finished: Sequence[_Finished]) -> Sequence[None]:
        now = self._clock()
        asked = {"numbers": [number for number, _, _ in finished], "now": now}

        def write(connection: Connection) -> None:
            done = set(connection.execute(_FINISHING, asked).scalars())
            # Who lost the lease may find that another process has kept the same already.
            kept = [(memories, also) for number, memories, also in finished if number in done]
            if covered := list(chain.from_iterable(also for _, also in kept)):
                connection.execute(_FINISHING, {"numbers": covered, "now": now})
            self._writer.write(connection, chain.from_iterable(found for found, _ in kept))

        await self._transactions.run(write)
        return [None] * len(finished)


def _claiming(owner: str) -> Update:
    """Return the statement that leases the first updates of lines to an owner.

    Its parameters are `now`, `leased` (until when), `most` (how many), and `lost` (whether also
    those whose lease another process let run out). Rows that another process
    is claiming are passed over. The successor of such a row isn't first in its line as long as that
    row isn't done, so a line is never handled twice at once.
    """
    now = bindparam("now", type_=_u.free_at.type)
    leased = bindparam("leased", type_=_u.free_at.type)
    lost = bindparam("lost", type_=Boolean)
    other = schema.updates.alias("other").c
    # One that came late, with a number before one that is being handled, waits for that one.
    is_handled = and_(other.owner.is_not(None), other.free_at > now)
    is_first = ~exists().where(
        other.line == _u.line,
        other.done_at.is_(None),
        or_(other.update_id < _u.update_id, is_handled),
    )
    heads = (
        select(_u.update_id)
        .where(_OPEN, _u.free_at <= now, is_first, or_(lost, _u.owner.is_(None), _u.owner == owner))
        .order_by(_u.update_id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=schema.updates)
        .cte("heads")
    )
    # An update that still has an owner was claimed by a process that died.
    deaths = _u.deaths + case((_u.owner.is_(None), 0), else_=1)
    return (
        update(schema.updates)
        .where(_u.update_id.in_(select(heads.c.update_id)))
        .values(owner=owner, free_at=leased, deaths=deaths)
        .returning(_u.update_id, _u.content, _u.taken_at, _u.deaths)
    )


def _claimed(row: RowMapping) -> Claimed:
    return Claimed(row["update_id"], json.loads(row["content"]), row["taken_at"], row["deaths"])
