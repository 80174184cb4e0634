"""What became of a reload, in Markdown: what changed, what would be worse, what is refused."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.conversation.reload import Difference, Failing, Outcome, ReloadReport
from bot.fronts.filling import fill
from bot.knowledge.markdown import escape
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import VersionWordings, Wordings

_MAX_LINES = 20
_MAX_SHOWN = 10
_MAX_QUESTION = 100
_MAX_BRIEF = 3
_MAX_ADVICE = 250


def reload_text(report: ReloadReport, wordings: Wordings, *, quoting: bool = True) -> str:
    """Return what a reload changed, or why the old knowledge base was kept.

    Without `quoting` no question that somebody asked is shown, only how many there are.
    """
    if report.problems and not report.candidate:
        return fill(wordings.reload_refused, problems=_problems(report.problems))
    words = wordings.versions
    if report.candidate:
        tried = "\n\n".join(_tried(report, words, quoting=quoting))
        version = escape(report.candidate)
        return fill(words.regressed, version=version, reasons=f"\n{tried}")
    done = _done(report, wordings)
    more = [*_published(report, words, quoting=quoting), *_advice(report, words)]
    return "\n\n".join([done.rstrip(), *more]) if more else done


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
    words = wordings.versions
    parts = [
        fill(wording, entries=_listed([_name(each, report.questions) for each in ids], words))
        for wording, ids in (
            (wordings.reload_added, report.added),
            (wordings.reload_changed, report.changed),
            (wordings.reload_removed, report.removed),
        )
        if ids
    ]
    return "".join(f"\n{part}\n" for part in parts)


def _published(report: ReloadReport, words: VersionWordings, *, quoting: bool) -> Iterator[str]:
    """Yield what is different now; what was lost is no news any more, as somebody chose it."""
    if lost := [_quoted(each.question) for each in report.differences if each.lost]:
        yield fill(words.lost_anyway, lost=_brief(lost, words) if quoting else str(len(lost)))
    others = tuple(each for each in report.differences if not each.lost)
    yield from _tried(replace(report, differences=others), words, quoting=quoting)


def _advice(report: ReloadReport, words: VersionWordings) -> Iterator[str]:
    """Yield what is advised about the new files: how much, and the first of it."""
    if report.advice:
        first = [_shortened(str(each), _MAX_ADVICE) for each in report.advice[:_MAX_BRIEF]]
        yield fill(words.advice, count=str(len(report.advice)), advice=_as_lines(first))


def _tried(report: ReloadReport, words: VersionWordings, *, quoting: bool) -> Iterator[str]:
    """Yield the tests that fail, and the questions that are answered differently."""
    if report.failing:
        failing = [_failing(each, report, words) for each in report.failing]
        yield _listed(failing, words).lstrip("\n")
    if report.differences:
        count, asked = str(len(report.differences)), str(report.asked)
        told = fill(words.differing, count=count, asked=asked)
        lines = [_difference(each, report, words) for each in report.differences]
        yield told + _listed(lines if quoting else [], words)


def _failing(failing: Failing, report: ReloadReport, words: VersionWordings) -> str:
    wording = words.failing_as_before if failing.known else words.failing
    wanted = failing.test.entry
    return fill(
        wording,
        question=_quoted(failing.test.text),
        wanted=words.silence if wanted is None else _name(wanted, report.questions),
        after=_outcome(failing.after, report.questions, words),
    )


def _difference(difference: Difference, report: ReloadReport, words: VersionWordings) -> str:
    return fill(
        words.lost if difference.lost else words.difference,
        question=_quoted(difference.question),
        before=_outcome(difference.before, report.before_questions, words),
        after=_outcome(difference.after, report.questions, words),
    )


def _outcome(outcome: Outcome, questions: Mapping[str, str], words: VersionWordings) -> str:
    match outcome.kind:
        case "answer":
            return " + ".join(_name(each, questions) for each in outcome.entries)
        case "suggest":
            return words.suggestion
        case "chitchat":
            return words.small_talk
        case _:
            return words.silence


def _name(entry: str, questions: Mapping[str, str]) -> str:
    """Return the question of an entry, or its id where that isn't known."""
    return _quoted(questions.get(entry, entry))


def _quoted(text: str) -> str:
    return _shortened(text, _MAX_QUESTION)


def _shortened(text: str, most: int) -> str:
    return escape(textwrap.shorten(text, most, placeholder="…"))


def _brief(texts: Sequence[str], words: VersionWordings) -> str:
    """Return the first of some texts in one line, and how many more there are."""
    more = len(texts) - _MAX_BRIEF
    last = [fill(words.more, count=str(more))] if more > 0 else []
    return " · ".join([*texts[:_MAX_BRIEF], *last])


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
