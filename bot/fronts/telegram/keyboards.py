"""The buttons under a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.fronts.telegram.callback import (
    AskEntry,
    CastVote,
    NoneOfThese,
    OpenTopic,
    OpenTopics,
    PickSuggestion,
    Press,
    ShowSource,
    encode,
)
from bot.fronts.telegram.frame import PRIVATE, Frame
from bot.fronts.telegram.render import shorten, units
from bot.fronts.telegram.sharing import sharing_buttons
from bot.knowledge.entry import Entry, KnowledgeBase, Topic
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import ButtonWordings

PAGE_SIZE = 8
_LABEL = 60  # UTF-16 units; a phone shows about this much of a button in two lines
_WHOLE = 35  # so much of a label in one line, which is what most apps show of it


def answer_keyboard(
    entries: Sequence[Entry],
    related: Sequence[Entry],
    words: ButtonWordings,
    frame: Frame = PRIVATE,
) -> InlineKeyboardMarkup:
    """Return related questions, one a row, then Source with what takes the answer elsewhere.

    The votes come last. An answer to several questions has a Source for each, numbered; the vote
    goes to the first.
    """
    rows = [[_button(entry.question, AskEntry(entry.id))] for entry in related]
    sourced = [entry for entry in entries if entry.sources]
    labels = [words.source] if len(sourced) == 1 else _numbered(words.source, len(sourced))
    below = [
        _button(label, ShowSource(entry.id)) for label, entry in zip(labels, sourced, strict=True)
    ]
    below += sharing_buttons(entries, words, frame)
    return _markup([*rows, below, _votes(entries, words)])


def suggestions(
    entries: Sequence[Entry], words: ButtonWordings
) -> tuple[str, InlineKeyboardMarkup]:
    """Return what lists the candidates, and their buttons with one to refuse them all."""
    listed, rows = picking(entries, lambda label, each: _button(label, PickSuggestion(each.id)))
    return listed, _markup([*rows, [_button(words.none_of_these, NoneOfThese())]])


def picking(
    entries: Sequence[Entry], button: Callable[[str, Entry], InlineKeyboardButton]
) -> tuple[str, list[list[InlineKeyboardButton]]]:
    """Return what a text has to list (Markdown), and rows of buttons that pick a question each.

    Where a phone would cut one, all stand in the list too, and both have their numbers.
    """
    labels = labels_of(entries)
    rows = [[button(label, each)] for label, each in labels]
    is_listed = any(label != each.question for label, each in labels)
    lines = [escape(label) for label, _ in labels]
    return "\n\n" + "\n".join(lines) if is_listed else "", rows


def labels_of(entries: Sequence[Entry]) -> list[tuple[str, Entry]]:
    """Return the questions to pick from, with numbers where a phone would cut one."""
    if all(units(each.question) <= _WHOLE for each in entries):
        return [(each.question, each) for each in entries]
    return [(f"{number}. {each.question}", each) for number, each in enumerate(entries, 1)]


def topics_keyboard(
    topics: Sequence[Topic], words: ButtonWordings, page: int = 0
) -> InlineKeyboardMarkup:
    """Return a page of topics, one a row, with the way to the other pages."""
    page = _within(page, len(topics))
    rows = [[_button(topic.title, OpenTopic(topic.id))] for topic in topics[_slice(page)]]
    return _markup([*rows, _turning(len(topics), page, OpenTopics, words)])


def topic_keyboard(
    topic: str, entries: Sequence[Entry], words: ButtonWordings, page: int = 0
) -> InlineKeyboardMarkup:
    """Return a page of a topic's questions, with the way to the other pages and back."""
    page = _within(page, len(entries))
    rows = [[_button(entry.question, AskEntry(entry.id))] for entry in entries[_slice(page)]]
    turning = _turning(len(entries), page, lambda number: OpenTopic(topic, number), words)
    return _markup([*rows, turning, [_button(words.back, OpenTopics())]])


def browse_keyboard(words: ButtonWordings) -> InlineKeyboardMarkup:
    """Return the one button that opens the topics."""
    return _markup([[_button(words.topics, OpenTopics())]])


def language_of(keyboard: InlineKeyboardMarkup | None, knowledge: KnowledgeBase) -> str | None:
    """Return the language that the labels of a keyboard are in, or None if that can't be told.

    The fixed labels count first, as topics and questions may be shown in the default language for
    want of another.
    """
    likely = list(dict.fromkeys((*knowledge.spoken, *knowledge.languages)))
    if keyboard is None or len(likely) == 1:
        return None
    shown = {button.text for row in keyboard.inline_keyboard for button in row}
    shown |= {label.rstrip(" 0123456789") for label in shown}
    for labels_of in (_fixed, _titles, _questions):
        known = {
            code: sum(shorten(label, _LABEL) in shown for label in labels_of(knowledge, code))
            for code in likely
        }
        likely = [code for code in likely if known[code] == max(known.values())]
        if len(likely) == 1:
            return likely[0]
    return None


def _fixed(knowledge: KnowledgeBase, language: str) -> Iterable[str]:
    words = knowledge.wordings.get(language)
    return set(words.buttons.model_dump().values()) if words else ()


def _titles(knowledge: KnowledgeBase, language: str) -> Iterable[str]:
    return (topic.title for topic in knowledge.topics_in(language))


def _questions(knowledge: KnowledgeBase, language: str) -> Iterable[str]:
    for topic in knowledge.topics_in(language):
        yield from (each.question for each in knowledge.of_topic(topic.id, topic.language))


def _votes(entries: Sequence[Entry], words: ButtonWordings) -> list[InlineKeyboardButton]:
    if not entries:
        return []
    return [
        _button(words.helpful, CastVote(entries[0].id, "helpful")),
        _button(words.not_helpful, CastVote(entries[0].id, "not_helpful")),
    ]


def _button(label: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(shorten(label, _LABEL), callback_data=encode(press))


def _markup(rows: Sequence[Sequence[InlineKeyboardButton]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([row for row in rows if row])


def _numbered(label: str, count: int) -> list[str]:
    return [f"{label} {number}" for number in range(1, count + 1)]


def _slice(page: int) -> slice:
    return slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)


def _within(page: int, count: int) -> int:
    return min(page, max(0, count - 1) // PAGE_SIZE)


def _turning(
    count: int, page: int, at_page: Callable[[int], Press], words: ButtonWordings
) -> list[InlineKeyboardButton]:
    """Return the buttons to the page before and the page after, where there are such."""
    buttons = []
    if page > 0:
        buttons.append(_button(words.previous, at_page(page - 1)))
    if (page + 1) * PAGE_SIZE < count:
        buttons.append(_button(words.next, at_page(page + 1)))
    return buttons
