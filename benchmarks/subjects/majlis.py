"""Majlis itself, over an edition such as a folder with these phrasings would give."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
import weakref
from dataclasses import replace
from itertools import count
from pathlib import Path

import yaml
from threadpoolctl import threadpool_limits

from benchmarks.phrasings import Phrasings
from benchmarks.subjects import NOTHING, Ranked
from bot.bootstrap import now
from bot.building import load_knowledge
from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition, build_edition
from bot.conversation.messages import Answer, Reply, Suggestions, Utterance
from bot.knowledge.entry import Entry, KnowledgeBase
from bot.matching.encoder import Encoder
from bot.matching.match import Ranking
from bot.settings import Settings
from bot.storage.memory import MemoryStore

_TOPIC = "set"
ANSWERED, SUGGESTED = 1.0, 0.5
_FOREVER = dt.timedelta(days=1)


class MatcherSubject:
    """The matcher alone: the most confident match, and its own threshold."""

    def __init__(self, name: str, encoder: Encoder | None) -> None:
        self.name = name
        self._encoder = encoder

    def build(self, phrasings: Phrasings) -> None:
        """Fit to some phrasings, in place of any before."""
        edition = edition_of(phrasings, self._encoder)
        self.matcher = edition.understanding[phrasings.language].matcher

    @property
    def threshold(self) -> float:
        """Return the confidence from which the bot answers."""
        return self.matcher.thresholds.answer

    def rank(self, text: str) -> Ranked:
        """Return the most confident match."""
        return ranked(self.matcher.rank(text))


class ConversationSubject:
    """The whole conversation, a new one for each question.

    An answer with exactly one entry scores 1 and names it, one with several scores 1 and names
    none. Suggestions score less than the threshold and name the first.
    """

    threshold = ANSWERED

    def __init__(self, name: str, encoder: Encoder | None) -> None:
        self.name = name
        self._encoder = encoder
        self._chats = count(1)
        self._loop = asyncio.new_event_loop()
        weakref.finalize(self, self._loop.close)

    def build(self, phrasings: Phrasings) -> None:
        """Fit to some phrasings, in place of any before."""
        self.take(edition_of(phrasings, self._encoder))

    def take(self, edition: Edition) -> None:
        """Converse from an edition, in place of any before."""
        store = MemoryStore(session_expiry=_FOREVER, retention=_FOREVER, clock=now)
        self._conversation = Conversation(edition, store, now)

    def rank(self, text: str) -> Ranked:
        """Return what the reply comes to."""
        return judged(self.reply(text))

    def reply(self, text: str) -> Reply:
        """Return the reply to a first message."""
        chat = next(self._chats)
        return self._loop.run_until_complete(
            self._conversation.respond(Utterance(chat, chat, text))
        )


def ranked(ranking: Ranking) -> Ranked:
    """Return the most confident match of a ranking."""
    best = ranking.best
    return Ranked(label_of(best.entry), best.confidence) if best else Ranked(None)


def judged(reply: Reply) -> Ranked:
    """Return what a reply comes to, by the rule of ConversationSubject."""
    match reply:
        case Answer(answered=(only,)):
            return Ranked(label_of(only.entry), ANSWERED)
        case Answer():
            return Ranked(None, ANSWERED)
        case Suggestions(candidates=(first, *_)):
            return Ranked(label_of(first.entry), SUGGESTED)
        case _:
            return Ranked(None, NOTHING)


def label_of(entry: Entry) -> int:
    """Return the label an entry was made of."""
    return int(entry.id.rpartition("-")[2])


def edition_of(phrasings: Phrasings, encoder: Encoder | None) -> Edition:
    """Fit an edition as bootstrap does: on one thread, with the fixed texts a new folder gets."""
    threadpool_limits(limits=1, user_api="blas")
    entries = tuple(
        Entry(f"entry-{label}", _TOPIC, phrasings.language, texts[0], "…", (), tuple(texts[1:]))
        for label, texts in phrasings.by_label().items()
    )
    return build_edition(replace(_bare_knowledge(phrasings.language), entries=entries), encoder)


def _bare_knowledge(language: str) -> KnowledgeBase:
    """Return what Majlis makes of a folder that holds a single entry and nothing else."""
    topic = {"topic": "Set", "entries": [{"id": "entry-0", "question": "?", "answer": "…"}]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "knowledge")
        (folder / language).mkdir(parents=True)
        (folder / "seeds").mkdir()
        (folder / language / f"{_TOPIC}.yaml").write_text(yaml.safe_dump(topic), "utf-8")
        return load_knowledge(Settings(knowledge=folder, seeds=folder / "seeds")).knowledge
