"""The conversation: turns, sessions, and what is kept of them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition, build_edition
from bot.conversation.explaining import Explanation, explanation_of
from bot.conversation.messages import (
    Answer,
    Choice,
    Dismissal,
    Fallback,
    Reply,
    SmallTalk,
    Suggestions,
    Utterance,
    kind_of,
)
from bot.storage.memory import MemoryStore
from bot.storage.store import Candidate, Session
from tests.bot.conversation.library import (
    ENTRIES,
    EXPIRY,
    HOURS,
    PLACE,
    START,
    Clock,
    make_edition,
    make_library,
)
from tests.fakes import make_entry, make_wordings

UNSURE = {"reading": {"place": 0.5, "hours": 0.4, "card": 0.35, "lost": 0.1}, "shop": {"lost": 0.1}}
ARABIC = "\u0623\u064a\u0646 \u0627\u0644\u0645\u0643\u062a\u0628\u0629"


class GatedStore(MemoryStore):
    """Hold up whoever asks for a session until the gate opens."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(EXPIRY, dt.timedelta(days=90), clock)
        self.waiting = asyncio.Event()
        self.gate = asyncio.Event()

    async def session(self, chat: int, user: int) -> Session | None:
        """Return the session when the gate is open."""
        self.waiting.set()
        await self.gate.wait()
        return await super().session(chat, user)


class Person:
    """Talk to the bot from one chat."""

    def __init__(self, conversation: Conversation, number: int = 1) -> None:
        self._conversation = conversation
        self._number = number

    async def says(
        self, text: str, language: str | None = None, reply_to: str | None = None
    ) -> Reply:
        """Type a message."""
        heard = Utterance(self._number, self._number, text, language, reply_to)
        return await self._conversation.respond(heard)

    async def picks(self, entry: str) -> Reply:
        """Press the button of an entry."""
        return await self._conversation.respond(Choice(self._number, self._number, entry))

    async def picks_none(self) -> Reply:
        """Press "None of these"."""
        return await self._conversation.respond(Dismissal(self._number, self._number))

    async def asks_why(self) -> str | None:
        """Ask why the last reply was given."""
        return await self._conversation.explain(self._number, self._number)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    """Return an empty store on the clock."""
    return MemoryStore(EXPIRY, dt.timedelta(days=90), clock)


def talk(
    store: MemoryStore, clock: Clock, script: Mapping[str, Mapping[str, float]]
) -> Conversation:
    """Return a conversation about the library by a script."""
    return Conversation(make_edition(None, script), store, clock)


@pytest.fixture
def person(store: MemoryStore, clock: Clock) -> Person:
    """Return a person who has said nothing yet."""
    return Person(talk(store, clock, UNSURE))


def entries_of(reply: Reply) -> list[str]:
    """Return the ids a reply answers with."""
    return [each.entry.id for each in reply.answered] if isinstance(reply, Answer) else []


async def test_a_question_is_answered(person: Person) -> None:
    """A phrase gets its entry's answer, with confidence and language."""
    reply = await person.says("Where is the library?")
    assert isinstance(reply, Answer)
    assert reply.text == PLACE.answer
    assert (reply.answered[0].confidence, reply.language) == (0.95, "en")


async def test_an_answer_is_the_context_of_the_next_question(person: Person) -> None:
    """A bare follow-up takes the last answer's subject, turn after turn."""
    await person.says("When is the library open?")
    assert entries_of(await person.says("where is it?")) == ["place"]
    assert entries_of(await person.says("for example?")) == ["tour"]


async def test_people_and_chats_have_contexts_of_their_own(
    store: MemoryStore, clock: Clock
) -> None:
    """What one person was told says nothing about what another means."""
    conversation = talk(store, clock, {})
    await Person(conversation, 1).says("When is the library open?")
    assert entries_of(await Person(conversation, 2).says("where is it?")) == []


async def test_the_answer_replied_to_is_the_context(person: Person) -> None:
    """A reply to an earlier message leans on that one, not on the last."""
    await person.says("Where do children read?")
    assert entries_of(await person.says("where?", reply_to="hours")) == ["place"]


async def test_an_answer_replied_to_that_is_gone_leaves_no_context(person: Person) -> None:
    """A reply to an entry that no longer exists asks back."""
    reply = await person.says("where?", reply_to="gone")
    assert isinstance(reply, Fallback)
    assert reply.reason == "unclear"


async def test_a_session_expires(person: Person, clock: Clock) -> None:
    """After the expiry a follow-up has nothing to lean on."""
    await person.says("When is the library open?")
    clock.now += EXPIRY + dt.timedelta(seconds=1)
    reply = await person.says("where is it?")
    assert isinstance(reply, Fallback)
    assert reply.reason == "unclear"


async def test_each_turn_starts_the_sessions_time_anew(person: Person, clock: Clock) -> None:
    """Someone who keeps talking keeps the context."""
    await person.says("When is the library open?")
    for _ in range(3):
        clock.now += EXPIRY - dt.timedelta(seconds=1)
        assert entries_of(await person.says("where is it?")) == ["place"]


async def test_two_questions_get_both_answers(person: Person) -> None:
    """A message with two questions is answered in one reply, in order."""
    reply = await person.says("Where is the library and how do I get a library card?")
    assert entries_of(reply) == ["place", "card"]


async def test_the_first_answer_is_the_context_of_the_second_question(person: Person) -> None:
    """In one message, "it" may stand for what was just asked about."""
    reply = await person.says("When is the library open? Where is it?")
    assert entries_of(reply) == ["hours", "place"]


async def test_a_question_said_twice_in_one_message_is_answered_once(person: Person) -> None:
    """Asking where it is and where again gives one answer and no complaint."""
    reply = await person.says("Where is the library? Where is it?")
    assert isinstance(reply, Answer)
    assert entries_of(reply) == ["place"]
    assert reply.unanswered == ()


async def test_the_part_without_an_answer_is_named(person: Person) -> None:
    """Of two questions the unknown one is named in the reply."""
    reply = await person.says("Where is the library? Where are the parrots?")
    assert isinstance(reply, Answer)
    assert reply.unanswered == ("Where are the parrots?",)


async def test_background_tells_what_the_only_question_is_about(person: Person) -> None:
    """A bare question after a sentence about something is about that."""
    reply = await person.says("I want to see the library. Where is it?")
    assert entries_of(reply) == ["place"]


async def test_a_greeting_before_a_question_is_no_hindrance(person: Person) -> None:
    """The question after a greeting is answered."""
    assert entries_of(await person.says("Hi, where is the library?")) == ["place"]


async def test_small_talk_is_answered_and_keeps_the_context(person: Person) -> None:
    """Thanks get an answer, and the next follow-up still leans on the last one."""
    await person.says("When is the library open?")
    assert await person.says("thanks!") == SmallTalk("en", "(thanks)", "thanks")
    assert entries_of(await person.says("where is it?")) == ["place"]


async def test_an_unsure_match_is_offered_and_missed_until_one_is_picked(
    person: Person, store: MemoryStore
) -> None:
    """Suggestions count as missed while nobody picks one; the session remembers their cause."""
    reply = await person.says("reading")
    assert isinstance(reply, Suggestions)
    assert [each.entry.id for each in reply.candidates] == ["place", "hours", "card"]
    session = await store.session(1, 1)
    assert session is not None
    assert session.utterance == "reading"
    assert [(miss.text, miss.cause) for miss in store.misses] == [("reading", "unchosen")]
    await person.picks("place")
    assert store.misses == []


async def test_none_of_these_records_a_miss(person: Person, store: MemoryStore) -> None:
    """Dismissed suggestions make the utterance a miss with what was considered."""
    await person.says("reading")
    reply = await person.picks_none()
    assert isinstance(reply, Fallback)
    assert reply.reason == "dismissed"
    (miss,) = store.misses
    assert (miss.text, miss.language, miss.at) == ("reading", "en", START)
    assert miss.cause == "dismissed"
    assert miss.candidates[0] == Candidate("place", 0.5)


async def test_none_of_these_twice_is_one_miss(person: Person, store: MemoryStore) -> None:
    """A second press on the same button records nothing more."""
    await person.says("reading")
    await person.picks_none()
    assert kind_of(await person.picks_none()) == "fallback"
    assert len(store.misses) == 1


async def test_none_of_these_from_a_stranger_is_polite(person: Person, store: MemoryStore) -> None:
    """A dismissal without a session gets its fallback and records nothing."""
    assert kind_of(await person.picks_none()) == "fallback"
    assert store.misses == []


async def test_free_text_under_suggestions_is_a_fresh_question(
    person: Person, store: MemoryStore
) -> None:
    """Typing on while suggestions are on screen asks anew; they are then for nothing."""
    await person.says("reading")
    assert entries_of(await person.says("How do I get a library card?")) == ["card"]
    await person.picks_none()
    assert [miss.cause for miss in store.misses] == ["unchosen"]


async def test_a_choice_is_answered_and_becomes_the_context(
    person: Person, store: MemoryStore
) -> None:
    """A picked entry is answered for sure, and the next follow-up leans on it."""
    await person.says("reading")
    reply = await person.picks("hours")
    assert isinstance(reply, Answer)
    assert reply.answered[0].confidence == 1.0
    assert entries_of(await person.says("where is it?")) == ["place"]
    assert store.misses == []


async def test_a_choice_of_an_entry_that_is_gone_falls_back(person: Person) -> None:
    """A button of an older version gets a fallback and leaves the context as it was."""
    await person.says("When is the library open?")
    assert kind_of(await person.picks("no-such-entry")) == "fallback"
    assert entries_of(await person.says("where is it?")) == ["place"]


async def test_more_goes_on_until_nothing_is_left(person: Person) -> None:
    """What was given, by question or choice, isn't given again; at the end that is said."""
    await person.says("When is the library open?")
    await person.picks("card")
    given = []
    while entry := entries_of(reply := await person.says("tell me more")):
        given += entry
    assert given == ["lost", "children"]
    assert isinstance(reply, Fallback)
    assert reply.reason == "exhausted"


async def test_an_unknown_question_is_a_miss(person: Person, store: MemoryStore) -> None:
    """What nothing answers is recorded with the best candidates and the time."""
    reply = await person.says("shop")
    assert isinstance(reply, Fallback)
    assert reply.reason == "unknown"
    (miss,) = store.misses
    assert (miss.text, miss.candidates, miss.at) == ("shop", (Candidate("lost", 0.1),), START)


@pytest.mark.parametrize("text", ["where is it?", "hello", "Where is the library?"])
async def test_only_what_is_unknown_is_a_miss(
    text: str, person: Person, store: MemoryStore
) -> None:
    """Asking back, small talk and answers are no misses."""
    await person.says(text)
    assert store.misses == []


async def test_every_utterance_is_recorded_with_its_outcome(
    person: Person, store: MemoryStore
) -> None:
    """The log has each text, what kind of reply it got, and when."""
    for text in ("Where is the library?", "reading", "shop", "hi"):
        await person.says(text)
    assert [(heard.text, heard.kind) for heard in store.utterances] == [
        ("Where is the library?", "answer"),
        ("reading", "suggest"),
        ("shop", "fallback"),
        ("hi", "chitchat"),
    ]
    assert {(heard.chat, heard.user, heard.language, heard.at) for heard in store.utterances} == {
        (1, 1, "en", START)
    }


async def test_a_choice_is_no_utterance(person: Person, store: MemoryStore) -> None:
    """A pressed button leaves the utterance log alone."""
    await person.picks("hours")
    assert store.utterances == []


async def test_the_last_reply_can_be_explained(person: Person) -> None:
    """Why is kept of the last reply, whatever kind it was, and of nothing before the first."""
    assert await person.asks_why() is None
    await person.says("Where is the library?")
    explanation = explanation_of(str(await person.asks_why()))
    assert explanation
    assert [(each.outcome, each.entry) for each in explanation.reasons] == [("answer", "place")]
    await person.says("hi")
    assert explanation_of(str(await person.asks_why())) == Explanation(answered=False)
    await person.picks("hours")
    assert explanation_of(str(await person.asks_why())) == Explanation(answered=True)


@pytest.mark.parametrize(
    "text", ["", "   ", "?", "\U0001f600" * 4096, "\ud800", "\x00", "a" * 4096]
)
async def test_any_text_gets_a_reply(text: str, person: Person) -> None:
    """Empty, endless and broken texts fall back."""
    assert kind_of(await person.says(text)) == "fallback"


async def test_a_new_edition_serves_the_next_question(store: MemoryStore, clock: Clock) -> None:
    """After publishing, new questions are answered from the new knowledge."""
    conversation = talk(store, clock, {})
    conversation.publish(_moved())
    assert conversation.knowledge.version == "v2"
    reply = await Person(conversation).says("Where is the library?")
    assert reply.text == "The library moved."


async def test_a_reply_under_way_ends_with_the_edition_it_began_with(clock: Clock) -> None:
    """Publishing while a reply is being made doesn't mix two editions."""
    store = GatedStore(clock)
    conversation = Conversation(make_edition(), store, clock)
    under_way = asyncio.create_task(Person(conversation).says("Where is the library?"))
    await store.waiting.wait()
    conversation.publish(_moved())
    store.gate.set()
    assert (await under_way).text == PLACE.answer
    assert (await Person(conversation).says("Where is the library?")).text == "The library moved."


async def test_a_session_outlives_the_entry_it_leans_on(store: MemoryStore, clock: Clock) -> None:
    """When a reload takes the last entry away, a follow-up asks back."""
    conversation = talk(store, clock, {})
    await Person(conversation).says("When is the library open?")
    conversation.publish(make_edition(make_library((PLACE,))))
    reply = await Person(conversation).says("where is it?")
    assert isinstance(reply, Fallback)
    assert reply.reason == "unclear"


async def test_search_ranks_entries_for_a_few_words(store: MemoryStore, clock: Clock) -> None:
    """Searching gives the best entries with confidence, as many as asked for."""
    found = await talk(store, clock, UNSURE).search("reading", "en-GB", 2)
    assert [(each.entry.id, each.confidence) for each in found] == [("place", 0.5), ("hours", 0.4)]


@pytest.mark.parametrize(("limit", "entries"), [(9, ["hours", "card"]), (1, ["hours"])])
async def test_search_without_words_shows_the_first_of_each_topic(
    limit: int, entries: list[str], store: MemoryStore, clock: Clock
) -> None:
    """Before a word is typed, each topic shows its first entry."""
    found = await talk(store, clock, {}).search("  ", None, limit)
    assert [each.entry.id for each in found] == entries


def _moved() -> Edition:
    moved = replace(PLACE, answer="The library moved.")
    return make_edition(make_library((HOURS, moved), version="v2"))


@pytest.fixture(scope="module")
def bilingual() -> Edition:
    """Return an edition in English and Arabic."""
    arabic = make_entry("place", language="ar", question=ARABIC, answer="\u0647\u0646\u0627")
    english = tuple(replace(entry, alternates=(f"the {entry.id}",)) for entry in ENTRIES)
    return build_edition(make_library((*english, arabic, replace(arabic, id="other"))))


async def test_the_script_chooses_the_language_of_the_reply(
    bilingual: Edition, store: MemoryStore, clock: Clock
) -> None:
    """An Arabic question from an English telephone is answered in Arabic."""
    reply = await Person(Conversation(bilingual, store, clock)).says(ARABIC, "en")
    assert reply.language == "ar"


async def test_a_script_nobody_reads_is_a_miss(
    bilingual: Edition, store: MemoryStore, clock: Clock
) -> None:
    """A question in letters no language of the knowledge has falls back, and is recorded."""
    reply = await Person(Conversation(bilingual, store, clock)).says("\u0433\u0434\u0435", "ar")
    assert isinstance(reply, Fallback)
    assert (reply.language, reply.reason) == ("ar", "unknown")
    assert [miss.text for miss in store.misses] == ["\u0433\u0434\u0435"]


async def test_the_session_remembers_the_language(
    bilingual: Edition, store: MemoryStore, clock: Clock
) -> None:
    """Without a tag, a message without letters is answered in the language spoken before."""
    person = Person(Conversation(bilingual, store, clock))
    await person.says(ARABIC)
    assert (await person.says("123")).language == "ar"


def test_a_tag_finds_a_language_of_the_knowledge(
    bilingual: Edition, store: MemoryStore, clock: Clock
) -> None:
    """The front can ask which language suits a person."""
    assert Conversation(bilingual, store, clock).language("ar-EG") == "ar"


async def test_the_projects_own_knowledge_answers(conversation: Conversation) -> None:
    """With the real matcher, a question, a follow-up and a stranger's question do as promised."""
    person = Person(conversation)
    assert entries_of(await person.says("hi, where is isoj held?")) == ["isoj-where"]
    assert entries_of(await person.says("and who goes there?")) == ["isoj-who"]
    assert entries_of(await person.says("how much is a train ticket to Paris")) == []


@pytest.fixture
def german(store: MemoryStore, clock: Clock) -> Conversation:
    """Return a conversation that is spoken in German too, around answers in English."""
    wordings = {"en": make_wordings(), "de": make_wordings(exhausted="Das ist alles.")}
    edition = make_edition(make_library(wordings=wordings), UNSURE)
    return Conversation(edition, store, clock)


async def test_an_excuse_in_another_language_keeps_its_reason(
    german: Conversation, store: MemoryStore
) -> None:
    """That there is no more isn't a miss, in whatever language it is said."""
    person = Person(german)
    await person.says("When is the library open?", "de")
    reply = await person.says("more", "de")
    while not isinstance(reply, Fallback):
        reply = await person.says("more", "de")
    assert (reply.language, reply.reason, reply.text) == ("de", "exhausted", "Das ist alles.")
    assert not store.misses


async def test_an_excuse_in_another_language_keeps_what_was_considered(
    german: Conversation, store: MemoryStore
) -> None:
    """The miss has its candidates, and the language in which it can be taught."""
    reply = await Person(german).says("shop", "de")
    assert isinstance(reply, Fallback)
    assert reply.language == "de"
    [miss] = store.misses
    assert (miss.language, miss.candidates) == ("en", (Candidate("lost", 0.1),))


async def test_the_excuse_is_in_the_language_of_the_person(
    store: MemoryStore, clock: Clock
) -> None:
    """Where two languages have no answer, the surer one doesn't have the last word."""
    german = make_entry("bank", language="de", question="Wo ist die Bank?")
    wordings = {"en": make_wordings(), "de": make_wordings(fallback="Leider nicht.")}
    edition = build_edition(make_library((*ENTRIES, german), wordings=wordings))
    person = Person(Conversation(edition, store, clock))
    for text in ("Kann ich hier parken", "Hotel mit Pool", "is there a pool"):
        assert (await person.says(text, "de")).language == "de"
        assert (await person.says(text, "en")).language == "en"


@pytest.mark.parametrize("text", [".", "\U0001f642", "123"])
async def test_what_has_no_letters_is_no_miss(
    text: str, person: Person, store: MemoryStore
) -> None:
    """There is nothing in it that anybody could teach."""
    assert isinstance(await person.says(text), Fallback)
    assert store.misses == []


async def test_a_follow_up_without_an_answer_is_no_miss(person: Person, store: MemoryStore) -> None:
    """By itself "why?" asks nothing, so nobody could answer it from a list."""
    await person.says("When is the library open?")
    reply = await person.says("why?")
    assert isinstance(reply, Fallback)
    assert store.misses == []
