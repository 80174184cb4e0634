"""Telling people of the answer that there wasn't when they asked."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.conversation.messages import Answer
from bot.errors import StorageError
from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.operators.pages import found_page
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Place
from bot.storage.store import Exchange, Store
from bot.storage.wishes import Wish, Wishes

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hopes:
    """Fulfil wishes once the live knowledge answers them, each once over all processes."""

    bot: Bot
    wishes: Wishes
    conversation: Conversation
    sender: Sender
    store: Store
    clock: Callable[[], dt.datetime]

    async def fulfil(self) -> None:
        """Tell everybody whose wish can be answered now.

        Raises TelegramError if somebody can't be told for now, and StorageError.
        """
        for wish in await self.wishes.open():
            await asyncio.sleep(0)  # others have their turn between two questions
            answer = await self.conversation.answer(wish.text, wish.language)
            if answer is None or not await self.wishes.grant(wish.number):
                continue
            try:
                await self._tell(wish, answer)
            except (BadRequest, Forbidden) as error:
                _LOG.info("Somebody can't be told of an answer any more: %s", error)
            except BaseException:
                await self.wishes.ungrant(wish.number)
                raise
            await self.wishes.granted(wish.number)

    async def _tell(self, wish: Wish, answer: Answer) -> None:
        knowledge, chat = self.conversation.knowledge, wish.chat
        frame = Frame(self.bot.username, bool(self.bot.supports_inline_queries))
        screen = found_page(wish, answer, knowledge, frame)
        shown = await self.sender.send(Place(chat), screen)
        link = Exchange(chat, shown, shown, screen.entries, self.clock(), chat, wish.text)
        try:
            await self.store.keep([link])
        except StorageError as error:
            _LOG.warning("An answer is given, but not kept: %s", error)
