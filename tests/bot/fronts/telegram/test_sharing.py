"""Taking answers elsewhere: Share, Copy, and in groups the way to the whole answer."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from telegram import InlineKeyboardButton

from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.keyboards import answer_keyboard
from bot.fronts.telegram.sharing import query_of, shown_part
from bot.knowledge.entry import Entry, KnowledgeBase
from tests.bot.fronts.telegram.running import ANSWERED, Majlis, labels
from tests.botapi import Message, Person
from tests.fakes import make_entry, make_knowledge, make_wordings

WORDS = make_wordings().buttons
HERE = Frame("majlis_bot", has_inline=True)
PARAGRAPH = "The **oak** grows slowly and lives for a very long time, longer than people do."
LONG = "\n\n".join([PARAGRAPH] * 6)
GROVE = make_knowledge(
    (
        make_entry("oak", answer=LONG, related=("pine",)),
        make_entry("pine"),
        make_entry("elm", answer=LONG.replace("oak", "elm")),
        make_entry("oak-age", question="What is oak? And how old?"),
    )
)


def _buttons(entry: Entry, frame: Frame) -> dict[str, InlineKeyboardButton]:
    keyboard = answer_keyboard([entry], [], WORDS, frame)
    return {button.text: button for row in keyboard.inline_keyboard for button in row}


async def _link(person: Person, button: str, message: Message) -> Message:
    """Follow a link to the bot and return what it says in private."""
    url = urlsplit(str(message.button(button).url))
    assert (url.netloc, url.path) == ("t.me", "/majlis_bot")
    await person.starts(parse_qs(url.query)["start"][0])
    return await person.hears()


async def test_answer_is_shared_by_its_question(majlis: Majlis, ada: Person) -> None:
    """Share types the question into the chat that is picked, where its entry comes first."""
    majlis.conversation.knowledge = GROVE
    await ada.says("pine")
    answer = await ada.hears()
    shared = answer.button("<share>").shared
    assert shared == "What is pine?"
    results = await ada.inline(shared)
    assert results.titles == ["What is pine?"]
    assert (await ada.chooses(results, "What is pine?")).text == "Pine is a thing."


async def test_shared_entry_comes_first_and_once(majlis: Majlis, ada: Person) -> None:
    """What the words also find comes after what was meant by them."""
    majlis.conversation.knowledge = make_knowledge(
        (make_entry("oak"), make_entry("oak-age", question="oak"))
    )
    assert (await ada.inline("oak")).titles == ["oak", "What is oak?"]


async def test_shared_entry_comes_in_the_language_of_who_shares(majlis: Majlis) -> None:
    """Of one question in two languages the person's own comes, and only once."""
    german = make_entry("oak", language="de", answer="Eine Eiche.")
    majlis.conversation.knowledge = replace(
        make_knowledge((make_entry("oak"), german)), wordings={"en": make_wordings()}
    )
    uwe = majlis.server.person("Uwe", language="de")
    results = await uwe.inline("What is oak?")
    assert [result["description"] for result in results.results] == ["Eine Eiche."]


async def test_short_answer_is_copied(majlis: Majlis, ada: Person) -> None:
    """Copy takes the words without markup."""
    await ada.says("birch")
    assert (await ada.hears()).button("<copy_text>").copied == "Birch is a thing."


async def test_link_to_a_long_answer_is_copied(majlis: Majlis, ada: Person) -> None:
    """What is too long for the clipboard's button gives a link that answers."""
    majlis.conversation.knowledge = GROVE
    await ada.says("elm")
    answer = await ada.hears()
    assert labels(answer) == [
        "<source>", "<share>", "<copy_link>", "<helpful>", "<not_helpful>"
    ]  # fmt: skip
    copied = answer.button("<copy_link>").copied
    assert copied == "https://t.me/majlis_bot?start=elm"


def test_buttons_stand_in_two_rows() -> None:
    """On a phone three go beside each other, and the votes below."""
    keyboard = answer_keyboard([make_entry("oak")], [], WORDS, HERE)
    rows = [[button.text for button in row] for row in keyboard.inline_keyboard]
    assert rows == [ANSWERED[:3], ANSWERED[3:]]


def test_without_inline_mode_a_link_is_shared() -> None:
    """A bot whose inline mode is off can't be asked from another chat, but be linked to."""
    button = _buttons(make_entry("oak"), Frame("majlis_bot"))["<share>"]
    assert button.switch_inline_query is None
    asked = parse_qs(urlsplit(str(button.url)).query)
    assert asked == {"url": ["https://t.me/majlis_bot?start=oak"], "text": ["What is oak?"]}


def test_what_cannot_be_linked_has_no_link() -> None:
    """An id that fits into no link is neither copied as one nor cut in a group."""
    entry = make_entry("x" * 65, answer=LONG)
    assert list(_buttons(entry, Frame("majlis_bot"))) == ["<source>", "<helpful>", "<not_helpful>"]
    group = Frame("majlis_bot", in_group=True)
    assert list(_buttons(entry, group)) == ["<source>", "<helpful>", "<not_helpful>"]
    assert shown_part(LONG, [entry], group) == LONG


def test_copied_text_is_measured_as_telegram_does() -> None:
    """256 characters fit; beyond that comes the link."""
    assert "<copy_text>" in _buttons(make_entry("oak", answer="x" * 256), HERE)
    assert "<copy_link>" in _buttons(make_entry("oak", answer="x" * 257), HERE)
    assert "<copy_link>" in _buttons(make_entry("oak", answer="🌳" * 129), HERE)


def test_long_question_fits_into_a_search() -> None:
    """What Telegram types for the person has at most 256 characters."""
    entry = make_entry("oak", question="word " * 90)
    assert len(query_of(entry)) <= 256
    assert _buttons(entry, HERE)["<share>"].switch_inline_query == query_of(entry)


async def test_group_reads_the_opening(majlis: Majlis, ada: Person) -> None:
    """In a group a long answer is short, and More shows the whole in private."""
    majlis.conversation.knowledge = GROVE
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("@majlis_bot oak?", chat=group)
    answer = await ada.hears(chat=group)
    assert answer.text == PARAGRAPH.replace("**", "")
    assert answer.marked("bold") == ["oak"]
    assert [[button.text for button in row] for row in answer.rows] == [
        ["What is pine?"],
        ["<source>", "<whole_answer>"],
        ["<helpful>", "<not_helpful>"],
    ]
    whole = await _link(ada, "<whole_answer>", answer)
    assert whole.text == LONG.replace("**", "")


async def test_short_answer_is_whole_in_a_group(majlis: Majlis, ada: Person) -> None:
    """Where nothing is left out there is nothing more to press for."""
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("@majlis_bot birch?", chat=group)
    answer = await ada.hears(chat=group)
    assert answer.text == "Birch is a thing."
    assert labels(answer) == ["<source>", "<helpful>", "<not_helpful>"]


async def test_two_answers_in_a_group_have_their_openings(majlis: Majlis, ada: Person) -> None:
    """Each is cut by itself and has its own way to the rest; a short one stays."""
    majlis.conversation.knowledge = GROVE
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("@majlis_bot oak and pine and elm", chat=group)
    answer = await ada.hears(chat=group)
    oak, elm = (PARAGRAPH.replace("**", "").replace("oak", name) for name in ("oak", "elm"))
    assert answer.text == f"{oak}\n\nPine is a thing.\n\n{elm}"
    assert [label for label in labels(answer) if "whole" in label] == [
        "<whole_answer> 1",
        "<whole_answer> 3",
    ]
    assert (await _link(ada, "<whole_answer> 3", answer)).text.startswith(elm)


async def test_pressed_answers_in_a_group_are_short_too(majlis: Majlis, ada: Person) -> None:
    """A picked suggestion, a link's answer and an edited question are no exception."""
    majlis.conversation.knowledge = GROVE
    group = majlis.server.group("Trees", members=[ada])
    question = await ada.says("@majlis_bot oak or pine", chat=group)
    offered = await ada.hears(chat=group)
    await ada.presses(offered.button("What is oak?"))
    picked = await ada.sees_edit(offered)
    assert "<whole_answer>" in labels(picked)
    await ada.says("/start@majlis_bot elm", chat=group)
    assert "<whole_answer>" in labels(await ada.hears(chat=group))
    await ada.edits(question, "@majlis_bot elm")
    edited = await ada.sees_edit(picked)
    assert edited.text.startswith("The elm")
    assert "<whole_answer>" in labels(edited)


def _texts(knowledge: KnowledgeBase) -> list[str]:
    return [entry.answer for entry in knowledge.entries]


def test_private_chats_read_the_whole() -> None:
    """Nothing is cut where one person reads."""
    text = "\n\n".join(_texts(GROVE))
    assert shown_part(text, GROVE.entries, HERE) == text
