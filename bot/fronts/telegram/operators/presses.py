"""What the buttons of people who ask for a person, and of operators, do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, assert_never

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
from telegram.constants import ChatType

from bot.fronts.telegram.exchanges import Exchanges
from bot.fronts.telegram.keyboards import language_of
from bot.fronts.telegram.operators.buttons import Wanted, decoded
from bot.fronts.telegram.operators.handovers import Handovers
from bot.fronts.telegram.sending import Sender
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import Wordings
from bot.storage.cases import Case, Cases, Opening
from bot.storage.wishes import Wishes


class Desk(Protocol):
    """Turn what operators answered into knowledge."""

    async def draft(  # noqa: PLR0913, PLR0917 - what a draft is made of
        self, chat: int, thread: int | None, user: int, question: str, answer: str, language: str
    ) -> None:
        """Begin a draft in a chat and its topic, for the user who asked for it."""
        ...


@dataclass(frozen=True, slots=True)
class CasePresses:
    """Carry out what the buttons about cases ask for; only `admins` may teach."""

    handovers: Handovers
    cases: Cases
    wishes: Wishes
    exchanges: Exchanges
    sender: Sender
    admins: frozenset[int]
    desk: Desk | None = None

    async def press(self, query: CallbackQuery) -> bool:
        """Do what a button says and answer the press; return False if it isn't one of these."""
        wanted = decoded(query.data)
        if wanted is None:
            return False
        notice, message = self._words(query).stale_button, query.message
        if message and message.chat.type == ChatType.PRIVATE:
            notice = await self._of_person(query, wanted, message)
        elif message and message.chat.id == self.handovers.office.chat:
            notice = await self._of_operator(query, wanted, message)
        await self.sender.answer(query, plain(notice))
        return True

    async def _of_person(
        self, query: CallbackQuery, wanted: Wanted, message: MaybeInaccessibleMessage
    ) -> str:
        """Do what a person's button says and return the notice."""
        chat, words = message.chat.id, self._words(query)
        case = await self.cases.find(wanted.case, chat) if wanted.case else None
        match wanted.deed:
            case "ask":
                return await self._ask(query, message)
            case "hope":
                return await self._hope(query, message, case)
            case "end":
                return await self._close(query, case, by_person=True)
            case "helpful" | "not_helpful" as vote:
                if not await self.cases.vote(wanted.case, chat, vote):
                    return words.stale_button
                helpful = vote == "helpful"
                return words.thanks_helpful if helpful else words.thanks_not_helpful
            case "close" | "teach":
                return words.stale_button
            case _:
                assert_never(wanted.deed)

    async def _of_operator(
        self, query: CallbackQuery, wanted: Wanted, message: MaybeInaccessibleMessage
    ) -> str:
        """Do what an operator's button says and return the notice."""
        case = await self.cases.find(wanted.case)
        if wanted.deed == "close":
            return await self._close(query, case, by_person=False)
        if wanted.deed == "teach" and case and self.desk:
            return await self._teach(query, message, case, self.desk)
        return self._words(query).stale_button

    async def _ask(self, query: CallbackQuery, message: MaybeInaccessibleMessage) -> str:
        """Open a case about the question that the message with the button couldn't answer."""
        exchange = await self.exchanges.of(message.chat.id, message.message_id)
        opening = Opening(
            token=query.id,
            chat=message.chat.id,
            user=query.from_user.id,
            name=query.from_user.full_name,
            language=self._language(query),
            question=exchange.text if exchange else "",
        )
        return await self.handovers.open(opening)

    async def _hope(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage, case: Case | None
    ) -> str:
        """Note who wants to be told of an answer to a case's question, or to the message's."""
        words = self._words(query)
        exchange = await self.exchanges.of(message.chat.id, message.message_id)
        text = case.question if case else exchange.text if exchange else ""
        if not text:
            return words.stale_button
        language = case.language if case else self._language(query)
        await self.wishes.add(message.chat.id, language, text)
        return words.operators.hoping

    async def _close(self, query: CallbackQuery, case: Case | None, *, by_person: bool) -> str:
        words = self._words(query)
        if case is None:
            return words.stale_button
        closed = await self.handovers.close(case, query.id, by_person=by_person)
        return "" if closed else words.operators.already_over

    async def _teach(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage, case: Case, desk: Desk
    ) -> str:
        """Hand the question and the last answer of an operator over to be taught."""
        words = self._words(query).operators
        if query.from_user.id not in self.admins:
            return words.only_admins
        answer = await self.cases.last_answer(case.number)
        if not answer:
            return words.not_answered
        thread = case.seen.thread if case.seen else None
        await desk.draft(
            *(message.chat.id, thread, query.from_user.id),
            *(case.question, answer, case.language),
        )
        return ""

    def _language(self, query: CallbackQuery) -> str:
        """Return the language of the message with the button, else that of the person's app."""
        message, conversation = query.message, self.handovers.conversation
        keyboard = message.reply_markup if isinstance(message, Message) else None
        shown = language_of(keyboard, conversation.knowledge)
        return conversation.language(shown or query.from_user.language_code)

    def _words(self, query: CallbackQuery) -> Wordings:
        return self.handovers.words(self._language(query))
