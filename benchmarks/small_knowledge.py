"""A knowledge folder of a few entries, for measurements in which matching isn't the point."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bot.settings import Settings, read_settings

_DOCUMENT = "Trees\n\nOaks grow slowly.\n\nPines smell of resin.\n\nBirches are white.\n"
_ASKED = {
    "oak-growth": ("How fast does an oak grow?", ("how quickly do oaks get tall", "oak growth")),
    "pine-smell": ("What does a pine smell of?", ("the scent of pines", "pine odour")),
    "birch-colour": ("What colour is a birch?", ("are birches white", "the bark of birches")),
}


@contextmanager
def small_knowledge() -> Iterator[Settings]:
    """Yield the settings of a bot that knows three things, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "knowledge" / "en").mkdir(parents=True)
        (folder / "seeds").mkdir()
        (folder / "seeds" / "trees.txt").write_text(_DOCUMENT, encoding="utf-8")
        entries = [
            {
                "id": entry,
                "question": question,
                "alternates": list(alternates),
                "answer": f"**{entry}**: the document has it.",
                "source": {"document": "trees.txt", "paragraph": number},
                "related": [other for other in _ASKED if other != entry],
            }
            for number, (entry, (question, alternates)) in enumerate(_ASKED.items(), start=1)
        ]
        file = yaml.safe_dump({"topic": "Trees", "entries": entries}, sort_keys=False)
        (folder / "knowledge" / "en" / "trees.yaml").write_text(file, encoding="utf-8")
        environment = {
            "MAJLIS_ENCODER": "static",
            "MAJLIS_KNOWLEDGE": str(folder / "knowledge"),
            "MAJLIS_DATABASE": str(folder / "majlis.db"),
        }
        yield read_settings(environment, dotenv=None)
