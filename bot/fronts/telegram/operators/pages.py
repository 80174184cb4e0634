"""What people and operators are shown about a case."""

from __future__ import annotations

from bot.conversation.messages import Answer, Turn
from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.operators.buttons import (
    card_keyboard,
    hope_keyboard,
    opened_keyboard,
    votes_keyboard,
    waiting_keyboard,
)
from bot.fronts.telegram.render import render, shorten
from bot.fronts.telegram.screens import Screen, turn_screen
from bot.fronts.telegram.texts import fill
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import OperatorWordings, Wordings
from bot.storage.cases import Case
from bot.storage.wishes import Wish

KIND = "operators"
"""The kind of all these screens in logs and figures."""

_QUESTION, _QUOTED = 3000, 300  # UTF-16 units


def opened_page(case: Case, words: OperatorWordings) -> Screen:
    """Tell a person that a human will answer, with the way back to the bot."""
    return Screen(render(words.opened), opened_keyboard(case.number, words), kind=KIND)


def waiting_page(case: Case, words: OperatorWordings) -> Screen:
    """Tell a person that nobody has answered yet."""
    return Screen(render(words.nobody_yet), waiting_keyboard(case.number, words), kind=KIND)


def out_of_reach_page(case: Case, words: OperatorWordings) -> Screen:
    """Tell a person that operators can't be reached."""
    return Screen(render(words.out_of_reach), hope_keyboard(case.number, words), kind=KIND)


def closed_page(case: Case, words: Wordings) -> Screen:
    """Tell a person that the bot answers again, and ask how the help was."""
    keyboard = votes_keyboard(case.number, words.buttons)
    return Screen(render(words.operators.closed), keyboard, kind=KIND)


def card_page(case: Case, words: OperatorWordings, *, in_topic: bool, teachable: bool) -> Screen:
    """Show a case to operators, with what they can do about it."""
    how = fill(words.card_topic if in_topic else words.card_quotes, name=escape(case.name))
    text = fill(
        words.card,
        name=escape(case.name),
        language=escape(case.language),
        question=escape(shorten(case.question, _QUESTION)) or "…",
        how=how,
    )
    keyboard = card_keyboard(case.number, words, is_open=True, teachable=teachable)
    return Screen(render(text), keyboard, kind=KIND)


def note(wording: str, case: Case) -> Screen:
    """Return a wording with the name of the person."""
    return Screen(render(fill(wording, name=escape(case.name))), kind=KIND)


def found_page(wish: Wish, answer: Answer, knowledge: KnowledgeBase, frame: Frame) -> Screen:
    """Tell a person of the answer to what they wished to know, with the buttons of an answer."""
    words = knowledge.wordings_in(wish.language).operators
    question = escape(shorten(wish.text, _QUOTED))
    screen = turn_screen(Turn(answer), knowledge, frame)
    text = render(fill(words.found, question=question, answer=answer.text))
    return Screen(text, screen.keyboard, screen.entries, KIND)
