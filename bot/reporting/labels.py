"""Words and figures that the report for a terminal and the page have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from bot.reporting.summary import Summary, Totals
from bot.storage.figures import Handover

Row = tuple[str, str, str]
"""What is counted, the figure, and the one of the days before; the last is empty for none."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""The months as the terminal and the page name them; chats have them in the person's language."""


def rows(summary: Summary) -> Iterator[Row]:
    """Yield the figures of a report, those that matter most first."""
    now, before = summary.totals, summary.before
    for label, part in (
        ("questions", "questions"),
        ("answered", "answered"),
        ("suggested", "suggested"),
        ("no answer", "missed"),
    ):
        yield label, _of_questions(now, part), _of_questions(before, part) if before else ""
    yield "votes: helpful", _votes(now), _votes(before) if before else ""
    yield "small talk", f"{now.small_talk:,}", f"{before.small_talk:,}" if before else ""
    if now.handover != Handover() or (before and before.handover != Handover()):
        yield "asked for a person", _cases(now), _cases(before) if before else ""
        yield "median wait for a person", wait(now), wait(before) if before else ""


def about(summary: Summary) -> str:
    """Return a sentence on which days are counted."""
    days = len(summary.days)
    what = "1 day" if days == 1 else f"{days} days"
    compared = "" if summary.before is None else " Beside them the figures of as many days before."
    span = f"{date(summary.since)} to {date(summary.until)}"
    return f"{what}, {span} (UTC, today so far).{compared}"


def date(day: dt.date, months: Sequence[str] = MONTHS) -> str:
    """Return a day as reports name it everywhere: 9 Nov 2026."""
    return f"{short_date(day, months)} {day.year}"


def short_date(day: dt.date, months: Sequence[str] = MONTHS) -> str:
    """Return a day without its year, for lists and charts: 9 Nov."""
    return f"{day.day} {months[day.month - 1]}"


def languages(summary: Summary) -> str:
    """Return the languages of the questions with their shares."""
    total = summary.totals.questions
    return ", ".join(f"{name} {percent(count / total)}" for name, count in summary.languages)


def named(entry: str, questions: Mapping[str, str]) -> str:
    """Return the question of an entry, or its id where the question isn't known."""
    return questions.get(entry, entry)


def line_of(text: str) -> str:
    """Return a text on one line, without what a terminal would take for its own."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def percent(share: float | None) -> str:
    """Return a share (0-1) as a percentage, or a dash if there is none."""
    return "-" if share is None else f"{100 * share:.0f} %"


def wait(totals: Totals) -> str:
    """Return how long people waited for a person, or a dash."""
    if totals.handover.wait is None:
        return "-"
    return f"{totals.handover.wait / dt.timedelta(minutes=1):,.0f} min"


def shown(items: Sequence[object], most: int) -> str:
    """Return a note on how many of a list aren't shown, if any."""
    return f"and {len(items) - most:,} more" if len(items) > most else ""


def _of_questions(totals: Totals, part: str) -> str:
    count: int = getattr(totals, part)
    return f"{count:,}" if part == "questions" else f"{count:,} ({percent(totals.share(count))})"


def _votes(totals: Totals) -> str:
    votes = totals.helpful + totals.not_helpful
    return f"{totals.helpful:,} of {votes:,} ({percent(totals.helpful_share)})"


def _cases(totals: Totals) -> str:
    return f"{totals.handover.opened:,} opened, {totals.handover.closed:,} closed"
