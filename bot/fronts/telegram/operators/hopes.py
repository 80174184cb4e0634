"""Telling people of the answer that there wasn't when they asked."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.conversation.messages import Answer
from bot.errors import StorageError
from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.once import Once
from bot.fronts.telegram.operators.pages import found_page
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Place
from bot.storage.store import Exchange, Store
from bot.storage.wishes import Wish, Wishes

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hopes:
    """Fulfil wishes once the live knowledge answers them; `granting` does each once."""

    bot: Bot
    wishes: Wishes
    granting: Once[int]
    conversation: Conversation
    sender: Sender
    store: Store
    clock: Callable[[], dt.datetime]

    async def fulfil(self) -> bool:
        """Tell everybody whose wish can be answered now; False if another process has to tell some.

        Raises TelegramError if somebody can't be told for now, and StorageError.
        """
        all_told = True
        for wish in await self.wishes.open():
            await asyncio.sleep(0)  # others have their turn between two questions
            answer = await self.conversation.answer(wish.text, wish.language)
            if answer:
                tell = partial(self._tell, wish, answer)
                all_told = await self.granting.tell(wish.number, tell) and all_told
        return all_told

    async def _tell(self, wish: Wish, answer: Answer) -> None:
        """Send somebody an answer, if they haven't left or blocked the bot."""
        knowledge, chat = self.conversation.knowledge, wish.chat
        frame = Frame(self.bot.username, bool(self.bot.supports_inline_queries))
        screen = found_page(wish, answer, knowledge, frame)
        try:
            shown = await self.sender.send(Place(chat), screen)
        except (BadRequest, Forbidden) as error:
            _LOG.info("Somebody can't be told of an answer any more: %s", error)
            return
        link = Exchange(chat, shown, shown, screen.entries, self.clock(), chat, wish.text)
        try:
            await self.store.keep([link])
        except StorageError as error:
            _LOG.warning("An answer is given, but not kept: %s", error)
