"""Read utterances from YAML: a mapping from an entry's id to the utterances it should answer."""

from __future__ import annotations

from pathlib import Path

from bot.evaluation.case import OUT_OF_SCOPE, Case
from bot.evaluation.files import is_out_of_scope
from bot.knowledge.problems import Problem
from bot.knowledge.utterance_tests import utterances_under
from bot.knowledge.yaml_file import read_yaml


def read_yaml_cases(path: Path, language: str | None, problems: list[Problem]) -> list[Case]:
    """Return the cases of a file; what is wrong with it is added to `problems`.

    The keys of a file that is out of scope by its name are headings. Elsewhere the key `__oos__` or
    `out_of_scope` holds what is out of scope.
    """
    file = read_yaml(path, str(path))
    problems += file.problems
    if file.problems:
        return []
    if not isinstance(file.value, dict) or not file.value:
        text = "holds no utterances. Write an entry's id, a colon, and a list of utterances."
        problems.append(Problem(file.name, 0, "", text))
        return []
    cases: list[Case] = []
    for key, texts in file.value.items():
        outside = is_out_of_scope(path) or key in OUT_OF_SCOPE
        entry = None if outside else key
        found = utterances_under(file, key, texts, problems)
        cases += [Case(text, entry, file.name, line, language) for text, line in found]
    return cases
