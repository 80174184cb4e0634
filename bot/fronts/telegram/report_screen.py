"""The figures as a message: short enough for a phone, and for the caption of a picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from telegram.constants import MessageLimit

from bot.fronts.telegram.render import render, shorten, units
from bot.fronts.telegram.report_buttons import report_keyboard
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.texts import fill
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.markdown import escape, plain
from bot.knowledge.wordings import ReportWordings
from bot.reporting.labels import date, line_of
from bot.reporting.summary import Summary, Totals
from bot.reporting.weak import Weak

KIND = "report"
_CAPTION = int(MessageLimit.CAPTION_LENGTH)
_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
_MOST_LINES = 5
_LINE = 50  # UTF-16 units of a question or text
_Item = TypeVar("_Item")


def report_screen(
    summary: Summary,
    knowledge: KnowledgeBase,
    words: ReportWordings,
    picture: bytes | None,
    review: Sequence[Entry] | None = None,
) -> Screen:
    """Return the message of a report; with entries to `review`, even if none, it is a digest.

    As many lines are shown of each list as fit.
    """
    limit = _CAPTION if picture else _TEXT
    text = ""
    for lines in range(_MOST_LINES, 0, -1):
        parts = _Parts(knowledge, words, lines)
        text = "\n\n".join(filter(None, parts.all(summary, review)))
        if units(plain(text)) <= limit:
            break
    days = len(summary.days)
    rendered = render(text, limit)
    return Screen(rendered, report_keyboard(days, words), kind=KIND, picture=picture or b"")


class _Parts:
    """Write the parts of a report, with at most so many lines of each list."""

    def __init__(self, knowledge: KnowledgeBase, words: ReportWordings, lines: int) -> None:
        self._knowledge = knowledge
        self._words = words
        self._lines = lines

    def all(self, summary: Summary, review: Sequence[Entry] | None) -> Iterator[str]:
        """Yield each part; one that has nothing to say is empty."""
        words = self._words
        yield self._head(summary, digest=review is not None)
        yield self._list(
            words.most_asked,
            summary.asked,
            lambda each: fill(
                words.entry_line, question=self._question(each.entry), count=_number(each.count)
            ),
        )
        yield self._list(
            words.most_missed,
            summary.missed,
            lambda each: fill(words.miss_line, text=_short(each.text), people=_number(each.people)),
        )
        yield self._list(words.weak, summary.weak, self._weak_line)
        due = review or ()
        title = fill(words.review, count=_number(len(due)))
        yield self._list(
            title,
            due,
            lambda each: fill(
                words.review_line,
                question=_short(each.question),
                day=date(each.review_by, words.months) if each.review_by else "",
            ),
        )

    def _head(self, summary: Summary, *, digest: bool) -> str:
        words, totals = self._words, summary.totals
        title = fill(
            words.digest if digest else words.title,
            days=str(len(summary.days)),
            since=date(summary.since, words.months),
            until=date(summary.until, words.months),
        )
        if totals.is_empty:
            return f"{title}\n\n{words.nothing}"
        figures = self._figures(summary, totals, summary.before)
        return "\n".join([title, *(f"- {figure}" for figure in figures)])

    def _figures(self, summary: Summary, now: Totals, before: Totals | None) -> Iterator[str]:
        words = self._words
        count = _number(before.questions) if before else ""
        yield fill(words.questions, count=_number(now.questions), before=self._before(count))
        if now.questions:
            earlier = _percent(before.share(before.answered)) if before else ""
            yield fill(
                words.shares,
                answered=_percent(now.share(now.answered)),
                before=self._before(earlier),
                suggested=_percent(now.share(now.suggested)),
                missed=_percent(now.share(now.missed)),
            )
        if now.helpful + now.not_helpful:
            earlier = _percent(before.helpful_share) if before else ""
            yield fill(
                words.votes,
                helpful=_number(now.helpful),
                not_helpful=_number(now.not_helpful),
                share=_percent(now.helpful_share),
                before=self._before(earlier),
            )
        yield from self._others(summary, now)

    def _others(self, summary: Summary, totals: Totals) -> Iterator[str]:
        words, handover = self._words, totals.handover
        if totals.small_talk:
            yield fill(words.small_talk, count=_number(totals.small_talk))
        if len(summary.languages) > 1:
            shares = [
                f"{escape(language)} {_percent(totals.share(count))}"
                for language, count in summary.languages
            ]
            yield fill(words.languages, languages=", ".join(shares))
        if handover.opened or handover.closed:
            opened, closed = _number(handover.opened), _number(handover.closed)
            yield fill(words.handover, opened=opened, closed=closed)
        if handover.wait is not None:
            minutes = handover.wait / dt.timedelta(minutes=1)
            yield fill(words.handover_wait, minutes=_number(max(1, round(minutes))))

    def _before(self, value: str) -> str:
        return " " + fill(self._words.before, value=value) if value else ""

    def _list(self, title: str, items: Sequence[_Item], line: Callable[[_Item], str]) -> str:
        """Return a title and its lines, or nothing."""
        if not items:
            return ""
        return "\n".join([title, *(f"- {line(each)}" for each in items[: self._lines])])

    def _weak_line(self, weak: Weak) -> str:
        return fill(
            self._words.weak_line,
            question=self._question(weak.entry),
            why=", ".join(self._why(weak)),
        )

    def _why(self, weak: Weak) -> Iterable[str]:
        words = self._words
        if weak.not_helpful:
            yield fill(words.weak_not_helpful, count=_number(weak.not_helpful))
        if weak.suggested:
            yield fill(words.weak_suggested, count=_number(weak.suggested))
        if weak.confidence is not None and weak.is_unsure:
            yield fill(words.weak_confidence, confidence=_percent(weak.confidence))

    def _question(self, entry_id: str) -> str:
        """Return the question of an entry, or the id of one that is gone."""
        entry = self._knowledge.entry(entry_id)
        return _short(entry.question if entry else entry_id)


def _short(text: str) -> str:
    return escape(shorten(line_of(text), _LINE))


def _number(count: int) -> str:
    """Return a count as people read it in any language: a narrow space before each thousand."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}\N{NARROW NO-BREAK SPACE}%"
