"""Votes on answers, cast with a button or a reaction, and what follows from them."""

from __future__ import annotations

from bot.storage.store import Exchange, Feedback, Memory, Miss, Recanted, Retracted


def cast_vote(vote: Feedback, exchange: Exchange | None, language: str) -> tuple[Memory, ...]:
    """Return what is to be kept of a vote on what an exchange ended with.

    What a person finds unhelpful counts as missed, until they think better of it.
    """
    if exchange is None or not exchange.text:
        return (vote,)
    before = Recanted(vote.user, exchange.text, "not_helpful")
    if vote.vote == "helpful":
        return vote, before
    miss = Miss(vote.user, exchange.text, language, (), vote.at, "not_helpful")
    return vote, before, miss


def take_back_vote(user: int, exchange: Exchange) -> tuple[Memory, ...]:
    """Return what makes it as if a person had never voted on an exchange's answer."""
    vote = Retracted(exchange.chat, exchange.answer, user)
    if not exchange.text:
        return (vote,)
    return vote, Recanted(user, exchange.text, "not_helpful")
