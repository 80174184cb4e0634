"""Fixtures of the tests of knowledge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.knowledge.build import KnowledgeFolder


@pytest.fixture
def folder(tmp_path: Path) -> KnowledgeFolder:
    """Return an empty knowledge folder with one document."""
    return KnowledgeFolder(tmp_path)
