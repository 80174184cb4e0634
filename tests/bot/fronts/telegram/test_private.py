"""Private chats, over HTTP: commands, questions, edits, replies, other content."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.messages import Utterance
from tests.bot.fronts.telegram.running import ANSWERED, Majlis, labels
from tests.botapi import Person, ServerError


async def test_start_welcomes_with_topics(majlis: Majlis, ada: Person) -> None:
    """/start shows the welcome and the topics as buttons."""
    await ada.starts()
    welcome = await ada.hears()
    assert welcome.text == "(start)"
    assert labels(welcome) == ["Trees", "Elms"]


async def test_start_link_answers(majlis: Majlis, ada: Person) -> None:
    """A link with an entry's id answers it at once; with anything else it welcomes."""
    await ada.starts("oak")
    assert (await ada.hears()).text == "Oak is a thing."
    await ada.starts("nothing")
    assert (await ada.hears()).text == "(start)"


@pytest.mark.parametrize("command", ["help", "about", "topics"])
async def test_still_commands(majlis: Majlis, command: str) -> None:
    """/help, /about and /topics say their wordings."""
    bob = majlis.server.person("Bob")
    await bob.says(f"/{command}")
    assert (await bob.hears()).text == f"({command})"


async def test_question_is_answered_with_buttons(majlis: Majlis, ada: Person) -> None:
    """An answer is formatted, quotes nothing in private, and has its buttons."""
    question = await ada.says("tell me of oak")
    answer = await ada.hears()
    assert answer.text == "Oak is a thing."
    assert answer.marked("bold") == ["Oak"]
    assert answer.reply_to is None
    assert labels(answer) == ["What is pine?", *ANSWERED]
    assert majlis.conversation.heard == [Utterance(ada.id, ada.id, "tell me of oak", "en")]
    await majlis.end()
    exchange = await majlis.store.answer_to(ada.id, question.id)
    assert exchange
    assert (exchange.answer, exchange.entries) == (answer.id, ("oak",))


async def test_links_have_no_preview(majlis: Majlis, ada: Person) -> None:
    """Answers never come with a preview of a link."""
    await ada.says("oak?")
    await ada.hears()
    call = majlis.server.calls_of("sendMessage")[0]
    assert call.parameters["link_preview_options"] == {"is_disabled": True}


async def test_free_text_while_suggestions_are_on_screen(majlis: Majlis, ada: Person) -> None:
    """Typing on instead of pressing is answered like any message."""
    await ada.says("oak or pine")
    await ada.hears()
    await ada.says("birch")
    assert (await ada.hears()).text == "Birch is a thing."


async def test_edited_question_edits_its_answer(majlis: Majlis, ada: Person) -> None:
    """Editing a question edits the answer instead of sending another."""
    question = await ada.says("oak?")
    answer = await ada.hears()
    await ada.edits(question, "pine?")
    edited = await ada.sees_edit(answer)
    assert edited.text == "Pine is a thing."
    assert not ada.unheard()
    await majlis.end()
    exchange = await majlis.store.exchange_of(ada.id, answer.id)
    assert exchange
    assert exchange.entries == ("pine",)


async def test_edit_of_a_question_whose_answer_is_gone(majlis: Majlis, ada: Person) -> None:
    """If the answer was deleted, the edited question is answered anew."""
    question = await ada.says("oak?")
    answer = await ada.hears()
    del ada.home.chat.messages[answer.id]
    await ada.edits(question, "pine?")
    assert (await ada.hears()).text == "Pine is a thing."


async def test_edit_that_changes_nothing(majlis: Majlis, ada: Person) -> None:
    """An edit with the same answer leaves the message and sends none."""
    question = await ada.says("oak?")
    await ada.hears()
    await ada.edits(question, "oak!!! oak?")
    await ada.says("birch?")
    assert (await ada.hears()).text == "Birch is a thing."


async def test_reply_to_an_answer_names_its_entry(majlis: Majlis, ada: Person) -> None:
    """A reply to an answer tells the conversation which entry it is about."""
    await ada.says("oak?")
    oak = await ada.hears()
    await ada.says("pine?")
    await ada.hears()
    await ada.says("why?", reply_to=oak)
    await ada.hears()
    assert majlis.conversation.heard[-1] == Utterance(ada.id, ada.id, "why?", "en", "oak")


async def test_unsupported_content(majlis: Majlis, ada: Person) -> None:
    """A sticker is answered with what the bot can read; a caption counts as a text."""
    await ada.sends_sticker()
    assert (await ada.hears()).text == "(unsupported)"
    await ada.sends_photo("an oak ?")
    assert (await ada.hears()).text == "Oak is a thing."


async def test_album_is_answered_once(majlis: Majlis, ada: Person) -> None:
    """Ten photos sent together get one reply."""
    for _ in range(3):
        size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
        await ada.sends({"photo": [size], "media_group_id": "album"})
    await ada.hears()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."


async def test_album_whose_reply_was_refused_gets_it_later(majlis: Majlis, ada: Person) -> None:
    """The photo that is to be answered is answered, though the album is known by then."""
    size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
    majlis.server.fail("sendMessage", ServerError(502))
    for _ in range(2):
        await ada.sends({"photo": [size], "media_group_id": "album"})
    await ada.hears()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."


async def test_typing_is_shown_when_it_takes_long(majlis: Majlis, ada: Person) -> None:
    """Only a reply that takes its time is announced."""
    await ada.says("oak?")
    await ada.hears()
    assert not majlis.server.calls_of("sendChatAction")
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    call = await majlis.server.called("sendChatAction")
    assert call.parameters["action"] == "typing"
    majlis.conversation.gate.set()
    await ada.hears()
