"""Sending and editing messages, through gone messages and refused markup."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from telegram import (
    Bot,
    CallbackQuery,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import CallbackQueryLimit, ChatAction
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.fronts.telegram.frame import Frame, frame_of
from bot.fronts.telegram.render import Rendered, shorten
from bot.fronts.telegram.screens import Attachment, Screen
from bot.fronts.telegram.translate import Place

_LOG = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MARKUP = re.compile(r"entit|parse|url", re.IGNORECASE)
_BUTTONS = re.compile(r"button|keyboard|markup", re.IGNORECASE)
_GONE = re.compile(r"message to edit not found|message can't be edited", re.IGNORECASE)
_PICTURE = "picture.png"
_TYPING_LASTS = 4.5  # seconds after which Telegram needs to be told again
_MAX_NOTICE = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)

_Deliver = Callable[[str, tuple[MessageEntity, ...], InlineKeyboardMarkup | None], Awaitable[int]]


class Sender:
    """Send and edit messages of one bot.

    What Telegram doesn't take isn't sent again here: the update is handled again. `typing_after`
    is the time in seconds after which a person is shown that the bot is at work. `has_operators`
    says whether people can be asked where the bot has no answer.
    """

    def __init__(self, bot: Bot, typing_after: float = 0.7, *, has_operators: bool = False) -> None:
        self._bot = bot
        self._typing_after = typing_after
        self._has_operators = has_operators

    def frame(self, message: MaybeInaccessibleMessage) -> Frame:
        """Return how the reply to a message is shown."""
        return frame_of(message, self._bot, has_operators=self._has_operators)

    async def send(self, place: Place, screen: Screen) -> int:
        """Send a message and return its id; raises TelegramError if Telegram won't take it."""
        try:
            return await self._send(place, screen)
        except ChatMigrated as moved:
            return await self._send(Place(moved.new_chat_id), screen)

    async def edit(self, chat: int, message: int, screen: Screen) -> bool:
        """Turn a message into another; return False if it is gone, so that one must be sent."""

        async def deliver(
            text: str, entities: tuple[MessageEntity, ...], keyboard: InlineKeyboardMarkup | None
        ) -> int:
            if screen.picture:
                media = InputMediaPhoto(
                    screen.picture, text, caption_entities=entities, filename=_PICTURE
                )
                await self._bot.edit_message_media(media, chat, message, reply_markup=keyboard)
                return message
            await self._bot.edit_message_text(
                text,
                chat_id=chat,
                message_id=message,
                entities=entities,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
            return message

        try:
            await self._persist(deliver, screen)
        except ChatMigrated:
            return False
        except BadRequest as error:
            if "not modified" in error.message.lower():
                return True
            if _GONE.search(error.message):
                return False
            raise
        return True

    async def answer(self, query: CallbackQuery, notice: str = "") -> None:
        """Answer a pressed button, with a short notice or silently; too late is no error."""
        text = shorten(notice, _MAX_NOTICE) or None
        try:
            await self._bot.answer_callback_query(query.id, text)
        except TelegramError as error:
            _LOG.info("A pressed button could not be answered: %s", error)

    @contextlib.asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Show that the bot is at work while the block runs, if that takes long."""
        task = asyncio.create_task(self._show_typing(place))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _send(self, place: Place, screen: Screen) -> int:
        quote = (
            ReplyParameters(place.quote, allow_sending_without_reply=True) if place.quote else None
        )

        async def deliver(
            text: str, entities: tuple[MessageEntity, ...], keyboard: InlineKeyboardMarkup | None
        ) -> int:
            if screen.attachment:
                return await self._send_file(place, screen.attachment, text, entities)
            if screen.picture:
                photo = await self._bot.send_photo(
                    place.chat,
                    screen.picture,
                    text,
                    caption_entities=entities,
                    reply_markup=keyboard,
                    reply_parameters=quote,
                    message_thread_id=place.thread,
                    filename=_PICTURE,
                )
                return photo.message_id
            sent = await self._bot.send_message(
                place.chat,
                text,
                entities=entities,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
                reply_parameters=quote,
                message_thread_id=place.thread,
            )
            return sent.message_id

        return await self._persist(deliver, screen)

    async def _send_file(
        self, place: Place, file: Attachment, text: str, entities: tuple[MessageEntity, ...]
    ) -> int:
        sent = await self._bot.send_document(
            place.chat,
            InputFile(file.content, file.name),
            caption=text,
            caption_entities=entities,
            message_thread_id=place.thread,
        )
        return sent.message_id

    async def _persist(self, deliver: _Deliver, screen: Screen) -> int:
        """Deliver a screen; plain if its entities are refused, bare if its buttons are too."""
        text: Rendered = screen.text
        try:
            return await deliver(text.text, text.entities, screen.keyboard)
        except BadRequest as error:
            if "not modified" in error.message.lower():
                raise
            if _BUTTONS.search(error.message):
                keyboard = None
            elif _MARKUP.search(error.message):
                keyboard = screen.keyboard
            else:
                raise
            _LOG.warning("Telegram refuses the markup; the text goes plain: %s", error)
        return await deliver(text.bare, (), keyboard)

    async def _show_typing(self, place: Place) -> None:
        await asyncio.sleep(self._typing_after)
        with contextlib.suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(
                    place.chat, ChatAction.TYPING, message_thread_id=place.thread
                )
                await asyncio.sleep(_TYPING_LASTS)
