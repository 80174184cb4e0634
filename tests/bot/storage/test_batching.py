"""How those who ask at the same time share one transaction."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.errors import StorageError
from bot.storage.batching import Batcher


class FakeDatabase:
    """Double numbers, batch by batch; fail wherever a number of `poison` is in the batch.

    `batches` are the batches that were asked for. While `gate` isn't set, they wait.
    """

    def __init__(self, poison: dict[int, BaseException] | None = None) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._poison = poison or {}

    async def run(self, items: Sequence[int]) -> list[int]:
        """Return the double of each number."""
        self.batches.append(list(items))
        await self.gate.wait()
        for item in items:
            if item in self._poison:
                raise self._poison[item]
        return [item * 2 for item in items]


@pytest.fixture
async def unhandled() -> AsyncIterator[list[dict[str, Any]]]:
    """Collect what the loop complains about, such as exceptions that nobody took."""
    found: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context))
    yield found
    asyncio.get_running_loop().set_exception_handler(None)


async def _ask(batcher: Batcher[int, int], *items: int) -> list[int | BaseException]:
    """Ask for several at once, and return their results or errors."""
    return await asyncio.gather(*map(batcher, items), return_exceptions=True)


async def _turns(count: int = 10) -> None:
    """Let whatever can go on go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def _idle(batcher: Batcher[int, int]) -> None:
    """Wait until the batcher has nothing to do."""
    if batcher._task is not None:
        await asyncio.wait([batcher._task])


async def test_what_arrives_together_shares_one_run() -> None:
    """Each gets its own result, in the order asked."""
    database = FakeDatabase()
    assert await _ask(Batcher(database.run), 3, 1, 2, 1) == [6, 2, 4, 2]
    assert database.batches == [[3, 1, 2, 1]]


async def test_alone_an_item_waits_for_nothing() -> None:
    """One after the other each is a batch of its own."""
    database = FakeDatabase()
    batcher = Batcher(database.run)
    assert [await batcher(item) for item in (1, 2)] == [2, 4]
    assert database.batches == [[1], [2]]


async def test_what_arrives_during_a_batch_is_the_next() -> None:
    """Newcomers gather while the batch before them runs, and there is never a second at once."""
    database = FakeDatabase()
    batcher = Batcher(database.run)
    database.gate.clear()
    first = asyncio.ensure_future(batcher(1))
    await _turns()
    later = [asyncio.ensure_future(batcher(item)) for item in (2, 3)]
    await _turns()
    assert database.batches == [[1]]
    database.gate.set()
    assert await asyncio.gather(first, *later) == [2, 4, 6]
    assert database.batches == [[1], [2, 3]]


async def test_a_batch_has_a_limit() -> None:
    """What is too much for one batch goes in several, in order."""
    database = FakeDatabase()
    assert await _ask(Batcher(database.run, most=2), 1, 2, 3, 4, 5) == [2, 4, 6, 8, 10]
    assert database.batches == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize("error", [StorageError("full"), ZeroDivisionError("a bug")])
async def test_who_fails_fails_alone(error: Exception, unhandled: list[dict[str, Any]]) -> None:
    """A batch that fails, be it by a bug, is tried one by one, in order."""
    database = FakeDatabase({2: error})
    batcher = Batcher(database.run)
    assert await _ask(batcher, 1, 2, 3) == [2, error, 6]
    assert database.batches == [[1, 2, 3], [1], [2], [3]]
    assert await batcher(4) == 8
    await _idle(batcher)
    gc.collect()
    assert unhandled == []


@pytest.mark.parametrize("error", [StorageError("full"), ZeroDivisionError("a bug")])
async def test_who_came_during_a_failure_is_served(
    error: Exception, unhandled: list[dict[str, Any]]
) -> None:
    """Nobody is left waiting because the batch before failed."""
    database = FakeDatabase({1: error})
    batcher = Batcher(database.run)
    database.gate.clear()
    first = asyncio.ensure_future(batcher(1))
    await _turns()
    later = asyncio.ensure_future(batcher(2))
    await _turns()
    database.gate.set()
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(first, later, return_exceptions=True)
    assert list(outcomes) == [error, 4]
    gc.collect()
    assert unhandled == []


async def test_each_gets_an_error_of_its_own() -> None:
    """When all fail, none hears of the trouble of another."""
    errors: dict[int, BaseException] = {item: StorageError(str(item)) for item in (1, 2, 3)}
    assert await _ask(Batcher(FakeDatabase(errors).run), 1, 2, 3) == list(errors.values())


async def test_a_cancelled_waiter_harms_no_other(unhandled: list[dict[str, Any]]) -> None:
    """Before, during and after its batch begins; the batch itself goes on."""
    database = FakeDatabase()
    batcher = Batcher(database.run)
    database.gate.clear()
    tasks = [asyncio.ensure_future(batcher(item)) for item in (1, 2)]
    await _turns()
    tasks += [asyncio.ensure_future(batcher(item)) for item in (3, 4)]
    await _turns()
    tasks[0].cancel()
    tasks[2].cancel()
    await _turns()
    database.gate.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [each for each in outcomes if isinstance(each, int)] == [4, 8]
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert isinstance(outcomes[2], asyncio.CancelledError)
    assert await batcher(5) == 10
    gc.collect()
    assert unhandled == []


async def test_nobody_left_to_hear_of_an_error(unhandled: list[dict[str, Any]]) -> None:
    """An error of those who were cancelled is no exception that nobody retrieved."""
    database = FakeDatabase({1: StorageError("full"), 2: ZeroDivisionError()})
    batcher = Batcher(database.run)
    database.gate.clear()
    tasks = [asyncio.ensure_future(batcher(item)) for item in (1, 2)]
    await _turns()
    for task in tasks:
        task.cancel()
    database.gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    await _idle(batcher)
    gc.collect()
    assert unhandled == []


async def test_a_run_that_is_cancelled_cancels_who_waits_for_it() -> None:
    """A driver that gives up by cancelling leaves nobody waiting."""
    batcher = Batcher(FakeDatabase({1: asyncio.CancelledError()}).run)
    async with asyncio.timeout(5):
        one, other = await _ask(batcher, 1, 2)
    assert isinstance(one, asyncio.CancelledError)
    assert other == 4


def test_the_end_of_the_loop_leaves_nobody_waiting() -> None:
    """A loop that ends in the middle of a batch ends those who wait; a new one starts afresh."""
    database = FakeDatabase()
    batcher = Batcher(database.run, most=1)

    async def stop_in_the_middle() -> None:
        database.gate.clear()
        tasks = [asyncio.ensure_future(batcher(item)) for item in (1, 2)]
        await _turns()
        assert not any(task.done() for task in tasks)

    asyncio.run(stop_in_the_middle())
    database.gate = asyncio.Event()
    database.gate.set()
    assert asyncio.run(_ask(batcher, 3)) == [6]
    assert database.batches == [[1], [3]]
