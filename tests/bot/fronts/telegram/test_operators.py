"""People who ask for a person, and the operators who answer them, over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from bot.conversation.reload import ReloadReport
from bot.errors import StorageError
from bot.fronts.telegram.parts import Pace, Parts
from bot.settings import Settings
from bot.storage.cases import Relay
from bot.storage.memory_cases import MemoryCases
from bot.storage.memory_journal import MemoryJournal
from bot.storage.memory_wishes import MemoryWishes
from bot.storage.moves import MemoryMoves
from bot.storage.telling import TELLING_LEASE
from tests.bot.fronts.telegram.running import ANSWERED, Majlis, labels, logged
from tests.botapi import (
    TOKEN,
    BotApiServer,
    Dropped,
    Group,
    Message,
    Person,
    ServerError,
)
from tests.fakes import FakeReloader, make_entry, make_knowledge

ASK, HOPE, END, CLOSE = "<button_ask>", "<button_hope>", "<button_end>", "<button_close>"


class LateClock:
    """Tell the time, perhaps some minutes ahead."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return dt.datetime.now(dt.UTC) + self.ahead


class ObservedReloader(FakeReloader):
    """Hand reports on."""

    def __init__(self) -> None:
        super().__init__()
        self.observers: list[Callable[[ReloadReport], None]] = []

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Remember an observer."""
        self.observers.append(observer)

    def publish(self) -> None:
        """Say that there is other knowledge."""
        for observer in self.observers:
            observer(ReloadReport("v2"))


class WatchedWishes(MemoryWishes):
    """Let a test wait until all wishes are granted."""

    def __init__(self, clock: LateClock) -> None:
        super().__init__(clock)
        self._empty = asyncio.Event()

    async def granted(self, number: int) -> None:
        """Let go of a wish."""
        await super().granted(number)
        if not self._wishes:
            self._empty.set()

    async def all_granted(self) -> None:
        """Wait until there was no wish left."""
        async with asyncio.timeout(5):
            await self._empty.wait()


@dataclass
class Helped(Majlis):
    """Run the front with operators."""

    clock: LateClock = field(default_factory=LateClock)
    observed: ObservedReloader = field(default_factory=ObservedReloader)
    moves: MemoryMoves = field(default_factory=MemoryMoves)

    def __post_init__(self) -> None:
        self.cases = MemoryCases(self.clock)
        self.wishes = WatchedWishes(self.clock)
        self.pace = Pace(retry_after=0.01, typing_after=0.2, attend_every=0.01, listening=0)

    @property
    def parts(self) -> Parts:
        """Return what the front works with."""
        journal = MemoryJournal(self.store, self.clock)
        return Parts(
            *(self.conversation, self.observed, self.store, journal, self.clock),
            cases=self.cases,
            wishes=self.wishes,
            moves=self.moves,
        )

    def learns(self, name: str) -> None:
        """Let the bot know one entry more."""
        known = self.conversation.knowledge.entries
        self.conversation.knowledge = make_knowledge((*known, make_entry(name)), version="v2")
        self.observed.publish()


@pytest.fixture
def olga(server: BotApiServer) -> Person:
    """Return an operator."""
    return server.person("Olga")


@pytest.fixture
def forum(server: BotApiServer, olga: Person) -> Group:
    """Return the operators' forum."""
    return server.group("Desk", members=[olga], admins=[olga], forum=True, bot="administrator")


@pytest.fixture
def plain_group(server: BotApiServer, olga: Person) -> Group:
    """Return operators' group without topics."""
    return server.group("Desk", members=[olga], admins=[olga], supergroup=True)


def _helped(server: BotApiServer, group: Group) -> Helped:
    settings = Settings(token=TOKEN, api_url=server.url, operator_chat=group.id)
    return Helped(server, settings)


@pytest.fixture
async def helped(server: BotApiServer, forum: Group) -> AsyncIterator[Helped]:
    """Run the front with operators in a forum."""
    front = _helped(server, forum)
    front.start()
    yield front
    await front.end()


@pytest.fixture
async def helped_in_group(server: BotApiServer, plain_group: Group) -> AsyncIterator[Helped]:
    """Run the front with operators in a group without topics."""
    front = _helped(server, plain_group)
    front.start()
    yield front
    await front.end()


async def _asked(person: Person, text: str = "baobab?") -> Message:
    """Let somebody ask what the bot doesn't know, and then for a person."""
    await person.says(text)
    fallback = await person.hears()
    await (await person.presses(fallback.button(ASK))).answer()
    return await person.hears()


async def _opened(person: Person, operator: Person, group: Group) -> tuple[Message, Message]:
    """Return what a person and what an operator sees of a new case."""
    opened = await _asked(person)
    return opened, await operator.hears(chat=group)


async def test_the_buttons_stand_under_a_fallback_in_private(helped: Helped, ada: Person) -> None:
    """Who gets no answer can ask a person or be told later; an answer has no such buttons."""
    await ada.says("baobab?")
    assert labels(await ada.hears()) == ["Trees", "Elms", ASK, HOPE]
    await ada.says("oak pine?")
    suggestions = await ada.hears()
    await ada.presses(suggestions.button("<none_of_these>"))
    assert labels(await ada.sees_edit(suggestions)) == ["Trees", "Elms", ASK, HOPE]
    await ada.says("birch?")
    assert labels(await ada.hears()) == ANSWERED


async def test_in_groups_nobody_is_handed_over(helped: Helped, ada: Person) -> None:
    """A case is between a person and operators, so a group's fallback doesn't offer one."""
    group = helped.server.group("Trees", members=[ada])
    await ada.says("@majlis_bot baobab?", chat=group)
    assert labels(await ada.hears(chat=group)) == ["Trees", "Elms"]


async def test_without_operators_there_is_no_button(majlis: Majlis, ada: Person) -> None:
    """Where nobody could answer, nobody is offered."""
    await ada.says("baobab?")
    assert labels(await ada.hears()) == ["Trees", "Elms"]
    await ada.says("/privacy")
    assert (await ada.hears()).text.startswith("(privacy 90 30)")
    assert not majlis.server.calls_of("getChat")


async def test_a_case_opens_a_topic_with_a_card(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Operators see the name and the question, the person that a human will come."""
    opened, card = await _opened(ada, olga, forum)
    assert (opened.text, labels(opened)) == ("(opened)", [END])
    assert card.text == "Ada (en) asks: baobab? [topic of Ada]"
    assert labels(card) == [CLOSE]
    assert forum.chat.topics[card.thread or 0].name == "Ada"
    shown = str([call.parameters for call in helped.server.calls if call.method != "getUpdates"])
    assert "ada" not in [word for word in shown.split("'") if word.startswith("@")]


async def test_what_is_said_goes_both_ways(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Text goes to the topic and back, the bot is silent, and replies quote what they answer."""
    _, card = await _opened(ada, olga, forum)
    await ada.says("oak?")
    copy = await olga.hears(chat=forum)
    assert (copy.text, copy.thread, "forward_origin" in copy.raw) == ("oak?", card.thread, False)
    await olga.says("An oak is a tree.", chat=forum, thread=card.thread, reply_to=copy)
    assert (await ada.hears()).text == "(joined)"
    answer = await ada.hears()
    assert answer.text == "An oak is a tree."
    assert ada.home.look(answer.reply_to or 0).text == "oak?"
    await ada.says("Thanks!", reply_to=answer)
    thanks = await olga.hears(chat=forum)
    assert forum.look(thanks.reply_to or 0).text == "An oak is a tree."
    await olga.says("You're welcome", chat=forum, thread=card.thread)
    assert (await ada.hears()).text == "You're welcome"
    assert len(helped.conversation.heard) == 1


async def test_anything_can_be_relayed(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Photos, stickers, voice and documents go through as they are."""
    _, card = await _opened(ada, olga, forum)
    await ada.sends_photo("my tree")
    await ada.sends_sticker()
    file = {"file_id": "f", "file_unique_id": "f"}
    await ada.sends({"voice": file | {"duration": 3}})
    await ada.sends({"document": file})
    copies = [await olga.hears(chat=forum) for _ in range(4)]
    kinds = ("photo", "sticker", "voice", "document")
    assert [kind in copy.raw for kind, copy in zip(kinds, copies, strict=True)] == [True] * 4
    assert copies[0].text == "my tree"
    await olga.sends_photo("a leaf", chat=forum)  # in no topic, so for nobody
    photo = {"photo": [file | {"width": 9, "height": 9}], "caption": "your leaf"}
    await olga.sends(photo, chat=forum, thread=card.thread)
    assert (await ada.hears()).text == "(joined)"
    assert (await ada.hears()).text == "your leaf"


async def test_edits_follow(helped: Helped, ada: Person, olga: Person, forum: Group) -> None:
    """An edited text or caption changes its copy; where there is none, there is another copy."""
    _, card = await _opened(ada, olga, forum)
    said = await ada.says("pinee")
    copy = await olga.hears(chat=forum)
    await ada.edits(said, "pine")
    assert (await olga.sees_edit(copy)).text == "pine"
    written = await olga.says("Pins smell.", chat=forum, thread=card.thread)
    await ada.hears()
    answer = await ada.hears()
    await olga.edits(written, "Pines smell.")
    assert (await ada.sees_edit(answer)).text == "Pines smell."
    photo = await ada.sends_photo("a tre")
    shown = await olga.hears(chat=forum)
    ada.home.amend(photo, {"caption": "a tree"}, ("caption",))
    assert (await olga.sees_edit(shown)).text == "a tree"
    ada.home.amend(photo, {}, ())
    assert (await olga.hears(chat=forum)).reply_to == shown.id
    assert await helped.cases.last_answer(1) == "Pines smell."


async def test_commands_still_work(helped: Helped, ada: Person, olga: Person, forum: Group) -> None:
    """The bot obeys a command in an open case, and operators don't see it."""
    await _opened(ada, olga, forum)
    await ada.says("/help")
    assert (await ada.hears()).text == "(help)"
    await ada.says("hello?")
    assert (await olga.hears(chat=forum)).text == "hello?"


async def test_what_operators_say_elsewhere_goes_to_nobody(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Other topics, other bots' commands and service messages aren't for the person."""
    _, card = await _opened(ada, olga, forum)
    other = forum.topic("Coffee")
    await olga.says("Milk?", chat=forum, thread=other)
    await olga.says("/ban@other_bot", chat=forum, thread=card.thread)
    await olga.sends({"forum_topic_edited": {"name": "Ada!"}}, chat=forum, thread=card.thread)
    robot = helped.server.person("Robot")
    forum.chat.members[robot.id] = "member"
    robot.user = replace(robot.user, is_bot=True)
    await robot.says("I am a bot", chat=forum, thread=card.thread)
    await olga.says("Hello", chat=forum, thread=card.thread)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hello"]
    assert not ada.unheard()


async def test_an_operator_closes(helped: Helped, ada: Person, olga: Person, forum: Group) -> None:
    """Both sides are told, the topic is closed, the bot answers again, and the person votes."""
    _, card = await _opened(ada, olga, forum)
    await (await olga.presses(card.button(CLOSE))).answer()
    closed = await ada.hears()
    assert (closed.text, labels(closed)) == ("(closed)", ["<helpful>", "<not_helpful>"])
    assert (await olga.hears(chat=forum)).text == "Closed for Ada"
    await helped.server.called("closeForumTopic")
    assert forum.chat.topics[card.thread or 0].is_closed
    notice = await (await ada.presses(closed.button("<helpful>"))).answer()
    assert notice.text == "(thanks helpful)"
    assert helped.cases._cases[1].vote == "helpful"
    assert helped.cases._cases[1].case.chat is None
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    assert not forum.look(card.id).buttons
    await olga.says("And…", chat=forum, thread=card.thread)
    assert (await olga.hears(chat=forum)).text == "Over with Ada"
    assert (await (await olga.presses(card.button(CLOSE))).answer()).text == "(already over)"


async def test_a_person_ends_it_and_comes_back_to_the_same_topic(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """The person has a way out; a later case goes on in the topic of before."""
    opened, card = await _opened(ada, olga, forum)
    await (await ada.presses(opened.button(END))).answer()
    assert (await ada.hears()).text == "(closed)"
    assert (await olga.hears(chat=forum)).text == "Ended by Ada"
    assert (await (await ada.presses(opened.button(END))).answer()).text == "(already over)"
    _, again = await _opened(ada, olga, forum)
    assert again.thread == card.thread
    assert not forum.chat.topics[card.thread or 0].is_closed
    await olga.says("Hello again", chat=forum, thread=again.thread)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hello again"]


async def test_pressing_twice_opens_one_case(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """A second press says that operators know already."""
    await ada.says("baobab?")
    fallback = await ada.hears()
    first = await ada.presses(fallback.button(ASK))
    second = await ada.presses(fallback.button(ASK))
    await first.answer()
    assert (await second.answer()).text == "(already open)"
    assert (await ada.hears()).text == "(opened)"
    assert len(helped.server.calls_of("createForumTopic")) == 1


async def test_handling_again_relays_once(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """What failed on the way is done again, and what was done isn't."""
    helped.server.fail("createForumTopic", ServerError(502))
    helped.server.fail("sendMessage", ServerError(502))
    await ada.says("baobab?")
    fallback = await ada.hears()
    await ada.presses(fallback.button(ASK))
    assert (await ada.hears()).text == "(opened)"
    card = await olga.hears(chat=forum)
    assert len(forum.chat.topics) == 1
    helped.server.fail("copyMessage", ServerError(502))
    await ada.says("hello?")
    assert (await olga.hears(chat=forum)).text == "hello?"
    helped.server.fail("closeForumTopic", ServerError(502))
    await (await olga.presses(card.button(CLOSE))).answer()
    await helped.server.called("closeForumTopic", times=2)
    assert helped.cases._cases[1].case.chat is None


async def test_a_plain_group_has_a_thread_of_quotes(
    helped_in_group: Helped, plain_group: Group, ada: Person, olga: Person
) -> None:
    """Without topics, copies quote the card, and operators reply to either."""
    _, card = await _opened(ada, olga, plain_group)
    assert card.text == "Ada (en) asks: baobab? [quotes of Ada]"
    await ada.says("hello?")
    copy = await olga.hears(chat=plain_group)
    assert copy.reply_to == card.id
    await olga.says("not for Ada", chat=plain_group)
    own = await olga.says("To the card", chat=plain_group, reply_to=card)
    await olga.says("not for Ada either", chat=plain_group, reply_to=own)
    await olga.says("To the copy", chat=plain_group, reply_to=copy)
    heard = [(await ada.hears()).text for _ in range(3)]
    assert heard == ["(joined)", "To the card", "To the copy"]
    await ada.says("Thanks", reply_to=ada.home.said[-1])
    assert (await olga.hears(chat=plain_group)).reply_to
    await olga.presses(card.button(CLOSE))
    assert (await ada.hears()).text == "(closed)"
    assert not helped_in_group.conversation.heard[1:]


async def test_without_the_right_to_open_topics_there_is_a_card(
    helped: Helped, ada: Person, olga: Person, forum: Group, log: pytest.LogCaptureFixture
) -> None:
    """A bot that may not manage topics says so in the log and asks for replies."""
    forum.chat.bot = "member"
    _, card = await _opened(ada, olga, forum)
    assert (card.text, card.thread) == ("Ada (en) asks: baobab? [quotes of Ada]", None)
    assert logged(log, "No topic can be opened") == 1
    await olga.says("Hi", chat=forum, reply_to=card)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hi"]


def _once_logged(log: pytest.LogCaptureFixture, words: str) -> int | None:
    return logged(log, words) or None


async def test_a_start_says_what_operators_wont_see(
    server: BotApiServer, forum: Group, log: pytest.LogCaptureFixture
) -> None:
    """Whoever sets a wrong id, or forgets a right, reads it in the log before anybody asks."""
    forum.chat.bot = "member"
    for chat, words in ((forum.id, "make the bot an administrator"), (-1, "correct its id")):
        front = _helped(server, forum)
        front.settings = replace(front.settings, operator_chat=chat)
        front.start()
        await server.watch.until(partial(_once_logged, log, words), "a warning")
        await front.end()


async def test_an_upgraded_group_is_followed(
    server: BotApiServer, ada: Person, olga: Person, log: pytest.LogCaptureFixture
) -> None:
    """When the operators' group becomes a supergroup, cases go on there, and the log says so."""
    group = server.group("Desk", members=[olga], admins=[olga])
    front = _helped(server, group)
    front.start()
    await _opened(ada, olga, group)
    upgraded = group.migrates()
    await ada.says("hello?")
    card, copy = await olga.hears(chat=upgraded), await olga.hears(chat=upgraded)
    assert (card.text.startswith("Ada (en) asks"), copy.text) == (True, "hello?")
    await olga.says("Hi", chat=upgraded, reply_to=copy)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hi"]
    assert logged(log, f"MAJLIS_OPERATOR_CHAT={upgraded.id}") == 1
    await front.end()


async def test_an_upgraded_group_stays_allowed_and_unlimited(
    server: BotApiServer, ada: Person, olga: Person
) -> None:
    """Where chats and messages are limited, operators go on, also after a restart meanwhile."""
    group = server.group("Desk", members=[olga], admins=[olga])
    front = _helped(server, group)
    front.settings = replace(front.settings, allowed_chats=frozenset({ada.id}), user_limit=3)
    front.start()
    await _opened(ada, olga, group)
    upgraded = group.migrates()
    await ada.says("hello?")
    _, copy = await olga.hears(chat=upgraded), await olga.hears(chat=upgraded)
    texts = [f"Hi {number}" for number in range(6)]
    for text in texts:
        await olga.says(text, chat=upgraded, reply_to=copy)
    assert [(await ada.hears()).text for _ in range(7)] == ["(joined)", *texts]
    await front.end()
    again = replace(front, stop=asyncio.Event(), run=None)
    again.cases = front.cases
    for text in texts:
        await olga.says(text, chat=upgraded, reply_to=copy)
    again.start()
    assert [(await ada.hears()).text for _ in range(6)] == texts
    await again.end()


@pytest.mark.parametrize("lost", ["deleted", "closed"])
async def test_a_lost_topic_is_replaced(
    helped: Helped, ada: Person, olga: Person, forum: Group, lost: str
) -> None:
    """When the topic is deleted, or closed to the bot, the case goes on elsewhere."""
    _, card = await _opened(ada, olga, forum)
    topic = forum.chat.topics[card.thread or 0]
    if lost == "deleted":
        del forum.chat.topics[topic.id]
    else:
        forum.closes(topic)
        forum.chat.bot = "member"
    await ada.says("hello?")
    again, copy = await olga.hears(chat=forum), await olga.hears(chat=forum)
    assert (again.text.startswith("Ada (en) asks"), copy.text) == (True, "hello?")
    assert card.thread != copy.thread == again.thread
    await olga.says("Hi", chat=forum, thread=copy.thread, reply_to=copy)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hi"]


async def test_a_person_who_blocks_the_bot_ends_the_case(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Operators are told that nobody gets their answer, and the case is closed."""
    _, card = await _opened(ada, olga, forum)
    await ada.blocks()
    await olga.says("Hello?", chat=forum, thread=card.thread)
    assert (await olga.hears(chat=forum)).text == "Blocked by Ada"
    await helped.server.called("closeForumTopic")
    assert await helped.cases.open_of(ada.id) is None


async def test_operators_who_threw_the_bot_out_are_out_of_reach(
    helped: Helped, ada: Person, forum: Group, log: pytest.LogCaptureFixture
) -> None:
    """The person is told honestly, the bot answers again, and the log says what to do."""
    forum.kicks_bot()
    sorry = await _asked(ada)
    assert (sorry.text, labels(sorry)) == ("(out of reach)", [HOPE])
    assert logged(log, "MAJLIS_OPERATOR_CHAT") == 1
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    forum.adds_bot("administrator")
    assert (await _asked(ada)).text == "(opened)"
    forum.kicks_bot()
    await ada.says("hello?")
    assert (await ada.hears()).text == "(out of reach)"


async def test_who_waits_too_long_is_told_once(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """After the minutes set, a person hears that nobody answered, and the case stays open."""
    await _opened(ada, olga, forum)
    helped.clock.ahead = dt.timedelta(minutes=11)
    told = await ada.hears()
    assert (told.text, labels(told)) == ("(nobody yet)", [HOPE, END])
    notice = await (await ada.presses(told.button(HOPE))).answer()
    assert notice.text == "(hoping)"
    assert [wish.text for wish in await helped.wishes.open()] == ["baobab?"]
    await ada.says("still there?")
    assert (await olga.hears(chat=forum)).text == "still there?"
    assert not ada.unheard()


async def test_who_was_answered_waits_for_nothing(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """An answered case isn't one in which nobody answers."""
    _, card = await _opened(ada, olga, forum)
    await olga.says("Hello", chat=forum, thread=card.thread)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hello"]
    helped.clock.ahead = dt.timedelta(minutes=11)
    bob = helped.server.person("Bob")
    await _opened(bob, olga, forum)
    helped.clock.ahead = dt.timedelta(minutes=22)
    assert (await bob.hears()).text == "(nobody yet)"
    assert not ada.unheard()


async def test_a_wish_is_fulfilled_once(helped: Helped, ada: Person) -> None:
    """When the knowledge answers it, the person is told with the answer and its buttons."""
    await ada.says("baobab?")
    fallback = await ada.hears()
    for _ in range(2):
        press = await ada.presses(fallback.button(HOPE))
        assert (await press.answer()).text == "(hoping)"
    helped.learns("elder")
    helped.server.fail("sendMessage", Dropped())
    helped.learns("baobab")
    told = await ada.hears()
    assert told.text == "baobab? is answered: Baobab is a thing."
    assert labels(told) == ANSWERED
    helped.learns("yew")
    await ada.says("yew?")
    assert (await ada.hears()).text == "Yew is a thing."
    assert not ada.unheard()
    assert not await helped.wishes.open()


async def test_the_wish_of_somebody_who_left_is_dropped(helped: Helped, ada: Person) -> None:
    """Who blocked the bot isn't tried again, and holds up nobody."""
    bob = helped.server.person("Bob")
    for person in (bob, ada):
        await person.says("baobab?")
        press = await person.presses((await person.hears()).button(HOPE))
        await press.answer()
    await bob.blocks()
    helped.learns("baobab")
    assert (await ada.hears()).text == "baobab? is answered: Baobab is a thing."
    await helped.wishes.all_granted()


async def test_two_replicas_tell_once(helped: Helped, ada: Person, server: BotApiServer) -> None:
    """Of two processes that see the same wish and the same wait, one tells the person."""
    await _asked(ada)
    await helped.end()
    await helped.wishes.add(ada.id, "en", "oak?")
    helped.clock.ahead = dt.timedelta(minutes=11)
    pair = []
    for _ in range(2):
        front = replace(helped, stop=asyncio.Event(), run=None)
        front.cases, front.wishes = helped.cases, helped.wishes
        pair.append(front)
    server.fail("getUpdates", *[ServerError(502)] * 4)
    for front in pair:
        front.start()
    heard = sorted([(await ada.hears()).text for _ in range(2)])
    assert heard == ["(nobody yet)", "oak? is answered: Oak is a thing."]
    for front in pair:
        await front.end()
    assert not ada.unheard()


async def test_who_a_process_died_over_is_told_by_another(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """What was claimed by a process that never came to it is told once its lease is over."""
    await _opened(ada, olga, forum)
    helped.clock.ahead = dt.timedelta(minutes=9)
    bob = helped.server.person("Bob")
    for person in (ada, bob):
        await helped.wishes.add(person.id, "en", "baobab?")
    case, wish = await helped.cases.open_of(ada.id), (await helped.wishes.open())[0]
    assert case
    assert await helped.cases.tell(case.number)
    assert await helped.wishes.grant(wish.number)
    helped.clock.ahead = dt.timedelta(minutes=13)
    helped.learns("baobab")
    assert (await bob.hears()).text == "baobab? is answered: Baobab is a thing."
    assert not ada.unheard()
    helped.clock.ahead = dt.timedelta(minutes=15)
    heard = sorted([(await ada.hears()).text for _ in range(2)])
    assert heard == ["(nobody yet)", "baobab? is answered: Baobab is a thing."]
    await helped.wishes.all_granted()
    assert not ada.unheard()


async def test_who_was_told_is_not_told_again_while_the_database_fails(
    helped: Helped, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That somebody was told is noted later, even after the claim to tell them has lapsed."""
    tries: list[int] = []
    granted = helped.wishes.granted

    async def refuse(number: int) -> None:
        tries.append(number)
        if len(tries) < 4:
            helped.clock.ahead += TELLING_LEASE
            raise StorageError(str(number))
        await granted(number)

    monkeypatch.setattr(helped.wishes, "granted", refuse)
    await helped.wishes.add(ada.id, "en", "baobab?")
    helped.learns("baobab")
    assert (await ada.hears()).text == "baobab? is answered: Baobab is a thing."
    await helped.wishes.all_granted()
    assert not ada.unheard()


async def test_forgetting_ends_the_case(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Who wants to be forgotten isn't kept in a case, and operators are told."""
    await _opened(ada, olga, forum)
    await ada.says("/forgetme")
    assert [(await ada.hears()).text for _ in range(2)] == ["(closed)", "(forgotten)"]
    assert (await olga.hears(chat=forum)).text == "Ended by Ada"


async def test_forgetting_again_still_tells_the_operators(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Where Telegram fails between the one message and the other, nobody is left in the dark."""
    _, card = await _opened(ada, olga, forum)
    helped.server.fail("sendMessage", ServerError(502))
    helped.server.fail("closeForumTopic", ServerError(502))
    await ada.says("/forgetme")
    heard = [(await ada.hears()).text for _ in range(3)]
    assert heard == ["(closed)", "(closed)", "(forgotten)"]
    assert (await olga.hears(chat=forum)).text == "Ended by Ada"
    assert forum.chat.topics[card.thread or 0].is_closed
    assert await helped.cases.open_of(ada.id) is None


async def test_privacy_names_the_operators(helped: Helped, ada: Person) -> None:
    """/privacy says what operators see, where there are any."""
    await ada.says("/privacy")
    assert (await ada.hears()).text == "(privacy 90 30)\n\n(operators 90)"


async def test_the_operators_chat_is_always_allowed(
    server: BotApiServer, forum: Group, ada: Person, olga: Person
) -> None:
    """MAJLIS_ALLOWED_CHATS needn't name the operators' chat."""
    front = _helped(server, forum)
    front.settings = replace(front.settings, allowed_chats=frozenset({ada.id}))
    front.start()
    _, card = await _opened(ada, olga, forum)
    await olga.says("Hi", chat=forum, thread=card.thread)
    assert [(await ada.hears()).text for _ in range(2)] == ["(joined)", "Hi"]
    await front.end()


async def test_foreign_buttons_do_nothing(
    helped: Helped, ada: Person, olga: Person, forum: Group
) -> None:
    """Nobody closes, ends or votes on another person's case by made-up data."""
    opened, card = await _opened(ada, olga, forum)
    bob = helped.server.person("Bob")
    await bob.says("baobab?")
    fallback = await bob.hears()
    for data in ("1Oe1", "1Oc1", "1On1", "1Ot1", "1Oh1", "1Oz", "1Oe999"):
        button = replace(fallback.button(ASK), raw={"text": "x", "callback_data": data})
        notice = await (await bob.presses(button)).answer()
        assert notice.text in {"(stale button)", "(hoping)"}
    assert await helped.cases.open_of(ada.id)
    teach = replace(card.button(CLOSE), raw={"text": "x", "callback_data": "1Ot1"})
    assert (await (await olga.presses(teach)).answer()).text == "(stale button)"
    assert opened.buttons


async def test_what_the_database_refuses_is_passed_on_once(
    helped: Helped, ada: Person, olga: Person, forum: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that was copied isn't copied again because that can't be written down."""
    _, card = await _opened(ada, olga, forum)
    monkeypatch.setattr("bot.fronts.telegram.operators.relaying._RETRY", 0)

    async def refuse(relay: Relay) -> None:
        raise StorageError(relay.text or "")

    monkeypatch.setattr(helped.cases, "relay", refuse)
    await olga.says("Hi", chat=forum, thread=card.thread)
    await olga.says("Bye", chat=forum, thread=card.thread)
    heard = [(await ada.hears()).text for _ in range(4)]
    assert heard == ["(joined)", "Hi", "(joined)", "Bye"]
