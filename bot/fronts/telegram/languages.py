"""The language that a person chose: `/language`, and what they send taken as sent in it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import replace

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.errors import StorageError
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import render
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen, plain_screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.texts import fill
from bot.fronts.telegram.translate import Command, is_in_group, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.markdown import escape, plain
from bot.knowledge.wordings import Wordings
from bot.logs import Trouble
from bot.storage.journal import Json
from bot.storage.store import Memory, Preference, Store

LANGUAGE = "language"
_LOG = logging.getLogger(__name__)
_DATA = "1L:"
_CHOSEN = "\N{CHECK MARK} "
_AUTHORS = {
    "message": "from",
    "edited_message": "from",
    "callback_query": "from",
    "inline_query": "from",
    "guest_message": "from",
    "message_reaction": "user",
}


class Languages:
    """Let people choose one of several languages, in their private chat.

    Their choice takes the place of the language of their app in all that they send.
    """

    def __init__(
        self,
        conversation: Conversation,
        store: Store,
        sender: Sender,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._conversation = conversation
        self._store = store
        self._sender = sender
        self._clock = clock
        self._trouble = Trouble(_LOG)

    async def as_chosen(self, update: Update, content: Json) -> Update:
        """Return an update as if its author's app were in the language they chose."""
        query = update.callback_query
        if query and (query.data or "").startswith(_DATA):
            return update  # a choice that is just being made, perhaps to follow the app again
        chosen = await self._chosen(update)
        kind = next((name for name in _AUTHORS if name in content), None)
        if chosen is None or kind is None:
            return update
        sent, author = content[kind], _AUTHORS[kind]
        spoken = {**sent, author: {**sent[author], "language_code": chosen}}
        return Update.de_json({**content, kind: spoken}, update.get_bot())

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Show the languages to choose from, or the only one there is."""
        codes = self._conversation.knowledge.spoken
        if not isinstance(said, Command) or said.name != LANGUAGE:
            return None
        heard = said.utterance
        language = self._conversation.language(heard.language)
        words = self._conversation.knowledge.wordings_in(language)
        if len(codes) == 1:
            screen = plain_screen(_filled(words.only_language, words))
        elif is_in_group(message):
            screen = plain_screen(words.private_only)
        else:
            chosen = await self._store.preference(heard.user)
            screen = self._screen(language, chosen.language if chosen else None)
        await self._sender.send(place_of(message), screen)
        return Done("page")

    async def press(self, query: CallbackQuery) -> Done | None:
        """Keep what a person chose, and show it; a language that is gone is another's business."""
        code = (query.data or "").removeprefix(_DATA)
        is_mine = (query.data or "").startswith(_DATA) and query.message is not None
        if not is_mine or code not in {"", *self._conversation.knowledge.spoken}:
            return None
        language = code or self._conversation.language(query.from_user.language_code)
        await self._show(query, self._screen(language, code or None))
        words = self._conversation.knowledge.wordings_in(language)
        await self._sender.answer(query, plain(_filled(words.language_chosen, words)))
        return Done("press", await self._memories(query, code or None, language))

    async def attend(self) -> None:
        """Do nothing: nothing falls due."""

    async def _chosen(self, update: Update) -> str | None:
        """Return the language that the author of an update chose; a failing database costs it."""
        codes, author = self._conversation.knowledge.spoken, update.effective_user
        if len(codes) == 1 or author is None:
            return None
        try:
            preference = await self._store.preference(author.id)
        except StorageError as error:
            self._trouble.log(logging.ERROR, "People's languages can't be looked up: %s", error)
            return None
        self._trouble.over("People's languages can be looked up again.")
        return preference.language if preference and preference.language in codes else None

    def _screen(self, language: str, chosen: str | None) -> Screen:
        """Return the languages in their own names, what is chosen marked; None: the app's."""
        knowledge = self._conversation.knowledge
        words = knowledge.wordings_in(language)
        names = {code: knowledge.wordings[code].language_name for code in knowledge.spoken}
        rows = [
            [InlineKeyboardButton(f"{mark}{name}", callback_data=_DATA + code)]
            for code, name in {**names, "": words.buttons.as_in_telegram}.items()
            for mark in (_CHOSEN if code == (chosen or "") else "",)
        ]
        return Screen(render(words.language), InlineKeyboardMarkup(rows))

    async def _show(self, query: CallbackQuery, screen: Screen) -> None:
        message = query.message
        if message is None:
            return
        if not await self._sender.edit(message.chat.id, message.message_id, screen):
            await self._sender.send(place_of(message), screen)

    async def _memories(
        self, query: CallbackQuery, chosen: str | None, language: str
    ) -> tuple[Memory, ...]:
        """Return the choice, with the conversation under way turned to that language."""
        user, message = query.from_user.id, query.message
        preference = Preference(user, chosen, self._clock())
        session = await self._store.session(message.chat.id, user) if message else None
        return (preference, replace(session, language=language)) if session else (preference,)


def _filled(wording: str, words: Wordings) -> str:
    return fill(wording, language=escape(words.language_name))
