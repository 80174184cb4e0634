"""What can go wrong between a bot and Telegram, on demand."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True, slots=True)
class TooManyRequests:
    """Answer 429: the bot is to wait so many seconds."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class ServerError:
    """Answer 5xx, before the call took effect or (applied) after it."""

    code: int = 502
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """Close the connection, before the call took effect or (applied) after it."""

    applied: bool = False


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answer 200 with something that isn't JSON, before or (applied) after the effect."""

    body: str = "<html><body>Bad Gateway</body></html>"
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Delay:
    """Answer rightly, but late."""

    seconds: float


Fault = TooManyRequests | ServerError | Dropped | Garbage | Delay


@dataclass(frozen=True, slots=True)
class _Chance:
    faults: tuple[Fault, ...]
    probability: float


class Faults:
    """Hold the faults to come, queued or by chance, by method."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._queued: dict[str, deque[Fault]] = defaultdict(deque)
        self._chances: dict[str, _Chance] = {}

    def add(self, method: str, faults: tuple[Fault, ...], chance: float | None) -> None:
        """Queue faults for the next calls, or let each call fail by chance."""
        if chance is None:
            self._queued[method].extend(faults)
        else:
            self._chances[method] = _Chance(faults, chance)

    def clear(self) -> None:
        """Let everything go well again."""
        self._queued.clear()
        self._chances.clear()

    def next(self, method: str) -> Fault | None:
        """Take the fault that befalls this call of `method`, if one does."""
        for name in (method, ANY):
            if self._queued[name]:
                return self._queued[name].popleft()
        for name in (method, ANY):
            chance = self._chances.get(name)
            if chance and self._random.random() < chance.probability:
                return self._random.choice(chance.faults)
        return None
