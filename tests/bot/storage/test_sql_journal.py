"""How processes share one journal, and what it keeps in the database."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.errors import StorageError
from bot.storage import schema
from bot.storage.journal import Backlog, Journal, Received
from bot.storage.postgresql import PostgresTransactions
from bot.storage.sql import SqlStore
from bot.storage.sql_journal import SqlJournal
from bot.storage.sqlite import SqliteTransactions
from bot.storage.store import Heard, Memory, Miss, Session
from tests.bot.storage.conftest import (
    EXPIRY,
    LEASE,
    RETENTION,
    TICK,
    FakeClock,
    close_journal,
    open_journal,
    open_store,
    rows,
)
from tests.bot.storage.test_journal import ALL, MINUTE, numbers, received

PROCESSES = 5
LINES = 200
IN_LINE = 5
IN_HAND = 20


class Handled:
    """Note what is being handled, and that no line is handled twice at once or out of order."""

    def __init__(self) -> None:
        self.done: dict[int, list[int]] = {}
        self._lines: set[int] = set()

    def begin(self, number: int) -> None:
        """Note that an update is begun."""
        line = number % LINES
        assert line not in self._lines
        assert number not in self.done.get(line, [])
        self._lines.add(line)

    def end(self, number: int) -> None:
        """Note that an update is as good as done."""
        line = number % LINES
        self._lines.remove(line)
        self.done.setdefault(line, []).append(number)

    @property
    def count(self) -> int:
        """Return how many updates are done."""
        return sum(len(each) for each in self.done.values())


@pytest.fixture
async def journals(postgres_database: str, clock: FakeClock) -> AsyncIterator[list[SqlJournal]]:
    """Open the journals of several processes, each with its own connections."""
    opened = [await open_journal(postgres_database, clock) for _ in range(PROCESSES)]
    yield opened
    await asyncio.gather(*map(close_journal, opened))


def test_it_is_a_journal(sql_journal: SqlJournal) -> None:
    """The type checker and the port agree."""
    journal: Journal = sql_journal
    assert journal is sql_journal


async def test_everything_outlives_the_process(database: str, clock: FakeClock) -> None:
    """What one process took, the next one claims; what it did is done."""
    first = await open_journal(database, clock)
    await first.take([received(1), received(2)])
    await first.claim(1)
    await first.finish(1)
    await close_journal(first)
    second = await open_journal(database, clock)
    await second.take([received(1)])
    assert numbers(await second.claim(ALL)) == [2]
    await close_journal(second)


async def test_what_one_process_claimed_no_other_gets(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """A lease lasts its whole time, and holds the line for everybody."""
    await sql_journal.take([received(1, 10), received(2, 10), received(3)])
    assert numbers(await sql_journal.claim(1)) == [1]
    assert numbers(await other_journal.claim(ALL)) == [3]
    clock.advance(LEASE - TICK)
    assert await other_journal.claim(ALL) == ()


async def test_what_a_dead_process_claimed_another_gets(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """When a lease has run out the update is given again, and every death is counted."""
    await sql_journal.take([received(1)])
    for process, deaths in ((sql_journal, 0), (other_journal, 1), (sql_journal, 2)):
        assert [each.deaths for each in await process.claim(ALL)] == [deaths]
        clock.advance(LEASE)


async def test_a_renewed_lease_lasts_longer(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """Renewing starts the time anew, for one's own updates only."""
    await sql_journal.take([received(1), received(2)])
    await sql_journal.claim(1)
    await other_journal.claim(1)
    clock.advance(LEASE - TICK)
    await sql_journal.renew([1, 2])
    clock.advance(LEASE - TICK)
    found = await other_journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(2, 1)]


async def test_only_the_leases_named_are_renewed(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """What a process has lost from its hands goes to another when its lease ends."""
    await sql_journal.take([received(number) for number in range(300)])
    await sql_journal.claim(ALL)
    clock.advance(LEASE - TICK)
    await sql_journal.renew([number for number in range(300) if number % 100])
    assert await other_journal.claim(ALL) == ()
    clock.advance(TICK)
    found = await other_journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(0, 1), (100, 1), (200, 1)]


async def test_the_last_moment_to_renew_is_before_another_claims(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """A lease that ran out while the database was away is as good as new once renewed."""
    await sql_journal.take([received(1)])
    await sql_journal.claim(ALL)
    clock.advance(LEASE * 10)
    await sql_journal.renew([1])
    assert await other_journal.claim(ALL) == ()
    assert await sql_journal.claim(ALL) == ()


async def test_what_another_let_run_out_can_be_left(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """Without lost ones come what is free and what is one's own; the other's come later."""
    await sql_journal.take([received(number) for number in (1, 2, 3)])
    await sql_journal.claim(1)
    await other_journal.claim(1)
    clock.advance(LEASE)
    assert numbers(await sql_journal.claim(ALL, lost=False)) == [1, 3]
    found = await sql_journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(2, 1)]


@pytest.mark.parametrize("lost", [True, False])
async def test_a_line_waits_for_what_another_handles(
    lost: bool, sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """The successor comes neither before the head nor, where the head is left, in its place."""
    await other_journal.take([received(1, 10), received(2, 10), received(3, 20)])
    await other_journal.claim(1)
    assert numbers(await sql_journal.claim(ALL, lost=lost)) == [3]
    clock.advance(LEASE - TICK)
    assert await sql_journal.claim(ALL, lost=lost) == ()
    clock.advance(TICK)
    assert 2 not in numbers(await sql_journal.claim(ALL, lost=lost))
    assert await other_journal.backlog() == Backlog(3, clock() - LEASE)


async def test_a_lost_head_that_is_left_holds_its_line(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """Order counts more than haste: all of the line waits for the head's owner or the lost."""
    await other_journal.take([received(1, 10), received(2, 10)])
    await other_journal.claim(1)
    clock.advance(LEASE)
    assert await sql_journal.claim(ALL, lost=False) == ()
    await other_journal.renew([1])
    assert await sql_journal.claim(ALL) == ()
    await other_journal.finish(1)
    assert numbers(await sql_journal.claim(ALL, lost=False)) == [2]


async def test_a_deferred_or_released_update_is_anybodys(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """Another process may go on with it, and nobody died."""
    await sql_journal.take([received(1), received(2)])
    await sql_journal.claim(ALL)
    await sql_journal.defer(1, clock())
    await sql_journal.release()
    found = await other_journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(1, 0), (2, 0)]


async def test_who_lost_a_lease_cannot_give_it_back(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """Deferring, releasing and renewing late don't touch the lease of the other."""
    await sql_journal.take([received(1)])
    await sql_journal.claim(ALL)
    clock.advance(LEASE)
    await other_journal.claim(ALL)
    await sql_journal.defer(1, clock())
    await sql_journal.release()
    clock.advance(LEASE - TICK)
    await sql_journal.renew([1])
    assert await sql_journal.claim(ALL) == ()
    clock.advance(TICK)
    assert [each.deaths for each in await sql_journal.claim(ALL)] == [2]


async def test_who_lost_a_lease_may_still_finish(
    any_sql_store: SqlStore, sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """What was answered is done, whoever answered; what the other would keep is kept already."""
    await sql_journal.take([received(1)])
    await sql_journal.claim(ALL)
    clock.advance(LEASE)
    await other_journal.claim(ALL)
    await sql_journal.finish(1, [Session(1, 2, "en")])
    clock.advance(LEASE)
    assert await sql_journal.claim(ALL) == ()
    await other_journal.defer(1, clock())
    await other_journal.finish(1, [Session(1, 2, "ar")])
    assert await sql_journal.claim(ALL) == ()
    assert await any_sql_store.session(1, 2) == Session(1, 2, "en")


async def test_a_process_without_rivals_takes_over_at_once(
    sql_journal: SqlJournal, other_journal: SqlJournal, clock: FakeClock
) -> None:
    """After a crash nothing waits for leases to run out; what is deferred or done stays so."""
    await sql_journal.take([received(number) for number in (1, 2, 3, 4)])
    await sql_journal.claim(3)
    await sql_journal.defer(2, clock() + MINUTE)
    await sql_journal.finish(3)
    await other_journal.take_over()
    found = await other_journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(1, 1), (4, 0)]


async def test_what_is_done_holds_nothing_but_its_number(
    any_sql_store: SqlStore, sql_journal: SqlJournal
) -> None:
    """Content, line and owner go as soon as an update is done."""
    await sql_journal.take([Received(1, 10, {"text": "what a person typed"})])
    await sql_journal.claim(ALL)
    await sql_journal.finish(1)
    assert await rows(any_sql_store, "SELECT update_id, line, content, owner FROM updates") == [
        (1, None, "", None)
    ]


async def test_what_is_done_leaves_no_trace_in_the_file(path: Path, clock: FakeClock) -> None:
    """The text of an update goes from the file too."""
    journal = await open_journal(str(path), clock)
    await journal.take([Received(1, 4_242_424_242, {"text": "what a person typed" * 1000})])
    await journal.finish(1)
    await close_journal(journal)
    assert b"what a person typed" not in _bytes(path)
    assert b"%d" % 4_242_424_242 not in _bytes(path)


async def test_a_line_is_kept_under_its_pseudonym(
    any_sql_store: SqlStore, sql_journal: SqlJournal
) -> None:
    """The line of a chat isn't the chat's id."""
    await sql_journal.take([received(1, 10), received(2, 10)])
    ((line,),) = await rows(any_sql_store, "SELECT DISTINCT line FROM updates")
    assert line != 10


async def test_memories_that_cannot_be_kept_leave_the_update_undone(
    any_sql_store: SqlStore, sql_journal: SqlJournal, clock: FakeClock
) -> None:
    """Nothing of the update is kept, and it can be tried again."""
    await sql_journal.take([received(1)])
    await sql_journal.claim(ALL)
    naive = Miss(2, "where?", "en", (), clock().replace(tzinfo=None))
    with pytest.raises(StorageError, match="has no time zone"):
        await sql_journal.finish(1, [Session(1, 2, "en"), naive])
    assert await any_sql_store.session(1, 2) is None
    assert await sql_journal.backlog() == Backlog(1, clock())
    await sql_journal.finish(1, [Session(1, 2, "en")])
    assert await any_sql_store.session(1, 2) is not None


def _poison(clock: FakeClock) -> list[Memory]:
    """Return memories that fail in the database, in the type of a column, and before both."""
    late = clock().replace(tzinfo=None)
    return [
        Heard(1, 2, None, "en", "answer", (), clock()),  # type: ignore[arg-type]
        Miss(2, "where?", "en", (), late),
        Session("x", 2, "en"),  # type: ignore[arg-type]
    ]


async def test_a_poisonous_memory_harms_no_other_update(
    any_sql_store: SqlStore, sql_journal: SqlJournal, clock: FakeClock
) -> None:
    """Of updates that finish together only those fail whose own memories can't be kept."""
    await sql_journal.take([received(number) for number in range(30)])
    await sql_journal.claim(ALL)
    kept: list[list[Memory]] = [[Session(1, number, "en")] for number in range(30)]
    for number, each in zip((0, 7, 29), _poison(clock), strict=True):
        kept[number].append(each)
    outcomes = await asyncio.gather(
        *(sql_journal.finish(number, memories) for number, memories in enumerate(kept)),
        return_exceptions=True,
    )
    assert [number for number, each in enumerate(outcomes) if each] == [0, 7, 29]
    assert [type(each) for each in outcomes if each] == [StorageError, StorageError, TypeError]
    for number in range(30):
        found = await any_sql_store.session(1, number)
        assert (found is None) == (number in {0, 7, 29})
    assert (await sql_journal.backlog()).count == 3


async def test_a_poisonous_update_harms_no_other(sql_journal: SqlJournal) -> None:
    """What is no JSON, or no number of a database, isn't taken; what came with it is."""
    poison = [Received(1, None, {"x": object()}), Received(2**70, None, {})]
    outcomes = await asyncio.gather(
        *(sql_journal.take([each]) for each in (received(0), *poison, received(3))),
        return_exceptions=True,
    )
    assert [isinstance(each, Exception) for each in outcomes] == [False, True, True, False]
    assert numbers(await sql_journal.claim(ALL)) == [0, 3]


async def test_a_call_is_taken_whole_or_not_at_all(sql_journal: SqlJournal) -> None:
    """Telegram repeats a batch of updates of which one couldn't be taken."""
    with pytest.raises(TypeError):
        await sql_journal.take([received(0), Received(1, None, {"x": object()})])
    assert await sql_journal.backlog() == Backlog(0)


async def test_a_journal_survives_cancelled_calls(sql_journal: SqlJournal) -> None:
    """Who stops waiting takes nothing from those who came with it."""
    for turns in range(10):
        mine = asyncio.ensure_future(sql_journal.take([received(turns)]))
        others = [asyncio.ensure_future(sql_journal.take([received(100 + turns)]))]
        for _ in range(turns):
            await asyncio.sleep(0)
        mine.cancel()
        await asyncio.gather(mine, return_exceptions=True)
        await asyncio.gather(*others)
    claimed = numbers(await sql_journal.claim(ALL))
    assert [number for number in claimed if number >= 100] == list(range(100, 110))


async def test_processes_that_take_the_same_updates_take_them_once(
    journals: list[SqlJournal],
) -> None:
    """In whatever order each got them, none waits for another in a circle."""
    # One call each, because a call that fails together with others is tried again alone.
    there = [received(number) for number in range(ALL)]
    orders = [there[::step] for step in (1, -1, 1, -1, 1)]
    # Connected beforehand, so that they really meet.
    await asyncio.gather(*(journal.backlog() for journal in journals))
    await asyncio.gather(
        *(journal.take(order) for journal, order in zip(journals, orders, strict=True))
    )
    assert numbers(await journals[0].claim(ALL)) == list(range(ALL))


async def _work(journal: SqlJournal, handled: Handled, seed: int, clock: FakeClock) -> None:
    """Claim and finish until all is done, in any order, sometimes giving back or renewing."""
    chance = random.Random(seed)
    hand: list[int] = []
    while handled.count < LINES * IN_LINE:
        for each in await journal.claim(IN_HAND - len(hand)):
            handled.begin(each.number)
            hand.append(each.number)
        chance.shuffle(hand)
        ending = [hand.pop() for _ in range(chance.randint(0, len(hand)))]
        outcomes = [_end(journal, handled, number, chance, clock) for number in ending]
        await asyncio.gather(journal.renew(tuple(hand)), *outcomes)


async def _end(
    journal: SqlJournal, handled: Handled, number: int, chance: random.Random, clock: FakeClock
) -> None:
    line = number % LINES
    if chance.random() < 0.1:
        handled._lines.remove(line)
        return await journal.defer(number, clock())
    handled.end(number)
    miss = Miss(line, str(number), "en", (), clock())
    return await journal.finish(number, [Session(line, line, str(number)), miss])


async def test_many_processes_handle_each_update_once_and_each_line_in_order(
    journals: list[SqlJournal], postgres_database: str, clock: FakeClock
) -> None:
    """Whatever is claimed, given back and finished at the same time."""
    updates = [received(number, number % LINES) for number in range(LINES * IN_LINE)]
    random.Random(0).shuffle(updates)
    await journals[0].take(updates)
    handled = Handled()
    await asyncio.gather(
        *(_work(journal, handled, seed, clock) for seed, journal in enumerate(journals))
    )
    assert await journals[0].backlog() == Backlog(0)
    assert handled.done == {
        line: list(range(line, LINES * IN_LINE, LINES)) for line in range(LINES)
    }
    store = await open_store(postgres_database, EXPIRY, RETENTION, clock)
    for line in range(0, LINES, 50):
        misses = (await store.kept_about(line)).misses
        assert [int(miss.text) for miss in misses] == handled.done[line]
        session = await store.session(line, line)
        assert session is not None
        assert session.language == str(handled.done[line][-1])
    await store.close()


async def _plan(store: SqlStore, asked: Awaitable[object], about: str = "") -> str:
    """Do what is asked, and return how the database runs what it was sent about something."""
    transactions = store._transactions
    assert isinstance(transactions, SqliteTransactions | PostgresTransactions)
    engine = getattr(transactions._engine, "sync_engine", transactions._engine)
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if about in statement:
            sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    await asked
    event.remove(engine, "before_cursor_execute", note)
    ((statement, values),) = sent
    explain = "EXPLAIN" if store._transactions.is_shared else "EXPLAIN QUERY PLAN"
    found = await store._transactions.run(
        lambda connection: connection.exec_driver_sql(f"{explain} {statement}", values).all()
    )
    return "\n".join(str(row[-1]) for row in found)


async def _fill_with_done(store: SqlStore, count: int, now: dt.datetime) -> None:
    row = {"line": None, "content": "", "taken_at": now, "free_at": now, "deaths": 0}
    found: Sequence[dict[str, Any]] = [
        row | {"update_id": number, "done_at": now} for number in range(count)
    ]
    await store._transactions.run(
        lambda connection: connection.execute(insert(schema.updates), found)
    )
    await rows(store, "ANALYZE")


async def test_done_updates_cost_a_claim_nothing(
    any_sql_store: SqlStore, sql_journal: SqlJournal, clock: FakeClock
) -> None:
    """A claim goes by the indexes of what isn't done, however much is."""
    await _fill_with_done(any_sql_store, 100_000, clock())
    await sql_journal.take([received(200_000 + number, number % 3) for number in range(9)])
    for lost in (True, False):
        plan = await _plan(any_sql_store, sql_journal.claim(1, lost=lost))
        assert "ix_updates_open" in plan
        assert not [line for line in plan.splitlines() if _reads_all(line)]
    assert len(await sql_journal.claim(ALL)) == 1


async def test_pruning_goes_by_what_is_done(
    any_sql_store: SqlStore, sql_journal: SqlJournal, clock: FakeClock
) -> None:
    """Every few minutes only what may go is read, though the index holds just what is done."""
    await _fill_with_done(any_sql_store, 100_000, clock())
    await sql_journal.take([received(200_000)])
    plan = await _plan(any_sql_store, any_sql_store.prune(), "DELETE FROM updates")
    assert "ix_updates_done_at" in plan
    assert not [line for line in plan.splitlines() if _reads_all(line)]


def _reads_all(line: str) -> bool:
    """Tell whether a line of a plan reads the whole table of updates or its key from end to end."""
    if "SCAN updates" in line or "SCAN other" in line:
        return "INDEX ix_updates_open" not in line
    return "Seq Scan on updates" in line


def _bytes(path: Path) -> bytes:
    return path.read_bytes()
