"""Reactions to answers: a thumb up or down is the vote of the buttons, without a reply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from telegram import MessageReactionUpdated, ReactionType, ReactionTypeEmoji
from telegram.constants import ReactionEmoji

from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.verdicts import Done
from bot.fronts.telegram.votes import cast_vote, take_back_vote
from bot.storage.store import Feedback, Memory, Vote

_VOTES: dict[str, Vote] = {
    ReactionEmoji.THUMBS_UP.value: "helpful",
    ReactionEmoji.THUMBS_DOWN.value: "not_helpful",
}
_NOTHING = Done("reaction", replied=False)


class Reactions:
    """Count the reactions to the bot's answers.

    Of several thumbs the last one counts. Taking the thumb away takes the vote back, also one that
    was cast with a button since. Whoever writes as a group or channel votes as that.
    """

    def __init__(
        self,
        conversation: Conversation,
        exchanges: Exchanges,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._conversation = conversation
        self._exchanges = exchanges
        self._clock = clock

    async def count(self, reaction: MessageReactionUpdated) -> Done:
        """Return what is to be kept of a change of reactions."""
        before, after = _vote(reaction.old_reaction), _vote(reaction.new_reaction)
        if before == after:
            return _NOTHING
        return Done("reaction", await self._memories(reaction, after), replied=False)

    async def _memories(
        self, reaction: MessageReactionUpdated, vote: Vote | None
    ) -> tuple[Memory, ...]:
        """Return a vote on one of the bot's answers; nothing for any other message."""
        voter = reaction.user or reaction.actor_chat
        exchange = await self._exchanges.of(reaction.chat.id, reaction.message_id)
        if voter is None or exchange is None or not exchange.entries:
            return ()
        if vote is None:
            return take_back_vote(voter.id, exchange)
        cast = (exchange.chat, exchange.answer, voter.id, exchange.entries[0], vote, self._clock())
        tag = reaction.user.language_code if reaction.user else None
        return cast_vote(Feedback(*cast), exchange, self._conversation.language(tag))


def _vote(reactions: Sequence[ReactionType]) -> Vote | None:
    votes = [
        _VOTES[each.emoji]
        for each in reactions
        if isinstance(each, ReactionTypeEmoji) and each.emoji in _VOTES
    ]
    return votes[-1] if votes else None
