"""Put together what handles updates: the handlers and the rooms of one front."""

from __future__ import annotations

from telegram import Bot

from bot.fronts.telegram.boundary import Boundary
from bot.fronts.telegram.bursts import Bursts
from bot.fronts.telegram.chats import Chats
from bot.fronts.telegram.commands import Commands
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.guests import Guests
from bot.fronts.telegram.handlers import Handlers
from bot.fronts.telegram.inline import Inline
from bot.fronts.telegram.languages import Languages
from bot.fronts.telegram.limits import Limits
from bot.fronts.telegram.menus import Menus
from bot.fronts.telegram.metrics import Metrics
from bot.fronts.telegram.operators.opening import operators_room
from bot.fronts.telegram.outages import Outages
from bot.fronts.telegram.parts import Pace, Parts
from bot.fronts.telegram.personal import Personal
from bot.fronts.telegram.presses import Presses
from bot.fronts.telegram.reactions import Reactions
from bot.fronts.telegram.reloading import ReloadingRoom
from bot.fronts.telegram.reporting import Desk, ReportingRoom
from bot.fronts.telegram.rooms import Room
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.teaching import TeachingRoom
from bot.fronts.telegram.tuning import TuningRoom
from bot.reporting.picture import Painter
from bot.settings import Settings
from bot.storage.moves import MemoryMoves


def furnished(  # noqa: PLR0913, PLR0917 - what a front has, each once
    settings: Settings,
    parts: Parts,
    pace: Pace,
    bot: Bot,
    menus: Menus,
    metrics: Metrics,
    outages: Outages,
) -> tuple[Boundary, tuple[Room, ...]]:
    """Return what handles updates, and its rooms, whose chores are still to be attended to."""
    exchanges = Exchanges(parts.store)
    has_operators = bool(settings.operator_chat and parts.cases)
    sender = Sender(bot, pace.typing_after, has_operators=has_operators)
    personal = Personal(
        *(parts.store, settings.retention, settings.session_minutes),
        has_operators=has_operators,
    )
    languages = Languages(parts.conversation, parts.store, sender, parts.clock)
    moves = parts.moves or MemoryMoves()
    chats = Chats(settings.operator_chat, settings.allowed_chats, moves)
    rooms = (languages, *_rooms(settings, parts, pace, bot, sender, chats))
    handlers = Handlers(
        bot=bot,
        conversation=parts.conversation,
        commands=Commands(parts.conversation, personal, exchanges, settings.admins),
        presses=Presses(parts.conversation, exchanges, sender, parts.clock),
        inline=Inline(parts.conversation, bot),
        guests=Guests(parts.conversation, bot),
        reactions=Reactions(parts.conversation, exchanges, parts.clock),
        exchanges=exchanges,
        sender=sender,
        menus=menus,
        limits=Limits(settings.user_limit),
        press_limits=Limits(settings.user_limit),
        chats=chats,
        clock=parts.clock,
        rooms=rooms,
        bursts=Bursts(*(bot, parts.journal, parts.conversation, parts.clock, pace.listening)),
    )
    return Boundary(*(bot, handlers, metrics, outages, parts.clock), languages), rooms


def _rooms(  # noqa: PLR0913, PLR0917 - what they work with, each once
    settings: Settings, parts: Parts, pace: Pace, bot: Bot, sender: Sender, chats: Chats
) -> tuple[Room, ...]:
    """Return the rooms whose parts are there."""
    rooms: list[Room] = [ReloadingRoom(parts.reloader, parts.conversation, sender, settings.admins)]
    teaching = None
    if parts.classroom and parts.drafts:
        teaching = TeachingRoom(
            *(parts.classroom, parts.drafts, parts.conversation, sender, settings.admins)
        )
        rooms.append(teaching)
    if settings.operator_chat and parts.cases and parts.wishes:
        operators = operators_room(
            *(settings, bot, chats, parts.conversation, sender, parts.store),
            *(parts.cases, parts.wishes, parts.clock, pace.attend_every, teaching),
        )
        parts.reloader.observe(operators.reloaded)
        rooms.append(operators)
    if parts.figures:
        desk = Desk(
            *(parts.figures, parts.conversation, Painter(), settings.retention, parts.clock)
        )
        rooms.append(ReportingRoom(desk, sender, settings.admins, settings.digest, parts.digests))
    if parts.tuner:
        rooms.append(TuningRoom(parts.tuner, parts.conversation, sender, settings.admins))
    return tuple(rooms)
