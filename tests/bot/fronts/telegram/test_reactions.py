"""Reactions to the bot's answers, over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bot.fronts.telegram.running import Majlis
from tests.botapi import Message, Person

UP, DOWN, HEART = "👍", "👎", "❤"


async def _settled(majlis: Majlis, ada: Person) -> list[str]:
    """Return the votes that are kept once all that came has been handled."""
    await ada.says("birch?")
    await ada.hears()
    await majlis.end()
    return [each.vote for each in majlis.store.feedback.values()]


async def _answer(person: Person) -> Message:
    await person.says("oak?")
    return await person.hears()


@pytest.mark.parametrize(
    ("reactions", "votes", "missed"),
    [
        ([[UP]], ["helpful"], []),
        ([[DOWN]], ["not_helpful"], ["oak?"]),
        ([[DOWN], [UP]], ["helpful"], []),
        ([[UP], [DOWN]], ["not_helpful"], ["oak?"]),
        ([[UP, DOWN]], ["not_helpful"], ["oak?"]),
        ([[DOWN], [DOWN, HEART]], ["not_helpful"], ["oak?"]),
        ([[UP], []], [], []),
        ([[DOWN], [HEART]], [], []),
        ([[DOWN], [], [DOWN]], ["not_helpful"], ["oak?"]),
        ([[HEART], []], [], []),
    ],
)
async def test_thumbs_are_votes(
    majlis: Majlis, ada: Person, reactions: list[list[str]], votes: list[str], missed: list[str]
) -> None:
    """The last thumb counts, taking it away takes the vote back, other reactions say nothing."""
    answer = await _answer(ada)
    for emoji in reactions:
        await ada.reacts(answer, *emoji)
    assert await _settled(majlis, ada) == votes
    assert [each.text for each in majlis.store.misses] == missed


async def test_reactions_get_no_reply(majlis: Majlis, ada: Person) -> None:
    """The vote is kept with its entry and message, and nothing is said."""
    answer = await _answer(ada)
    await ada.reacts(answer, UP)
    await _settled(majlis, ada)
    [vote] = majlis.store.feedback.values()
    assert (vote.chat, vote.message, vote.user) == (ada.id, answer.id, ada.id)
    assert vote.entry == "oak"
    assert len(majlis.server.calls_of("sendMessage")) == 2


async def test_only_answers_can_be_voted_on(majlis: Majlis, ada: Person) -> None:
    """A thumb for a question, a suggestion or a fallback isn't a vote."""
    question = await ada.says("oak?")
    await ada.hears()
    await ada.reacts(question, DOWN)
    for text in ("oak or pine", "nothing"):
        await ada.says(text)
        await ada.reacts(await ada.hears(), DOWN)
    assert await _settled(majlis, ada) == []


async def test_button_and_reaction_are_one_vote(majlis: Majlis, ada: Person) -> None:
    """Whichever comes last counts."""
    answer = await _answer(ada)
    await (await ada.presses(answer.button("<helpful>"))).answer()
    await ada.reacts(answer, DOWN)
    assert await _settled(majlis, ada) == ["not_helpful"]


async def test_everybody_in_a_group_has_a_vote(majlis: Majlis, ada: Person) -> None:
    """Reactions are counted by who reacts, not by who asked."""
    bob = majlis.server.person("Bob")
    group = majlis.server.group("Trees", members=[ada, bob])
    await ada.says("@majlis_bot oak?", chat=group)
    answer = await ada.hears(chat=group)
    await ada.reacts(answer, UP)
    await bob.reacts(answer, DOWN)
    await bob.says("@majlis_bot pine?", chat=group)
    await bob.hears(chat=group)
    assert sorted(await _settled(majlis, ada)) == ["helpful", "not_helpful"]


async def test_whoever_hides_behind_a_channel_votes_as_it(majlis: Majlis, ada: Person) -> None:
    """An anonymous admin's reaction names a chat instead of a person."""
    answer = await _answer(ada)
    changed = {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": UP}]}
    about = {"chat": ada.home.chat.json(), "message_id": answer.id, "date": 1}
    channel = {"id": -100123, "type": "channel", "title": "News"}
    majlis.server.push({"message_reaction": about | changed | {"actor_chat": channel}})
    majlis.server.push({"message_reaction": about | changed})
    odd = [{"type": "paid"}, {"type": "custom_emoji", "custom_emoji_id": "1"}, {"type": "new"}]
    majlis.server.push({"message_reaction": about | {"old_reaction": odd, "new_reaction": odd}})
    majlis.server.push({"message_reaction": about | {"old_reaction": 1, "new_reaction": [2]}})
    assert await _settled(majlis, ada) == ["helpful"]
    [vote] = majlis.store.feedback.values()
    assert vote.user == -100123


async def test_too_many_reactions_are_passed_over(idle: Majlis, ada: Person) -> None:
    """They count for the limit of presses: the fourth and what follows change nothing."""
    idle.settings = replace(idle.settings, user_limit=3)
    idle.start()
    answer = await _answer(ada)
    for emoji in (DOWN, UP, DOWN, UP):
        await ada.reacts(answer, emoji)
    assert await _settled(idle, ada) == ["not_helpful"]
