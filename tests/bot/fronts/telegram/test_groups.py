"""Groups, forums and many chats at once, over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.bot.fronts.telegram.running import Majlis, logged
from tests.botapi import (
    Person,
)


async def test_group_question_is_quoted(majlis: Majlis, ada: Person) -> None:
    """In a group a mention is answered, quoting the question; other talk isn't."""
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("oak?", chat=group)
    question = await ada.says("@majlis_bot oak?", chat=group)
    answer = await ada.hears(chat=group)
    assert answer.reply_to == question.id
    assert len(majlis.conversation.heard) == 1
    follow_up = await ada.says("pine?", chat=group, reply_to=answer)
    assert (await ada.hears(chat=group)).reply_to == follow_up.id


async def test_forum_topic_is_kept(majlis: Majlis, ada: Person) -> None:
    """In a forum the answer and what its buttons bring stay in the topic."""
    forum = majlis.server.group("Forum", members=[ada], admins=[ada], forum=True)
    topic = forum.topic("Oaks")
    await ada.says("@majlis_bot oak?", chat=forum, thread=topic)
    answer = await ada.hears(chat=forum, thread=topic)
    assert answer.thread == topic.id
    await ada.presses(answer.button("What is pine?"))
    assert (await ada.hears(chat=forum)).thread == topic.id


async def test_upgraded_group_is_answered_in_its_new_chat(majlis: Majlis, ada: Person) -> None:
    """A reply to a group that was upgraded meanwhile goes to the supergroup."""
    group = majlis.server.group("Trees", members=[ada], admins=[ada])
    majlis.conversation.gate = asyncio.Event()
    await ada.says("@majlis_bot oak?", chat=group)
    await majlis.server.called("sendChatAction")
    upgraded = group.migrates()
    majlis.conversation.gate.set()
    assert (await ada.hears(chat=upgraded)).text == "Oak is a thing."


async def test_an_upgraded_group_stays_allowed(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Its new id isn't in the settings yet, which the log says; other groups stay unanswered."""
    group = idle.server.group("Trees", members=[ada], admins=[ada])
    other = idle.server.group("Others", members=[ada], supergroup=True)
    idle.settings = replace(idle.settings, allowed_chats=frozenset({group.id}))
    idle.start()
    upgraded = group.migrates()
    await ada.says("@majlis_bot pine?", chat=other)
    await ada.says("@majlis_bot oak?", chat=upgraded)
    assert (await ada.hears(chat=upgraded)).text == "Oak is a thing."
    assert logged(log, f"MAJLIS_ALLOWED_CHATS={upgraded.id}") == 1
    assert not ada.unheard(chat=other)
    await idle.end()


async def test_chats_are_served_side_by_side(majlis: Majlis, ada: Person) -> None:
    """A slow reply holds up its own chat only, in which the order is kept."""
    bob = majlis.server.person("Bob")
    majlis.conversation.gate = gate = asyncio.Event()
    await ada.says("oak?")
    await ada.says("pine?")
    await majlis.server.called("sendChatAction")
    majlis.conversation.gate = None
    await bob.says("birch?")
    assert (await bob.hears()).text == "Birch is a thing."
    assert not ada.unheard()
    gate.set()
    assert [(await ada.hears()).text for _ in range(2)] == ["Oak is a thing.", "Pine is a thing."]


async def test_busy_chat_holds_up_no_other(idle: Majlis, ada: Person) -> None:
    """However many messages wait for their turn in one chat, another is answered at once."""
    idle.pace = replace(idle.pace, patience=0.05)
    idle.conversation.gate = asyncio.Event()
    idle.start()
    for number in range(300):
        await ada.says(f"oak {number}?")
    await idle.server.watch.until(lambda: idle.conversation.heard or None, "the first question")
    idle.conversation.gate = None
    bob = idle.server.person("Bob")
    await bob.says("birch?")
    assert (await bob.hears()).text == "Birch is a thing."
    assert not ada.unheard()
    await idle.end()
