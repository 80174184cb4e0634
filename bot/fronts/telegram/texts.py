"""The texts of a screen: wordings with their braces filled in, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.fronts.telegram.ports import ReloadReport
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import Wordings

_BRACES = re.compile(r"\{(\w+)\}")
_MAX_LINES = 20
_MAX_IDS = 40


def fill(wording: str, **values: str) -> str:
    """Return a wording with each `{name}` replaced by its Markdown; unknown names stay."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), wording)


def source_text(entry: Entry, knowledge: KnowledgeBase, wordings: Wordings) -> str:
    """Return the paragraphs an answer comes from with the titles of their documents."""
    parts = []
    for source in entry.sources:
        document = knowledge.documents.get(source.document)
        paragraph = document.paragraph(source.paragraph) if document else None
        if document and paragraph:
            number, title = str(source.paragraph), escape(document.title)
            parts.append(fill(wordings.source, title=title, paragraph=number))
            parts.append(escape(paragraph))
    return "\n\n".join(parts) or wordings.source_gone


def reload_text(report: ReloadReport, wordings: Wordings) -> str:
    """Return what a reload changed, or the problems that kept it from going live."""
    if report.problems:
        return fill(wordings.reload_refused, problems=_problems(report.problems))
    lines = [
        fill(wording, entries=_ids(ids))
        for wording, ids in (
            (wordings.reload_added, report.added),
            (wordings.reload_changed, report.changed),
            (wordings.reload_removed, report.removed),
        )
        if ids
    ]
    version = escape(report.version)
    if not lines:
        return fill(wordings.reload_unchanged, version=version)
    return fill(wordings.reload_done, version=version, changes=_as_lines(lines))


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
