"""What a button carries: a typed value in, at most 64 bytes out, and back again.

The data begin with the version of this format, so that a button of an older Majlis is recognised
as stale instead of misread. An id that doesn't fit is sent as a hash and looked up among the live
ones.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from telegram.constants import InlineKeyboardButtonLimit

from bot.knowledge.entry import KnowledgeBase
from bot.storage.store import Vote

_VERSION = "1"
_MAX_BYTES = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
_HASHED = "#"
_MAX_PAGE = 9999
_FORMAT = re.compile(rf"{_VERSION}(?P<kind>[a-z])(?P<page>[0-9]{{0,4}})(:(?P<name>.+))?", re.DOTALL)
_VOTES: dict[str, Vote] = {"h": "helpful", "n": "not_helpful"}


@dataclass(frozen=True, slots=True)
class PickSuggestion:
    """Carry one of the suggestions: its answer takes the place of the list."""

    entry: str


@dataclass(frozen=True, slots=True)
class AskEntry:
    """Carry a related question or one of a topic: its answer is a new message."""

    entry: str


@dataclass(frozen=True, slots=True)
class NoneOfThese:
    """Carry that no suggestion fits."""


@dataclass(frozen=True, slots=True)
class ShowSource:
    """Carry the entry whose source is asked for."""

    entry: str


@dataclass(frozen=True, slots=True)
class CastVote:
    """Carry a vote on the answer of an entry."""

    entry: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """Carry a topic to list, and its page from 0."""

    topic: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class OpenTopics:
    """Carry that the topics are asked for, and their page from 0."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Stale:
    """Stand for data that no longer mean anything: old, foreign or of an entry that is gone."""


Press = PickSuggestion | AskEntry | NoneOfThese | ShowSource | CastVote | OpenTopic | OpenTopics


def encode(press: Press) -> str:
    """Return the data of a button, at most 64 bytes of UTF-8."""
    name: str | None = None
    match press:
        case PickSuggestion(name):
            head = "p"
        case AskEntry(name):
            head = "a"
        case NoneOfThese():
            head = "x"
        case ShowSource(name):
            head = "s"
        case CastVote(name, vote):
            head = "h" if vote == "helpful" else "n"
        case OpenTopic(name, page):
            head = f"t{_page(page)}"
        case OpenTopics(page):
            head = f"l{_page(page)}"
        case _:
            assert_never(press)
    return _join(head, name)


def decode(data: object, knowledge: KnowledgeBase) -> Press | Stale:
    """Return what a button meant, or Stale if that can't be told or no longer exists."""
    found = _FORMAT.fullmatch(data) if isinstance(data, str) else None
    if found is None:
        return Stale()
    kind, name, page = found["kind"], found["name"] or "", int(found["page"] or 0)
    match kind:
        case "x":
            return NoneOfThese()
        case "l":
            return OpenTopics(page)
        case "t":
            topic = _live(name, (topic.id for topic in knowledge.topics))
            return Stale() if topic is None else OpenTopic(topic, page)
        case _:
            entry = _live(name, (entry.id for entry in knowledge.entries))
            return Stale() if entry is None else _of_entry(kind, entry)


def short_id(name: str, room: int = _MAX_BYTES) -> str:
    """Return an id itself if it fits into `room` bytes, else a stable hash of 13 bytes."""
    if len(name.encode()) <= room and not name.startswith(_HASHED):
        return name
    digest = hashlib.blake2b(name.encode(), digest_size=9).digest()
    return _HASHED + base64.urlsafe_b64encode(digest).decode()


def _of_entry(kind: str, entry: str) -> Press | Stale:
    match kind:
        case "p":
            return PickSuggestion(entry)
        case "a":
            return AskEntry(entry)
        case "s":
            return ShowSource(entry)
        case "h" | "n":
            return CastVote(entry, _VOTES[kind])
        case _:
            return Stale()


def _join(head: str, name: str | None = None) -> str:
    start = _VERSION + head
    return start if name is None else f"{start}:{short_id(name, _MAX_BYTES - len(start) - 1)}"


def _page(page: int) -> str:
    return str(min(page, _MAX_PAGE)) if page > 0 else ""


def _live(name: str, ids: Iterable[str]) -> str | None:
    """Return the one live id that a name or a hash stands for, or None if none or several do."""
    if name.startswith(_HASHED):
        found = {live for live in ids if short_id(live, room=0) == name}
        return found.pop() if len(found) == 1 else None
    return name if name in ids else None
