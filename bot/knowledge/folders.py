"""What lies in a knowledge folder: a folder for each language, and the files in it."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import refuse

DEFAULT_LANGUAGE = "en"
_CODE = re.compile(r"[a-z]{2,3}")
_YAML = (".yaml", ".yml")
_UNREADABLE = "can't be read ({}). Check that it is a readable folder."


def language_fault(name: str) -> str:
    """Return how to name a language that isn't named by its code, else an empty text."""
    if _CODE.fullmatch(name):
        return ""
    code = re.split("[-_]", name.lower())[0]
    likely = f": {code}" if _CODE.fullmatch(code) else f", such as {DEFAULT_LANGUAGE}"
    return f"name it by its two- or three-letter code{likely}."


def listed(folder: Path, name: str) -> list[Path]:
    """Return what a folder holds, by name; nothing if it doesn't exist.

    Editors and systems hide their own files behind a dot: these are left out. Raises KnowledgeError
    with one problem under `name` if the folder can't be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        refuse(name, 0, _UNREADABLE.format(error.strerror))


def language_files(folder: Path, problems: list[Problem]) -> dict[str, list[Path]]:
    """Return the files of each language of a knowledge folder, both by name.

    What keeps a folder from being read, or from being a language's, is added to `problems`.
    """
    files: dict[str, list[Path]] = {}
    try:
        for path in _subfolders(folder):
            name = f"{folder.name}/{path.name}"
            found = listed(path, name)
            if not (fault := language_fault(path.name)):
                files[path.name] = found
            elif any(file.suffix in _YAML for file in found):
                text = f"holds knowledge files, but is no language's folder: {fault}"
                problems.append(Problem(name, 0, "", text))
    except KnowledgeError as error:
        problems += error.problems
    return files


def _subfolders(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            text = f"is not a folder. Give the folder that holds {DEFAULT_LANGUAGE}/"
            refuse(str(folder), 0, f"{text} with your knowledge files.")
        return [path for path in listed(folder, folder.name) if path.is_dir()]
    except OSError as error:
        refuse(str(folder), 0, _UNREADABLE.format(error.strerror))
