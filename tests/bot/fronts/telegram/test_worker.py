"""Working through the journal, with updates handled by rule."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import pytest

from bot.errors import StorageError
from bot.fronts.telegram import worker as module
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.verdicts import Done, Later, Verdict
from bot.fronts.telegram.worker import Worker
from bot.storage.journal import Backlog, Claimed, Received
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from bot.storage.store import Exchange, Memory
from tests.bot.fronts.telegram.running import logged
from tests.fakes import make_store

_GONE = "the disk is gone"
_FLOOD = Later(0.0, flood=True)  # else there would be pauses


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


_REMEMBERED = Done("answer", (Exchange(5, 1, 2, ("oak",), _now()),))


@dataclass(frozen=True)
class Call:
    """Hold what was asked of the journal, and when by the loop's clock."""

    name: str
    at: float
    numbers: tuple[int, ...] = ()
    lost: bool | None = None


class FailingJournal(MemoryJournal):
    """Fail so many calls of a name; refuse memories for ever.

    `calls` are the claims and renewals, as they came. `finishes` counts the memories of each try,
    `given` the numbers that were claimed. While there is a gate, claims wait there.
    """

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store, _now)
        self.failing: dict[str, int] = {}
        self.refusal: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.calls: list[Call] = []
        self.finishes: list[int] = []
        self.given: list[int] = []

    async def claim(self, most: int, *, lost: bool = True) -> tuple[Claimed, ...]:
        """Claim, or fail."""
        self.calls.append(Call("claim", asyncio.get_running_loop().time(), lost=lost))
        self._fail("claim")
        if self.gate:
            await self.gate.wait()
        found = await super().claim(most, lost=lost)
        self.given += [each.number for each in found]
        return found

    async def renew(self, numbers: Sequence[int]) -> None:
        """Prolong leases, or fail."""
        self.calls.append(Call("renew", asyncio.get_running_loop().time(), tuple(numbers)))
        self._fail("renew")
        await super().renew(numbers)

    async def finish(
        self, number: int, memories: Sequence[Memory] = (), also: Sequence[int] = ()
    ) -> None:
        """Mark as done, or fail."""
        self.finishes.append(len(memories))
        self._fail("finish")
        if memories and self.refusal:
            raise self.refusal
        await super().finish(number, memories, also)

    async def backlog(self) -> Backlog:
        """Count, or fail."""
        self._fail("backlog")
        return await super().backlog()

    async def defer(self, number: int, until: dt.datetime) -> None:
        """Give back, or fail."""
        self._fail("defer")
        await super().defer(number, until)

    async def release(self) -> None:
        """Give all back, or fail."""
        self._fail("release")
        await super().release()

    def _fail(self, name: str) -> None:
        if self.failing.get(name, 0):
            self.failing[name] -= 1
            raise StorageError(_GONE)


class Bench:
    """Hold a worker, its journal, and the rule by which updates are handled.

    `begun` and `ended` are the numbers of the updates, `widest` how many were handled at a time.
    While an update's number has a gate, it waits there; one with an error raises it, once.
    """

    def __init__(self, side_by_side: int = 8, lease: float = 0.0) -> None:
        self.store = make_store()
        self.journal = FailingJournal(self.store)
        self.metrics = Metrics()
        self.gates: dict[int, asyncio.Event] = {}
        self.verdicts: dict[int, list[Verdict]] = {}
        self.errors: dict[int, Exception] = {}
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.cancelled: list[int] = []
        self.running = 0
        self.widest = 0
        self.worker = Worker(self.journal, self.handle, self.metrics, _now, lease, side_by_side)

    async def handle(self, claimed: Claimed) -> Verdict:
        """Handle an update by the rule of the class."""
        self.begun.append(claimed.number)
        self.running += 1
        self.widest = max(self.widest, self.running)
        try:
            gate = self.gates.get(claimed.number)
            await (gate.wait() if gate else asyncio.sleep(0))
        except asyncio.CancelledError:
            self.cancelled.append(claimed.number)
            raise
        finally:
            self.running -= 1
        self.ended.append(claimed.number)
        if error := self.errors.pop(claimed.number, None):
            raise error
        planned = self.verdicts.get(claimed.number)
        return planned.pop(0) if planned else Done("answer")

    async def take(self, *received: tuple[int, int | None]) -> None:
        """Put updates, numbers with their lines, into the journal."""
        await self.journal.take([Received(number, line, {}) for number, line in received])
        self.worker.wake()

    async def open(self) -> int:
        """Return how many updates aren't done."""
        return (await self.journal.backlog()).count

    async def emptied(self) -> None:
        """Wait until all is done."""
        async with asyncio.timeout(10):
            while await self.open() or self.worker.numbers:  # noqa: ASYNC110 - see `until`
                await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def working(bench: Bench) -> AsyncIterator[None]:
    """Let the worker run during the block, and finish what is under way."""
    task = asyncio.create_task(bench.worker.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.cancelled()
        await bench.worker.finish(5.0)


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - any condition may be waited for
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what failed be tried again at once."""
    monkeypatch.setattr(module, "_RETRY", 0.001)
    monkeypatch.setattr(module, "_LOOK_AGAIN", 0.01)


async def test_a_chat_goes_in_order_and_chats_go_side_by_side() -> None:
    """Of one chat the next waits for the one before; other chats don't."""
    bench = Bench()
    bench.gates = {1: asyncio.Event()}
    async with working(bench):
        await bench.take((1, 5), (2, 5), (3, 6), (4, 6), (5, None))
        await until(lambda: len(bench.ended) == 3)
        assert bench.begun == [1, 3, 5, 4]
        bench.gates[1].set()
        await bench.emptied()
    assert [number for number in bench.ended if number in {1, 2}] == [1, 2]


async def test_no_more_than_so_many_go_side_by_side() -> None:
    """The width is a limit, and it is used."""
    bench = Bench(side_by_side=4)
    async with working(bench):
        await bench.take(*((number, number) for number in range(100)))
        await bench.emptied()
    assert bench.widest == 4
    assert sorted(bench.ended) == list(range(100))


async def test_the_width_shrinks_on_failures_and_recovers() -> None:
    """When Telegram takes nothing, one at a time is tried; once it does, all go again."""
    bench = Bench(side_by_side=8)
    bench.verdicts = {number: [_FLOOD, _FLOOD] for number in range(16)}
    async with working(bench):
        await bench.take(*((number, number) for number in range(16)))
        await until(lambda: bench.worker._pressure.room == 1)
        await bench.emptied()
        bench.widest = 0
        await bench.take(*((number, number) for number in range(100, 150)))
        await bench.emptied()
    # How many meet is up to the machine; that they may is up to the room.
    assert bench.worker._pressure.room == 8
    assert 1 < bench.widest <= 8
    assert all(bench.ended.count(number) == 3 for number in range(16))


async def test_what_is_put_off_comes_back_before_its_chat_goes_on() -> None:
    """An update whose reply failed is handled again, first in its line."""
    bench = Bench()
    bench.verdicts = {1: [Later(0.01), Later(0.01, flood=True)]}
    async with working(bench):
        await bench.take((1, 5), (2, 5))
        await bench.emptied()
    assert bench.begun == [1, 1, 1, 2]


async def test_a_reply_given_is_marked_until_the_journal_takes_it(
    log: pytest.LogCaptureFixture,
) -> None:
    """It is given once, however often the mark fails, and one line tells."""
    bench = Bench()
    bench.journal.failing = {"finish": 7}
    async with working(bench):
        await bench.take((1, 5))
        await bench.emptied()
    assert bench.begun == [1]
    assert logged(log, "given, but not kept") == 1


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (StorageError(_GONE), _GONE),
        (OverflowError("said by oak"), "OverflowError"),
        (TypeError("said by oak"), "TypeError"),
        (ValueError("said by oak"), "ValueError"),
    ],
)
async def test_memories_that_the_database_refuses_are_left_out(
    refusal: Exception, reason: str, log: pytest.LogCaptureFixture
) -> None:
    """Three tries with them, then the mark alone: a bad row mustn't repeat a reply."""
    bench = Bench()
    bench.journal.refusal = refusal
    bench.verdicts = {1: [_REMEMBERED]}
    async with working(bench):
        await bench.take((1, 5))
        await bench.emptied()
    assert bench.begun == [1]
    assert bench.journal.finishes == [1, 1, 1, 0]
    assert not bench.store.exchanges
    assert logged(log, f"update 1 is given, but not kept: {reason}") == 1
    assert not logged(log, "said by oak")


async def test_memories_outlast_any_outage() -> None:
    """While the database can't be reached, nothing says that it refuses them."""
    bench = Bench()
    bench.journal.failing = {"finish": 50, "backlog": 50}
    bench.verdicts = {1: [_REMEMBERED]}
    async with working(bench):
        await bench.take((1, 5))
        await until(lambda: (5, 1) in bench.store.exchanges)
    assert bench.begun == [1]
    assert bench.journal.finishes == [1] * 51


async def test_refusals_count_only_while_the_database_can_be_reached() -> None:
    """After an outage memories get their three tries nevertheless."""
    bench = Bench()
    bench.journal.failing = {"finish": 20, "backlog": 20}
    bench.journal.refusal = StorageError(_GONE)
    bench.verdicts = {1: [_REMEMBERED]}
    async with working(bench):
        await bench.take((1, 5))
        await until(lambda: bench.ended and not bench.worker.numbers)
    assert bench.journal.finishes == [1] * 20 + [1, 1, 1, 0]
    assert await bench.open() == 0


async def test_memories_are_kept_with_the_mark() -> None:
    """What a reply leaves behind is in the store once the update is done."""
    bench = Bench()
    bench.verdicts = {1: [_REMEMBERED]}
    async with working(bench):
        await bench.take((1, 5))
        await bench.emptied()
    assert bench.store.exchanges[5, 1].entries == ("oak",)
    assert b'majlis_replies_total{kind="answer"} 1.0' in bench.metrics.exposition()[0]


async def test_a_journal_that_cannot_be_read_is_one_line(log: pytest.LogCaptureFixture) -> None:
    """The worker goes on trying, and says when it can go on."""
    bench = Bench()
    bench.journal.failing = {"claim": 20}
    await bench.take((1, 5))
    async with working(bench):
        await bench.emptied()
    assert logged(log, "can't be read") == 1
    assert logged(log, "can be read again") == 1


async def test_after_an_outage_leases_are_renewed_before_anything_is_claimed() -> None:
    """What is in hand stays in hand, however often the journal still fails."""
    bench = Bench()
    bench.gates = {1: asyncio.Event()}
    journal = bench.journal
    async with working(bench):
        await bench.take((1, 5))
        await until(lambda: bench.begun)
        journal.calls.clear()
        journal.failing = {"claim": 2, "renew": 1}
        await until(lambda: len(journal.calls) >= 8)
        bench.gates[1].set()
        await bench.emptied()
    names = [each.name for each in journal.calls]
    assert names[:8] == ["claim", "renew", "renew", "claim", "renew", "claim", "claim", "claim"]
    assert {each.numbers for each in journal.calls if each.name == "renew"} == {(1,)}
    assert names.count("renew") == 3


async def test_after_an_outage_others_get_a_lease_of_time_to_renew_theirs() -> None:
    """Nothing lost is claimed with the first claim that works, nor for one lease after it."""
    lease = 0.05
    bench = Bench(lease=lease)
    calls = bench.journal.calls
    bench.journal.failing = {"claim": 2}
    async with working(bench):
        await until(lambda: len(calls) > 5 and calls[-1].lost)
    claims = [each for each in calls if each.name == "claim"]
    cautious = [each for each in claims if each.lost is False]
    worked, trusting = claims[2], claims[1 + len(cautious)]
    assert claims[0].lost
    assert claims[1 : 1 + len(cautious)] == cautious
    assert worked in cautious
    assert trusting.lost
    assert trusting.at - worked.at >= lease


async def test_what_is_in_hand_is_not_begun_again() -> None:
    """A lease that ran out, though the reply is under way here, makes no second reply."""
    bench = Bench()
    bench.gates = {1: asyncio.Event()}
    async with working(bench):
        await bench.take((1, 5), (2, 5))
        await until(lambda: bench.begun)
        await bench.journal.release()
        bench.worker.wake()
        await until(lambda: bench.journal.given == [1, 1])
        await bench.take((3, 6))
        await until(lambda: 3 in bench.ended and bench.worker.numbers == (1,))
        bench.gates[1].set()
        await bench.emptied()
    assert bench.begun == [1, 3, 2]


async def test_an_error_of_the_program_is_logged_and_its_update_let_go(
    log: pytest.LogCaptureFixture,
) -> None:
    """The worker goes on with others, and handles the update again when it is given again."""
    bench = Bench()
    bench.errors = {1: KeyError("oak")}
    async with working(bench):
        await bench.take((1, 5))
        await until(lambda: logged(log, "Update 1 is left until its lease ends"))
        assert not bench.worker.numbers
        await bench.take((2, 6))
        await until(lambda: 2 in bench.ended)
        await bench.journal.release()
        await bench.emptied()
    assert bench.begun == [1, 2, 1]
    [record] = [each for each in log.records if each.levelno == logging.ERROR]
    assert record.exc_info
    assert isinstance(record.exc_info[1], KeyError)


async def test_what_cannot_be_put_off_waits_for_its_lease(log: pytest.LogCaptureFixture) -> None:
    """A failing journal leaves the update claimed, and the worker goes on with others."""
    bench = Bench()
    bench.verdicts = {1: [Later(0.0)]}
    bench.journal.failing = {"defer": 1}
    async with working(bench):
        await bench.take((1, 5))
        await until(lambda: logged(log, "until its lease ends"))
        await bench.take((2, 6))
        await until(lambda: 2 in bench.ended)
    assert await bench.open() == 1


async def test_finishing_waits_for_what_is_under_way() -> None:
    """At the stop a reply under way is given, and nothing new begins."""
    bench = Bench()
    bench.gates = {1: asyncio.Event()}
    task = asyncio.create_task(bench.worker.run())
    await bench.take((1, 5), (2, 5))
    await until(lambda: bench.begun)
    task.cancel()
    await asyncio.wait([task])
    finishing = asyncio.create_task(bench.worker.finish(10.0))
    await asyncio.sleep(0)
    bench.gates[1].set()
    await finishing
    assert bench.ended == [1]
    assert not bench.worker.numbers
    assert [each.number for each in await bench.journal.claim(9)] == [2]


async def test_finishing_gives_back_what_takes_too_long(log: pytest.LogCaptureFixture) -> None:
    """After the patience the rest is cancelled and left to the next start."""
    bench = Bench()
    bench.gates = {number: asyncio.Event() for number in (1, 2)}
    task = asyncio.create_task(bench.worker.run())
    await bench.take((1, 5), (2, 6))
    await until(lambda: len(bench.begun) == 2)
    task.cancel()
    await asyncio.wait([task])
    await bench.worker.finish(0.001)
    assert sorted(bench.cancelled) == [1, 2]
    assert logged(log, "2 replies took longer") == 1
    assert [each.number for each in await bench.journal.claim(9)] == [1, 2]


async def test_a_claim_under_way_at_the_stop_is_given_back() -> None:
    """What it brings is nobody's before its lease ends, unless it is waited for."""
    bench = Bench()
    bench.journal.gate = gate = asyncio.Event()
    task = asyncio.create_task(bench.worker.run())
    await bench.take((1, 5))
    await until(lambda: bench.journal.calls)
    task.cancel()
    await asyncio.wait([task])
    finishing = asyncio.create_task(bench.worker.finish(10.0))
    await asyncio.sleep(0)
    gate.set()
    await finishing
    assert bench.journal.given == [1]
    assert not bench.begun
    assert [each.number for each in await bench.journal.claim(9)] == [1]


async def test_a_claim_that_never_ends_does_not_hold_up_the_stop(
    monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    """Its update waits for the end of its lease, and a line says so."""
    monkeypatch.setattr(module, "_LAST", 0.001)
    bench = Bench()
    bench.journal.gate = gate = asyncio.Event()
    task = asyncio.create_task(bench.worker.run())
    await until(lambda: bench.journal.calls)
    task.cancel()
    await asyncio.wait([task])
    await bench.worker.finish(10.0)
    assert logged(log, "can't be given back") == 1
    gate.set()
    await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})


async def test_a_claim_that_fails_at_the_stop_is_no_error() -> None:
    """The stop goes on, and nobody hears of an exception that wasn't retrieved."""
    bench = Bench()
    bench.journal.failing = {"claim": 1}
    task = asyncio.create_task(bench.worker.run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await bench.worker.finish(10.0)
    assert bench.journal.failing == {"claim": 0}
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_finishing_survives_a_failing_journal(log: pytest.LogCaptureFixture) -> None:
    """What can't be given back is said in a line."""
    bench = Bench()
    bench.journal.failing = {"release": 1}
    await bench.worker.finish(0.1)
    assert logged(log, "can't be given back") == 1


async def test_cancelling_always_ends_the_run() -> None:
    """Whenever the cancellation comes, under load or not, the run ends and nothing is lost."""
    chance = random.Random(5)
    for _ in range(200):
        bench = Bench(side_by_side=chance.choice((1, 4, 256)))
        bench.journal.failing = {"claim": chance.choice((0, 0, 2))}
        bench.verdicts = {number: [_FLOOD] for number in range(0, 40, 7)}
        await bench.take(*((number, number % 9) for number in range(40)))
        task = asyncio.create_task(bench.worker.run())
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.cancelled()
        await bench.worker.finish(5.0)
        assert not bench.worker.numbers
        done = [number for number in set(bench.ended) if not bench.verdicts.get(number)]
        assert await bench.open() >= 40 - len(done)
        async with working(bench):
            await bench.emptied()
        assert set(bench.ended) == set(range(40))


async def test_no_task_is_left_behind() -> None:
    """After the end of the run and its finish only the test itself is running."""
    bench = Bench()
    async with working(bench):
        await bench.take(*((number, number % 5) for number in range(100)))
        await bench.emptied()
    assert asyncio.all_tasks() == {asyncio.current_task()}
