"""Snapshots: the files of a knowledge base as bytes, and as folders again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.load import load
from bot.knowledge.problems import KnowledgeError
from bot.knowledge.snapshot import Snapshot, files_version, take_snapshot, unpacked
from bot.settings import Settings, default_knowledge, with_knowledge

ENTRY = """\
topic: Library
entries:
  - id: place
    question: Where is the library?
    answer: The library is in Oak Street.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a knowledge folder with its documents inside."""
    folder = tmp_path / "own"
    (folder / "en").mkdir(parents=True)
    (folder / "seeds").mkdir()
    (folder / "en" / "library.yaml").write_text(ENTRY, encoding="utf-8")
    (folder / "en" / "notes.txt").write_text("no part of it", encoding="utf-8")
    (folder / "seeds" / "library.md").write_bytes(b"# Library\r\n\r\nOak Street.\r\n")
    return folder


def test_a_snapshot_holds_what_the_bot_speaks_from(folder: Path) -> None:
    """Knowledge files and documents are in it under the names of their folders, nothing else."""
    found = take_snapshot(folder, folder / "seeds").files
    assert dict(found) == {
        "own/en/library.yaml": ENTRY.encode(),
        "seeds/library.md": b"# Library\r\n\r\nOak Street.\r\n",
    }


def test_unpacked_files_are_the_same_version(folder: Path) -> None:
    """What is loaded from unpacked files is what was loaded from the folder, to its version."""
    loaded = load(folder, folder / "seeds", default_knowledge()).knowledge
    snapshot = take_snapshot(folder, folder / "seeds")
    assert snapshot.version == loaded.version
    with unpacked(snapshot) as folders:
        assert load(*folders, default_knowledge()).knowledge == loaded
    assert not folders[0].exists()


def test_the_projects_own_knowledge_survives(tmp_path: Path) -> None:
    """The knowledge that comes with Majlis is the same from its own files, elsewhere."""
    settings = with_knowledge(Settings(), None)
    loaded = load(settings.knowledge, settings.seeds, default_knowledge()).knowledge
    with unpacked(take_snapshot(settings.knowledge, settings.seeds)) as folders:
        assert load(*folders, default_knowledge()).knowledge == loaded


def test_a_folder_that_isnt_there_is_refused(tmp_path: Path) -> None:
    """A snapshot of nothing is a problem, as loading it would be."""
    with pytest.raises(KnowledgeError):
        take_snapshot(tmp_path / "none", tmp_path / "seeds")


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.md", "a/b/c/d.yaml", "lonely.md"])
def test_names_lead_nowhere_else(name: str) -> None:
    """A name that isn't one of a knowledge file's is refused before anything is written."""
    with pytest.raises(KnowledgeError), unpacked(Snapshot({name: b""})):
        pytest.fail("it was unpacked")


@pytest.mark.parametrize("version", ["abc", "abc+1234", "abc+1234+t5678"])
def test_the_files_version_is_without_lessons(version: str) -> None:
    """What is taught and tuned comes behind a plus."""
    assert files_version(version) == "abc"
