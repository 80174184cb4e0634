"""Find the files of utterances among the files and folders that a person named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.evaluation.case import EvaluationError
from bot.knowledge.folders import listed
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import refuse

YAML = frozenset({".yaml", ".yml"})
LINES = frozenset({".jsonl", ".ndjson"})
_OUT_OF_SCOPE = "_out_of_scope"
_NO_FILE = "holds no .yaml or .jsonl file. Name another folder."


def is_out_of_scope(path: Path) -> bool:
    """Tell whether all of a file is out of scope, by its name."""
    return path.name.startswith(_OUT_OF_SCOPE)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files to read, each once, those of a folder and its folders by name.

    In folders, files that begin with `_` are passed over, except `_out_of_scope*`, and so is
    whatever is neither YAML nor JSON lines; a file that is named itself is always read. Raises
    EvaluationError with a problem for each path that leads to no file.
    """
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            found |= dict.fromkeys(_files_of(path))
        except KnowledgeError as error:
            problems += error.problems
    if problems:
        raise EvaluationError(problems)
    return list(found)


def _files_of(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            return list(_in_folder(path)) or refuse(str(path), 0, _NO_FILE)
        if not path.exists():
            refuse(str(path), 0, "doesn't exist. Check the path.")
    except OSError as error:
        refuse(str(path), 0, f"can't be read ({error.strerror}). Check the path.")
    if path.suffix not in YAML | LINES:
        refuse(str(path), 0, "is neither .yaml nor .jsonl. Rename it, or name another file.")
    return [path]


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in listed(folder, str(folder)):
        # A link could lead back to where it lies.
        if path.is_dir() and not path.is_symlink():
            yield from _in_folder(path)
        elif path.suffix in YAML | LINES and (path.name[0] != "_" or is_out_of_scope(path)):
            yield path
