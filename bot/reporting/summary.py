"""What a report says: the figures of a number of days, and of as many days before."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.words import phrase_key
from bot.reporting.weak import Weak, weak_entries
from bot.storage.figures import Asked, Figures, Handover, Overview, Span, Wanted

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Totals:
    """Count what people asked and thought; `small_talk` are no questions."""

    answered: int = 0
    suggested: int = 0
    missed: int = 0
    small_talk: int = 0
    helpful: int = 0
    not_helpful: int = 0
    handover: Handover = field(default_factory=Handover)

    @property
    def questions(self) -> int:
        """Return how many questions there were."""
        return self.answered + self.suggested + self.missed

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing happened at all."""
        return self == Totals()

    def share(self, part: int) -> float | None:
        """Return a part of the questions as a share (0-1), None where there was none."""
        return part / self.questions if self.questions else None

    @property
    def helpful_share(self) -> float | None:
        """Return the share of votes (0-1) that found an answer helpful, None without votes."""
        votes = self.helpful + self.not_helpful
        return self.helpful / votes if votes else None


@dataclass(frozen=True, slots=True)
class Day:
    """Count what people asked and thought on one day (UTC)."""

    day: dt.date
    totals: Totals


@dataclass(frozen=True, slots=True)
class Missed:
    """Name a text that was asked in vain, as it was typed last, and by how many people."""

    text: str
    people: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold the figures of the days from `since` to `until`, both counted, in UTC.

    `before` are those of as many days before, None where so much isn't kept or nothing happened.
    `languages` count questions; all lists have the greatest first.
    """

    since: dt.date
    until: dt.date
    totals: Totals
    before: Totals | None
    days: tuple[Day, ...]
    languages: tuple[tuple[str, int], ...]
    asked: tuple[Asked, ...]
    missed: tuple[Missed, ...]
    weak: tuple[Weak, ...]


async def summarise(figures: Figures, days: int, now: dt.datetime, retention: int) -> Summary:
    """Return the figures of the last days (UTC), the present one included.

    `retention` says for how many days anything is kept. Raises StorageError.
    """
    length = days * _DAY
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    span = Span(midnight + _DAY - length, now.astimezone(dt.UTC))
    overview, details = await figures.overview(span), await figures.details(span)
    before = None
    if 2 * days <= retention:
        earlier = Span(span.since - length, span.until - length)
        before = _totals(await figures.overview(earlier))
    dates = [span.since.date() + number * _DAY for number in range(days)]
    return Summary(
        *(dates[0], dates[-1], _totals(overview)),
        before=None if before is None or before.is_empty else before,
        days=tuple(Day(each, _totals(overview, each)) for each in dates),
        languages=_languages(overview),
        asked=details.asked,
        missed=missed_by_people(details.wanted),
        weak=weak_entries(details.ranked, overview.votes),
    )


def without_refused(summary: Summary, knowledge: KnowledgeBase) -> Summary:
    """Leave out of `missed` what is known to have no answer; the totals stay."""
    refused = {phrase_key(text) for texts in knowledge.unanswered.values() for text in texts}
    left = tuple(each for each in summary.missed if phrase_key(each.text) not in refused)
    return replace(summary, missed=left)


def missed_by_people(wanted: Iterable[Wanted]) -> tuple[Missed, ...]:
    """Return each text once, however it is spelt as to case and marks, most people first.

    A person counts once for a text; whoever isn't known counts as another person each time.
    """
    shown: dict[str, str] = {}
    people: dict[str, set[object]] = {}
    for number, each in enumerate(wanted):
        key = phrase_key(each.text) or each.text
        shown.setdefault(key, each.text)
        who = ("unknown", number) if each.person is None else each.person
        people.setdefault(key, set()).add(who)
    found = [Missed(text, len(people[key])) for key, text in shown.items()]
    return tuple(sorted(found, key=lambda missed: -missed.people))


def _totals(overview: Overview, day: dt.date | None = None) -> Totals:
    """Add up all days, or one of them."""
    kinds: Counter[str] = Counter()
    for replies in overview.replies:
        kinds[replies.kind] += replies.count if day in {None, replies.day} else 0
    for votes in overview.votes:
        kinds[votes.vote] += votes.count if day in {None, votes.day} else 0
    return Totals(
        kinds["answer"],
        kinds["suggest"],
        kinds["fallback"],
        kinds["chitchat"],
        kinds["helpful"],
        kinds["not_helpful"],
        Handover() if day else overview.handover,
    )


def _languages(overview: Overview) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for replies in overview.replies:
        if replies.kind != "chitchat":
            counts[replies.language] += replies.count
    return tuple(counts.most_common())
