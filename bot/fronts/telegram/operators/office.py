"""The chat of the operators: a topic for each person, or a card and replies to it."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import replace

from telegram import Bot, ChatMemberAdministrator, Message, ReplyParameters
from telegram.constants import ForumTopicLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.fronts.telegram.chats import Chats
from bot.fronts.telegram.operators.buttons import card_keyboard
from bot.fronts.telegram.operators.pages import card_page
from bot.fronts.telegram.operators.reach import OUT_OF_REACH, OutOfReach, reaching
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import shorten
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Place
from bot.knowledge.wordings import OperatorWordings
from bot.storage.cases import Case, Cases, Seen

_LOG = logging.getLogger(__name__)
_NO_TOPIC = re.compile(r"message thread not found|TOPIC_(CLOSED|DELETED)", re.IGNORECASE)
_SAME = re.compile(r"TOPIC_NOT_MODIFIED", re.IGNORECASE)
_LONGEST_NAME = int(ForumTopicLimit.MAX_NAME_LENGTH)
_MOVES = 2


class Office:
    """Show cases to operators, in the chat that is theirs.

    With `teachable`, cards have a button to teach the last answer. What Telegram doesn't take for
    now raises its TelegramError; a chat that is closed to the bot, OutOfReach.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it works with, each once
        self,
        bot: Bot,
        chats: Chats,
        cases: Cases,
        conversation: Conversation,
        sender: Sender,
        teachable: bool,  # noqa: FBT001
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._cases = cases
        self._conversation = conversation
        self._sender = sender
        self._teachable = teachable

    @property
    def chat(self) -> int:
        """Return the id of the operators' group."""
        return self._chats.operators

    @property
    def words(self) -> OperatorWordings:
        """Return what operators read, in the knowledge's own language."""
        knowledge = self._conversation.knowledge
        return knowledge.wordings_in(self._conversation.language(None)).operators

    async def check(self) -> None:
        """Log what will keep operators from seeing cases as they should.

        Raises TelegramError and StorageError.
        """
        await self._chats.catch_up()
        try:
            chat = await self._bot.get_chat(self.chat)
            me = await self._bot.get_chat_member(self.chat, self._bot.id)
        except ChatMigrated as upgrade:
            await self._moved(upgrade)
        except (BadRequest, Forbidden) as error:
            _LOG.error(OUT_OF_REACH, self.chat, error)
        else:
            may_open = isinstance(me, ChatMemberAdministrator) and me.can_manage_topics
            if chat.is_forum and not may_open:
                _LOG.warning(
                    "People who ask for a person get no topics of their own: make the bot an "
                    "administrator of the operators' group that may manage topics."
                )

    async def show(self, case: Case) -> Case:
        """Give a case its topic and its card, as far as it lacks them, and return it with them."""
        with reaching():
            for _ in range(_MOVES):
                try:
                    return await self._show(case)
                except ChatMigrated as upgrade:
                    await self._moved(upgrade)
                except BadRequest as error:
                    case = await self._astray(case, error)
            return await self._show(case)

    async def copy(self, case: Case, message: Message, quote: int | None) -> tuple[Case, int]:
        """Copy a person's message into its case, and return where it is; moves from lost topics."""
        for _ in range(_MOVES):
            case = await self.show(case)
            try:
                with reaching():
                    return case, await self._copy(case, message, quote)
            except ChatMigrated as upgrade:
                await self._moved(upgrade)
            except BadRequest as error:
                case = await self._astray(case, error)
        case = await self.show(case)
        with reaching():
            return case, await self._copy(case, message, quote)

    async def say(self, case: Case, screen: Screen, quote: int | None = None) -> None:
        """Tell operators something about a case, if they can still be told."""
        seen = case.seen
        if seen is None or seen.chat != self.chat:
            return
        place = Place(seen.chat, seen.thread, quote or (None if seen.thread else seen.card))
        try:
            with reaching():
                await self._sender.send(place, screen)
        except (BadRequest, OutOfReach) as error:
            _LOG.warning("The operators can't be told about a case: %s", error)

    async def finish(self, case: Case) -> None:
        """Take Close from the card of a case and close its topic, as far as Telegram allows."""
        seen = case.seen
        if seen is None or seen.chat != self.chat:
            return
        keyboard = card_keyboard(case.number, self.words, is_open=False, teachable=self._teachable)
        with suppress(BadRequest, Forbidden, ChatMigrated):
            if seen.card:
                await self._bot.edit_message_reply_markup(
                    seen.chat, seen.card, reply_markup=keyboard
                )
        with suppress(BadRequest, Forbidden, ChatMigrated):
            if seen.thread:
                await self._bot.close_forum_topic(seen.chat, seen.thread)

    async def _moved(self, upgrade: ChatMigrated) -> None:
        """Go on in another chat: the group was upgraded."""
        await self._chats.moved(self.chat, upgrade.new_chat_id)

    async def _show(self, case: Case) -> Case:
        seen = case.seen
        if seen is None or seen.chat != self.chat:
            seen = Seen(self.chat, await self._topic(case))
            await self._cases.place(case.number, seen)
        if seen.card is None:
            card = card_page(
                case, self.words, in_topic=bool(seen.thread), teachable=self._teachable
            )
            seen = replace(seen, card=await self._sender.send(Place(seen.chat, seen.thread), card))
            await self._cases.place(case.number, seen)
        return replace(case, seen=seen)

    async def _topic(self, case: Case) -> int | None:
        """Return the person's earlier topic or a new one; None where there can be none."""
        chat = await self._bot.get_chat(self.chat)
        if not chat.is_forum:
            return None
        earlier = await self._cases.last_thread(case.chat, self.chat) if case.chat else None
        if earlier and await self._reopened(earlier):
            return earlier
        name = shorten(case.name, _LONGEST_NAME) or "…"
        try:
            return (await self._bot.create_forum_topic(self.chat, name)).message_thread_id
        except BadRequest as error:
            _LOG.error("No topic can be opened for a person, so operators see a card: %s", error)
            return None

    async def _reopened(self, thread: int) -> bool:
        try:
            await self._bot.reopen_forum_topic(self.chat, thread)
        except BadRequest as error:
            return bool(_SAME.search(error.message))
        return True

    async def _copy(self, case: Case, message: Message, quote: int | None) -> int:
        seen = case.seen or Seen(self.chat)
        quoted = quote or (None if seen.thread else seen.card)
        copied = await self._bot.copy_message(
            seen.chat,
            message.chat.id,
            message.message_id,
            message_thread_id=seen.thread,
            reply_parameters=replying_to(quoted),
        )
        return copied.message_id

    async def _astray(self, case: Case, error: BadRequest) -> Case:
        """Return a case without its place where the topic is gone; raises any other error."""
        if not _NO_TOPIC.search(error.message):
            raise error
        _LOG.info("The topic of a case is gone or closed; the case gets another one.")
        await self._cases.place(case.number, None)
        return replace(case, seen=None)


def replying_to(message: int | None) -> ReplyParameters | None:
    """Return how a message quotes another, if it is still there."""
    if message is None:
        return None
    return ReplyParameters(message, allow_sending_without_reply=True)
