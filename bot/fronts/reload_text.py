"""What became of a reload, in Markdown: what changed, what would be worse, what is refused."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot.conversation.reload import Difference, Failing, Outcome, ReloadReport
from bot.fronts.filling import fill
from bot.knowledge.markdown import escape
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import VersionWordings, Wordings

_MAX_LINES = 20
_MAX_IDS = 40
_MAX_SHOWN = 10
_MAX_QUESTION = 100


def reload_text(report: ReloadReport, wordings: Wordings, *, quoting: bool = True) -> str:
    """Return what a reload changed, or why the old knowledge base was kept.

    Without `quoting` no question that somebody asked is shown, only how many there are.
    """
    if report.problems and not report.candidate:
        return fill(wordings.reload_refused, problems=_problems(report.problems))
    words = wordings.versions
    tried = "\n\n".join(_tried(report, words, quoting=quoting))
    if report.candidate:
        version = escape(report.candidate)
        return fill(words.regressed, version=version, reasons=f"\n{tried}")
    done = _done(report, wordings)
    return f"{done.rstrip()}\n\n{tried}" if tried else done


def rolled_back_text(report: ReloadReport, wordings: Wordings) -> str:
    """Return which version is live again and what is different from the one before."""
    if report.problems:
        return fill(wordings.reload_refused, problems=_problems(report.problems))
    version, changes = escape(report.version), _changes(report, wordings)
    return fill(wordings.versions.rolled_back, version=version, changes=changes)


def _done(report: ReloadReport, wordings: Wordings) -> str:
    version, changes = escape(report.version), _changes(report, wordings)
    if not changes and not report.before:
        return fill(wordings.reload_unchanged, version=version)
    return fill(wordings.reload_done, version=version, changes=changes)


def _changes(report: ReloadReport, wordings: Wordings) -> str:
    lines = [
        fill(wording, entries=_ids(ids))
        for wording, ids in (
            (wordings.reload_added, report.added),
            (wordings.reload_changed, report.changed),
            (wordings.reload_removed, report.removed),
        )
        if ids
    ]
    return _as_lines(lines) if lines else ""


def _tried(report: ReloadReport, words: VersionWordings, *, quoting: bool) -> Iterator[str]:
    """Yield the tests that fail, and the questions that are answered differently."""
    if report.failing:
        yield _listed([_failing(each, words) for each in report.failing], words).lstrip("\n")
    if report.differences:
        count, asked = str(len(report.differences)), str(report.asked)
        told = fill(words.differing, count=count, asked=asked)
        lines = [_difference(each, words) for each in report.differences] if quoting else []
        yield told + _listed(lines, words)


def _failing(failing: Failing, words: VersionWordings) -> str:
    wording = words.failing_as_before if failing.known else words.failing
    wanted = failing.test.entry
    return fill(
        wording,
        question=_quoted(failing.test.text),
        wanted=words.silence if wanted is None else escape(wanted),
        after=_outcome(failing.after, words),
    )


def _difference(difference: Difference, words: VersionWordings) -> str:
    return fill(
        words.lost if difference.lost else words.difference,
        question=_quoted(difference.question),
        before=_outcome(difference.before, words),
        after=_outcome(difference.after, words),
    )


def _outcome(outcome: Outcome, words: VersionWordings) -> str:
    match outcome.kind:
        case "answer":
            return escape(" + ".join(outcome.entries))
        case "suggest":
            return words.suggestion
        case "chitchat":
            return words.small_talk
        case _:
            return words.silence


def _quoted(text: str) -> str:
    return escape(textwrap.shorten(text, _MAX_QUESTION, placeholder="…"))


def _listed(lines: Sequence[str], words: VersionWordings) -> str:
    if not lines:
        return ""
    more = len(lines) - _MAX_SHOWN
    last = [fill(words.more, count=str(more))] if more > 0 else []
    return _as_lines([*lines[:_MAX_SHOWN], *last])


def _problems(problems: Sequence[Problem]) -> str:
    lines = [escape(str(problem).replace("\n", " ")) for problem in problems[:_MAX_LINES]]
    if len(problems) > len(lines):
        lines.append(f"… (+{len(problems) - len(lines)})")
    return _as_lines(lines)


def _as_lines(lines: Sequence[str]) -> str:
    return "\n" + "\n".join(f"- {line}" for line in lines)


def _ids(ids: Sequence[str]) -> str:
    shown = ", ".join(escape(name) for name in ids[:_MAX_IDS])
    return f"{shown} … (+{len(ids) - _MAX_IDS})" if len(ids) > _MAX_IDS else shown
