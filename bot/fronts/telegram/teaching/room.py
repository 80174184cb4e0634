"""The room in which admins teach: what they send and press, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

from bot.conversation.messages import Utterance
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.teaching.buttons import Step, decision_of, decoded
from bot.fronts.telegram.teaching.deciding import Deciding
from bot.fronts.telegram.teaching.drafting import Drafting
from bot.fronts.telegram.teaching.pages import KIND, back_page, done_page, list_page
from bot.fronts.telegram.texts import fill
from bot.fronts.telegram.translate import Command, Place, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.lessons import LessonError
from bot.knowledge.markdown import escape, plain
from bot.knowledge.wordings import Wordings
from bot.storage.drafts import Drafts
from bot.teaching.classroom import Classroom

_DONE = Done(KIND)
_ALONE = frozenset(
    {
        *("list", "cluster", "attach", "search", "new", "refuse", "ignore"),
        *("question", "topics"),
    }
)
"""What shows what others asked, or waits for what an admin writes next."""


class TeachingRoom:
    """Let admins deal with what was asked in vain, in their private chat with the bot."""

    def __init__(
        self,
        classroom: Classroom,
        drafts: Drafts,
        conversation: Conversation,
        sender: Sender,
        admins: frozenset[int],
    ) -> None:
        self._classroom = classroom
        self._drafting = Drafting(classroom, drafts, conversation)
        self._deciding = Deciding(classroom, self._drafting, conversation)
        self._conversation = conversation
        self._sender = sender
        self._admins = admins

    async def hear(self, message: Message, said: Said) -> Done | None:
        """Show the misses, or go on with what an admin is writing."""
        user = message.from_user
        if user is None or user.id not in self._admins:
            return None
        if isinstance(said, Command):
            return await self._command(message, said)
        if not isinstance(said, Utterance) or message.chat.type != ChatType.PRIVATE:
            return None
        state = await self._drafting.awaiting(message, user.id)
        if state is None:
            return None
        words = self._words(user.language_code).teaching
        screen = await self._drafting.write(message, state, words)
        await self._sender.send(place_of(message), screen)
        return _DONE

    async def press(self, query: CallbackQuery) -> Done | None:
        """Do what a button of this room says, if an admin presses it."""
        step = decoded(query.data)
        if step is None or query.message is None or query.from_user.id not in self._admins:
            return None
        chat, shown = query.message.chat.id, query.message.message_id
        if step.deed in _ALONE and query.message.chat.type != ChatType.PRIVATE:
            await self._in_private(query, chat)
            return _DONE
        words = self._words(query.from_user.language_code).teaching
        try:
            known = await self._classroom.known(decision_of(query)[0])
            screen: Screen | None = (
                done_page(words.done, known.number, words)
                if known
                else await self._done(query, chat, step)
            )
        except LessonError as error:
            screen = back_page(fill(words.refused, reason=escape(str(error))), words)
        if screen is None:
            await self._sender.answer(query, plain(words.gone))
            return _DONE
        if not await self._sender.edit(chat, shown, screen):
            await self._sender.send(place_of(query.message), screen)
        await self._sender.answer(query)
        return _DONE

    async def attend(self) -> None:
        """Do nothing: nothing falls due here."""

    async def draft(  # noqa: PLR0913, PLR0917 - where, who, and what was said
        self, chat: int, thread: int | None, user: int, question: str, answer: str, language: str
    ) -> None:
        """Show somebody a new entry to publish, made of a question and a person's answer."""
        draft = await self._classroom.draft(question, language, answer)
        screen = await self._drafting.propose(chat, user, draft, self._words(language).teaching)
        await self._sender.send(Place(chat, thread), screen)

    async def _command(self, message: Message, command: Command) -> Done | None:
        if command.name != "misses":
            return None
        words = self._words(command.utterance.language)
        screen = list_page(await self._classroom.wanted(), 0, words.teaching, words.buttons)
        if message.chat.type != ChatType.PRIVATE:
            screen = replace(back_page(words.private_only, words.teaching), keyboard=None)
        await self._sender.send(place_of(message), screen)
        return _DONE

    async def _in_private(self, query: CallbackQuery, chat: int) -> None:
        """Ask an admin to go on in private, with what they are writing in a chat of several."""
        user, words = query.from_user.id, self._words(query.from_user.language_code)
        await self._sender.answer(query, plain(words.private_only))
        if screen := await self._drafting.moved(chat, user, words.teaching):
            await self._sender.send(Place(user), screen)
            await self._drafting.drop(chat, user)

    async def _done(self, query: CallbackQuery, chat: int, step: Step) -> Screen | None:
        """Return what a press leads to, or None if what it is about has been dealt with."""
        words = self._words(query.from_user.language_code)
        teaching = words.teaching
        match step.deed:
            case "list":
                found = await self._classroom.wanted()
                return list_page(found, step.number, teaching, words.buttons)
            case "undo":
                undone = await self._classroom.undo(step.number)
                return back_page(teaching.undone if undone else teaching.gone, teaching)
            case "cancel":
                await self._drafting.drop(chat, query.from_user.id)
                return back_page(teaching.cancelled, teaching)
            case "publish" | "question" | "topics" | "topic":
                return await self._drafting.press(query, chat, step, teaching)
            case _:
                return await self._deciding.press(query, chat, step, teaching)

    def _words(self, tag: str | None) -> Wordings:
        return self._conversation.knowledge.wordings_in(self._conversation.language(tag))
