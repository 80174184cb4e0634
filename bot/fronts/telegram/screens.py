"""What a message shows: a rendered text, its buttons, and the entries it answers with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from telegram import InlineKeyboardMarkup

from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions, Turn, kind_of
from bot.fronts.telegram.frame import PRIVATE, Frame
from bot.fronts.telegram.keyboards import (
    answer_keyboard,
    browse_keyboard,
    suggestions,
    topic_keyboard,
    topics_keyboard,
)
from bot.fronts.telegram.operators.buttons import help_rows
from bot.fronts.telegram.render import Rendered, render
from bot.fronts.telegram.sharing import shown_part
from bot.fronts.telegram.texts import fill
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import SmallTalkKind
from bot.storage.store import Memory

_LEADS_ON: frozenset[SmallTalkKind] = frozenset(
    {"greeting", "who_are_you", "are_you_human", "what_can_you_do", "agreement"}
)

_HELPED = frozenset({"unknown", "dismissed"})
"""The reasons for which a person can be asked instead."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Hold a text file to send along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """Hold a message to send.

    `entries` are the ids of the entries it answers with, `memories` what is to be kept once it is
    sent; `kind` says what it is in logs and figures, and `explanation` why it was given. With a
    `picture` (PNG) the text is its caption.
    """

    text: Rendered
    keyboard: InlineKeyboardMarkup | None = None
    entries: tuple[str, ...] = ()
    kind: str = "page"
    memories: tuple[Memory, ...] = ()
    attachment: Attachment | None = None
    explanation: str = ""
    picture: bytes = b""


def plain_screen(markdown: str, kind: str = "page", attachment: Attachment | None = None) -> Screen:
    """Return a message without buttons."""
    return Screen(render(markdown), kind=kind, attachment=attachment)


def turn_screen(turn: Turn, knowledge: KnowledgeBase, frame: Frame = PRIVATE) -> Screen:
    """Return the message of a turn, with what is to be kept of it."""
    screen = _reply_screen(turn.reply, knowledge, frame)
    return replace(
        screen, kind=kind_of(turn.reply), memories=turn.memories, explanation=turn.explanation
    )


def start_screen(knowledge: KnowledgeBase, language: str) -> Screen:
    """Return the welcome with the topics to choose from."""
    words = knowledge.wordings_in(language)
    keyboard = topics_keyboard(knowledge.topics_in(language), words.buttons)
    return Screen(render(words.start), keyboard)


def help_screen(knowledge: KnowledgeBase, language: str, for_admins: Sequence[str] = ()) -> Screen:
    """Return how to use the bot, with the commands that only admins have."""
    words = knowledge.wordings_in(language)
    described = words.commands.model_dump()
    lines = [f"- /{name}: {described[name]}" for name in for_admins]
    text = "\n".join([f"{words.help}\n\n{words.help_admins}", *lines]) if lines else words.help
    return Screen(render(text), browse_keyboard(words.buttons))


def about_screen(knowledge: KnowledgeBase, language: str) -> Screen:
    """Return what the bot is and where its answers come from."""
    words = knowledge.wordings_in(language)
    return Screen(render(words.about), browse_keyboard(words.buttons))


def topics_screen(knowledge: KnowledgeBase, language: str, page: int = 0) -> Screen:
    """Return a page of the topics."""
    words = knowledge.wordings_in(language)
    keyboard = topics_keyboard(knowledge.topics_in(language), words.buttons, page)
    return Screen(render(words.topics), keyboard)


def topic_screen(knowledge: KnowledgeBase, language: str, topic: str, page: int) -> Screen | None:
    """Return a page of a topic's questions, or None if the language has no such topic."""
    found = next((one for one in knowledge.topics_in(language) if one.id == topic), None)
    if found is None:
        return None
    words = knowledge.wordings_in(language)
    entries = knowledge.of_topic(topic, found.language)
    keyboard = topic_keyboard(topic, entries, words.buttons, page)
    return Screen(render(fill(words.topic, title=escape(found.title))), keyboard)


def fallback_screen(knowledge: KnowledgeBase, language: str) -> Screen:
    """Return the fallback with the topics: what there is to say when a reply failed."""
    words = knowledge.wordings_in(language)
    keyboard = topics_keyboard(knowledge.topics_in(language), words.buttons)
    return Screen(render(words.fallback), keyboard, kind="fallback")


def _reply_screen(reply: Reply, knowledge: KnowledgeBase, frame: Frame) -> Screen:
    """Return the message of a reply, with the buttons that suit its kind."""
    words = knowledge.wordings_in(reply.language).buttons
    text = render(reply.text)
    match reply:
        case Answer(answered=answered, related=related):
            entries = [one.entry for one in answered]
            ids = tuple(entry.id for entry in entries)
            if frame.in_group:
                text = render(shown_part(reply.text, entries, frame))
            return Screen(text, answer_keyboard(entries, related, words, frame), ids)
        case Suggestions(candidates=candidates):
            listed, keyboard = suggestions([one.entry for one in candidates], words)
            return Screen(render(reply.text + listed), keyboard)
        case Fallback(topics=topics, reason=reason):
            rows = [*topics_keyboard(topics, words).inline_keyboard] if topics else []
            if frame.has_operators and not frame.in_group and reason in _HELPED:
                rows += help_rows(knowledge.wordings_in(reply.language).operators)
            return Screen(text, InlineKeyboardMarkup(rows) if rows else None)
        case SmallTalk(kind=kind):
            return Screen(text, browse_keyboard(words) if kind in _LEADS_ON else None)
        case _:
            assert_never(reply)
