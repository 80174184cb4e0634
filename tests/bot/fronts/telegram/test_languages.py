"""Choosing a language, over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.edition import Edition
from bot.conversation.messages import Choice, Utterance
from bot.errors import StorageError
from bot.knowledge.entry import KnowledgeBase
from bot.storage.memory import MemoryStore
from bot.storage.store import Preference, Session
from tests.bot.fronts.telegram.running import Majlis, labels, logged
from tests.bot.fronts.telegram.test_buttons import BILINGUAL
from tests.botapi import Message, Person
from tests.fakes import make_entry, make_knowledge, make_store, make_wordings


def _bilingual() -> KnowledgeBase:
    """Return knowledge whose two languages name themselves."""
    named = {
        "en": {"language_name": "English", "language": "Which?", "language_chosen": "{language}!"},
        "de": {"language_name": "Deutsch", "language": "Welche?", "language_chosen": "{language}!"},
    }
    wordings = {
        code: words.model_copy(update=named[code]) for code, words in BILINGUAL.wordings.items()
    }
    return replace(BILINGUAL, wordings=wordings)


@pytest.fixture
def idle(idle: Majlis) -> Majlis:
    """Return a front with two languages."""
    idle.conversation.knowledge = _bilingual()
    return idle


async def _asked(person: Person) -> Message:
    await person.says("/language")
    return await person.hears()


async def _chooses(person: Person, label: str) -> Message:
    """Choose a language and return the list as it is then."""
    shown = await _asked(person)
    await (await person.presses(shown.button(label))).answer()
    return await person.sees_edit(shown)


async def test_languages_are_listed_in_their_own_names(majlis: Majlis, ada: Person) -> None:
    """Each has a row, and the app's language is the way back."""
    shown = await _asked(ada)
    assert shown.text == "Which?"
    assert labels(shown) == ["English", "Deutsch", "✓ <as_in_telegram>"]
    assert [len(row) for row in shown.rows] == [1, 1, 1]
    await majlis.end()


async def test_chosen_language_is_marked_and_spoken(majlis: Majlis, ada: Person) -> None:
    """The list itself changes at once, and so does whatever follows."""
    shown = await _asked(ada)
    press = await ada.presses(shown.button("Deutsch"))
    assert (await press.answer()).text == "Deutsch!"
    changed = await ada.sees_edit(shown)
    assert changed.text == "Welche?"
    assert labels(changed) == ["English", "✓ Deutsch", "<<as_in_telegram>>"]
    await ada.says("oak?")
    await ada.hears()
    assert majlis.conversation.heard[-1] == Utterance(ada.id, ada.id, "oak?", "de")
    assert labels(await _asked(ada)) == ["English", "✓ Deutsch", "<<as_in_telegram>>"]


async def test_everything_a_person_sends_is_taken_as_in_their_language(
    majlis: Majlis, ada: Person
) -> None:
    """Commands, edits, presses, searches and other content: nothing goes by the app's language."""
    question = await ada.says("oak?")
    answer = await ada.hears()
    await _chooses(ada, "Deutsch")
    await ada.says("/topics")
    topics = await ada.hears()
    assert labels(topics) == ["Bäume"]
    await ada.edits(question, "oak!")
    assert "<<source>>" not in labels(await ada.sees_edit(answer))  # the fake answers in English
    assert majlis.conversation.heard[-1] == Utterance(ada.id, ada.id, "oak!", "de")
    results = await ada.inline("Was ist oak?")
    assert results.titles == ["Was ist oak?"]
    await ada.sends_sticker()
    assert (await ada.hears()).text == "(unsupported)"
    await ada.presses(topics.button("Bäume"))
    topic = await ada.sees_edit(topics)
    await ada.presses(topic.button("Was ist oak?"))
    await ada.hears()
    picked = Choice(ada.id, ada.id, "oak", "de")
    assert picked in majlis.conversation.heard


async def test_conversation_under_way_goes_on_in_the_chosen_language(
    majlis: Majlis, ada: Person
) -> None:
    """What is chosen from a list next is answered in the language chosen just now."""
    await majlis.store.keep([Session(ada.id, ada.id, "en", "oak")])
    await _chooses(ada, "Deutsch")
    await majlis.end()
    assert await majlis.store.session(ada.id, ada.id) == Session(ada.id, ada.id, "de", "oak")


async def test_choice_is_the_person_s(majlis: Majlis, ada: Person) -> None:
    """Nobody else is spoken to in it, and in groups it counts too."""
    bob = majlis.server.person("Bob")
    group = majlis.server.group("Trees", members=[ada, bob])
    await _chooses(ada, "Deutsch")
    for person in (ada, bob):
        await person.says("@majlis_bot oak?", chat=group)
        await ada.hears(chat=group)
    assert [heard.language for heard in majlis.conversation.heard] == ["de", "en"]


async def test_choice_can_be_taken_back(majlis: Majlis) -> None:
    """As in Telegram means the app's language again, and nothing is kept of the choice."""
    uwe = majlis.server.person("Uwe", language="de")
    changed = await _chooses(uwe, "English")
    assert changed.text == "Which?"
    await (await uwe.presses(changed.button("<as_in_telegram>"))).answer()
    assert (await uwe.sees_edit(changed)).text == "Welche?"
    await uwe.says("oak?")
    await uwe.hears()
    assert majlis.conversation.heard[-1].language == "de"
    assert majlis.store.preferences == {}


async def test_choice_outlives_the_bot(majlis: Majlis, ada: Person) -> None:
    """It is kept with the mark that the press is done."""
    await _chooses(ada, "Deutsch")
    await majlis.end()
    [preference] = majlis.store.preferences.values()
    assert preference == Preference(ada.id, "de", preference.at)


async def test_choice_is_shown_and_forgotten(majlis: Majlis, ada: Person) -> None:
    """/mydata names it, and after /forgetme the app's language counts again."""
    await _chooses(ada, "Deutsch")
    await ada.says("/mydata")
    await ada.hears()
    [sent] = majlis.server.calls_of("sendDocument")
    assert b"language_chosen: de" in sent.parameters["document"].content
    await ada.says("/forgetme")
    await ada.hears()
    await ada.says("oak?")
    await ada.hears()
    assert majlis.conversation.heard[-1].language == "en"


async def test_groups_choose_nothing(majlis: Majlis, ada: Person) -> None:
    """A group has no language of its own; the command points to the private chat."""
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("/language", chat=group)
    assert (await ada.hears(chat=group)).text == "(private only)"


async def test_language_that_is_gone_is_a_stale_button(majlis: Majlis, ada: Person) -> None:
    """A choice of what the knowledge no longer has counts for nothing, then and later."""
    await _chooses(ada, "Deutsch")
    shown = await _asked(ada)
    majlis.conversation.knowledge = replace(
        make_knowledge((make_entry("oak"), make_entry("eik", language="nl"))),
        wordings={"en": make_wordings(), "nl": make_wordings(language_name="Nederlands")},
    )
    press = await ada.presses(shown.button("✓ Deutsch"))
    assert (await press.answer()).text == "(stale button)"
    await ada.says("oak?")
    await ada.hears()
    assert majlis.conversation.heard[-1].language == "en"


class _Counting(MemoryStore):
    """Count the looks at preferences, or fail at them."""

    looks = 0
    broken = False

    async def preference(self, user: int) -> Preference | None:
        """Count."""
        self.looks += 1
        if self.broken:
            message = "the disk is full"
            raise StorageError(message)
        return await super().preference(user)


async def test_one_language_costs_nothing(idle: Majlis, ada: Person) -> None:
    """Where there is nothing to choose the command says so, and nobody is looked up."""
    idle.conversation.knowledge = make_knowledge()
    store = idle.store = make_store(_Counting)
    idle.start()
    await ada.says("/language")
    assert (await ada.hears()).text == "Only (language name)"
    await idle.end()
    assert isinstance(store, _Counting)
    assert store.looks == 0


async def test_each_message_costs_one_look(idle: Majlis, ada: Person) -> None:
    """However much of a reply depends on the language."""
    store = idle.store = make_store(_Counting)
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert isinstance(store, _Counting)
    assert store.looks == 1


async def test_failing_database_costs_the_choice_only(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """The answer comes in the app's language, and the log says so once."""
    store = idle.store = make_store(_Counting)
    assert isinstance(store, _Counting)
    store.broken = True
    idle.start()
    for _ in range(2):
        await ada.says("oak?")
        assert (await ada.hears()).text == "Did you mean?"
    await idle.end()
    assert logged(log, "languages can't be looked up") == 1


@pytest.mark.parametrize("several", [True, False])
async def test_menu_offers_the_choice_where_there_is_one(
    idle: Majlis, ada: Person, several: bool
) -> None:
    """/language stands in the private menus of a bot with several languages only."""
    if not several:
        idle.conversation.knowledge = make_knowledge()
    idle.start()
    await ada.says("oak?")
    await ada.hears()
    await idle.server.called("setMyCommands", times=6 if several else 3)
    listed = [
        call.parameters.get("scope", {"type": "default"})["type"]
        for call in idle.server.calls_of("setMyCommands")
        if "language" in [each["command"] for each in call.parameters["commands"]]
    ]
    assert listed == (["all_private_chats", "chat"] * 2 if several else [])
    await idle.end()


async def test_interface_is_spoken_where_there_are_no_answers(idle: Majlis) -> None:
    """The bot's own texts are in the app's language, also around questions in another."""
    english = tuple(each for each in BILINGUAL.entries if each.language == "en")
    topics = tuple(each for each in BILINGUAL.topics if each.language == "en")
    idle.conversation.knowledge = replace(_bilingual(), entries=english, topics=topics)
    idle.start()
    uwe = idle.server.person("Uwe", language="de-AT")
    assert labels(await _asked(uwe)) == ["English", "Deutsch", "✓ <<as_in_telegram>>"]
    await uwe.starts()
    shown = await uwe.hears()
    await uwe.presses(shown.button("Trees"))
    assert labels(await uwe.sees_edit(shown)) == ["What is oak?", "<<back>>"]
    await idle.end()


async def test_the_projects_own_bot_speaks_arabic(idle: Majlis, edition: Edition) -> None:
    """A phone in Arabic is welcomed in Arabic, also where the answers are in English."""
    idle.conversation.knowledge = edition.knowledge
    idle.start()
    amal = idle.server.person("Amal", language="ar")
    await amal.starts()
    shown = await amal.hears()
    assert shown.text.startswith("أهلًا وسهلًا!")
    assert (labels(shown)[0], labels(shown)[-1]) == ("The big picture", "التالي")
    assert labels(await _asked(amal)) == ["English", "العربية", "✓ كما في تيليغرام"]
    await idle.server.called("setMyCommands", times=6)
    described = idle.server.calls_of("setMyDescription")
    assert [call.parameters.get("language_code", "") for call in described] == ["", "ar"]
    await idle.end()
