"""Passing messages on, both ways: copies that follow the edits of what they are copies of."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden

from bot.errors import StorageError
from bot.fronts.telegram.operators.office import Office, replying_to
from bot.fronts.telegram.operators.pages import note
from bot.fronts.telegram.render import render
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Place, place_of
from bot.knowledge.wordings import OperatorWordings
from bot.storage.cases import Case, Cases, Relay

_LOG = logging.getLogger(__name__)
_TRIES, _RETRY = 5, 0.5  # seconds between them
_GONE = re.compile(r"message to copy not found|MESSAGE_ID_INVALID", re.IGNORECASE)
_NOBODY = re.compile(r"chat not found", re.IGNORECASE)


class Blocked(Exception):  # noqa: N818 - it says what the person did
    """Report that the person can't be written to any more."""


@dataclass(frozen=True, slots=True)
class Relaying:
    """Pass on messages between a person and the operators.

    `words` returns the wordings of a language.
    """

    bot: Bot
    cases: Cases
    office: Office
    sender: Sender
    words: Callable[[str], OperatorWordings]

    async def from_person(self, case: Case, message: Message) -> None:
        """Pass a person's message on, once; raises TelegramError and OutOfReach."""
        before = await self.cases.of_person(case.number, message.message_id)
        if before and (not message.edit_date or message.location):
            return
        seen = case.seen
        if before and seen and await self._revised(seen.chat, before.operator_message, message):
            return
        quote = before.operator_message if before else await self._seen_reply(case, message)
        try:
            case, copied = await self.office.copy(case, message, quote)
        except BadRequest as error:
            await self._refused(message, case.language, error)
            return
        relay = Relay(case.number, copied, message.message_id, by_person=True)
        await self._keep(relay)

    async def from_operator(self, case: Case, message: Message) -> None:
        """Pass an operator's message on, once; raises TelegramError and Blocked."""
        if case.closed or case.chat is None:
            await self.office.say(case, note(self.office.words.over, case), message.message_id)
            return
        before = await self.cases.of_operators(case.number, message.message_id)
        if before and (not message.edit_date or message.location):
            return
        text = message.text or message.caption
        if before and await self._revised(case.chat, before.person_message, message):
            person_message = before.person_message
            await self.cases.reword(
                Relay(case.number, message.message_id, person_message, by_person=False, text=text)
            )
            return
        try:
            copied = await self._to_person(case, case.chat, message)
        except BadRequest as error:
            await self._refused(message, None, error)
            return
        await self._keep(Relay(case.number, message.message_id, copied, by_person=False, text=text))

    async def _keep(self, relay: Relay) -> None:
        """Remember what was passed on, if that works soon: passing it on again helps nobody."""
        for tries_left in reversed(range(_TRIES)):
            try:
                await self.cases.relay(relay)
            except StorageError as error:
                if not tries_left:
                    _LOG.error("A message is passed on, but not kept: %s", error)
            else:
                return
            await asyncio.sleep(_RETRY)

    async def _to_person(self, case: Case, chat: int, message: Message) -> int:
        """Copy a message to the person, the first one after saying who speaks now."""
        earlier = message.reply_to_message
        known = await self.cases.of_operators(case.number, earlier.message_id) if earlier else None
        try:
            if case.answered is None:
                joined = self.words(case.language).joined
                await self.sender.send(Place(chat), Screen(render(joined)))
            copied = await self.bot.copy_message(
                *(chat, message.chat.id, message.message_id),
                reply_parameters=replying_to(known.person_message if known else None),
            )
        except Forbidden as error:
            raise Blocked from error
        except BadRequest as error:
            if _NOBODY.search(error.message):
                raise Blocked from error
            raise
        return copied.message_id

    async def _seen_reply(self, case: Case, message: Message) -> int | None:
        """Return what operators see of the message that a person replies to, or None."""
        earlier = message.reply_to_message
        known = await self.cases.of_person(case.number, earlier.message_id) if earlier else None
        return known.operator_message if known else None

    async def _revised(self, chat: int, copy: int, message: Message) -> bool:
        """Give a copy the text of its edited original; False if that takes another copy."""
        try:
            if message.text is not None:
                await self.bot.edit_message_text(
                    message.text, chat, copy, entities=message.entities
                )
            elif message.caption is not None:
                await self.bot.edit_message_caption(
                    *(chat, copy),
                    caption=message.caption,
                    caption_entities=message.caption_entities,
                )
            else:
                return False
        except BadRequest as error:
            # Where the caption is the same, what it describes is another thing now.
            return "not modified" in error.message.lower() and message.text is not None
        except Forbidden:
            return False
        return True

    async def _refused(self, message: Message, language: str | None, error: BadRequest) -> None:
        """Tell whoever sent a message that it can't be copied, unless it is gone."""
        if _GONE.search(error.message):
            return
        words = self.words(language) if language else self.office.words
        place = place_of(message)
        await self.sender.send(place, Screen(render(words.not_passed_on)))
