"""Guest mode, over HTTP: the bot is called into chats that it isn't in."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

from bot.conversation.messages import Incoming, Turn
from bot.storage.store import Miss, Session
from tests.bot.fronts.telegram.running import MANY, Majlis, labels
from tests.bot.fronts.telegram.test_sharing import GROVE, PARAGRAPH
from tests.botapi import Dropped, Garbage, Person
from tests.fakes import FakeConversation, make_entry, make_knowledge


class _Mindful(FakeConversation):
    """Have something kept of each turn."""

    async def turn(self, incoming: Incoming) -> Turn:
        turn = await super().turn(incoming)
        chat, user = incoming.chat, incoming.user
        missed = Miss(user, "x", "en", (), dt.datetime.now(dt.UTC))
        return replace(turn, memories=(Session(chat, user, "en"), missed))


async def test_guest_answers_with_its_markup(majlis: Majlis, ada: Person) -> None:
    """Whoever names the bot among other people gets the answer there, without buttons of ours."""
    answer = await ada.summons("@majlis_bot oak?")
    assert (answer.text, answer.marked("bold")) == ("Oak is a thing.", ["Oak"])
    assert not answer.buttons
    assert not majlis.server.calls_of("sendMessage")


async def test_guest_answers_what_is_quoted(majlis: Majlis, ada: Person) -> None:
    """A bare mention under somebody's question answers that question."""
    assert (await ada.summons("@majlis_bot", quoting="pine?")).text == "Pine is a thing."


async def test_guest_gives_the_opening_and_the_way_to_the_rest(majlis: Majlis, ada: Person) -> None:
    """A long answer is short among people, and a link leads to the whole in private."""
    majlis.conversation.knowledge = GROVE
    answer = await ada.summons("@majlis_bot oak?")
    assert answer.text == PARAGRAPH.replace("**", "")
    assert answer.button("<whole_answer>").url == "https://t.me/majlis_bot?start=oak"


async def test_guest_links_to_what_may_be_meant(majlis: Majlis, ada: Person) -> None:
    """Suggestions lead into the private chat, as a press couldn't be answered elsewhere."""
    offered = await ada.summons("@majlis_bot oak pine")
    assert {button.text: button.url for button in offered.buttons} == {
        "What is oak?": "https://t.me/majlis_bot?start=oak",
        "What is pine?": "https://t.me/majlis_bot?start=pine",
    }


async def test_guest_who_does_not_know_says_so(majlis: Majlis, ada: Person) -> None:
    """Where there is no answer, the topics are a tap away."""
    missed = await ada.summons("@majlis_bot weather?")
    assert (missed.text, labels(missed)) == ("Sorry.", ["<topics>"])
    await ada.starts(str(missed.button("<topics>").url).partition("start=")[2])
    assert (await ada.hears()).text == "(start)"


async def test_guest_who_is_only_named_introduces_itself(majlis: Majlis, ada: Person) -> None:
    """A mention without words gets what the bot is."""
    assert (await ada.summons("@majlis_bot")).text == "(about)"


async def test_what_a_guest_hears_leads_nowhere(idle: Majlis, ada: Person) -> None:
    """It goes on with no conversation and begins none, whatever number the chat has."""
    idle.conversation = _Mindful(MANY)
    idle.start()
    await ada.summons("@majlis_bot oak?")
    await idle.end()
    (heard,) = idle.conversation.heard
    assert (heard.chat, heard.user) == (0, ada.id)
    kept = await idle.store.kept_about(ada.id)
    assert (len(kept.sessions), len(kept.misses)) == (0, 1)


async def test_guest_apologises_for_what_broke(majlis: Majlis, ada: Person) -> None:
    """An error inside gives the fallback, there too."""
    majlis.conversation.errors = [RuntimeError("broken")]
    assert (await ada.summons("@majlis_bot oak?")).text == "(fallback)"


async def test_guest_answers_through_an_outage(majlis: Majlis, ada: Person) -> None:
    """What Telegram doesn't take is sent again."""
    majlis.server.fail("answerGuestQuery", Garbage())
    assert (await ada.summons("@majlis_bot oak?")).text == "Oak is a thing."


async def test_guest_keeps_what_it_answered_though_the_connection_broke(
    idle: Majlis, ada: Person
) -> None:
    """An answer that Telegram has is given, though its second call is refused as too late."""
    idle.conversation = _Mindful(MANY)
    idle.server.fail("answerGuestQuery", Dropped(applied=True))
    idle.start()
    assert (await ada.summons("@majlis_bot oak?")).text == "Oak is a thing."
    await idle.server.called("answerGuestQuery", times=2)
    await idle.end()
    assert len((await idle.store.kept_about(ada.id)).misses) == 1
    assert len(idle.server.calls_of("answerGuestQuery")) == 2


async def test_guest_is_silent_to_who_speaks_for_a_channel(majlis: Majlis, ada: Person) -> None:
    """Nobody knows who that is, and one limit would count for all of them."""
    call = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -5, "type": "supergroup", "title": "Trees"},
        "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
        "sender_chat": {"id": -6, "type": "channel", "title": "News"},
        "guest_query_id": "1",
        "text": "@majlis_bot oak?",
    }
    majlis.server.push({"guest_message": call})
    assert (await ada.summons("@majlis_bot oak?")).text == "Oak is a thing."
    await majlis.server.drained()
    assert len(majlis.server.calls_of("answerGuestQuery")) == 1


async def test_guest_numbers_what_is_too_long_for_a_button(majlis: Majlis, ada: Person) -> None:
    """The text lists them in full, as everywhere."""
    long = "What would you say if somebody asked what a pine is?"
    majlis.conversation.knowledge = make_knowledge(
        (make_entry("oak"), make_entry("pine", question=long))
    )
    offered = await ada.summons("@majlis_bot oak pine")
    assert offered.text.endswith(f"1. What is oak?\n2. {long}")
    assert labels(offered) == ["1. What is oak?", f"2. {long}"]


async def test_guest_is_called_only_by_people_who_may(idle: Majlis, ada: Person) -> None:
    """Where only some chats are served, it is the person who counts, not the chat's number."""
    eve = idle.server.person("Eve")
    idle.settings = replace(idle.settings, allowed_chats=frozenset({ada.id}))
    idle.start()
    calling = asyncio.create_task(eve.summons("@majlis_bot oak?"))
    assert (await ada.summons("@majlis_bot oak?")).text == "Oak is a thing."
    await idle.server.drained()
    calling.cancel()
    assert len(idle.server.calls_of("answerGuestQuery")) == 1


async def test_guest_is_silent_to_whoever_calls_too_often(idle: Majlis, ada: Person) -> None:
    """Beyond a person's limit there is no answer."""
    idle.settings = replace(idle.settings, user_limit=1)
    idle.start()
    await ada.summons("@majlis_bot oak?")
    calling = asyncio.create_task(ada.summons("@majlis_bot pine?"))
    bob = idle.server.person("Bob")
    assert (await bob.summons("@majlis_bot oak?")).text == "Oak is a thing."
    await idle.server.drained()
    calling.cancel()
    assert len(idle.server.calls_of("answerGuestQuery")) == 2
