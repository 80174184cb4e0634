"""What happens with each kind of update: translate, respond, render, send."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import assert_never

from telegram import Bot, CallbackQuery, Message, MessageReactionUpdated, Update

from bot.conversation.messages import Utterance
from bot.fronts.telegram.bursts import Burst, Bursts
from bot.fronts.telegram.chats import Chats
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.guests import Guests
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.limits import Limits, Pass
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.personal import PERSONAL
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.reactions import Reactions
from bot.fronts.telegram.rooms import Room, heard, pressed
from bot.fronts.telegram.screens import Screen, fallback_screen, plain_screen, turn_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import (
    Command,
    Unsupported,
    answer_replied_to,
    author_of,
    place_of,
    read,
)
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.wordings import Wordings
from bot.storage.store import Exchange

_ALBUMS = 256
LIMITED, PASSED_OVER = "limited", "passed over"
"""The kinds of updates that get no reply: too many of a person, and not for the bot."""

_PASSED_OVER = Done(PASSED_OVER, replied=False)
_SILENCED = Done(LIMITED, replied=False)


@dataclass(frozen=True, slots=True)
class Handlers:
    """Handle the updates of one bot.

    Messages count for `limits` by Telegram's clock, and presses and searches, which carry no time,
    for `press_limits` by ours. In the operators' chat nobody is held back.
    """

    bot: Bot
    conversation: Conversation
    commands: Commands
    presses: Presses
    inline: Inline
    guests: Guests
    reactions: Reactions
    exchanges: Exchanges
    sender: Sender
    menus: Menus
    limits: Limits
    press_limits: Limits
    chats: Chats
    clock: Callable[[], dt.datetime]
    rooms: tuple[Room, ...] = ()
    bursts: Bursts | None = None
    _albums: OrderedDict[str, int] = field(default_factory=OrderedDict)

    async def handle(self, update: Update, taken: float) -> Done:
        """Reply to an update that was taken at an instant (in seconds).

        Raises TelegramError where Telegram doesn't take the reply.
        """
        if update.message:
            await self.chats.follow(update.message)
        if not await self._is_allowed(update):
            return _PASSED_OVER
        if update.callback_query:
            return await self._on_press(update.callback_query, taken, update.update_id)
        if update.inline_query or update.guest_message:
            return await self._from_elsewhere(update, taken)
        if update.message_reaction:
            return await self._on_reaction(update.message_reaction, taken, update.update_id)
        message = update.message or update.edited_message
        if message is None:
            return _PASSED_OVER
        return await self._on_message(message, taken, update.update_id)

    async def fail(self, update: Update) -> None:
        """Say to whoever is owed a reply that there is none; raises TelegramError."""
        message = update.message or update.edited_message
        if update.callback_query:
            await self.presses.fail(update.callback_query)
        elif update.guest_message:
            await self.guests.fail(update.guest_message)
        elif message and await self._is_allowed(update) and read(message, self.bot.bot) is not None:
            language = self.conversation.language(_tag(message))
            screen = fallback_screen(self.conversation.knowledge, language)
            await self.sender.send(place_of(message), screen)

    async def _on_message(self, message: Message, taken: float, number: int) -> Done:
        """Reply to a message; the reply to an edited one takes the place of its first reply."""
        asked = read(message, self.bot.bot)
        edited = message.edit_date is not None
        if asked is None:
            return await heard(self.rooms, message, asked) or _PASSED_OVER
        user = author_of(message) or message.chat.id
        limited = message.chat.id != self.chats.operators
        if limited and (done := await self._held_back(message, user, number)):
            return done
        if done := await heard(self.rooms, message, asked):
            return done
        if isinstance(asked, Unsupported) and (edited or self._is_seen(message, number)):
            return _PASSED_OVER
        also: tuple[int, ...] = ()
        async with self.sender.typing(place_of(message)):
            if isinstance(asked, Utterance):
                burst = await self._hear(asked, message, taken, number)
                message, asked, also = burst.message, burst.asked, burst.also
                screen = self._turn_screen(burst)
            else:
                screen = await self._screen(asked, message)
        text = asked.text if isinstance(asked, Utterance) else ""
        done = await self._deliver(message, screen, (user, text), edited=edited)
        return replace(done, also=also)

    async def _held_back(self, message: Message, user: int, number: int) -> Done | None:
        """Return what becomes of a message over its author's limit, or None if it may pass."""
        sent = message.edit_date or message.date
        match self.limits.ask(user, sent.timestamp(), number):
            case Pass.FREE:
                return None
            case Pass.NOTICE:
                notice = plain_screen(self._words(_tag(message)).slow_down)
                await self.sender.send(place_of(message), notice)
                return Done(LIMITED)
            case Pass.SILENT:
                return _SILENCED
            case never:
                assert_never(never)

    async def _on_press(self, query: CallbackQuery, taken: float, number: int) -> Done:
        """Do what a button says."""
        if self.press_limits.ask(query.from_user.id, taken, number) is not Pass.FREE:
            await self.presses.calm(query)
            return Done(LIMITED)
        done = await pressed(self.rooms, query)
        return done or Done("press", await self.presses.press(query))

    async def _from_elsewhere(self, update: Update, taken: float) -> Done:
        """List answers for another chat, or give one there; who asks too often is passed over."""
        user = update.effective_user
        if user and self.press_limits.ask(user.id, taken, update.update_id) is not Pass.FREE:
            return _SILENCED
        if update.inline_query:
            await self.inline.answer(update.inline_query)
            return Done("inline")
        called = update.guest_message
        return (await self.guests.answer(called) if called else None) or _PASSED_OVER

    async def _on_reaction(
        self, reaction: MessageReactionUpdated, taken: float, number: int
    ) -> Done:
        """Count a reaction; whoever reacts too often is passed over."""
        who = (reaction.user or reaction.actor_chat or reaction.chat).id
        if self.press_limits.ask(who, taken, number) is not Pass.FREE:
            return _SILENCED
        return await self.reactions.count(reaction)

    async def _hear(self, said: Utterance, message: Message, taken: float, number: int) -> Burst:
        """Return the turn of what was said, with what the person went on to say where it fits."""
        replied = answer_replied_to(message, self.bot.bot)
        entry = await self.exchanges.entry_of(said.chat, replied) if replied else None
        asked = replace(said, reply_to=entry)
        burst = Burst(message, asked, await self.conversation.turn(asked))
        return await self.bursts.whole(burst, number, taken) if self.bursts else burst

    def _turn_screen(self, burst: Burst) -> Screen:
        frame = self.sender.frame(burst.message)
        return turn_screen(burst.turn, self.conversation.knowledge, frame)

    async def _screen(self, asked: Command | Unsupported, message: Message) -> Screen:
        match asked:
            case Command():
                return await self.commands.run(asked, self.sender.frame(message))
            case Unsupported(language):
                return plain_screen(self._words(language).unsupported)
            case _:
                assert_never(asked)

    async def _deliver(
        self, message: Message, screen: Screen, asked: tuple[int, str], *, edited: bool
    ) -> Done:
        """Show the reply to what a user asked."""
        chat, question = message.chat.id, message.message_id
        shown = await self.exchanges.answer_to(chat, question) if edited else None
        if shown is None or not await self.sender.edit(chat, shown, screen):
            shown = await self.sender.send(place_of(message), screen)
        self.menus.keep_up(chat)
        if screen.kind == PERSONAL:
            return Done(screen.kind)
        now, why = self.clock(), screen.explanation
        link = Exchange(chat, question, shown, screen.entries, now, *asked, why)
        return Done(screen.kind, (*screen.memories, link))

    def _words(self, tag: str | None) -> Wordings:
        return self.conversation.knowledge.wordings_in(self.conversation.language(tag))

    async def _is_allowed(self, update: Update) -> bool:
        """Return whether the chat is one to be answered, or the person who asks from elsewhere."""
        chat = None if update.guest_message else update.effective_chat
        user = update.effective_user
        asking = chat.id if chat else user.id if user else None
        return await self.chats.allows(asking)

    def _is_seen(self, message: Message, number: int) -> bool:
        """Return whether a message belongs to an album to which another update gives the reply."""
        album = message.media_group_id
        if album is None:
            return False
        first = self._albums.setdefault(album, number)
        if len(self._albums) > _ALBUMS:
            self._albums.popitem(last=False)
        return first != number


def _tag(message: Message) -> str | None:
    return message.from_user.language_code if message.from_user else None
