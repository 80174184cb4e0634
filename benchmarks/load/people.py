"""The people behind the Bot API: they ask, wait for the reply, and see what becomes of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.metrics import percentile

_FIRST_CHAT = 1_000_000
_LOOK = 0.02  # seconds between two looks at who still waits
_BURST = 0.001  # seconds: questions nearer to each other are asked at once


@dataclass(frozen=True, slots=True)
class Trial:
    """Say how a bot is asked.

    Each of `chats` people asks again as soon as the reply to their last question came; with a
    `rate`, so many questions a second come at random instead, from whoever is free. They ask for
    `lead` and then `seconds`, or altogether `most` questions; what comes in the lead isn't
    measured. At the end those who wait do so until nothing has come for `patience` seconds. Each
    call takes `latency` seconds more.
    """

    chats: int
    seconds: float
    lead: float = 0.0
    rate: float | None = None
    most: int | None = None
    patience: float = 3.0
    latency: float = 0.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Hold what became of the questions.

    `throughput` is in replies a second from the end of the lead to the last reply, the percentiles
    are of the milliseconds from asking, after the lead, to the reply. Of all that were `asked`,
    `lost` had no reply, and `doubled` replies were too many.
    """

    asked: int
    lost: int
    doubled: int
    throughput: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


@dataclass(slots=True)
class _Record:
    waiting: dict[int, float] = field(default_factory=dict)
    free: deque[int] = field(default_factory=deque)
    times: list[float] = field(default_factory=list)
    asked: int = 0
    replies: int = 0
    doubled: int = 0
    last: float = 0.0
    begins: float = 0.0
    ends: float = 0.0


class People:
    """Ask a bot through `ask`, which takes a chat and a text, and hear its replies."""

    def __init__(self, ask: Callable[[int, str], None], texts: Iterator[str], seed: int) -> None:
        self._ask = ask
        self._texts = texts
        self._chance = random.Random(seed)  # noqa: S311 - when questions come is no secret
        self._trial = Trial(0, 0)
        self._record = _Record()

    def hear(self, chat: int) -> None:
        """Take a reply, and ask the next question if it is time for one."""
        record, now = self._record, time.perf_counter()
        asked = record.waiting.pop(chat, None)
        if asked is None:
            record.doubled += 1
            return
        record.last = now
        record.free.append(chat)
        if now >= record.begins:
            record.replies += 1
        if asked >= record.begins:
            record.times.append(1000 * (now - asked))
        if self._trial.rate is None and now < record.ends:
            self._question()

    async def ask_all(self, trial: Trial) -> Tally:
        """Carry out a trial, and return what became of it."""
        start = time.perf_counter()
        begins = start + trial.lead
        free = deque(range(_FIRST_CHAT, _FIRST_CHAT + trial.chats))
        record = _Record(free=free, last=start, begins=begins, ends=begins + trial.seconds)
        self._trial, self._record = trial, record
        if trial.rate is None:
            for _ in range(trial.chats):
                self._question()
        else:
            await self._come(trial.rate)
        await self._wait_for_the_last()
        shares = [percentile(record.times, share) for share in (50, 95, 99)]
        # Till the last reply, as a bot that replies to a hundred at once gives none for long.
        throughput = record.replies / max(record.last - begins, _LOOK)
        return Tally(record.asked, len(record.waiting), record.doubled, throughput, *shares)

    def _question(self) -> None:
        record, most = self._record, self._trial.most
        if record.free and (most is None or record.asked < most):
            chat = record.free.popleft()
            record.asked += 1
            record.waiting[chat] = time.perf_counter()
            self._ask(chat, next(self._texts))

    async def _come(self, rate: float) -> None:
        """Ask at random instants, so many times a second in the long run."""
        due = time.perf_counter()
        while (due := due + self._chance.expovariate(rate)) < self._record.ends:
            if (wait := due - time.perf_counter()) > _BURST:
                await asyncio.sleep(wait)
            self._question()

    async def _wait_for_the_last(self) -> None:
        while self._is_asking() or self._record.waiting:
            last = max(self._record.last, 0.0 if self._trial.most else self._record.ends)
            if time.perf_counter() >= last + self._trial.patience:
                break
            await asyncio.sleep(_LOOK)

    def _is_asking(self) -> bool:
        """Tell whether more questions may come."""
        most = self._trial.most
        return time.perf_counter() < self._record.ends and (
            most is None or self._record.asked < most
        )
