"""The room of the thresholds: /tune shows admins what votes advise, and lets them apply it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.conversation.advice import Advice
from bot.fronts.filling import fill
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import render
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen, plain_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.translate import Command, is_in_group, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import TuningWordings, Wordings
from bot.matching.match import Thresholds
from bot.storage.authors import Author

_KIND = "tune"
_DONE = Done(_KIND)
_HUNDRED = 100
_FORMAT = re.compile(r"1T(?P<language>[a-z]+)(:(?P<answer>\d{1,3}):(?P<suggest>\d{1,3}))?")


class Tuner(Protocol):
    """Advise by what people said, and put thresholds live; both raise StorageError."""

    async def advise(self) -> tuple[Advice, ...]:
        """Return the advice for each language."""
        ...

    async def choose(self, language: str, thresholds: Thresholds | None, author: Author) -> None:
        """Put thresholds live for a language, or with None the fitted ones; again is no harm."""
        ...


class TuningRoom:
    """Let admins see and apply what people's votes advise.

    A button names the thresholds it is for, so that it does the same however late it is pressed.
    """

    def __init__(
        self, tuner: Tuner, conversation: Conversation, sender: Sender, admins: frozenset[int]
    ) -> None:
        self._tuner = tuner
        self._conversation = conversation
        self._sender = sender
        self._admins = admins

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Reply to /tune of an admin, in the private chat."""
        if not isinstance(said, Command) or said.name != "tune":
            return None
        if said.utterance.user not in self._admins:
            return None
        place, words = place_of(message), self._words(said.utterance.language)
        if is_in_group(message):
            await self._sender.send(place, plain_screen(words.private_only))
            return _DONE
        async with self._sender.typing(place):
            advice = await self._tuner.advise()
        await self._sender.send(place, _advice_screen(advice, words.tuning))
        return _DONE

    async def press(self, query: CallbackQuery) -> Done | None:
        """Put the thresholds live that a button names, for an admin."""
        pressed, message = _FORMAT.fullmatch(query.data or ""), query.message
        if pressed is None or message is None or query.from_user.id not in self._admins:
            return None
        words, language = self._words(query.from_user.language_code), pressed["language"]
        if language not in self._conversation.knowledge.languages:
            await self._sender.answer(query, plain(words.stale_button))
            return _DONE
        chosen, user = _thresholds(pressed), query.from_user
        async with self._sender.typing(place_of(message)):
            await self._tuner.choose(language, chosen, Author(user.first_name, user.id))
        screen = _chosen_screen(language, chosen, words.tuning)
        if not await self._sender.edit(message.chat.id, message.message_id, screen):
            await self._sender.send(place_of(message), screen)
        await self._sender.answer(query)
        return _DONE

    async def attend(self) -> None:
        """Have nothing to do by itself."""

    def _words(self, tag: str | None) -> Wordings:
        return self._conversation.knowledge.wordings_in(self._conversation.language(tag))


def _thresholds(pressed: re.Match[str]) -> Thresholds | None:
    if pressed["answer"] is None:
        return None
    return Thresholds(int(pressed["answer"]) / _HUNDRED, int(pressed["suggest"]) / _HUNDRED)


def _advice_screen(advice: Sequence[Advice], words: TuningWordings) -> Screen:
    """Return what is advised for each language, with the buttons to follow it."""
    rows = []
    for each in advice:
        if each.then:
            new = each.then.thresholds
            numbers = f"{round(new.answer * _HUNDRED)}:{round(new.suggest * _HUNDRED)}"
            rows.append(_row(words.button_apply, each.language, f":{numbers}"))
        if each.chosen:
            rows.append(_row(words.button_reset, each.language))
    text = "\n\n".join(_text(each, words) for each in advice)
    return Screen(render(text), InlineKeyboardMarkup(rows) if rows else None, kind=_KIND)


def _text(advice: Advice, words: TuningWordings) -> str:
    """Return what there is to say of a language: how much is known, what is, what might be."""
    figures = {
        "language": advice.language,
        "questions": str(advice.questions),
        "signs": str(advice.signs),
        "needed": str(advice.needed),
        "target": f"{_HUNDRED * advice.target:g}",
        "gained": str(advice.gained),
        "lost": str(advice.lost),
        "answer": f"{advice.now.thresholds.answer:.2f}",
        "answered": _percent(advice.now.answered),
        "right": _percent(advice.now.right),
    }
    parts = [fill(words.asked, **figures)]
    if advice.now.right is not None and advice.kind != "too early":
        parts.append(fill(words.now, **figures))
    if advice.then:
        new = advice.then
        figures |= {
            "answer": f"{new.thresholds.answer:.2f}",
            "suggest": f"{new.thresholds.suggest:.2f}",
            "answered": _percent(new.answered),
            "right": _percent(new.right),
            "surely": _percent(new.surely),
        }
    parts.append(fill(getattr(words, advice.kind.replace(" ", "_")), **figures))
    return "\n\n".join(parts)


def _chosen_screen(language: str, chosen: Thresholds | None, words: TuningWordings) -> Screen:
    if chosen is None:
        return plain_screen(fill(words.reset, language=language), _KIND)
    figures = {"answer": f"{chosen.answer:.2f}", "suggest": f"{chosen.suggest:.2f}"}
    keyboard = InlineKeyboardMarkup([_row(words.button_reset, language)])
    return Screen(render(fill(words.applied, language=language, **figures)), keyboard, kind=_KIND)


def _row(label: str, language: str, which: str = "") -> list[InlineKeyboardButton]:
    text = fill(label, language=language)
    return [InlineKeyboardButton(text, callback_data=f"1T{language}{which}")]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{_HUNDRED * share:.0f}"
