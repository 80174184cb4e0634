"""The files that a knowledge base is made of: their bytes, their version, and back to folders."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.knowledge.documents import document_paths
from bot.knowledge.folders import language_files
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.text_file import read_bytes, refuse

_IN_KNOWLEDGE = 3
"""Parts of a name such as `knowledge/en/topic.yaml`; a document's has two."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold files by name, such as `knowledge/en/topic.yaml` and `seeds/handbook.md`."""

    files: Mapping[str, bytes]

    @property
    def version(self) -> str:
        """Return twelve hex digits that change with any byte the bot could say."""
        digest = hashlib.sha256()
        for name, content in self.files.items():
            digest.update(f"{name}\0".encode(errors="surrogateescape") + content)
        return digest.hexdigest()[:12]


def files_version(version: str) -> str:
    """Return the part of a knowledge base's version that its files alone make out."""
    return version.partition("+")[0]


def take_snapshot(folder: Path, seeds: Path) -> Snapshot:
    """Read the files of a knowledge folder and its documents; raises KnowledgeError."""
    problems: list[Problem] = []
    found = snapshot_of(folder, language_files(folder, problems), seeds, problems)
    if problems:
        raise KnowledgeError(sorted(set(problems)))
    return found


def snapshot_of(
    folder: Path, listing: Mapping[str, Sequence[Path]], seeds: Path, problems: list[Problem]
) -> Snapshot:
    """Read every file that the bot speaks from; those that can't be read become problems."""
    files: dict[str, bytes] = {}
    for name, path in _spoken_files(folder, listing, seeds, problems).items():
        try:
            files[name] = read_bytes(path, name)
        except KnowledgeError as error:
            problems += error.problems
    return Snapshot(files)


@contextmanager
def unpacked(snapshot: Snapshot) -> Iterator[tuple[Path, Path]]:
    """Yield a knowledge folder and its documents' folder with the files, gone after the block.

    Raises KnowledgeError for names that lead elsewhere, or if the files can't be written.
    """
    with tempfile.TemporaryDirectory(prefix="majlis-") as root:
        folder, seeds = Path(root) / "knowledge", Path(root) / "seeds"
        for name, content in snapshot.files.items():
            path = Path(root) / _safe(name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                refuse(name, 0, f"can't be written to {root} ({error.strerror}). Make room there.")
            if len(PurePosixPath(name).parts) == _IN_KNOWLEDGE:
                folder = path.parent.parent
            else:
                seeds = path.parent
        yield folder, seeds


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or len(path.parts) not in {2, _IN_KNOWLEDGE}:
        refuse(name, 0, "is no name of a file of the knowledge.")
    return path


def _spoken_files(
    folder: Path, listing: Mapping[str, Sequence[Path]], seeds: Path, problems: list[Problem]
) -> dict[str, Path]:
    """Return every file that the bot speaks from, with the name to report it by."""
    files = {
        f"{folder.name}/{language}/{path.name}": path
        for language, paths in listing.items()
        for path in paths
        if path.suffix == ".yaml"
    }
    try:
        return files | {f"{seeds.name}/{path.name}": path for path in document_paths(seeds)}
    except KnowledgeError as error:
        problems += error.problems
        return files
