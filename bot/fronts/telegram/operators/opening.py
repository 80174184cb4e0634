"""Putting the operators' room together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from telegram import Bot

from bot.fronts.telegram.chats import Chats
from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.once import Once
from bot.fronts.telegram.operators.handovers import Handovers
from bot.fronts.telegram.operators.hopes import Hopes
from bot.fronts.telegram.operators.office import Office
from bot.fronts.telegram.operators.presses import CasePresses, Desk
from bot.fronts.telegram.operators.relaying import Relaying
from bot.fronts.telegram.operators.room import OperatorsRoom
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.sending import Sender
from bot.settings import Settings
from bot.storage.cases import Cases
from bot.storage.store import Store
from bot.storage.wishes import Wishes


def operators_room(  # noqa: PLR0913, PLR0917 - what it works with, each once
    settings: Settings,
    bot: Bot,
    chats: Chats,
    conversation: Conversation,
    sender: Sender,
    store: Store,
    cases: Cases,
    wishes: Wishes,
    clock: Callable[[], dt.datetime],
    look_again: float,
    desk: Desk | None = None,
) -> OperatorsRoom:
    """Return the room of the settings' operators; `look_again` is in seconds."""
    office = Office(bot, chats, cases, conversation, sender, teachable=desk is not None)
    waits = Once(cases.tell, cases.untell, cases.told)
    granting = Once(wishes.grant, wishes.ungrant, wishes.granted)
    handovers = Handovers(cases, office, sender, conversation, waits)
    exchanges = Exchanges(store)
    return OperatorsRoom(
        cases=cases,
        handovers=handovers,
        relaying=Relaying(
            bot, cases, office, sender, lambda language: handovers.words(language).operators
        ),
        presses=CasePresses(handovers, cases, wishes, exchanges, sender, settings.admins, desk),
        hopes=Hopes(bot, wishes, granting, conversation, sender, store, clock),
        clock=clock,
        patience=dt.timedelta(minutes=settings.operator_minutes),
        look_again=look_again,
    )
