"""Guest mode: people name the bot in a chat that it isn't in, and it answers there, once.

https://core.telegram.org/bots/api#answerguestquery
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
)
from telegram.error import BadRequest

from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions, Utterance
from bot.fronts.telegram.frame import Frame, frame_of
from bot.fronts.telegram.keyboards import labels_of
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import shorten
from bot.fronts.telegram.screens import Screen, about_screen, fallback_screen, turn_screen
from bot.fronts.telegram.sharing import sharing_buttons
from bot.fronts.telegram.translate import Command, read
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.wordings import ButtonWordings
from bot.storage.store import Memory, Session

_NOWHERE = 0
"""The chat of what a guest hears: the number that comes with it may be that of another chat."""

_RESULT = "reply"
_TOPICS = "topics"  # what no entry is called leads to the welcome
_LABEL = 60


class Guests:
    """Answer people in chats that the bot isn't in.

    Nothing is known there of what was said before, and nothing is remembered for what comes next.
    """

    def __init__(self, conversation: Conversation, bot: Bot) -> None:
        self._conversation = conversation
        self._bot = bot

    async def answer(self, message: Message) -> Done | None:
        """Answer a message that calls the bot, or return None if it has nothing to answer.

        Who speaks for a group or a channel isn't answered: nothing is known of who that is. Raises
        TelegramError where Telegram doesn't take the answer.
        """
        if message.sender_chat:
            return None
        match read(message, self._bot.bot):
            case Utterance() as asked:
                return await self._reply(message, asked)
            case Command():
                return await self._page(message, about_screen)
            case _:
                return None

    async def fail(self, message: Message) -> None:
        """Say that there is no answer; raises TelegramError."""
        await self._page(message, fallback_screen)

    async def _reply(self, message: Message, asked: Utterance) -> Done:
        turn = await self._conversation.turn(replace(asked, chat=_NOWHERE))
        knowledge, frame = self._conversation.knowledge, frame_of(message, self._bot)
        screen = turn_screen(turn, knowledge, frame)
        words = knowledge.wordings_in(turn.reply.language).buttons
        await self._send(message, screen, _links(turn.reply, words, frame))
        return Done(screen.kind, tuple(_lasting(turn.memories)))

    async def _page(self, message: Message, page: Callable[[KnowledgeBase, str], Screen]) -> Done:
        """Show a page in the language of whoever asks, with the way to the topics."""
        tag = message.from_user.language_code if message.from_user else None
        knowledge, language = self._conversation.knowledge, self._conversation.language(tag)
        words = knowledge.wordings_in(language).buttons
        screen, frame = page(knowledge, language), frame_of(message, self._bot)
        await self._send(message, screen, _labelled([(words.topics, frame.link(_TOPICS))]))
        return Done(screen.kind)

    async def _send(
        self, message: Message, screen: Screen, links: Sequence[InlineKeyboardButton]
    ) -> None:
        content = InputTextMessageContent(
            screen.text.text,
            entities=screen.text.entities,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        keyboard = InlineKeyboardMarkup([[link] for link in links]) if links else None
        title = shorten(screen.text.text, _LABEL)
        result = InlineQueryResultArticle(_RESULT, title, content, reply_markup=keyboard)
        try:
            await self._bot.answer_guest_query(message.guest_query_id or "", result)
        except BadRequest as error:
            # Answered before, by a call whose end was lost, or nobody waits any more.
            if "query is too old" not in error.message.lower():
                raise


def _links(reply: Reply, words: ButtonWordings, frame: Frame) -> list[InlineKeyboardButton]:
    """Return the ways into the private chat: to the rest of an answer, to what may be meant.

    Other buttons would say who pressed them, but not to which message they belong.
    """
    match reply:
        case Answer(answered=answered):
            return sharing_buttons([one.entry for one in answered], words, frame)
        case Suggestions(candidates=candidates):
            labels = labels_of([one.entry for one in candidates])
            return _labelled((label, frame.link(entry.id)) for label, entry in labels)
        case Fallback():
            return _labelled([(words.topics, frame.link(_TOPICS))])
        case SmallTalk():
            return []
        case _:
            assert_never(reply)


def _labelled(links: Iterable[tuple[str, str | None]]) -> list[InlineKeyboardButton]:
    return [InlineKeyboardButton(shorten(label, _LABEL), url=url) for label, url in links if url]


def _lasting(memories: Iterable[Memory]) -> Iterable[Memory]:
    """Return what is to be kept: all but where the conversation stands."""
    return (each for each in memories if not isinstance(each, Session))
