"""The front against a strict Bot API server over HTTP, with a conversation by rule behind it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.conversation.messages import Choice, Dismissal, Utterance
from bot.errors import FrontError, StorageError
from bot.fronts.telegram.polling import run_telegram, run_until
from bot.fronts.telegram.render import TYPES
from bot.knowledge.problems import Problem
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from tests.botapi import (
    TOKEN,
    BotApiServer,
    Button,
    Delay,
    Dropped,
    Garbage,
    Message,
    Person,
    ServerError,
    TooManyRequests,
)
from tests.fakes import (
    FakeConversation,
    FakeReloader,
    FakeReport,
    ForgetfulStore,
    make_entry,
    make_knowledge,
    make_store,
    make_wordings,
)

MANY = make_knowledge(
    (
        make_entry("oak", related=("pine", "gone")),
        *(make_entry(name) for name in ("pine", "birch")),
        *(make_entry(f"elm{number}", topic="elms") for number in range(10)),
        make_entry("very-long-name-" * 6 + "end"),
    )
)


@dataclass
class Majlis:
    """Run the front in the loop of the test; `run` is the task it runs in."""

    server: BotApiServer
    settings: Settings
    conversation: FakeConversation = field(default_factory=lambda: FakeConversation(MANY))
    reloader: FakeReloader = field(default_factory=FakeReloader)
    store: MemoryStore = field(default_factory=make_store)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    run: asyncio.Task[None] | None = None

    def start(self) -> asyncio.Task[None]:
        """Start the front."""
        parts = (self.settings, self.conversation, self.reloader, self.store)
        self.run = asyncio.create_task(run_until(self.stop, *parts, first_wait=0.01))
        return self.run

    async def end(self) -> None:
        """Stop the front and wait for it."""
        self.stop.set()
        if self.run:
            await self.run


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Run a Bot API server."""
    async with BotApiServer(username="majlis_bot") as running:
        yield running


@pytest.fixture
def ada(server: BotApiServer) -> Person:
    """Return somebody with a private chat."""
    return server.person("Ada")


@pytest.fixture
def idle(server: BotApiServer, ada: Person) -> Majlis:
    """Return a front that isn't started."""
    settings = Settings(token=TOKEN, api_url=server.url, admins=frozenset({ada.id}))
    return Majlis(server, settings)


@pytest.fixture
async def majlis(idle: Majlis) -> AsyncIterator[Majlis]:
    """Run the front."""
    idle.start()
    yield idle
    await idle.end()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Capture the log from the level at which the bot speaks."""
    with caplog.at_level(logging.INFO):
        yield caplog


def labels(message: Message) -> list[str]:
    """Return the labels of the buttons of a message."""
    return [button.text for button in message.buttons]


def logged(log: pytest.LogCaptureFixture, words: str) -> int:
    """Return how many log lines have certain words."""
    return sum(words in record.getMessage() for record in log.records)


async def polled(server: BotApiServer) -> None:
    """Wait until the bot waits for updates."""
    await server.watch.until(lambda: server.world.queue._turn, "a poll")


# Private chats


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
async def test_still_commands(majlis: Majlis, ada: Person, command: str) -> None:
    """/help, /about and /topics say their wordings."""
    await ada.says(f"/{command}")
    assert (await ada.hears()).text == f"({command})"


async def test_question_is_answered_with_buttons(majlis: Majlis, ada: Person) -> None:
    """An answer is formatted, quotes nothing in private, and has its buttons."""
    question = await ada.says("tell me of oak")
    answer = await ada.hears()
    assert answer.text == "Oak is a thing."
    assert answer.marked("bold") == ["Oak"]
    assert answer.reply_to is None
    assert labels(answer) == ["What is pine?", "<source>", "<helpful>", "<not_helpful>"]
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
    assert labels(answer) == ["<source>", "<helpful>", "<not_helpful>"]
    await press.answer()
    await majlis.end()
    exchange = await majlis.store.answer_to(ada.id, question.id)
    assert exchange
    assert exchange.entries == ("pine",)


async def test_none_of_these_turns_into_the_topics(majlis: Majlis, ada: Person) -> None:
    """None of these edits the suggestions into the fallback with topics."""
    await ada.says("oak or pine")
    offered = await ada.hears()
    press = await ada.presses(offered.button("<none_of_these>"))
    fallback = await ada.sees_edit(offered)
    assert fallback.text == "Sorry, none."
    assert labels(fallback) == ["Trees", "Elms"]
    await press.answer()
    assert majlis.conversation.heard[-1] == Dismissal(ada.id, ada.id, "en")


async def test_free_text_while_suggestions_are_on_screen(majlis: Majlis, ada: Person) -> None:
    """Typing on instead of pressing is answered like any message."""
    await ada.says("oak or pine")
    await ada.hears()
    await ada.says("birch")
    assert (await ada.hears()).text == "Birch is a thing."


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
    long = next(button for button in shown.buttons if "very-long" in button.text)
    await ada.presses(long)
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


# Groups


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


# Inline mode


async def test_inline_mode_lists_rendered_answers(majlis: Majlis, ada: Person) -> None:
    """`@bot words` lists the best entries and sends the answer, which isn't taken as a question."""
    results = await ada.inline("oak")
    assert results.titles == ["What is oak?"]
    assert results["What is oak?"]["description"] == "Oak is a thing."
    assert not results.get("is_personal")
    sent = await ada.chooses(results, "What is oak?")
    assert sent.marked("bold") == ["Oak"]
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    assert len(await ada.inline("")) == 10
    assert len(await ada.inline("nothing")) == 0


# Admins


async def test_why_is_for_admins(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """/why explains to an admin; to others it is an unknown text, and it is logged."""
    await ada.says("/why")
    assert (await ada.hears()).text == "Because of oak."
    majlis.conversation.reason = None
    await ada.says("/why")
    assert (await ada.hears()).text == "(nothing to explain)"
    bob = majlis.server.person("Bob")
    await bob.says("/why")
    assert (await bob.hears()).text == "Sorry."
    assert majlis.conversation.heard == [Utterance(bob.id, bob.id, "/why", "en")]
    assert logged(log, f"User {bob.id} isn't an admin") == 1


async def test_reload_reports(majlis: Majlis, ada: Person) -> None:
    """/reload tells an admin what changed, or which problems there are; others it doesn't serve."""
    majlis.reloader.report = FakeReport("v2", added=("elm",))
    await ada.says("/reload")
    assert (await ada.hears()).text == "Live: v2\n\n• Added: elm"
    majlis.reloader.report = FakeReport(problems=(Problem("a.yaml", 3, "elm", "no answer"),))
    await ada.says("/reload")
    assert (await ada.hears()).text == "Kept.\n\n• a.yaml:3: elm: no answer"
    bob = majlis.server.person("Bob")
    await bob.says("/reload")
    assert (await bob.hears()).text == "Sorry."
    assert majlis.reloader.reloads == 2


async def test_unknown_command_is_an_utterance(majlis: Majlis, ada: Person) -> None:
    """A command the bot doesn't have is answered like a text."""
    await ada.says("/nonsense oak")
    assert (await ada.hears()).text == "Oak is a thing."


# Menus


async def test_menus_are_set_once_and_follow_the_knowledge(majlis: Majlis, ada: Person) -> None:
    """Commands and descriptions are set by scope, not again if equal, and anew after a reload."""
    server = majlis.server
    await server.called("setMyCommands", times=3)
    commands = {
        call.parameters.get("scope", {"type": "default"})["type"]: [
            each["command"] for each in call.parameters["commands"]
        ]
        for call in server.calls_of("setMyCommands")
    }
    assert commands == {
        "default": ["topics", "help", "about"],
        "all_private_chats": ["start", "topics", "help", "about"],
        "chat": ["start", "topics", "help", "about", "why", "reload"],
    }
    await majlis.end()
    again = Majlis(server, majlis.settings)
    again.start()
    await server.called("getMyCommands", times=6)
    assert len(server.calls_of("setMyCommands")) == 3
    assert len(server.calls_of("setMyDescription")) == 1
    new = {"en": make_wordings(description="Another one.")}
    again.conversation.knowledge = make_knowledge(version="v2", wordings=new)
    await ada.says("oak?")
    call = await server.called("setMyDescription", times=2)
    assert call.parameters["description"] == "Another one."
    await again.end()


async def test_admin_gets_the_menu_when_the_chat_begins(
    idle: Majlis, log: pytest.LogCaptureFixture
) -> None:
    """An admin who hasn't pressed Start yet gets the longer menu on doing so."""
    eve = idle.server.person("Eve", started=False)
    idle.settings = replace(idle.settings, admins=frozenset({eve.id}))
    idle.start()
    await idle.server.called("getMyCommands", times=3)
    await eve.starts()
    await eve.hears()
    await idle.server.called("setMyCommands", times=3)
    await idle.end()


async def test_refused_menus_stop_nothing(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Menus that Telegram won't take are logged and leave the rest alone."""
    idle.server.fail("setMyCommands", TooManyRequests(3000), chance=1)
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.server.called("setMyCommands", times=3)
    await idle.end()
    assert logged(log, "aren't set") >= 2


# Trouble


async def test_refused_markup_goes_plain(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Telegram refuses a text's markup, the text comes plain, with its buttons; edits too."""
    monkeypatch.setitem(TYPES, "bold", "shout")
    question = await ada.says("oak?")
    answer = await ada.hears()
    assert (answer.text, answer.entities) == ("Oak is a thing.", [])
    assert "<source>" in labels(answer)
    await ada.edits(question, "pine?")
    assert (await ada.sees_edit(answer)).text == "Pine is a thing."
    assert logged(log, "refuses the markup") == 2


async def test_flood_and_broken_lines_are_survived(majlis: Majlis, ada: Person) -> None:
    """A reply refused for a flood, a server's fault or a lost connection is sent again."""
    majlis.server.fail("sendMessage", TooManyRequests(1), ServerError(502))
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    majlis.server.fail("sendMessage", Dropped())
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."


async def test_error_gives_the_fallback(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A reply that fails is logged once with its traceback, and the person isn't left waiting."""
    majlis.conversation.errors = [StorageError("the disk is full")]
    await ada.says("oak?")
    fallback = await ada.hears()
    assert (fallback.text, labels(fallback)) == ("(fallback)", ["Trees", "Elms"])
    assert [bool(record.exc_info) for record in log.records if record.levelno >= 40] == [True]
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."


async def test_press_is_answered_even_on_errors(majlis: Majlis, ada: Person) -> None:
    """A press whose reply fails is answered with the fallback."""
    await ada.says("oak?")
    answer = await ada.hears()
    majlis.conversation.errors = [RuntimeError("bug")]
    press = await ada.presses(answer.button("What is pine?"))
    assert (await press.answer()).text == "(fallback)"


async def test_failing_memory_costs_no_answer(idle: Majlis, ada: Person) -> None:
    """If an answer can't be remembered, it is given all the same, once."""
    idle.store = make_store(ForgetfulStore)
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    await idle.end()


async def test_blocked_bot_is_one_line(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """A person who blocks the bot costs a line in the log and no traceback."""
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    await majlis.server.called("sendChatAction")
    await ada.blocks()
    majlis.conversation.gate.set()
    await majlis.server.called("sendMessage")
    bob = majlis.server.person("Bob")
    await bob.says("oak?")
    await bob.hears()
    assert logged(log, "could not be delivered") == 1
    assert not any(record.exc_info for record in log.records)


# Start and stop


async def test_invalid_token_is_one_error_without_the_token(
    idle: Majlis, log: pytest.LogCaptureFixture
) -> None:
    """A token that Telegram refuses ends the front with a remedy and without the token."""
    idle.settings = replace(idle.settings, token="4242:another-token")
    with pytest.raises(FrontError, match="TELEGRAM_BOT_TOKEN") as raised:
        await idle.start()
    assert "another-token" not in str(raised.value)
    assert "another-token" not in log.text
    assert raised.value.__suppress_context__


async def test_token_that_isn_t_one_is_refused_unasked(idle: Majlis) -> None:
    """What doesn't look like a token isn't even sent."""
    idle.settings = replace(idle.settings, token="not a token/../x")
    with pytest.raises(FrontError, match="TELEGRAM_BOT_TOKEN"):
        await idle.start()
    assert not idle.server.calls


async def test_no_network_at_start_is_waited_out(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """With no network the front tries on and says so once, and again when it is back."""
    idle.server.fail("getMe", Dropped(), Dropped(), ServerError(500), Garbage())
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert logged(log, "can't be reached") == 1
    assert logged(log, "can be reached again") == 1
    assert not any(record.exc_info for record in log.records if record.name.startswith("bot"))


async def test_second_poller_is_one_line(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Two fronts on one token: each says in one line what to do, and tries on."""
    other = Majlis(idle.server, idle.settings)
    idle.start()
    await polled(idle.server)
    other.start()
    await idle.server.watch.until(lambda: logged(log, "Another program uses") or None, "a conflict")
    await other.end()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert logged(log, "Another program uses") <= 2
    assert not any(record.exc_info for record in log.records)


async def test_stop_finishes_what_runs(majlis: Majlis, ada: Person) -> None:
    """What was fetched before the stop is answered, and then confirmed to Telegram."""
    majlis.conversation.gate = asyncio.Event()
    await ada.says("oak?")
    await majlis.server.called("sendChatAction")
    majlis.stop.set()
    majlis.conversation.gate.set()
    await majlis.end()
    assert (await ada.hears()).text == "Oak is a thing."
    await majlis.server.drained()


async def test_signals_reload_and_stop(idle: Majlis, log: pytest.LogCaptureFixture) -> None:
    """SIGHUP reloads the knowledge and SIGTERM ends the front."""
    run = asyncio.create_task(
        run_telegram(idle.settings, idle.conversation, idle.reloader, idle.store)
    )
    await polled(idle.server)
    os.kill(os.getpid(), signal.SIGHUP)
    await idle.reloader.reloaded.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await run
    assert idle.reloader.reloads == 1
    assert logged(log, "Knowledge version v1 is live") == 1


async def test_test_environment_has_its_own_addresses(idle: Majlis, ada: Person) -> None:
    """A token of the test environment is used under /test."""
    idle.settings = replace(idle.settings, test_environment=True)
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()


async def test_token_never_reaches_the_log(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Neither requests nor errors show the token, though they are logged in full."""
    idle.conversation.errors = [RuntimeError(f"failed at /bot{TOKEN}/getMe")]
    idle.server.fail("sendMessage", Delay(0.01))
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert "failed at /bot<token>/getMe" in log.text
    assert TOKEN not in log.text


async def test_odd_updates_are_passed_over(majlis: Majlis, ada: Person) -> None:
    """Updates of a kind the bot doesn't know change nothing."""
    majlis.server.push({"message": {"message_id": 5, "date": 1, "chat": {"id": 1, "type": "new"}}})
    with contextlib.suppress(ValueError):
        majlis.server.push({"nonsense": {}})
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
