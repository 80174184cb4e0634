"""What people's votes advise about the thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.matching.match import Thresholds

AdviceKind = Literal["proposed", "too early", "unsure", "out of reach", "as it is"]


@dataclass(frozen=True, slots=True)
class Yield:
    """Hold what thresholds give: the shares (0-1) of questions answered, and of answers right.

    `right` is None where nobody said anything; `surely` is the lower bound of its 95 % interval.
    """

    thresholds: Thresholds
    answered: float
    right: float | None
    surely: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Advise about a language's thresholds.

    `signs` count how many of the `questions` somebody told of, `needed` how many it takes. `then`
    is there where something is proposed; `gained` questions would newly be answered, `lost` no
    longer. `chosen` says that an admin chose the thresholds that are live.
    """

    language: str
    kind: AdviceKind
    target: float
    questions: int
    signs: int
    needed: int
    now: Yield
    then: Yield | None = None
    gained: int = 0
    lost: int = 0
    chosen: bool = False
