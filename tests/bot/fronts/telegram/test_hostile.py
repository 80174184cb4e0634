"""Hostile and odd input over HTTP: nothing of it may stop the bot or be logged as a bug."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot

from benchmarks.quiet_front import Parts, quiet_boundary
from benchmarks.quiet_telegram import TOKEN as QUIET
from benchmarks.quiet_telegram import QuietTelegram
from benchmarks.small_knowledge import small_knowledge
from bot.bootstrap import durable
from bot.conversation.messages import Answer, Utterance
from bot.fronts.telegram.callback import Stale, decode, encode
from bot.fronts.telegram.forms import is_well_formed
from bot.fronts.telegram.received import received
from bot.fronts.telegram.verdicts import Done
from bot.storage.journal import Claimed
from tests.bot.fronts.telegram.running import MANY, Majlis, logged
from tests.botapi import Garbage, Message, Person
from tests.botapi.schema import load_spec
from tests.fakes import FakeConversation, FakeReloader, make_store

Json = dict[str, Any]

DATE = 1_750_000_000
TEXTS = {
    "emoji": "\U0001f600" * 2048,
    "many emoji": "\u2764" * 4096,
    "right to left": "\u202e\u2067\u200f oak \u2069\u202c",
    "zalgo": "o\u0351\u036b\u0343\u036a\u0302a\u0351\u036b\u0343\u036ak\u0302" * 200,
    "nul": "oak\0\0?",
    "half a pair": "\ud800 oak \udc00",
    "control": "".join(map(chr, range(32))) + "oak",
    "long word": "a" * 4096,
    "slashes": "/" * 4096,
    "markup": "**[oak](tg://user?id=1)** <b>`" * 99,
    "no words": "?!… \u200b\u2060",
}
BUTTONS = (
    "",
    "1",
    "1zz",
    "0a:oak",
    "2a:oak",
    "1a:",
    "1a:gone",
    "1t:#",
    "1l99999",
    "\0",
    "\xff" * 32,
)


def message(person: Person, **more: Any) -> Json:
    """Return a message of a person in the private chat."""
    about = {"message_id": 90_000, "date": DATE, "chat": person.home.chat.json()}
    return about | {"from": person.user.json()} | more


def press(person: Person, **more: Any) -> Json:
    """Return a press by a person."""
    return {"id": "1", "from": person.user.json(), "chat_instance": "1"} | more


@pytest.fixture(autouse=True)
async def _well(idle: Majlis, ada: Person, log: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """After each test: a question is answered, the log has no traceback, no task is left."""
    before = asyncio.all_tasks()
    yield
    if idle.run is None:
        return
    if not idle.run.done():
        cleo = idle.server.person("Cleo")
        if not idle.settings.allowed_chats:
            await cleo.says("birch?")
            assert (await cleo.hears()).text == "Birch is a thing."
        await idle.end()
    await idle.server.watch.until(lambda: idle.server.world.queue._turn is None or None, "no poll")
    assert not [record for record in log.records if record.exc_info]
    left = {task.get_coro().__qualname__ for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
    assert not {name for name in left if "bot." in name or "Sender" in name or "Worker" in name}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_odd_texts_are_answered(majlis: Majlis, ada: Person, text: str) -> None:
    """Whatever characters a text is made of, there is one reply, and to an edit of it too."""
    majlis.server.push({"message": message(ada, text=text)})
    first = await ada.hears()
    assert first.text
    edited = message(ada, text=f"{text} pine ", edit_date=DATE + 1)
    majlis.server.push({"edited_message": edited})
    await ada.sees_edit(first)
    assert len(ada.home.said) == 1


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "mention", "offset": 1, "length": 2},
        {"type": "mention", "offset": 10**6, "length": 10**6},
        {"type": "mention", "offset": -5, "length": -5},
        {"type": "text_mention", "offset": 1, "length": 1},
        {"type": "unheard_of", "offset": 0, "length": 1},
    ],
)
async def test_entities_beside_the_text_are_borne(
    majlis: Majlis, ada: Person, entity: Json
) -> None:
    """An entity that begins amid a character, or outside of the text, changes nothing."""
    majlis.server.push({"message": message(ada, text="\U0001f600 oak", entities=[entity])})
    assert (await ada.hears()).text == "Oak is a thing."


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"unheard_of": {"id": 1}},
        {"message": None},
        {"channel_post": {"message_id": 1, "date": DATE, "chat": {"id": -5, "type": "channel"}}},
        {"poll": {"id": "1"}},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": DATE, "chat": {"id": 5, "type": "unheard_of"}}},
        {"inline_query": {"id": "\ud800", "from": {"id": 5, "first_name": "x"}, "query": "oak"}},
        {"inline_query": {"id": "", "query": []}},
        {"callback_query": {"id": "1"}},
    ],
)
async def test_what_is_not_for_the_bot_is_passed_over(majlis: Majlis, update: Json) -> None:
    """Unknown kinds, missing parts and channels bring about no call at all."""
    majlis.server.push(update)
    await majlis.server.drained()
    dan = majlis.server.person("Dan")
    await dan.says("oak?")
    await dan.hears()
    assert len(majlis.server.calls_of("sendMessage")) == 1
    assert not majlis.server.calls_of("answerCallbackQuery")


async def test_a_person_without_a_name_is_answered(majlis: Majlis, ada: Person) -> None:
    """Of a person only the id is needed."""
    nameless = {"id": ada.id, "is_bot": False, "first_name": ""}
    majlis.server.push({"message": message(ada, text="oak?") | {"from": nameless}})
    assert (await ada.hears()).text == "Oak is a thing."


async def test_a_forwarded_command_is_a_command(majlis: Majlis, ada: Person) -> None:
    """In a private chat a forwarded /help is answered as one; an admin's stays an admin's."""
    eve = majlis.server.person("Eve")
    origin = {"type": "user", "date": DATE, "sender_user": ada.user.json()}
    majlis.server.push({"message": message(eve, text="/reload", forward_origin=origin)})
    assert (await eve.hears()).text == "(unknown command)"
    assert majlis.reloader.reloads == 0


@pytest.mark.parametrize("data", BUTTONS)
async def test_foreign_buttons_are_stale(majlis: Majlis, ada: Person, data: str) -> None:
    """A button that isn't ours, or no longer, gets the notice that says so."""
    await ada.says("oak?")
    shown = (await ada.hears()).raw
    majlis.server.push({"callback_query": press(ada, data=data, message=shown)})
    call = await majlis.server.called("answerCallbackQuery")
    # A page of topics may be opened whatever its number, so it needs no notice.
    assert call.parameters.get("text") == "(stale button)"


async def test_a_press_without_a_message_is_stale(majlis: Majlis, ada: Person) -> None:
    """A button of a message sent through inline mode, or without data, gets the notice."""
    for number, more in enumerate(({"data": "1a:oak"}, {"inline_message_id": "5"}, {}), start=1):
        majlis.server.push({"callback_query": press(ada, **more)})
        call = await majlis.server.called("answerCallbackQuery", times=number)
        assert call.parameters["text"] == "(stale button)"


async def test_a_press_on_an_inaccessible_message_is_answered_below(
    majlis: Majlis, ada: Person
) -> None:
    """What is too old to be told of still carries its button."""
    gone = {"message_id": 5, "date": 0, "chat": ada.home.chat.json()}
    majlis.server.push({"callback_query": press(ada, data="1a:oak", message=gone)})
    assert (await ada.hears()).text == "Oak is a thing."


async def test_an_inline_flood_holds_up_nobody(idle: Majlis, ada: Person) -> None:
    """Hundreds of searches of one person are cut off, and others are answered meanwhile."""
    idle.settings = replace(idle.settings, user_limit=5)
    idle.start()
    for number in range(300):
        query = {"id": f"q{number}", "from": ada.user.json(), "query": "oak", "offset": ""}
        idle.server.push({"inline_query": query})
    bob = idle.server.person("Bob")
    await bob.says("birch?")
    assert (await bob.hears()).text == "Birch is a thing."
    await idle.server.drained()
    assert len(idle.server.calls_of("answerInlineQuery")) <= 5


async def test_a_flood_of_one_gets_one_notice_and_ends_after_a_minute(
    idle: Majlis, ada: Person
) -> None:
    """Over the limit comes one polite notice, then silence; by the dates it counts anew."""
    idle.settings = replace(idle.settings, user_limit=5)
    idle.start()
    for number in range(100):
        idle.server.push({"message": message(ada, text="oak?", message_id=5000 + number)})
    bob = idle.server.person("Bob")
    await bob.says("birch?")
    assert (await bob.hears()).text == "Birch is a thing."
    late = message(ada, text="pine?", message_id=6000, date=DATE + 61)
    idle.server.push({"message": late})
    heard: list[Message] = []
    while not heard or heard[-1].text != "Pine is a thing.":
        heard.append(await ada.hears())
    texts = [each.text for each in heard]
    assert texts == ["Oak is a thing."] * 5 + ["(slow down)", "Pine is a thing."]


async def test_groups_whose_admins_are_anonymous_share_no_limit(idle: Majlis, ada: Person) -> None:
    """Anonymous admins of all groups come under one and the same user; each group counts alone."""
    idle.settings = replace(idle.settings, user_limit=2)
    idle.start()
    nobody = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    groups = [idle.server.group(f"Group {number}", members=[ada]) for number in range(3)]
    for number, group in enumerate(groups):
        said = message(ada, text="@majlis_bot oak?", message_id=7000 + number)
        said |= {"from": nobody, "chat": group.chat.json(), "sender_chat": group.chat.json()}
        said["entities"] = [{"type": "mention", "offset": 0, "length": 11}]
        idle.server.push({"message": said})
    for group in groups:
        assert (await ada.hears(chat=group)).text == "Oak is a thing."


async def test_a_long_outage_uses_up_nobody_s_limit(idle: Majlis, ada: Person) -> None:
    """A reply tried again more often than the limit allows messages is given in the end."""
    idle.settings = replace(idle.settings, user_limit=2)
    idle.server.fail("sendMessage", *(Garbage() for _ in range(6)))
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears(timeout=15)).text == "Oak is a thing."


async def test_chats_that_are_not_allowed_get_nothing(idle: Majlis, ada: Person) -> None:
    """Neither a message, an edit, a press nor a search of others brings about any call."""
    idle.settings = replace(idle.settings, allowed_chats=frozenset({ada.id}))
    idle.start()
    eve = idle.server.person("Eve")
    said = message(eve, text="oak?")
    idle.server.push({"message": said})
    idle.server.push({"edited_message": said | {"edit_date": DATE}})
    idle.server.push({"message": said | {"text": "/start"}})
    idle.server.push({"message": {**said, "text": None, "sticker": {"file_id": "x"}}})
    idle.server.push({"callback_query": press(eve, data="1a:oak", message=said)})
    idle.server.push({"callback_query": press(eve, data="1a:oak")})
    query = {"id": "1", "from": eve.user.json(), "query": "oak", "offset": ""}
    idle.server.push({"inline_query": query})
    group = idle.server.group("Trees", members=[ada, eve])
    await ada.says("@majlis_bot oak?", chat=group)
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.server.drained()
    assert len(idle.server.calls_of("sendMessage")) == 1
    for method in ("answerCallbackQuery", "answerInlineQuery", "sendChatAction"):
        assert not idle.server.calls_of(method)


async def test_repeated_updates_are_answered_once(majlis: Majlis, ada: Person) -> None:
    """An update that comes again, with the same content or another, changes nothing."""
    for text in ("oak?", "oak?", "pine?"):
        majlis.server.push({"update_id": 777, "message": message(ada, text=text)})
    await ada.hears()
    await majlis.server.drained()
    await ada.says("birch?")
    assert (await ada.hears()).text == "Birch is a thing."


async def test_a_megabyte_is_borne(majlis: Majlis, ada: Person) -> None:
    """A huge update is handled like a small one."""
    majlis.server.push({"message": message(ada, text="oak " + "x" * 10**6)})
    assert (await ada.hears()).text == "Oak is a thing."


@pytest.mark.parametrize(
    ("content", "is_json"),
    [
        ("[" * 100_000 + "]" * 100_000, False),
        ("9" * 5000, False),
        ("[" * 500 + "]" * 500, True),
        ('{"reply_to_message":' * 300 + "{}" + "}" * 300, True),
        ("1" + "0" * 400, True),
        ("NaN", True),
        ("-Infinity", True),
    ],
    ids=["deep", "long number", "nested", "replies", "huge", "nan", "infinite"],
)
async def test_odd_json_neither_ends_nor_spins_the_poller(
    idle: Majlis, ada: Person, content: str, is_json: bool
) -> None:
    """What can't be parsed is an outage that is waited out; what can is passed over."""
    body = f'{{"ok": true, "result": [{{"update_id": 1, "message": {content}}}]}}'
    idle.server.fail("getUpdates", Garbage(body))
    run = idle.start()
    await idle.server.called("getUpdates")
    idle.server.push({"update_id": 2, "message": message(ada, text="oak?")})
    assert (await ada.hears()).text == "Oak is a thing."
    assert not run.done()
    offsets = [call.parameters.get("offset", 0) for call in idle.server.calls_of("getUpdates")]
    assert len(offsets) < 20
    assert (2 in offsets) == is_json


@pytest.mark.parametrize("field", ["message_id", "date", "chat", "from", "text", "entities"])
@pytest.mark.parametrize("odd", [10**400, -(2**63) - 1, 0.5, True, [], {"id": 10**30}, "\ud800"])
async def test_wrong_types_are_passed_over(
    majlis: Majlis, ada: Person, field: str, odd: object
) -> None:
    """A field of another type than Telegram promises costs at most this one reply."""
    majlis.server.push({"message": message(ada, text="pine?") | {field: odd}})
    await ada.says("oak?")
    while (await ada.hears()).text != "Oak is a thing.":
        pass


async def test_albums_and_limits_stay_small(idle: Majlis) -> None:
    """What is remembered of people and albums doesn't grow with them."""
    front = Many()
    for number in range(2_000):
        size = {"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}
        person = {"id": number, "is_bot": False, "first_name": "x"}
        album = {"photo": [size], "media_group_id": str(number)}
        said = {"message_id": 1, "date": DATE, "chat": {"id": number, "type": "private"}}
        await front.handle({"message": said | album | {"from": person}})
    assert len(front.boundary.handlers._albums) == 256


@pytest.mark.parametrize("garbage", [b"topic: [", b"\xff\xfe\0", b"[" * 100_000, b""])
async def test_garbage_never_takes_the_place_of_the_knowledge(
    garbage: bytes, log: pytest.LogCaptureFixture
) -> None:
    """A watched file that is swapped for garbage leaves the old knowledge live, and one line."""
    with small_knowledge() as found:
        file = found.knowledge / "en" / "trees.yaml"
        async with durable(replace(found, watch=True)) as bot:
            version = bot.conversation.knowledge.version
            async with asyncio.timeout(20):
                # Again and again, as the watch may not have begun yet.
                while not logged(log, "Kept the old knowledge"):
                    file.write_bytes(garbage)
                    await asyncio.sleep(0.05)
            reply = await bot.conversation.respond(Utterance(5, 5, "what does a pine smell of"))
    assert isinstance(reply, Answer)
    assert bot.conversation.knowledge.version == version


class Many:
    """Handle updates without a server, for tests that need many."""

    def __init__(self) -> None:
        self.telegram = QuietTelegram()
        bot = Bot(QUIET, request=self.telegram, get_updates_request=self.telegram)
        store = make_store()
        parts = Parts(bot, FakeConversation(MANY), FakeReloader(), store, _now)
        self.bot = bot
        self.boundary = quiet_boundary(parts)
        self.number = 0

    async def handle(self, update: Json) -> str:
        """Return the kind of the verdict on an update."""
        if self.number == 0:
            await self.bot.initialize()
        self.number += 1
        content = {**update, "update_id": self.number}
        verdict = await self.boundary(Claimed(self.number, content, _now()))
        return verdict.kind if isinstance(verdict, Done) else "later"


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from((0, -1, 2**63, -(2**63) - 1, 10**400)),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ("\0", "\ud800", "\u202e", "/start", "/help x", "@majlis_bot oak", "oak?", "1a:oak")
    ),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)
_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "Integer": st.integers(-(2**52), 2**52),
    "String": st.text(max_size=30)
    | st.sampled_from(("oak?", "/help", "@majlis_bot oak", "pine oak")),
    "Boolean": st.booleans(),
    "Float": st.floats(allow_nan=False),
}


def _of_type(kind: str) -> st.SearchStrategy[Any]:
    """Return values of a type of the Bot API, and now and then anything else."""
    kind = kind.lstrip("!")
    if kind.startswith("Array of "):
        sound: st.SearchStrategy[Any] = st.lists(
            _of_type(kind.removeprefix("Array of ")), max_size=3
        )
    elif kind in _BY_TYPE:
        sound = _BY_TYPE[kind]
    else:
        sound = st.deferred(lambda: _object(_types()[kind]))
    return st.one_of(sound, sound, sound, sound, sound, _ANYTHING)


def _object(fields: dict[str, str]) -> st.SearchStrategy[Json]:
    needed = {name: _of_type(kind) for name, kind in fields.items() if kind.startswith("!")}
    rest = {name: _of_type(kind) for name, kind in fields.items() if not kind.startswith("!")}
    return st.fixed_dictionaries(needed, optional=rest)


def _types() -> dict[str, dict[str, str]]:
    """Return the types of what Telegram sends, around those that the server knows."""
    known = load_spec()["types"]
    user = {name: known["User"][name] for name in ("id", "is_bot", "first_name", "language_code")}
    entity = {name: known["MessageEntity"][name] for name in ("type", "offset", "length")}
    chat = {"id": "!Integer", "type": "!Kind", "title": "String", "is_forum": "Boolean"}
    earlier = {"message_id": "!Integer", "date": "!Date", "chat": "!Chat", "from": "User"}
    more = {"text": "String", "caption": "String", "entities": "Array of Entity"}
    marks = {"media_group_id": "String", "message_thread_id": "Integer", "sender_chat": "Chat"}
    said = {
        **earlier,
        **more,
        **marks,
        "edit_date": "Date",
        "via_bot": "User",
        "photo": "Array of Size",
    }
    return {
        "User": user,
        "Entity": {**entity, "user": "User"},
        "Chat": chat,
        "Size": {"file_id": "!String", "file_unique_id": "!String", "width": "!Integer"},
        "Earlier": {**earlier, **more},
        "Message": {**said, "from": "!User", "reply_to_message": "Earlier"},
        "Guest": {**said, "from": "!User", "guest_query_id": "!String"},
        "Press": {"id": "!String", "from": "!User", "message": "Message", "data": "Data"},
        "Query": {"id": "!String", "from": "!User", "query": "!String", "offset": "!String"},
    }


_BY_TYPE["Kind"] = st.sampled_from(("private", "group", "supergroup", "channel"))
_BY_TYPE["Date"] = st.integers(0, 2**32)
_BY_TYPE["Data"] = st.sampled_from(
    ("1a:oak", "1p:pine", "1x", "1l", "1t:trees", "1s:oak", "1h:oak", "?")
)
_UPDATES = st.one_of(
    st.fixed_dictionaries({"message": _of_type("!Message")}),
    st.fixed_dictionaries({"edited_message": _of_type("!Message")}),
    st.fixed_dictionaries({"callback_query": _of_type("!Press")}),
    st.fixed_dictionaries({"inline_query": _of_type("!Query")}),
    st.fixed_dictionaries({"guest_message": _of_type("!Guest")}),
    st.dictionaries(st.sampled_from(("message", "poll", "channel_post", "chat_member")), _ANYTHING),
)
_FUZZ = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@_FUZZ
@given(updates=st.lists(_UPDATES, min_size=1, max_size=3))
def test_no_update_is_a_bug(caplog: pytest.LogCaptureFixture, updates: list[Json]) -> None:
    """Whatever is sent, by type or against it, comes to a verdict and to no traceback."""

    async def handle() -> None:
        front = Many()
        for update in updates:
            content = json.loads(json.dumps(update))
            assert received({"update_id": 1} | content) is not None
            assert await front.handle(content) in _KINDS

    asyncio.run(handle())
    assert not [record for record in caplog.records if record.exc_info]
    caplog.clear()


_KINDS = frozenset(
    {
        "passed over",
        "answer",
        "suggest",
        "fallback",
        "press",
        "inline",
        "page",
        "limited",
        "personal",
    }
)


@_FUZZ
@given(data=st.one_of(_ANYTHING, st.binary(max_size=64).map(lambda raw: raw.decode("latin-1"))))
def test_no_button_is_a_bug(data: object) -> None:
    """What a button carries means something that is live, or nothing."""
    press = decode(data, MANY)
    assert isinstance(press, Stale) or decode(encode(press), MANY) == press


@_FUZZ
@given(update=_UPDATES)
def test_forms_are_told_of_anything(update: Json) -> None:
    """Whether an update has its form can be told of whatever JSON holds."""
    assert is_well_formed(update) in {True, False}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
