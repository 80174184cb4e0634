"""What pressing a button does; every press is answered."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message

from bot.conversation.messages import Choice, Dismissal, Incoming
from bot.fronts.telegram.callback import (
    AskEntry,
    CastVote,
    NoneOfThese,
    OpenTopic,
    OpenTopics,
    PickSuggestion,
    ShowSource,
    Stale,
    decode,
)
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.keyboards import language_of
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.screens import (
    Screen,
    plain_screen,
    reply_screen,
    topic_screen,
    topics_screen,
)
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.texts import source_text
from bot.fronts.telegram.translate import Place, place_of
from bot.knowledge.entry import Entry
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import Wordings
from bot.storage.store import Feedback, Store


class Presses:
    """Carry out what buttons ask for."""

    def __init__(
        self, conversation: Conversation, store: Store, exchanges: Exchanges, sender: Sender
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._exchanges = exchanges
        self._sender = sender

    async def press(self, query: CallbackQuery) -> None:
        """Do what a button says and answer the press, with a notice where nothing else shows."""
        message = query.message
        if message:
            notice = await self._do(query, message, self._tag(query))
        else:
            notice = self._words(self._tag(query)).stale_button
        await self._sender.answer(query, plain(notice))

    async def fail(self, query: CallbackQuery) -> None:
        """Answer a press that came to nothing."""
        await self._sender.answer(query, plain(self._words(self._tag(query)).fallback))

    def _tag(self, query: CallbackQuery) -> str | None:
        """Return the language of the message with the button, else that of the person's app."""
        message = query.message
        keyboard = message.reply_markup if isinstance(message, Message) else None
        shown = language_of(keyboard, self._conversation.knowledge)
        return shown or query.from_user.language_code

    def _words(self, tag: str | None) -> Wordings:
        return self._conversation.knowledge.wordings_in(self._conversation.language(tag))

    async def _do(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage, tag: str | None
    ) -> str:
        """Do what a button under a message says and return a notice, empty for none."""
        chat, user, words = message.chat.id, query.from_user.id, self._words(tag)
        press = decode(query.data, self._conversation.knowledge)
        match press:
            case PickSuggestion(entry):
                notice = await self._turn_into_reply(message, Choice(chat, user, entry, tag))
            case NoneOfThese():
                notice = await self._turn_into_reply(message, Dismissal(chat, user, tag))
            case AskEntry(entry):
                notice = await self._reply_below(message, Choice(chat, user, entry, tag))
            case ShowSource(entry):
                notice = await self._show_source(message, entry, tag, words)
            case CastVote():
                notice = await self._vote(message, user, press, words)
            case OpenTopic() | OpenTopics():
                notice = await self._browse(message, press, tag, words)
            case Stale():
                notice = words.stale_button
            case _:
                assert_never(press)
        return notice

    async def _reply(self, message: MaybeInaccessibleMessage, incoming: Incoming) -> Screen:
        knowledge = self._conversation.knowledge
        async with self._sender.typing(place_of(message)):
            return reply_screen(await self._conversation.respond(incoming), knowledge)

    async def _turn_into_reply(self, message: MaybeInaccessibleMessage, incoming: Incoming) -> str:
        """Turn the suggestions into the reply; a message that can't change gets a new one."""
        screen = await self._reply(message, incoming)
        chat, shown = message.chat.id, message.message_id
        question = await self._exchanges.question_of(chat, shown)
        if not await self._sender.edit(chat, shown, screen):
            shown = await self._sender.send(place_of(message), screen)
        await self._exchanges.remember(chat, question, shown, screen.entries)
        return ""

    async def _reply_below(self, message: MaybeInaccessibleMessage, incoming: Incoming) -> str:
        screen = await self._reply(message, incoming)
        shown = await self._sender.send(place_of(message), screen)
        await self._exchanges.remember(message.chat.id, None, shown, screen.entries)
        return ""

    async def _show_source(
        self, message: MaybeInaccessibleMessage, entry_id: str, tag: str | None, words: Wordings
    ) -> str:
        """Send the source as a reply to the answer."""
        entry = self._entry(entry_id, tag)
        if entry is None:
            return words.stale_button
        below = place_of(message)
        place = Place(below.chat, below.thread, message.message_id)
        text = source_text(entry, self._conversation.knowledge, words)
        shown = await self._sender.send(place, plain_screen(text))
        await self._exchanges.remember(message.chat.id, None, shown, (entry.id,))
        return ""

    async def _vote(
        self, message: MaybeInaccessibleMessage, user: int, press: CastVote, words: Wordings
    ) -> str:
        at = dt.datetime.now(dt.UTC)
        chat, shown = message.chat.id, message.message_id
        await self._store.vote(Feedback(chat, shown, user, press.entry, press.vote, at))
        helpful = press.vote == "helpful"
        return words.thanks_helpful if helpful else words.thanks_not_helpful

    async def _browse(
        self,
        message: MaybeInaccessibleMessage,
        press: OpenTopic | OpenTopics,
        tag: str | None,
        words: Wordings,
    ) -> str:
        """Turn a message into a page of topics or of a topic's questions."""
        knowledge, language = self._conversation.knowledge, self._conversation.language(tag)
        if isinstance(press, OpenTopics):
            screen: Screen | None = topics_screen(knowledge, language, press.page)
        else:
            screen = topic_screen(knowledge, language, press.topic, press.page)
        if screen is None:
            return words.stale_button
        if not await self._sender.edit(message.chat.id, message.message_id, screen):
            await self._sender.send(place_of(message), screen)
        return ""

    def _entry(self, entry_id: str, tag: str | None) -> Entry | None:
        return self._conversation.knowledge.entry(entry_id, self._conversation.language(tag))
