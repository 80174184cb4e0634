"""Tests of which messages are for the bot, and what they say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from telegram import Message, User

from bot.conversation.messages import Utterance
from bot.fronts.telegram.translate import (
    Command,
    Place,
    Unsupported,
    answer_replied_to,
    place_of,
    read,
)
from tests.botapi.text import FormattedText

ME = User(42, "Majlis", is_bot=True, username="MajlisBot")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en-GB"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -5, "type": "supergroup", "title": "Group"}
NOW = int(dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp())


def message(text: str = "", chat: Any = PRIVATE, sender: Any = ADA, **fields: Any) -> Message:
    """Return a message as Telegram sends it, with its mentions and commands marked."""
    raw: dict[str, Any] = {"message_id": 11, "date": NOW, "chat": chat, "from": sender}
    said = FormattedText(text).completed().json() if text else {}
    return Message.de_json(raw | said | fields, None)


def mine(number: int = 9, **fields: Any) -> dict[str, Any]:
    """Return a message of the bot to reply to."""
    sender = {"id": 42, "is_bot": True, "first_name": "Majlis"}
    return {"message_id": number, "date": NOW, "chat": GROUP, "from": sender} | fields


def words(found: object) -> str:
    """Return the text of an utterance."""
    assert isinstance(found, Utterance)
    return found.text


def test_private_text_is_an_utterance() -> None:
    """In a private chat every text is for the bot."""
    expected = Utterance(7, 7, "where is it?", "en-GB")
    assert read(message("where is it?"), ME) == expected


def test_caption_is_the_utterance() -> None:
    """The words under a photo count as words."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert words(read(message(photo=photo, caption="where?"), ME)) == "where?"


def test_private_photo_is_unsupported() -> None:
    """A photo without words is unsupported."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert read(message(photo=photo), ME) == Unsupported("en-GB")


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_title": "x"},
        {"pinned_message": {"message_id": 1, "date": NOW, "chat": PRIVATE}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 5}},
        {"group_chat_created": True},
    ],
)
def test_service_messages_are_passed_over(fields: dict[str, Any]) -> None:
    """What nobody has said isn't answered."""
    assert read(message(**fields), ME) is None


def test_forwarded_text_is_an_utterance() -> None:
    """A forwarded message is read like one's own."""
    origin = {"type": "hidden_user", "date": NOW, "sender_user_name": "Bob"}
    assert words(read(message("where?", forward_origin=origin), ME)) == "where?"


@pytest.mark.parametrize(
    ("text", "name", "argument", "said"),
    [
        ("/start", "start", "", "/start"),
        ("/START isoj-where", "start", "isoj-where", "/START isoj-where"),
        ("/help@majlisbot", "help", "", "/help"),
        ("/topics\nnow", "topics", "now", "/topics now"),
        ("/foo a  b", "foo", "a  b", "/foo a  b"),
    ],
)
def test_commands_are_read(text: str, name: str, argument: str, said: str) -> None:
    """A command has a lower-case name, an argument, and the words without the bot's name."""
    found = read(message(text), ME)
    assert isinstance(found, Command)
    assert (found.name, found.argument, found.utterance.text) == (name, argument, said)


@pytest.mark.parametrize("text", ["/", "/ 5", "a /help", "/help@otherbot"])
def test_what_only_looks_like_a_command_is_an_utterance(text: str) -> None:
    """In a private chat, what isn't a command of this bot is read as words."""
    assert words(read(message(text), ME)) == text


@pytest.mark.parametrize(
    "text", ["where is it?", "@someone where?", "/ban", "/help@otherbot", "mail me@MajlisBot.org"]
)
def test_group_talk_is_left_alone(text: str) -> None:
    """In a group, what doesn't address the bot isn't for it."""
    assert read(message(text, GROUP), ME) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@MajlisBot where is it?", "where is it?"),
        ("@majlisbot, where is it?", "where is it?"),
        ("where is it, @MajlisBot", "where is it"),
        ("😀 hey @MajlisBot where is it?", "😀 hey where is it?"),
        ("@MajlisBot @MajlisBot where?", "where?"),
        ("@MajlisBots and @MajlisBot", "@MajlisBots and"),
    ],
)
def test_mention_is_heard_and_left_out(text: str, said: str) -> None:
    """A mention makes a group message an utterance, without the bot's name."""
    assert words(read(message(text, GROUP), ME)) == said


def test_mention_without_username_is_heard() -> None:
    """A mention by name, without @, counts too."""
    user = {"id": 42, "is_bot": True, "first_name": "Majlis"}
    entities = [{"type": "text_mention", "offset": 0, "length": 6, "user": user}]
    assert (
        words(read(message(chat=GROUP, text="Majlis: where?", entities=entities), ME)) == "where?"
    )


def test_mention_in_a_caption_is_heard() -> None:
    """A photo whose caption mentions the bot asks it."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    said = FormattedText("@MajlisBot where?").completed().json("caption", "caption_entities")
    assert words(read(message(chat=GROUP, photo=photo, **said), ME)) == "where?"


def test_reply_to_the_bot_is_an_utterance() -> None:
    """In a group, a reply to the bot needs no mention."""
    assert words(read(message("and who?", GROUP, reply_to_message=mine()), ME)) == "and who?"


def test_foreign_command_in_a_reply_is_left_alone() -> None:
    """A command for another bot isn't for this one, even as a reply to it."""
    assert read(message("/ban@otherbot", GROUP, reply_to_message=mine()), ME) is None


def test_unknown_command_to_the_bot_is_read() -> None:
    """In a group, an unknown command counts if it names the bot."""
    found = read(message("/foo@MajlisBot", GROUP), ME)
    assert isinstance(found, Command)
    assert found.utterance.text == "/foo"


def test_bare_mention_asks_what_it_replies_to() -> None:
    """Mentioning the bot under somebody's question asks the bot that question."""
    asked = {"message_id": 8, "date": NOW, "chat": GROUP, "from": ADA, "text": "where is it?"}
    assert words(read(message("@MajlisBot", GROUP, reply_to_message=asked), ME)) == "where is it?"


def test_bare_mention_calls_for_help() -> None:
    """A mention with nothing else is a call for help."""
    found = read(message("@MajlisBot", GROUP), ME)
    assert isinstance(found, Command)
    assert found.name == "help"


def test_stickers_in_groups_are_left_alone() -> None:
    """A wordless message in a group isn't answered, even as a reply to the bot."""
    dice = {"emoji": "🎲", "value": 3}
    assert read(message(chat=GROUP, dice=dice, reply_to_message=mine()), ME) is None


def test_own_inline_results_are_passed_over() -> None:
    """An answer sent through inline mode isn't taken for a question."""
    via = {"id": 42, "is_bot": True, "first_name": "Majlis", "username": "MajlisBot"}
    assert read(message("Oak is a thing.", via_bot=via), ME) is None


def test_other_bots_are_passed_over() -> None:
    """Two bots never talk to each other."""
    bot = {"id": 43, "is_bot": True, "first_name": "Other"}
    assert read(message("@MajlisBot hi", GROUP, bot), ME) is None


def test_anonymous_admin_speaks_as_the_group() -> None:
    """Who writes in the group's name is heard, under the group's id."""
    bot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    found = read(message("@MajlisBot hi", GROUP, bot, sender_chat=GROUP), ME)
    assert isinstance(found, Utterance)
    assert found.user == -5


def test_channels_are_ignored() -> None:
    """Posts of channels aren't answered, there or where they are forwarded by themselves."""
    channel = {"id": -9, "type": "channel", "title": "Channel"}
    assert read(message("@MajlisBot hi", channel), ME) is None
    assert read(message("@MajlisBot hi", GROUP, is_automatic_forward=True), ME) is None


def test_place_keeps_to_the_topic_and_quotes_in_groups() -> None:
    """A reply goes to the forum topic and quotes; in private it does neither."""
    forum = message("x", GROUP, message_thread_id=3, is_topic_message=True)
    assert place_of(forum) == Place(-5, 3, 11)
    assert place_of(message("x", GROUP, message_thread_id=3)) == Place(-5, None, 11)
    assert place_of(message("x")) == Place(7)


def test_opening_a_topic_is_nothing_to_reply_to() -> None:
    """The opening of a forum topic, which its messages answer, isn't an answer of the bot."""
    opening = mine(forum_topic_created={"name": "t", "icon_color": 1})
    assert answer_replied_to(message("x", GROUP, reply_to_message=opening), ME) is None
    assert answer_replied_to(message("x", GROUP, reply_to_message=mine(9)), ME) == 9
