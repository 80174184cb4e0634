"""What people type in several messages, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from bot.errors import StorageError
from bot.storage.journal import Claimed
from bot.storage.memory_journal import MemoryJournal
from bot.storage.store import Memory
from tests.bot.fronts.telegram.running import Majlis, _now, logged
from tests.botapi import Message, Person, ServerError
from tests.botapi.chats import add_topic


class Watched(MemoryJournal):
    """Keep updates; while `dead`, no update can be done, as if the process had died before."""

    dead = False
    blind = False

    async def finish(
        self, number: int, memories: Sequence[Memory] = (), also: Sequence[int] = ()
    ) -> None:
        """Mark as done, or never come back."""
        if self.dead:
            await asyncio.Event().wait()
        await super().finish(number, memories, also)

    async def following(self, number: int, most: int) -> tuple[Claimed, ...]:
        """Look behind an update, or fail."""
        if self.blind:
            message = "the disk is full"
            raise StorageError(message)
        return await super().following(number, most)


@pytest.fixture
def journal(idle: Majlis) -> Watched:
    """Return the journal of the front, which isn't started."""
    found = idle.journal = Watched(idle.store, _now)
    idle.conversation.gate = asyncio.Event()
    return found


async def _arrived(majlis: Majlis) -> None:
    """Wait until all that was sent waits in the journal, and let the bot think."""
    queue = majlis.server.world.queue
    await majlis.server.watch.until(lambda: not queue.pending or None, "all updates taken")
    assert majlis.conversation.gate
    majlis.conversation.gate.set()


async def _typed(majlis: Majlis, person: Person, *texts: str) -> list[Message]:
    """Send messages before the bot gets to think about the first."""
    sent = [await person.says(text) for text in texts]
    await _arrived(majlis)
    return sent


async def _replies(majlis: Majlis, person: Person) -> list[str]:
    """Return what the bot says to all that was sent."""
    await person.says("/about")
    heard = []
    while (message := await person.hears()).text != "(about)":
        heard.append(message.text)
    await majlis.end()
    return heard


OAK, PINE, LOST = "Oak is a thing.", "Pine is a thing.", "Sorry."


@pytest.mark.parametrize(
    ("texts", "replies"),
    [
        (("hi", "what about", "the oak?"), [OAK]),
        (("oak?", "pine?"), [OAK, PINE]),
        (("hi", "oak?", "pine?"), [OAK, PINE]),
        (("hi", "there"), [LOST]),
        (("a", "b", "c", "d", "e oak", "f pine"), [OAK, PINE]),
    ],
)
async def test_one_thing_gets_one_reply(
    idle: Majlis, journal: Watched, ada: Person, texts: tuple[str, ...], replies: list[str]
) -> None:
    """What can't be answered alone is read with what follows, up to five messages."""
    idle.start()
    await _typed(idle, ada, *texts)
    assert await _replies(idle, ada) == replies
    assert (await journal.backlog()).count == 0


async def test_reply_to_the_whole_belongs_to_the_last_message(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """The whole is what was asked, for /why and votes; an edit of the last edits the reply."""
    idle.start()
    first, last = await _typed(idle, ada, "tell me about", "oak")
    answer = await ada.hears()
    await ada.edits(last, "pine")
    assert (await ada.sees_edit(answer)).text == PINE
    await idle.end()
    assert (await journal.backlog()).count == 0
    assert await idle.store.answer_to(ada.id, first.id) is None
    assert "tell me about\noak" in [getattr(each, "text", "") for each in idle.conversation.heard]


@pytest.mark.parametrize("between", ["command", "sticker", "edit", "press", "reply", "forward"])
async def test_anything_else_between_ends_the_burst(
    idle: Majlis, journal: Watched, ada: Person, between: str
) -> None:
    """A command, another kind of message or a press is dealt with in its turn."""
    idle.start()
    assert idle.conversation.gate
    idle.conversation.gate.set()
    old = await ada.says("birch")
    shown = await ada.hears()
    idle.conversation.gate.clear()
    await ada.says("hi")
    doing: dict[str, Callable[[], Awaitable[object]]] = {
        "command": lambda: ada.says("/topics"),
        "sticker": ada.sends_sticker,
        "edit": lambda: ada.edits(old, "birch!"),
        "press": lambda: ada.presses(shown.button("<helpful>")),
        "reply": lambda: ada.says("why?", reply_to=shown),
        "forward": lambda: ada.forwards(shown),
    }
    await doing[between]()
    await ada.says("oak")
    await _arrived(idle)
    replies = await _replies(idle, ada)
    assert replies[0] == LOST
    assert replies[-1] == OAK


async def test_groups_have_no_bursts(idle: Majlis, journal: Watched, ada: Person) -> None:
    """In a group every mention has its own reply."""
    group = idle.server.group("Trees", members=[ada])
    idle.start()
    for text in ("@majlis_bot hi", "@majlis_bot oak"):
        await ada.says(text, chat=group)
    await _arrived(idle)
    assert [(await ada.hears(chat=group)).text for _ in range(2)] == [LOST, OAK]
    await idle.end()


async def test_topics_of_a_private_chat_are_kept_apart(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """Each topic has its own bursts, and the reply stays in the topic of the question."""
    ada.home.chat.is_forum = True
    oaks, pines = (add_topic(ada.watch.world, ada.home.chat, name, ada.user) for name in "OP")
    idle.start()
    for text, topic in (("hi", oaks), ("what about", pines), ("pine?", pines), ("oak?", oaks)):
        await ada.says(text, thread=topic)
    await _arrived(idle)
    heard = [await ada.hears() for _ in range(3)]
    assert [(message.text, message.thread) for message in heard] == [
        (LOST, oaks.id),
        (PINE, pines.id),
        (OAK, oaks.id),
    ]
    await idle.end()


async def test_messages_far_apart_are_two_things(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """What waited through an outage isn't one burst for that."""
    idle.start()
    old = {"message_id": 1, "chat": ada.home.chat.json(), "from": ada.user.json(), "date": 1000}
    for text in ("hi", "oak"):
        idle.server.push({"message": old | {"text": text}})
        old |= {"message_id": 2, "date": 1004}
    await _arrived(idle)
    assert await _replies(idle, ada) == [LOST, OAK]


async def test_bot_waits_for_somebody_who_goes_on(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """The next message comes in time, though the first was already understood."""
    idle.pace = replace(idle.pace, listening=0.5)
    assert idle.conversation.gate
    idle.conversation.gate.set()
    idle.start()
    await ada.says("what about")
    await idle.server.watch.until(lambda: idle.conversation.heard or None, "the first message")
    await ada.says("oak")
    assert await _replies(idle, ada) == [OAK]


async def test_killed_bot_answers_the_whole_again(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """Nothing is marked before the reply, and all at once after it: never the parts by themselves.

    The reply that Telegram took a moment before is given again, as any other would be.
    """
    idle.pace = replace(idle.pace, patience=0.01)
    journal.dead = True
    idle.start()
    await _typed(idle, ada, "what about", "oak")
    assert (await ada.hears()).text == OAK
    await idle.end()
    assert (await journal.backlog()).count == 2
    journal.dead = False
    again = Majlis(idle.server, idle.settings, store=idle.store, journal=journal)
    again.start()
    assert await _replies(again, ada) == [OAK]
    assert (await journal.backlog()).count == 0


async def test_reply_that_telegram_refuses_is_given_once(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """As long as it isn't given, all of the burst waits."""
    idle.server.fail("sendMessage", ServerError(502), ServerError(502))
    idle.start()
    await _typed(idle, ada, "what about", "oak")
    assert await _replies(idle, ada) == [OAK]
    assert len(idle.server.calls_of("sendMessage")) == 4


async def test_failing_lookup_costs_the_whole_only(
    idle: Majlis, journal: Watched, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Each message has its own reply where what follows can't be read, and the log says so once."""
    journal.blind = True
    idle.start()
    await _typed(idle, ada, "hi", "there", "oak")
    assert await _replies(idle, ada) == [LOST, LOST, OAK]
    assert logged(log, "went on to type can't be looked up") == 1


async def test_odd_updates_behind_a_message_are_passed_over(
    idle: Majlis, journal: Watched, ada: Person
) -> None:
    """What can't be read ends the burst and harms nothing."""
    idle.start()
    await ada.says("hi")
    idle.server.push({"message": {"chat": ada.home.chat.json(), "text": []}})
    await ada.says("oak")
    await _arrived(idle)
    assert await _replies(idle, ada) == [LOST, OAK]
