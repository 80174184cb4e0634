"""The front without its network: what is run on Telegram, put together around a quiet one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from telegram import Bot

from bot.conversation.conversation import Conversation as LiveConversation
from bot.conversation.reload import Reloader as LiveReloader
from bot.conversation.reload import Shelf
from bot.fronts.telegram.boundary import Boundary
from bot.fronts.telegram.chats import Chats
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.guests import Guests
from bot.fronts.telegram.handlers import Handlers
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.limits import Limits
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.personal import Personal
from bot.fronts.telegram.ports import Conversation, Reloader
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.reactions import Reactions
from bot.fronts.telegram.reloading import ReloadingRoom
from bot.fronts.telegram.sending import Sender
from bot.knowledge.snapshot import Snapshot
from bot.storage.asked import MemoryQuestionLog
from bot.storage.memory import MemoryStore
from bot.storage.moves import MemoryMoves
from bot.storage.store import Store
from bot.storage.versions import MemoryVersionBook

_ADMIN = 1001
_A_MINUTE = 30
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold what the front works with."""

    bot: Bot
    conversation: Conversation
    reloader: Reloader
    store: Store
    clock: Callable[[], dt.datetime]
    metrics: Metrics = field(default_factory=Metrics)


def quiet_reloader(
    conversation: LiveConversation, clock: Callable[[], dt.datetime]
) -> LiveReloader:
    """Return a reloader that finds the live edition again, and no question to try it on."""
    edition = conversation.edition
    empty = MemoryStore(session_expiry=_DAY, retention=_DAY, clock=clock)
    shelf = Shelf(MemoryVersionBook(clock), lambda: Snapshot({}), lambda *_: edition)
    return LiveReloader(lambda: edition, conversation, MemoryQuestionLog(empty), shelf)


def quiet_boundary(parts: Parts) -> Boundary:
    """Return what handles updates, put together as the running front does."""
    exchanges, sender = Exchanges(parts.store), Sender(parts.bot)
    personal = Personal(parts.store, retention=90, session_minutes=30)
    admins = frozenset({_ADMIN})
    handlers = Handlers(
        bot=parts.bot,
        conversation=parts.conversation,
        commands=Commands(parts.conversation, personal, exchanges, admins),
        presses=Presses(parts.conversation, exchanges, sender, parts.clock),
        inline=Inline(parts.conversation, parts.bot),
        guests=Guests(parts.conversation, parts.bot),
        reactions=Reactions(parts.conversation, exchanges, parts.clock),
        exchanges=exchanges,
        sender=sender,
        menus=Menus(parts.bot, parts.conversation, admins),
        limits=Limits(_A_MINUTE),
        press_limits=Limits(_A_MINUTE),
        chats=Chats(0, frozenset(), MemoryMoves()),
        clock=parts.clock,
        rooms=(ReloadingRoom(parts.reloader, parts.conversation, sender, admins),),
    )
    outages = Outages(parts.bot.token)
    return Boundary(parts.bot, handlers, parts.metrics, outages, parts.clock)
