"""A reloader whose files are editions by version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.conversation.reload import Reloader, Shelf
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.snapshot import Snapshot
from bot.storage.asked import MemoryQuestionLog
from bot.storage.memory import MemoryStore
from bot.storage.versions import MemoryVersionBook


def make_reloader(
    build: Callable[[], Edition],
    conversation: Conversation,
    store: MemoryStore,
    shelf: Shelf | None = None,
) -> Reloader:
    """Return a reloader, without files to be kept if it gets no shelf."""
    return Reloader(build, conversation, MemoryQuestionLog(store), shelf or _empty_shelf())


def _empty_shelf() -> Shelf:
    return Shelf(MemoryVersionBook(lambda: dt.datetime.now(dt.UTC)), _unreadable, _unbuildable)


def _unreadable() -> Snapshot:
    raise KnowledgeError([Problem("en", 0, "", "can't be read.")])


def _unbuildable(folder: Path, seeds: Path) -> Edition:
    raise AssertionError
