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
from bot.conversation.reload import FROM_FILES, ReloadReport
from bot.errors import StorageError
from bot.knowledge.documents import Document, parse_document
from bot.knowledge.entry import Entry, KnowledgeBase, Source, Topic
from bot.knowledge.wordings import (
    ButtonWordings,
    CommandWordings,
    ExplainingWordings,
    OperatorWordings,
    ReportWordings,
    SmallTalkKind,
    TeachingWordings,
    TuningWordings,
    VersionWordings,
    Wordings,
)
from bot.reporting.labels import MONTHS
from bot.storage.authors import Author
from bot.storage.memory import MemoryStore
from bot.storage.store import Exchange
from bot.storage.versions import Version

_FULL = "the disk is full"
_SILENT = ("vague", "nothing_more", "nothing_of_kind", "nothing_alike", "other_language")
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
        "only_language": "Only {language}",
        "commands": CommandWordings(
            **{name: f"do {name}" for name in CommandWordings.model_fields}
        ),
        "buttons": ButtonWordings(**{name: f"<{name}>" for name in ButtonWordings.model_fields}),
        "teaching": _teaching_wordings(),
        "versions": _version_wordings(),
        "tuning": _tuning_wordings(),
        "explaining": _explaining_wordings(),
        "report": _report_wordings(),
        "operators": _operator_wordings(),
        "small_talk": {kind: f"({kind})" for kind in get_args(SmallTalkKind)},
    }
    return Wordings.model_validate(texts | changes)


def _report_wordings() -> ReportWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name})" for name in ReportWordings.model_fields} | {
        "title": "{days} days, {since} to {until}",
        "digest": "Week {since} to {until}",
        "questions": "{count} questions{before}",
        "shares": "{answered} / {suggested} / {missed}{before}",
        "votes": "+{helpful} -{not_helpful} {share}{before}",
        "small_talk": "Chat: {count}",
        "languages": "Languages: {languages}",
        "handover": "Cases: {opened}, {closed}",
        "handover_wait": "Wait: {minutes}",
        "before": "[{value}]",
        "weak_confidence": "sure {confidence}",
        "weak_suggested": "suggested {count}",
        "weak_not_helpful": "against {count}",
        "entry_line": "{question} {count}",
        "miss_line": "{text} {people}",
        "weak_line": "{question} {why}",
        "review": "Review: {count}",
        "review_line": "{question} {day}",
    }
    return ReportWordings.model_validate(texts | {"months": MONTHS})


def _tuning_wordings() -> TuningWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name.replace('_', ' ')})" for name in TuningWordings.model_fields} | {
        "asked": "{language}: {questions} asked, {signs} signs of {needed}",
        "now": "now {answer}: {answered} %, {right} %",
        "proposed": "then {answer} {suggest}: {answered} %, {right} %, +{gained} -{lost}",
        "applied": "{language} applied: {answer} {suggest}",
        "reset": "{language} reset",
        "button_apply": "<apply {language}>",
        "button_reset": "<reset {language}>",
    }
    return TuningWordings(**texts)


def _explaining_wordings() -> ExplainingWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name.replace('_', ' ')} {{question}})" for name in _SILENT} | {
        "chosen": "(chosen)",
        "small_talk": "(talk)",
        "answered": "Answered {question}: {entry}, {sure} of {needed}",
        "followed": "Followed {question}: {entry}",
        "offered": "Offered {question}: {entry}, {sure} of {needed}",
        "unsure": "Silent {question}: {entry}, {sure} of {needed}",
        "entry": "{question} [{id}]",
        "context": "read {text}",
        "spelling": "spelt {words}",
        "phrase": "by {phrase}, {sure}",
        "runner_up": "then {entry}, {sure}, -{behind}",
        "thresholds": "from {answer}, {suggest}",
        "strange_words": "strange {words}",
        "unanswerable": "(unanswerable)",
        "figures": "{score} {similarity} {margin} {coverage} {unanswered} {fit}",
    }
    return ExplainingWordings(**texts)


def _version_wordings() -> VersionWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name})" for name in VersionWordings.model_fields} | {
        "regressed": "Worse: {version}\n{reasons}",
        "failing": "{question} wants {wanted}, gets {after}",
        "failing_as_before": "As before: {question} wants {wanted}, gets {after}",
        "differing": "{count} of {asked}:",
        "difference": "{question}: {before} → {after}",
        "lost": "Lost {question}: {before} → {after}",
        "lost_anyway": "Gone: {lost}",
        "advice": "Advice: {count}{advice}",
        "more": "+{count}",
        "rolled_back": "Again: {version}\n{changes}",
        "listed": "Versions:\n{versions}",
        "line": "{number}. {date} {author}",
        "live": "{line} live",
    }
    texts |= {name: f"<{name}>" for name in texts if name.startswith("button_")}
    return VersionWordings(**texts)


def _teaching_wordings() -> TeachingWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name})" for name in TeachingWordings.model_fields} | {
        "misses": "Missed: {subjects} {count}",
        "cluster_line": "{number}. {text} ({times}, {people})",
        "subjects": "{count} subjects",
        "times": "{count} times",
        "cluster": "Asked by {people}:",
        "ask_answer": "Answer to {question}?",
        "ask_question": "Now: {question}",
        "draft": "{question} = {answer} [{topic}]",
        "topic_guessed": "{topic}?",
        "attached": "Attached to {question}",
        "published": "Published {question}",
        "refused": "Refused: {reason}",
        "taken": "{text} stands in {entry}",
    }
    texts |= {name: f"<{name}>" for name in texts if name.startswith("button_")}
    return TeachingWordings(**texts)


def _operator_wordings() -> OperatorWordings:
    """Return wordings that name their keys, with the braces that the real ones have."""
    texts = {name: f"({name.replace('_', ' ')})" for name in OperatorWordings.model_fields} | {
        "found": "{question} is answered: {answer}",
        "card": "{name} ({language}) asks: {question} {how}",
        "card_topic": "[topic of {name}]",
        "card_quotes": "[quotes of {name}]",
        "ended_by_operator": "Closed for {name}",
        "ended_by_person": "Ended by {name}",
        "over": "Over with {name}",
        "blocked": "Blocked by {name}",
        "privacy": "(operators {days})",
    }
    texts |= {name: f"<{name}>" for name in texts if name.startswith("button_")}
    return OperatorWordings(**texts)


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

    async def answer(self, text: str, language: str) -> Answer | None:
        """Return the answer by the rule of the class, without hearing the text."""
        heard, self.heard = self.heard, []
        reply = await self._reply(Utterance(0, 0, text, language))
        self.heard = heard
        return reply if isinstance(reply, Answer) else None

    def language(self, tag: str | None) -> str:
        """Return the language to speak with people whose app has a tag."""
        return self.knowledge.language_for(tag)

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
class FakeReport(ReloadReport):
    """Report a reload."""

    version: str = "v1"


class FakeReloader:
    """Return the report it was given, and keep what was asked for.

    `calls` holds the names of the methods with their arguments, `kept` the versions there are.
    """

    def __init__(self, report: ReloadReport | None = None) -> None:
        self.report = report or ReloadReport("v1")
        self.reloads = 0
        self.calls: list[tuple[object, ...]] = []
        self.kept: tuple[Version, ...] = ()
        self.reloaded = asyncio.Event()

    async def reload(
        self, author: Author = FROM_FILES, *, force: bool = False, only: str | None = None
    ) -> ReloadReport:
        """Return the report."""
        self.calls.append(("reload", author, force, only))
        self.reloads += 1
        self.reloaded.set()
        return self.report

    async def roll_back(self, version: str, author: Author, *, live: str = "") -> ReloadReport:
        """Return the report."""
        self.calls.append(("roll_back", version, author, live))
        return self.report

    async def versions(self, most: int) -> tuple[Version, ...]:
        """Return the versions kept."""
        return self.kept[:most]

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
