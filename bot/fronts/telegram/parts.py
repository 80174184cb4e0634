"""What a front is made of, and how long it waits for things."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.fronts.telegram.ports import Conversation, Reloader
from bot.fronts.telegram.tuning import Tuner
from bot.storage.cases import Cases
from bot.storage.digests import Digests
from bot.storage.drafts import Drafts
from bot.storage.figures import Figures
from bot.storage.journal import Journal
from bot.storage.moves import Moves
from bot.storage.store import Store
from bot.storage.wishes import Wishes
from bot.teaching.classroom import Classroom


@dataclass(frozen=True, slots=True)
class Pace:
    """Set the times of a front, in seconds.

    `listening` is how long what can't be answered waits for what a person goes on to type.
    `retry_after` passes before the first repetition of a failed call at the start, `typing_after`
    before a person is shown that the bot is at work; `patience` is what running replies get at
    the stop; `attend_every` lies between two looks at who waits for an operator.
    """

    retry_after: float = 1.0
    typing_after: float = 0.7
    patience: float = 6.0
    listening: float = 1.2
    attend_every: float = 5.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what the front works with."""

    conversation: Conversation
    reloader: Reloader
    store: Store
    journal: Journal
    clock: Callable[[], dt.datetime]
    classroom: Classroom | None = None
    drafts: Drafts | None = None
    figures: Figures | None = None
    cases: Cases | None = None
    wishes: Wishes | None = None
    digests: Digests | None = None
    moves: Moves | None = None
    tuner: Tuner | None = None
