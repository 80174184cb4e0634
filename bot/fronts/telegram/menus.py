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
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.fronts.telegram.commands import FOR_ADMINS
from bot.fronts.telegram.floods import asked_pause
from bot.fronts.telegram.languages import LANGUAGE
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import shorten
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import Wordings

_LOG = logging.getLogger(__name__)
_IN_GROUPS = ("topics", "help", "about")
_IN_PRIVATE = ("start", "topics", "help", "about", "privacy", LANGUAGE)
_IN_ADMINS_CHATS = (*_IN_PRIVATE, *FOR_ADMINS)
_LONGEST_WAIT = 300.0
_CODE_LENGTH = 2  # Telegram takes two-letter language codes only
_MAX_COMMAND = int(BotCommandLimit.MAX_DESCRIPTION)
_MAX_DESCRIPTION = int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)
_MAX_SHORT = int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)


class Menus:
    """Keep the command lists and descriptions of one bot equal to the wordings.

    What Telegram shows already isn't set again, as these calls are rationed. `first_wait` is the
    time in seconds before what failed is tried again; it doubles up to five minutes.
    """

    def __init__(
        self,
        bot: Bot,
        conversation: Conversation,
        admins: frozenset[int],
        first_wait: float = 1.0,
    ) -> None:
        self._bot = bot
        self._conversation = conversation
        self._admins = admins
        self._first_wait = first_wait
        self._version = ""
        self._pause = 0.0
        self._unlisted: set[int] = set()
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    def keep_up(self, chat: int | None = None) -> None:
        """Refresh in the background if the knowledge has changed or an admin has just come."""
        version = self._conversation.knowledge.version
        running = self._task is not None and not self._task.done()
        due = version != self._version or chat in self._unlisted
        if due and not running and not self._stopped:
            self._task = asyncio.create_task(self._refresh())

    async def stop(self) -> None:
        """Give up a refresh under way and begin no other, also for replies that still run."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _refresh(self) -> None:
        """Set what differs, again and again until it went through or Telegram won't have it."""
        wait = self._first_wait
        while True:
            knowledge = self._conversation.knowledge
            if await self._set(knowledge):
                self._version = knowledge.version
                return
            await asyncio.sleep(max(wait, self._pause))
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _set(self, knowledge: KnowledgeBase) -> bool:
        """Set what differs; return whether there is nothing left to be tried again."""
        self._unlisted.clear()
        self._pause = 0.0
        done = True
        for language in knowledge.spoken:
            code = "" if language == knowledge.default_language else language
            if len(code) in {0, _CODE_LENGTH}:
                done &= await self._describe(knowledge.wordings[language], code)
                done &= await self._list(knowledge.wordings[language], code)
        return done

    async def _list(self, words: Wordings, code: str) -> bool:
        lists: list[tuple[BotCommandScope, Sequence[str]]] = [
            (BotCommandScopeDefault(), _IN_GROUPS),
            (BotCommandScopeAllPrivateChats(), _IN_PRIVATE),
            *((BotCommandScopeChat(admin), _IN_ADMINS_CHATS) for admin in sorted(self._admins)),
        ]
        done = [await self._commands(scope, names, words, code) for scope, names in lists]
        return all(done)

    async def _commands(
        self, scope: BotCommandScope, names: Sequence[str], words: Wordings, code: str
    ) -> bool:
        texts = words.commands.model_dump()
        several = len(self._conversation.knowledge.spoken) > 1
        wanted = tuple(
            BotCommand(name, shorten(plain(texts[name]), _MAX_COMMAND))
            for name in names
            if name != LANGUAGE or several
        )
        try:
            if tuple(await self._bot.get_my_commands(scope, code)) != wanted:
                await self._bot.set_my_commands(wanted, scope, code)
        except TelegramError as error:
            _LOG.warning("The commands of %s aren't set: %s", _name(scope), error)
            if isinstance(scope, BotCommandScopeChat):
                self._unlisted.add(int(scope.chat_id))
            return self._is_final(error)
        return True

    async def _describe(self, words: Wordings, code: str) -> bool:
        long = shorten(plain(words.description), _MAX_DESCRIPTION)
        short = shorten(plain(words.short_description), _MAX_SHORT)
        try:
            if (await self._bot.get_my_description(code)).description != long:
                await self._bot.set_my_description(long, code)
            if (await self._bot.get_my_short_description(code)).short_description != short:
                await self._bot.set_my_short_description(short, code)
        except TelegramError as error:
            _LOG.warning("The description isn't set: %s", error)
            return self._is_final(error)
        return True

    def _is_final(self, error: TelegramError) -> bool:
        """Return whether a failed call would fail again, and note how long to wait if not."""
        self._pause = max(self._pause, asked_pause(error))
        return isinstance(error, BadRequest | Forbidden)


def _name(scope: BotCommandScope) -> str:
    if isinstance(scope, BotCommandScopeChat):
        return f"the chat with admin {scope.chat_id} (who has to press Start once)"
    return str(scope.type)
