"""Build small knowledge folders for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.check import check
from bot.knowledge.load import Loaded, load
from bot.knowledge.problems import KnowledgeError, Problem
from bot.settings import default_knowledge

HANDBOOK = """# Office handbook

The office opens at nine and closes at five.

Visitors bring a pass to the front desk.
"""


def entry(entry_id: str = "office-hours", **parts: Any) -> dict[str, Any]:
    """Return an entry that is right as it stands; `parts` replace its own, None removes one."""
    whole = {
        "id": entry_id,
        "question": f"What about {entry_id}?",
        "alternates": [f"{entry_id} please"],
        "answer": "The office **opens** at nine.",
        "source": {"document": "handbook.md", "paragraph": 1},
    }
    return {key: part for key, part in {**whole, **parts}.items() if part is not None}


def desk(**parts: Any) -> dict[str, Any]:
    """Return an entry that covers the handbook's other paragraph."""
    source = {"document": "handbook.md", "paragraph": 2}
    return entry("front-desk", **{"answer": "Visitors bring a pass.", "source": source, **parts})


class KnowledgeFolder:
    """A knowledge folder under construction, with its documents beside it."""

    def __init__(self, root: Path) -> None:
        self.path = root / "knowledge"
        self.seeds = root / "seeds"
        (self.path / "en").mkdir(parents=True)
        self.seeds.mkdir()
        self.document("handbook.md", HANDBOOK)

    def document(self, name: str, text: str) -> KnowledgeFolder:
        """Add a document."""
        (self.seeds / name).write_text(text, encoding="utf-8")
        return self

    def raw(self, name: str, content: str | bytes) -> KnowledgeFolder:
        """Add a file such as en/office.yaml as it is."""
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def topic(self, *entries: Any, name: str = "office", language: str = "en") -> KnowledgeFolder:
        """Add a file of entries."""
        file = {"topic": "The office", "entries": list(entries)}
        return self.raw(f"{language}/{name}.yaml", yaml.safe_dump(file, sort_keys=False))

    def load(self) -> Loaded:
        """Load the folder with the wordings of the project."""
        return load(self.path, self.seeds, default_knowledge())

    def loaded_problems(self) -> list[Problem]:
        """Return what the check finds in a folder that loads."""
        return check(self.load())

    def problems(self) -> list[str]:
        """Return all problems as text, each behind its severity if that is advice."""
        try:
            found = self.loaded_problems()
        except KnowledgeError as error:
            return [str(problem) for problem in error.problems]
        return [f"{'advice: ' * (each.severity == 'advice')}{each}" for each in found]
