"""One reply to what a person types in several messages, one right after the other.

The journal gives the first update of a chat, and nobody gets another of it before that one is done:
what waits behind it can be read without a race. A reply to several messages marks all of them as
done in the transaction that keeps what follows from it. Until then all stay open, so that whatever
dies loses none; nothing else is answered twice than what any reply may be (ARCHITECTURE.md).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from telegram import Bot, Message, Update

from bot.conversation.bursts import is_better, is_fragment, is_open, join
from bot.conversation.messages import Turn, Utterance
from bot.errors import StorageError
from bot.fronts.telegram.forms import is_well_formed
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.translate import is_in_group, read
from bot.logs import Trouble
from bot.storage.journal import Claimed, Journal

_LOG = logging.getLogger(__name__)
_MOST = 4  # messages behind the first
_GAP = dt.timedelta(seconds=3)  # between the seconds that Telegram gives: 2 to 4 in truth
_ILL_FORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Burst:
    """Hold what was asked in one message or several, and the turn that replies to the whole.

    `message` is the last of them, `also` the numbers of the updates behind the first.
    """

    message: Message
    asked: Utterance
    turn: Turn
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    message: Message
    text: str
    taken: float


class Bursts:
    """Look behind a message that can't be answered, and reply to the whole if that is better.

    `patience` is how long in seconds a last message that looks unfinished has to be there before
    the reply, so that the person can go on typing; answers and whole questions wait for nothing.
    """

    def __init__(
        self,
        bot: Bot,
        journal: Journal,
        conversation: Conversation,
        clock: Callable[[], dt.datetime],
        patience: float,
    ) -> None:
        self._bot = bot
        self._journal = journal
        self._conversation = conversation
        self._clock = clock
        self._patience = patience
        self._trouble = Trouble(_LOG)

    async def whole(self, burst: Burst, number: int, taken: float) -> Burst:
        """Return the longest burst that is better answered as a whole, or the message alone.

        `number` is that of its update, which was taken at an instant (in seconds).
        """
        if not is_open(burst.turn.reply) or not _may_begin(burst.message):
            return burst
        parts = await self._behind(_Part(number, burst.message, burst.asked.text, taken))
        texts = [part.text for part in parts]
        alone = [burst.turn.reply] + [
            (await self._conversation.turn(replace(burst.asked, text=text))).reply
            for text in texts[1:]
        ]
        for count in range(len(parts), 1, -1):
            asked = replace(burst.asked, text=join(texts[:count]))
            turn = await self._conversation.turn(asked)
            if is_better(turn.reply, alone[:count]):
                also = tuple(part.number for part in parts[1:count])
                return Burst(parts[count - 1].message, asked, turn, also)
        return burst

    async def _behind(self, first: _Part) -> list[_Part]:
        """Return a message and what goes on from it, once nothing more is to be expected."""
        while True:
            waiting = await self._following(first.number)
            parts = self._parts(first, waiting)
            patience = self._patience if is_fragment(parts[-1].text) else 0.0
            pause = parts[-1].taken + patience - self._clock().timestamp()
            is_over = len(parts) <= len(waiting) or len(waiting) == _MOST
            if is_over or pause <= 0:
                return parts
            await asyncio.sleep(pause)

    async def _following(self, number: int) -> tuple[Claimed, ...]:
        try:
            found = await self._journal.following(number, _MOST)
        except StorageError as error:
            self._trouble.log(
                logging.WARNING, "What a person went on to type can't be looked up: %s", error
            )
            return ()
        self._trouble.over("What a person went on to type can be looked up again.")
        return found

    def _parts(self, first: _Part, waiting: Sequence[Claimed]) -> list[_Part]:
        parts = [first]
        for part in map(self._part, waiting):
            if part is None or not _goes_on(parts[-1].message, part.message):
                break
            parts.append(part)
        return parts

    def _part(self, claimed: Claimed) -> _Part | None:
        """Return an update that may go on from another message: a text without a command."""
        try:
            if not is_well_formed(claimed.content):
                return None
            message = Update.de_json(dict(claimed.content), self._bot).message
            said = read(message, self._bot.bot) if message else None
        except _ILL_FORMED:
            return None
        if message is None or not isinstance(said, Utterance) or not _may_begin(message):
            return None
        return _Part(claimed.number, message, said.text, claimed.taken.timestamp())


def _may_begin(message: Message) -> bool:
    """Return whether a message is a new one of a person's own words, in a private chat."""
    whose = message.forward_origin is None and message.via_bot is None
    is_new = message.edit_date is None and message.text is not None
    return whose and is_new and not is_in_group(message)


def _goes_on(before: Message, after: Message) -> bool:
    """Return whether a message came right after another in one place, and replies to nothing."""
    earlier = after.reply_to_message  # in a topic, that which began the topic
    replies = earlier is not None and earlier.forum_topic_created is None
    same = before.message_thread_id == after.message_thread_id
    return same and not replies and after.date - before.date <= _GAP
