"""What a bot was taught since its files were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.knowledge.lessons import Lesson
from bot.matching.match import Thresholds
from bot.storage.tunings import Tuning


@dataclass(frozen=True, slots=True)
class Taught:
    """Hold lessons, and thresholds by language that admins chose over the fitted ones."""

    lessons: tuple[Lesson, ...] = ()
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)


def chosen_thresholds(tunings: Iterable[Tuning]) -> dict[str, Thresholds]:
    """Return the thresholds by language of tunings, none for those that take the fitted ones."""
    return {
        each.language: Thresholds(each.answer, each.suggest)
        for each in tunings
        if each.answer is not None and each.suggest is not None
    }
