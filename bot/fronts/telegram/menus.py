"""What Telegram shows around the chat: command lists, description and short description."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.constants import BotCommandLimit, BotDescriptionLimit
from telegram.error import TelegramError

from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import shorten
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import Wordings

_LOG = logging.getLogger(__name__)
_IN_GROUPS = ("topics", "help", "about")
_IN_PRIVATE = ("start", "topics", "help", "about")
_FOR_ADMINS = (*_IN_PRIVATE, "why", "reload")
_CODE_LENGTH = 2  # Telegram takes two-letter language codes only
_MAX_COMMAND = int(BotCommandLimit.MAX_DESCRIPTION)
_MAX_DESCRIPTION = int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
_MAX_SHORT = int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)


class Menus:
    """Keep the command lists and descriptions of one bot equal to the wordings.

    What Telegram shows already isn't set again, as these calls are rationed.
    """

    def __init__(self, bot: Bot, conversation: Conversation, admins: frozenset[int]) -> None:
        self._bot = bot
        self._conversation = conversation
        self._admins = admins
        self._version = ""
        self._unlisted: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def keep_up(self, chat: int | None = None) -> None:
        """Refresh in the background if the knowledge has changed or an admin has just come."""
        version = self._conversation.knowledge.version
        running = self._task is not None and not self._task.done()
        if (version != self._version or chat in self._unlisted) and not running:
            self._version = version
            self._unlisted.clear()
            self._task = asyncio.create_task(self.refresh())

    async def stop(self) -> None:
        """Give up a refresh under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def refresh(self) -> None:
        """Set what differs; a call that fails is logged and left for the next time."""
        knowledge = self._conversation.knowledge
        for language in knowledge.languages:
            code = "" if language == knowledge.default_language else language
            if len(code) in {0, _CODE_LENGTH} and language in knowledge.wordings:
                await self._describe(knowledge.wordings[language], code)
                await self._list(knowledge.wordings[language], code)

    async def _list(self, words: Wordings, code: str) -> None:
        await self._commands(BotCommandScopeDefault(), _IN_GROUPS, words, code)
        await self._commands(BotCommandScopeAllPrivateChats(), _IN_PRIVATE, words, code)
        for admin in sorted(self._admins):
            await self._commands(BotCommandScopeChat(admin), _FOR_ADMINS, words, code)

    async def _commands(
        self, scope: BotCommandScope, names: Sequence[str], words: Wordings, code: str
    ) -> None:
        texts = words.commands.model_dump()
        wanted = tuple(
            BotCommand(name, shorten(plain(texts[name]), _MAX_COMMAND)) for name in names
        )
        try:
            if tuple(await self._bot.get_my_commands(scope, code)) != wanted:
                await self._bot.set_my_commands(wanted, scope, code)
        except TelegramError as error:
            _LOG.warning("The commands of %s aren't set: %s", _name(scope), error)
            if isinstance(scope, BotCommandScopeChat):
                self._unlisted.add(int(scope.chat_id))

    async def _describe(self, words: Wordings, code: str) -> None:
        long = shorten(plain(words.description), _MAX_DESCRIPTION)
        short = shorten(plain(words.short_description), _MAX_SHORT)
        try:
            if (await self._bot.get_my_description(code)).description != long:
                await self._bot.set_my_description(long, code)
            if (await self._bot.get_my_short_description(code)).short_description != short:
                await self._bot.set_my_short_description(short, code)
        except TelegramError as error:
            _LOG.warning("The description isn't set: %s", error)


def _name(scope: BotCommandScope) -> str:
    if isinstance(scope, BotCommandScopeChat):
        return f"the chat with admin {scope.chat_id} (who has to press Start once)"
    return str(scope.type)
