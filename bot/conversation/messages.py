"""What goes into the conversation and what comes out of it, with no messenger in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, assert_never

from bot.knowledge.entry import Entry, Topic
from bot.knowledge.wordings import SmallTalkKind
from bot.storage.store import Memory, ReplyKind


@dataclass(frozen=True, slots=True)
class Utterance:
    """Carry what a person typed.

    `language` is what the front knows of the person's language, as an IETF tag or None.
    `reply_to` is the id of the entry whose answer the person replied to, if any.
    """

    chat: int
    user: int
    text: str
    language: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Carry the entry a person picked: a suggestion, a related question, a topic's line.

    `asked` is the utterance that a suggestion was for, where the front knows it.
    """

    chat: int
    user: int
    entry: str
    language: str | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Carry "None of these" under suggestions, and the utterance that these were for.

    Where the front doesn't know it (""), it is the last one that got suggestions.
    """

    chat: int
    user: int
    language: str | None = None
    asked: str = ""


Incoming = Utterance | Choice | Dismissal


@dataclass(frozen=True, slots=True)
class Answered:
    """Pair an entry with how sure the matcher was; 1.0 where the person chose it."""

    entry: Entry
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer one question or several; `text` is the whole message in Markdown.

    `related` are the next questions to offer; `unanswered` the parts of the message that the
    knowledge base doesn't answer (they are already named in `text`).
    """

    language: str
    text: str
    answered: tuple[Answered, ...]
    related: tuple[Entry, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Offer one to three entries to choose from, best first, each with its confidence."""

    language: str
    text: str
    candidates: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Fallback:
    """Say honestly that nothing fits and show the topics as a way forward.

    `unclear`: the message points at an earlier turn that doesn't exist, so the bot asks back.
    `exhausted`: there is no more on what "more" or "another" was asked about. `dismissed`: the
    person said that none of the suggestions fit.
    """

    language: str
    text: str
    reason: Literal["unknown", "unclear", "exhausted", "dismissed"]
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Answer a greeting, thanks, a question about the bot itself and the like."""

    language: str
    text: str
    kind: SmallTalkKind


Reply = Answer | Suggestions | Fallback | SmallTalk


@dataclass(frozen=True, slots=True)
class Turn:
    """Pair a reply with what is to be kept of the turn once it is given, and why it is given."""

    reply: Reply
    memories: tuple[Memory, ...] = ()
    explanation: str = ""


def kind_of(reply: Reply) -> ReplyKind:
    """Return the name of a reply's kind as logs and JSON lines have it."""
    match reply:
        case Answer():
            return "answer"
        case Suggestions():
            return "suggest"
        case Fallback():
            return "fallback"
        case SmallTalk():
            return "chitchat"
        case _:
            assert_never(reply)
