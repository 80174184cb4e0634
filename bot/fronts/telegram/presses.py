"""What pressing a button does; every press is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
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
    topic_screen,
    topics_screen,
    turn_screen,
)
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.texts import source_text
from bot.fronts.telegram.translate import Place, place_of
from bot.fronts.telegram.votes import cast_vote
from bot.knowledge.entry import Entry
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import Wordings
from bot.storage.store import Exchange, Feedback, Memory


@dataclass(frozen=True, slots=True)
class _Done:
    """Hold the notice that answers a press, empty for none, and what is to be kept."""

    notice: str = ""
    memories: tuple[Memory, ...] = ()


class Presses:
    """Carry out what buttons ask for."""

    def __init__(
        self,
        conversation: Conversation,
        exchanges: Exchanges,
        sender: Sender,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._conversation = conversation
        self._exchanges = exchanges
        self._sender = sender
        self._clock = clock

    async def press(self, query: CallbackQuery) -> tuple[Memory, ...]:
        """Do what a button says and answer the press, with a notice where nothing else shows.

        Return what is to be kept.
        """
        message = query.message
        done = _Done(self._words(self._tag(query)).stale_button)
        if message:
            done = await self._do(query, message, self._tag(query))
        await self._sender.answer(query, plain(done.notice))
        return done.memories

    async def calm(self, query: CallbackQuery) -> None:
        """Answer a press of somebody who presses too often."""
        await self._sender.answer(query, plain(self._words(self._tag(query)).slow_down))

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
    ) -> _Done:
        """Do what a button under a message says."""
        chat, user, words = message.chat.id, query.from_user.id, self._words(tag)
        press = decode(query.data, self._conversation.knowledge)
        match press:
            case PickSuggestion(entry):
                done = await self._turn_into_reply(message, Choice(chat, user, entry, tag))
            case NoneOfThese():
                done = await self._turn_into_reply(message, Dismissal(chat, user, tag))
            case AskEntry(entry):
                done = await self._reply_below(message, Choice(chat, user, entry, tag))
            case ShowSource(entry):
                done = await self._show_source(message, entry, tag, words)
            case CastVote():
                done = await self._vote(message, user, press, tag)
            case OpenTopic() | OpenTopics():
                done = await self._browse(message, press, tag, words)
            case Stale():
                done = _Done(words.stale_button)
            case _:
                assert_never(press)
        return done

    async def _reply(self, message: MaybeInaccessibleMessage, incoming: Incoming) -> Screen:
        knowledge = self._conversation.knowledge
        async with self._sender.typing(place_of(message)):
            turn = await self._conversation.turn(incoming)
        return turn_screen(turn, knowledge, self._sender.frame(message))

    async def _turn_into_reply(
        self, message: MaybeInaccessibleMessage, incoming: Choice | Dismissal
    ) -> _Done:
        """Turn the suggestions into the reply; a message that can't change gets a new one."""
        chat, shown = message.chat.id, message.message_id
        before = await self._exchanges.of(chat, shown)
        asked = before.text if before else ""
        screen = await self._reply(message, replace(incoming, asked=asked))
        if not await self._sender.edit(chat, shown, screen):
            shown = await self._sender.send(place_of(message), screen)
        question = before.question if before else shown
        return self._kept(incoming, question, shown, screen, asked)

    async def _reply_below(self, message: MaybeInaccessibleMessage, incoming: Incoming) -> _Done:
        screen = await self._reply(message, incoming)
        shown = await self._sender.send(place_of(message), screen)
        return self._kept(incoming, shown, shown, screen)

    def _kept(
        self, incoming: Incoming, question: int, shown: int, screen: Screen, asked: str = ""
    ) -> _Done:
        """Keep which message answered what; an answer to a mere press stands for itself."""
        now, why = self._clock(), screen.explanation
        link = Exchange(
            *(incoming.chat, question, shown, screen.entries, now), incoming.user, asked, why
        )
        return _Done(memories=(*screen.memories, link))

    async def _show_source(
        self, message: MaybeInaccessibleMessage, entry_id: str, tag: str | None, words: Wordings
    ) -> _Done:
        """Send the source as a reply to the answer."""
        entry = self._entry(entry_id, tag)
        if entry is None:
            return _Done(words.stale_button)
        below = place_of(message)
        place = Place(below.chat, below.thread, message.message_id)
        text = source_text(entry, self._conversation.knowledge, words)
        shown = await self._sender.send(place, plain_screen(text))
        link = Exchange(message.chat.id, shown, shown, (entry.id,), self._clock())
        return _Done(memories=(link,))

    async def _browse(
        self,
        message: MaybeInaccessibleMessage,
        press: OpenTopic | OpenTopics,
        tag: str | None,
        words: Wordings,
    ) -> _Done:
        """Turn a message into a page of topics or of a topic's questions."""
        knowledge, language = self._conversation.knowledge, self._conversation.language(tag)
        if isinstance(press, OpenTopics):
            screen: Screen | None = topics_screen(knowledge, language, press.page)
        else:
            screen = topic_screen(knowledge, language, press.topic, press.page)
        if screen is None:
            return _Done(words.stale_button)
        if not await self._sender.edit(message.chat.id, message.message_id, screen):
            await self._sender.send(place_of(message), screen)
        return _Done()

    def _entry(self, entry_id: str, tag: str | None) -> Entry | None:
        return self._conversation.knowledge.entry(entry_id, self._conversation.language(tag))

    async def _vote(
        self, message: MaybeInaccessibleMessage, user: int, press: CastVote, tag: str | None
    ) -> _Done:
        """Keep a vote and thank for it."""
        chat, shown, at = message.chat.id, message.message_id, self._clock()
        vote = Feedback(chat, shown, user, press.entry, press.vote, at)
        exchange = await self._exchanges.of(chat, shown)
        words, language = self._words(tag), self._conversation.language(tag)
        helpful = press.vote == "helpful"
        notice = words.thanks_helpful if helpful else words.thanks_not_helpful
        return _Done(notice, cast_vote(vote, exchange, language))
