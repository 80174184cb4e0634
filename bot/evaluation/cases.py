"""Read what is to be asked from files and folders of utterances.

What is out of scope is said in one of three ways: a file's name that begins with `_out_of_scope`
(its keys are headings), the key `__oos__` or `out_of_scope` in YAML, and null or one of these two
words as a JSON line's entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.case import Case, EvaluationError
from bot.evaluation.files import YAML, find_files
from bot.evaluation.line_cases import read_line_cases
from bot.evaluation.yaml_cases import read_yaml_cases
from bot.knowledge.did_you_mean import did_you_mean
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.problems import Problem


def read_cases(
    paths: Sequence[Path], split: str | None = None, language: str | None = None
) -> list[Case]:
    """Return the cases of files and folders in their order.

    With `split`, those of another one are left out; a case that names none belongs to all.
    `language` is that of cases which don't say theirs. Raises EvaluationError with every problem.
    """
    cases: list[Case] = []
    problems: list[Problem] = []
    for path in find_files(paths):
        read = read_yaml_cases if path.suffix in YAML else read_line_cases
        cases += read(path, language, problems)
    if problems:
        raise EvaluationError(problems)
    return cases if split is None else _of_split(cases, split)


def verify(cases: Sequence[Case], knowledge: KnowledgeBase) -> None:
    """Raise EvaluationError if a case expects an entry that a knowledge base doesn't have.

    An id that a file has often is named once, with the first line that has it.
    """
    known = {entry.id for entry in knowledge.entries}
    firsts: dict[tuple[str, str], Case] = {}
    for case in cases:
        if case.entry is not None and case.entry not in known:
            firsts.setdefault((case.file, case.entry), case)
    if firsts:
        raise EvaluationError([_unknown(entry, firsts[_, entry], known) for _, entry in firsts])


def _of_split(cases: Sequence[Case], split: str) -> list[Case]:
    kept = [case for case in cases if case.split in {None, split}]
    if kept:
        return kept
    names = sorted({case.split for case in cases if case.split is not None})
    text = f"no utterance is of it. Give one of: {', '.join(names)}."
    raise EvaluationError([Problem(f"--split {split}", 0, "", text)])


def _unknown(entry: str, case: Case, known: set[str]) -> Problem:
    hint = did_you_mean(entry, known) or " Give the id of an entry, or __oos__ if none answers it."
    return Problem(case.file, case.line, "", f"'{entry}' is no entry of the knowledge.{hint}")
