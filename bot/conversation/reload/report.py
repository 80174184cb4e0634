"""What became of a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.conversation.reload.gate import Difference, Failing
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.problems import Problem


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """Say which version is live and what changed, by entry id; with problems it was kept.

    `candidate` is the version of the files that were refused but could be forced, `before` the one
    that a new one took the place of; both are "" where there is none. `failing` tests and
    `differences` among the questions `asked` are told in either case. `stale`: nothing was done,
    because another version is live, or on disk, than was named. `advice` is about the new files.
    `questions` are those of the entries, by id, also of the ones that are gone; `before_questions`
    those that they had.
    """

    version: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    failing: tuple[Failing, ...] = ()
    differences: tuple[Difference, ...] = ()
    asked: int = 0
    candidate: str = ""
    before: str = ""
    stale: bool = False
    advice: tuple[Problem, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    before_questions: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def compare(old: KnowledgeBase, new: KnowledgeBase) -> ReloadReport:
    """Return the difference between two knowledge bases by entry id.

    An entry that only has another id now was neither added nor removed.
    """
    before, after = _by_name(old), _by_name(new)
    return ReloadReport(
        version=new.version,
        added=_beyond(after, before),
        changed=tuple(n for n, entry in after.items() if n in before and before[n] != entry),
        removed=_beyond(before, after),
        questions=_questions(before | after),
        before_questions=_questions(after | before),
    )


def log_line(report: ReloadReport) -> str:
    """Return what became of a reload, for the log."""
    if report.problems:
        listed = "\n".join(map(str, report.problems))
        if report.candidate:
            why = f"version {report.candidate} would do worse; '/reload force' has it live anyway"
        else:
            why = "the new one is broken"
        return f"Kept the old knowledge, because {why}:\n{listed}"
    counts = f"{len(report.added)} added, {len(report.changed)} changed"
    return (
        f"Knowledge version {report.version} is live: {counts}, {len(report.removed)} removed; "
        f"{len(report.differences)} of {report.asked} questions are answered differently."
    )


def _beyond(entries: Mapping[str, Entry], others: Mapping[str, Entry]) -> tuple[str, ...]:
    """Return the names of the entries that the others don't have, under this or another name."""
    shown = {_shown(entry) for entry in others.values()}
    return tuple(n for n, each in entries.items() if n not in others and _shown(each) not in shown)


def _shown(entry: Entry) -> tuple[str, str, str]:
    return entry.language, entry.question, entry.answer


def _questions(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return the questions by name, and by bare id where that isn't another one's name."""
    bare = {entry.id: entry.question for entry in entries.values()}
    return bare | {name: entry.question for name, entry in entries.items()}


def _by_name(knowledge: KnowledgeBase) -> dict[str, Entry]:
    """Return the entries by id, with the language where it isn't the default one."""
    return {
        entry.id
        if entry.language == knowledge.default_language
        else f"{entry.id} ({entry.language})": entry
        for entry in knowledge.entries
    }
