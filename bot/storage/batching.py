"""Let those who ask at the same time share one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Waiting = tuple[_Item, "asyncio.Future[_Result]"]

_MOST = 256


class Batcher(Generic[_Item, _Result]):
    """Run all that was asked for while the last batch ran as the next batch.

    `run` takes the items of a batch, at most `most`, and returns a result for each. If it raises,
    each item is tried alone, so that it fails for itself only. Nothing waits for a batch to fill
    up: alone, an item is a batch of one.
    """

    def __init__(
        self,
        run: Callable[[Sequence[_Item]], Awaitable[Sequence[_Result]]],
        most: int = _MOST,
    ) -> None:
        self._run = run
        self._most = most
        self._waiting: list[_Waiting[_Item, _Result]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: _Item) -> _Result:
        """Return the item's result; raises what `run` raised for the item alone."""
        future: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await future

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[: self._most]
                await self._settle(batch)
                del self._waiting[: len(batch)]
        finally:
            self._task = None
            # Some are left only where the loop ends in the middle.
            for _, future in self._waiting:
                future.cancel()
            self._waiting.clear()

    async def _settle(self, batch: list[_Waiting[_Item, _Result]]) -> None:
        # Gathered because a bug, too, is for those who wait for the item that shows it.
        (outcome,) = await asyncio.gather(
            self._run([item for item, _ in batch]), return_exceptions=True
        )
        if not isinstance(outcome, BaseException):
            for (_, future), result in zip(batch, outcome, strict=True):
                if not future.done():
                    future.set_result(result)
        elif len(batch) > 1:
            for one in batch:
                await self._settle([one])
        elif not batch[0][1].done():
            batch[0][1].set_exception(outcome)
