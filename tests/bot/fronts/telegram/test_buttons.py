"""Buttons, over HTTP: every press does its work and is answered."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from bot.conversation.messages import Choice, Dismissal
from bot.knowledge.entry import Topic
from bot.knowledge.wordings import ButtonWordings
from tests.bot.fronts.telegram.running import ANSWERED, MANY, Majlis, labels
from tests.botapi import (
    Button,
    Person,
)
from tests.fakes import make_entry, make_knowledge, make_wordings

_GERMAN = {name: f"<<{name}>>" for name in ButtonWordings.model_fields}
BILINGUAL = replace(
    make_knowledge(
        (make_entry("oak"), make_entry("oak", language="de", question="Was ist oak?")),
        wordings={
            "en": make_wordings(),
            "de": make_wordings(
                source="Aus {title}:", thanks_helpful="Danke", stale_button="Alt"
            ).model_copy(update={"buttons": ButtonWordings(**_GERMAN)}),
        },
    ),
    topics=(Topic("trees", "en", "Trees"), Topic("trees", "de", "Bäume")),
)


async def test_related_question_is_answered_below(majlis: Majlis, ada: Person) -> None:
    """A related question keeps the answer and sends the next one."""
    await ada.says("oak?")
    press = await ada.presses((await ada.hears()).button("What is pine?"))
    assert (await ada.hears()).text == "Pine is a thing."
    assert (await press.answer()).text == ""
    assert majlis.conversation.heard[-1] == Choice(ada.id, ada.id, "pine", "en")


async def test_source_is_shown_below_the_answer(majlis: Majlis, ada: Person) -> None:
    """Source replies to the answer with the document and the paragraph."""
    await ada.says("oak?")
    answer = await ada.hears()
    press = await ada.presses(answer.button("<source>"))
    source = await ada.hears()
    assert source.text == "From Trees_and *stars*, paragraph 1:\n\nOaks grow _slowly_."
    assert source.reply_to == answer.id
    assert (await press.answer()).text == ""


async def test_votes_are_stored_and_changed(majlis: Majlis, ada: Person) -> None:
    """A vote is thanked for, and a second press changes it."""
    await ada.says("oak?")
    answer = await ada.hears()
    press = await ada.presses(answer.button("<helpful>"))
    assert (await press.answer()).text == "(thanks helpful)"
    press = await ada.presses(answer.button("<not_helpful>"))
    assert (await press.answer()).text == "(thanks not helpful)"
    await majlis.end()
    [vote] = majlis.store.feedback.values()
    assert (vote.message, vote.entry, vote.vote) == (answer.id, "oak", "not_helpful")


async def test_suggestion_turns_into_the_answer(majlis: Majlis, ada: Person) -> None:
    """Picking a suggestion edits the list into the answer, also in what replies point at."""
    question = await ada.says("oak or pine")
    offered = await ada.hears()
    assert labels(offered) == ["What is oak?", "What is pine?", "<none_of_these>"]
    press = await ada.presses(offered.button("What is pine?"))
    answer = await ada.sees_edit(offered)
    assert answer.text == "Pine is a thing."
    assert labels(answer) == ANSWERED
    await press.answer()
    await majlis.end()
    exchange = await majlis.store.answer_to(ada.id, question.id)
    assert exchange
    assert exchange.entries == ("pine",)


async def test_long_suggestions_are_picked_by_their_numbers(majlis: Majlis, ada: Person) -> None:
    """What a phone would cut stands in the text, and a number turns it into the answer."""
    long = "What would you say if somebody asked what a pine is?"
    majlis.conversation.knowledge = make_knowledge(
        (make_entry("oak"), make_entry("pine", question=long))
    )
    await ada.says("oak or pine")
    offered = await ada.hears()
    assert offered.text == f"Did you mean?\n\n1. What is oak?\n2. {long}"
    assert labels(offered) == ["1. What is oak?", f"2. {long}", "<none_of_these>"]
    press = await ada.presses(offered.buttons[1])
    assert (await ada.sees_edit(offered)).text == "Pine is a thing."
    await press.answer()


async def test_none_of_these_turns_into_the_topics(majlis: Majlis, ada: Person) -> None:
    """None of these edits the suggestions into the fallback with topics."""
    await ada.says("oak or pine")
    offered = await ada.hears()
    press = await ada.presses(offered.button("<none_of_these>"))
    fallback = await ada.sees_edit(offered)
    assert fallback.text == "Sorry, none."
    assert labels(fallback) == ["Trees", "Elms"]
    await press.answer()
    assert majlis.conversation.heard[-1] == Dismissal(ada.id, ada.id, "en", "oak or pine")


@pytest.mark.parametrize(
    ("votes", "missed"),
    [("nn", [("oak?", "not_helpful")]), ("nh", []), ("hn", [("oak?", "not_helpful")])],
)
async def test_an_unhelpful_answer_counts_as_missed(
    majlis: Majlis, ada: Person, votes: str, missed: list[tuple[str, str]]
) -> None:
    """What was asked is kept as missed once, until the person thinks better of it."""
    await ada.says("oak?")
    answer = await ada.hears()
    for vote in votes:
        button = answer.button("<helpful>" if vote == "h" else "<not_helpful>")
        await (await ada.presses(button)).answer()
    await majlis.end()
    assert [(each.text, each.cause) for each in majlis.store.misses] == missed


async def test_topics_are_browsed_in_one_message(majlis: Majlis, ada: Person) -> None:
    """Topics, their pages and the way back all edit the same message."""
    await ada.says("/topics")
    shown = await ada.hears()
    for press, text, first in (
        ("Elms", "About Elms:", "What is elm0?"),
        ("<next>", "About Elms:", "What is elm8?"),
        ("<previous>", "About Elms:", "What is elm0?"),
        ("<back>", "(topics)", "Trees"),
    ):
        handle = await ada.presses(shown.button(press))
        shown = await ada.sees_edit(shown)
        assert (shown.text, labels(shown)[0]) == (text, first)
        assert (await handle.answer()).text == ""
    assert not ada.unheard()


async def test_pressing_twice_is_no_error(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A second press that changes nothing is answered and not logged as trouble."""
    await ada.says("/topics")
    shown = await ada.hears()
    first, second = await ada.presses(shown.button("Elms")), await ada.presses(shown.button("Elms"))
    await first.answer()
    assert (await second.answer()).text == ""
    assert not [record for record in log.records if record.levelno >= logging.ERROR]


async def test_long_ids_work_through_buttons(majlis: Majlis, ada: Person) -> None:
    """An entry whose id doesn't fit into a button is found all the same."""
    name = MANY.entries[-1].id
    await ada.says("/topics")
    shown = await ada.hears()
    await ada.presses(shown.button("Trees"))
    shown = await ada.sees_edit(shown)
    await ada.presses(shown.button("What is very-long-name-very-long-name-very-long-name-very-l…"))
    await ada.hears()
    assert majlis.conversation.heard[-1] == Choice(ada.id, ada.id, name, "en")


@pytest.mark.parametrize("data", ["1p:gone", "0:old", "1s:gone", "1t:gone"])
async def test_stale_button_is_answered_politely(majlis: Majlis, ada: Person, data: str) -> None:
    """A button of an older version or of a removed entry says that it is stale."""
    await ada.says("oak?")
    answer = await ada.hears()
    press = await ada.presses(Button("old", {"text": "old", "callback_data": data}, answer))
    assert (await press.answer()).text == "(stale button)"


async def test_expired_press_is_no_error(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A press too old to be answered still does its work, and nothing else breaks."""
    await ada.says("oak?")
    answer = await ada.hears()
    press = await ada.presses(answer.button("<helpful>"))
    press.expire()
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    assert len(majlis.store.feedback) == 1
    assert not [record for record in log.records if record.levelno >= logging.ERROR]


async def test_button_under_a_gone_message_is_answered_anew(majlis: Majlis, ada: Person) -> None:
    """Where the message can't be changed or isn't told any more, the reply is a new one."""
    await ada.says("oak or pine")
    offered = await ada.hears()
    del ada.home.chat.messages[offered.id]
    press = await ada.presses(offered.button("What is pine?"))
    assert (await ada.hears()).text == "Pine is a thing."
    assert (await press.answer()).text == ""


async def test_button_in_a_chat_of_others_is_stale(majlis: Majlis, ada: Person) -> None:
    """A button under a message sent through inline mode, in a chat unknown, is stale."""
    query = {"id": "0", "from": ada.user.json(), "chat_instance": "i", "data": "1p:oak"}
    majlis.server.push({"callback_query": query | {"inline_message_id": "m"}})
    call = await majlis.server.called("answerCallbackQuery")
    assert call.parameters["text"] == "(stale button)"


async def test_two_questions_have_two_sources(majlis: Majlis, ada: Person) -> None:
    """An answer to two questions has a Source for each."""
    await ada.says("oak and pine ?")
    answer = await ada.hears()
    assert labels(answer)[1:] == ["<source> 1", "<source> 2", "<helpful>", "<not_helpful>"]
    press = await ada.presses(answer.button("<source> 2"))
    assert (await ada.hears()).reply_to == answer.id
    await press.answer()


async def test_topic_of_another_language_is_stale(majlis: Majlis, ada: Person) -> None:
    """A topic that this person's language doesn't have is a stale button."""
    elms = make_entry("ulme", topic="elms", language="de")
    new = make_knowledge((make_entry("oak"), elms))
    await ada.says("/topics")
    shown = await ada.hears()
    majlis.conversation.knowledge = replace(
        new, topics=(Topic("trees", "en", "Trees"), Topic("elms", "de", "Ulmen"))
    )
    press = await ada.presses(shown.button("Elms"))
    assert (await press.answer()).text == "(stale button)"


async def test_buttons_keep_to_the_language_of_their_message(majlis: Majlis) -> None:
    """Source, notices and pages come in the language of the message, not of the person's app."""
    majlis.conversation.knowledge = BILINGUAL
    uwe = majlis.server.person("Uwe", language="de")
    await uwe.says("oak?")
    offered = await uwe.hears()
    await uwe.presses(offered.button("What is oak?"))
    answer = await uwe.sees_edit(offered)
    assert majlis.conversation.heard[-1] == Choice(uwe.id, uwe.id, "oak", "en", "oak?")
    assert labels(answer) == ANSWERED
    press = await uwe.presses(answer.button("<helpful>"))
    assert (await press.answer()).text == "(thanks helpful)"
    await uwe.presses(answer.button("<source>"))
    assert (await uwe.hears()).text.startswith("From Trees")
    press = await uwe.presses(replace(answer.button("<source>"), raw={"callback_data": "0:old"}))
    assert (await press.answer()).text == "(stale button)"


async def test_buttons_of_another_person_keep_their_language(majlis: Majlis, ada: Person) -> None:
    """A list that somebody opened in German in a group stays German, whoever leafs through it."""
    majlis.conversation.knowledge = BILINGUAL
    uwe = majlis.server.person("Uwe", language="de")
    group = majlis.server.group("Trees", members=[ada, uwe])
    await uwe.says("/topics@majlis_bot", chat=group)
    shown = await ada.hears(chat=group)
    assert labels(shown) == ["Bäume"]
    await ada.presses(shown.button("Bäume"))
    shown = await ada.sees_edit(shown)
    assert labels(shown) == ["Was ist oak?", "<<back>>"]
    await ada.presses(shown.button("Was ist oak?"))
    await ada.hears(chat=group)
    assert majlis.conversation.heard == [Choice(group.id, ada.id, "oak", "de")]
