"""What happens with each kind of update: translate, respond, render, send."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from telegram import Message, Update, User
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import CallbackContext

from bot.conversation.messages import Utterance
from bot.errors import BotError
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.screens import Screen, fallback_screen, plain_screen, reply_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import (
    Command,
    Unsupported,
    answer_replied_to,
    place_of,
    read,
)

_LOG = logging.getLogger(__name__)
_ALBUMS = 256
_ILL_FORMED = (AttributeError, TypeError, ValueError)  # a message with what none should have
Context = CallbackContext[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Handlers:
    """Handle the updates of one bot, which is `me`."""

    me: User
    conversation: Conversation
    commands: Commands
    presses: Presses
    inline: Inline
    exchanges: Exchanges
    sender: Sender
    menus: Menus
    _albums: deque[str] = field(default_factory=lambda: deque(maxlen=_ALBUMS))

    async def on_message(self, update: Update, _: Context) -> None:
        """Reply to a message; the reply to an edited one takes the place of its first reply."""
        message = update.effective_message
        asked = read(message, self.me) if message else None
        if message is None or asked is None:
            return
        edited = update.edited_message is not None
        if isinstance(asked, Unsupported) and (edited or self._is_seen_album(message)):
            return
        async with self.sender.typing(place_of(message)):
            screen = await self._screen(asked, message)
        await self._deliver(message, screen, edited=edited)
        self.menus.keep_up(message.chat.id)

    async def on_press(self, update: Update, _: Context) -> None:
        """Do what a button says."""
        if update.callback_query:
            await self.presses.press(update.callback_query)

    async def on_inline(self, update: Update, _: Context) -> None:
        """List answers for another chat."""
        if update.inline_query:
            await self.inline.answer(update.inline_query)

    async def on_error(self, update: object, context: Context) -> None:
        """Log what went wrong, once, and say so to whoever is owed a reply."""
        error = context.error
        if isinstance(error, TelegramError) and not isinstance(error, BadRequest):
            _LOG.warning("A reply could not be delivered: %s", error)
        elif isinstance(error, BotError):
            _LOG.error("An update could not be handled: %s", error)
        else:
            _LOG.error("An update could not be handled", exc_info=error)
        if isinstance(update, Update) and not isinstance(error, Forbidden):
            lost = isinstance(error, TelegramError) and not isinstance(error, BadRequest)
            await self._apologise(update, may_send=not lost)

    async def _screen(self, asked: Command | Utterance | Unsupported, message: Message) -> Screen:
        knowledge = self.conversation.knowledge
        match asked:
            case Command():
                return await self.commands.run(asked)
            case Utterance():
                replied = answer_replied_to(message, self.me)
                entry = await self.exchanges.entry_of(asked.chat, replied) if replied else None
                reply = await self.conversation.respond(replace(asked, reply_to=entry))
                return reply_screen(reply, knowledge)
            case Unsupported(language):
                words = knowledge.wordings_in(self.conversation.language(language))
                return plain_screen(words.unsupported)
            case _:
                assert_never(asked)

    async def _deliver(self, message: Message, screen: Screen, *, edited: bool) -> None:
        chat, question = message.chat.id, message.message_id
        shown = await self.exchanges.answer_to(chat, question) if edited else None
        if shown is None or not await self.sender.edit(chat, shown, screen):
            shown = await self.sender.send(place_of(message), screen)
        await self.exchanges.remember(chat, question, shown, screen.entries)

    async def _apologise(self, update: Update, *, may_send: bool) -> None:
        """Answer a press in any case; give a message the fallback if Telegram isn't the cause."""
        if update.callback_query:
            await self.presses.fail(update.callback_query)
            return
        message = update.effective_message
        if not may_send or message is None:
            return
        try:
            if read(message, self.me) is not None:
                await self._fall_back(message)
        except (TelegramError, *_ILL_FORMED) as error:
            _LOG.warning("The fallback could not be delivered: %s", error)

    async def _fall_back(self, message: Message) -> None:
        author = message.from_user
        language = self.conversation.language(author.language_code if author else None)
        screen = fallback_screen(self.conversation.knowledge, language)
        await self.sender.send(place_of(message), screen)

    def _is_seen_album(self, message: Message) -> bool:
        """Return whether a message belongs to an album that has had its reply."""
        album = message.media_group_id
        if album is None:
            return False
        seen = album in self._albums
        self._albums.append(album)
        return seen
