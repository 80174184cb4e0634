"""Hand-written stand-ins for the conversation, the reloader and the knowledge behind them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bot.conversation.messages import (
    Answer,
    Answered,
    Choice,
    Dismissal,
    Fallback,
    Incoming,
    Reply,
    Suggestions,
    Turn,
    Utterance,
)
from bot.errors import StorageError
from bot.fronts.telegram.ports import ReloadReport
from bot.knowledge.documents import Document, parse_document
from bot.knowledge.entry import Entry, KnowledgeBase, Source, Topic
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import ButtonWordings, CommandWordings, SmallTalkKind, Wordings
from bot.storage.memory import MemoryStore
from bot.storage.store import Exchange

_FULL = "the disk is full"
TREES = Document(
    "trees.txt", "Trees_and *stars*", ("Oaks grow _slowly_.", "Pines smell."), ("", "")
)


def make_entry(name: str, *, topic: str = "trees", **changes: object) -> Entry:
    """Return an entry with a question and an answer made of its id."""
    fields: dict[str, object] = {
        "id": name,
        "topic": topic,
        "language": "en",
        "question": f"What is {name}?",
        "answer": f"**{name.capitalize()}** is a thing.",
        "sources": (Source("trees.txt", 1),),
    }
    return Entry(**(fields | changes))  # type: ignore[arg-type]


def make_wordings(**changes: str) -> Wordings:
    """Return wordings in which each text names its own key."""
    fields = set(Wordings.model_fields) - {"commands", "buttons", "small_talk"}
    texts: dict[str, object] = {name: f"({name.replace('_', ' ')})" for name in fields}
    texts |= {
        "topic": "About **{title}**:",
        "source": "From *{title}*, paragraph {paragraph}:",
        "reload_done": "Live: {version}\n{changes}",
        "reload_unchanged": "Same: {version}",
        "reload_refused": "Kept.\n{problems}",
        "reload_added": "Added: {entries}",
        "reload_changed": "Changed: {entries}",
        "reload_removed": "Removed: {entries}",
        "privacy": "(privacy {days} {minutes})",
        "commands": CommandWordings(
            **{name: f"do {name}" for name in CommandWordings.model_fields}
        ),
        "buttons": ButtonWordings(**{name: f"<{name}>" for name in ButtonWordings.model_fields}),
        "small_talk": {kind: f"({kind})" for kind in get_args(SmallTalkKind)},
    }
    return Wordings.model_validate(texts | changes)


def make_knowledge(
    entries: tuple[Entry, ...] | None = None,
    *,
    version: str = "v1",
    wordings: Mapping[str, Wordings] | None = None,
) -> KnowledgeBase:
    """Return a knowledge base of a few trees."""
    found = entries or tuple(make_entry(name) for name in ("oak", "pine", "birch"))
    titles = {entry.topic: entry.topic.capitalize() for entry in found}
    return KnowledgeBase(
        entries=found,
        topics=tuple(Topic(name, "en", title) for name, title in titles.items()),
        wordings=wordings or {"en": make_wordings()},
        phrases={},
        unanswered={},
        documents={"trees.txt": TREES},
        version=version,
    )


def make_document(text: str) -> Document:
    """Return a document of a text."""
    return parse_document("text.txt", text)


class FakeConversation:
    """Answer what names an entry, suggest where several are named, fall back otherwise.

    `heard` holds what came in. `errors` are raised, one a call, by the next calls. While `gate` is
    set to an event, a reply waits for it.
    """

    def __init__(self, knowledge: KnowledgeBase | None = None) -> None:
        self.knowledge = knowledge or make_knowledge()
        self.heard: list[Incoming] = []
        self.errors: list[Exception] = []
        self.reason: str | None = "Because of *oak*."
        self.gate: asyncio.Event | None = None

    async def turn(self, incoming: Incoming) -> Turn:
        """Return a reply by the rule of the class, with nothing to be kept."""
        asked = incoming.text if isinstance(incoming, Utterance) else ""
        return Turn(await self._reply(incoming), explanation=f"Because of *{asked}*.")

    async def respond(self, incoming: Incoming) -> Reply:
        """Return a reply by the rule of the class."""
        return await self._reply(incoming)

    async def _reply(self, incoming: Incoming) -> Reply:
        self.heard.append(incoming)
        if self.gate:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop()
        match incoming:
            case Choice(entry=name):
                return self._answer(name)
            case Dismissal():
                return self._fallback("dismissed")
            case Utterance(text=text):
                words = text.lower().replace("?", " ").split()
                named = [entry for entry in self.knowledge.entries if entry.id in words]
        if len(named) > 1 and "and" not in words:
            found = tuple(Answered(entry, 0.5) for entry in named)
            return Suggestions("en", "Did you mean?", found)
        return self._answer(*(e.id for e in named)) if named else self._fallback("unknown")

    async def explain(self, chat: int, user: int) -> str | None:
        """Return the reason set on the fake."""
        return self.reason

    async def search(self, text: str, language: str | None, limit: int) -> tuple[Answered, ...]:
        """Return the entries whose id the text begins."""
        found = [entry for entry in self.knowledge.entries if entry.id.startswith(text)]
        return tuple(Answered(entry, 0.9) for entry in found[:limit])

    def language(self, tag: str | None) -> str:
        """Return the language of a tag if the knowledge has it."""
        code = (tag or "").partition("-")[0]
        return code if code in self.knowledge.languages else self.knowledge.default_language

    def _answer(self, *names: str) -> Reply:
        entries = [entry for name in names if (entry := self.knowledge.entry(name))]
        if not entries:
            return self._fallback("unknown")
        text = "\n\n".join(entry.answer for entry in entries)
        related = self.knowledge.related(entries[0])
        return Answer("en", text, tuple(Answered(entry, 0.9) for entry in entries), related)

    def _fallback(self, reason: Literal["unknown", "dismissed"]) -> Fallback:
        text = "Sorry." if reason == "unknown" else "Sorry, none."
        return Fallback("en", text, reason, self.knowledge.topics_in("en"))


@dataclass(frozen=True, slots=True)
class FakeReport:
    """Report a reload."""

    version: str = "v1"
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class FakeReloader:
    """Return the report it was given and count the reloads."""

    def __init__(self, report: FakeReport | None = None) -> None:
        self.report = report or FakeReport()
        self.reloads = 0
        self.reloaded = asyncio.Event()

    async def reload(self) -> FakeReport:
        """Return the report."""
        self.reloads += 1
        self.reloaded.set()
        return self.report

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Observe nothing."""


class ForgetfulStore(MemoryStore):
    """Fail at all that has to do with which message answered which."""

    async def answer_to(self, chat: int, question: int) -> Exchange | None:
        """Fail."""
        raise StorageError(_FULL)

    async def exchange_of(self, chat: int, answer: int) -> Exchange | None:
        """Fail."""
        raise StorageError(_FULL)


def make_store(kind: type[MemoryStore] = MemoryStore) -> MemoryStore:
    """Return an empty store that expires nothing soon."""
    day = dt.timedelta(days=1)
    return kind(session_expiry=day, retention=day, clock=lambda: dt.datetime.now(dt.UTC))
