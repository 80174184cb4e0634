"""How much one person may ask of the bot: a token bucket for each."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

_PEOPLE = 10_000
_UPDATES = 20_000  # more than may be open at a time
_MINUTE = 60.0


class Pass(Enum):
    """Say whether a message may pass, and if not, whether the person has been told."""

    FREE = auto()
    NOTICE = auto()
    SILENT = auto()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


class Limits:
    """Let `a_minute` messages of a person pass at once, and as many a minute in the long run.

    0 lets all pass. The 10,000 people seen last are remembered, in this process only.
    """

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()
        self._verdicts: OrderedDict[int, Pass] = OrderedDict()

    def ask(self, user: int, at: float, update: int) -> Pass:
        """Return whether an update of a person, sent at an instant (in seconds), may pass.

        The first that may not is to be answered by a notice, the next ones by nothing until half of
        the allowance is there again. An update that is tried again, as Telegram didn't take its
        reply, gets the same as before.
        """
        if not self._a_minute:
            return Pass.FREE
        if (verdict := self._verdicts.get(update)) is None:
            verdict = self._verdicts[update] = self._count(user, at)
            if len(self._verdicts) > _UPDATES:
                self._verdicts.popitem(last=False)
        return verdict

    def _count(self, user: int, at: float) -> Pass:
        bucket = self._bucket(user, at)
        since = max(at - bucket.at, 0.0)
        bucket.left = min(bucket.left + since * self._a_minute / _MINUTE, float(self._a_minute))
        bucket.at = max(bucket.at, at)
        bucket.told = bucket.told and bucket.left < self._a_minute / 2
        if bucket.left >= 1:
            bucket.left -= 1
            return Pass.FREE
        told, bucket.told = bucket.told, True
        return Pass.SILENT if told else Pass.NOTICE

    def _bucket(self, user: int, at: float) -> _Bucket:
        bucket = self._buckets.setdefault(user, _Bucket(float(self._a_minute), at))
        self._buckets.move_to_end(user)
        if len(self._buckets) > _PEOPLE:
            self._buckets.popitem(last=False)
        return bucket
