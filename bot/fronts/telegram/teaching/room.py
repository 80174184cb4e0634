"""The room in which admins teach: what they send and press, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

from bot.conversation.messages import Utterance
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.rooms import Said
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.sending import Sender
from bot.fronts.telegram.teaching.buttons import Step, decoded, named
from bot.fronts.telegram.teaching.pages import (
    KIND,
    asking_page,
    back_page,
    cluster_page,
    done_page,
    draft_page,
    found_page,
    list_page,
    samples_of,
    topics_page,
)
from bot.fronts.telegram.texts import fill
from bot.fronts.telegram.translate import Command, Place, place_of
from bot.fronts.telegram.verdicts import Done
from bot.knowledge.lessons import Conflict, LessonError
from bot.knowledge.markdown import escape, plain
from bot.knowledge.wordings import TeachingWordings, Wordings
from bot.storage.authors import Author
from bot.storage.drafts import Drafts, State
from bot.teaching.classroom import Classroom, Draft, Learnt
from bot.teaching.clusters import Cluster

_DONE = Done(KIND)
# A line break that somebody typed, but for those of a list, which Markdown keeps.
_LINE = re.compile(r"\s*\n\s*(?![-*•\s]|\d+[.)])")
_FOUND = 6
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
        self._drafts = drafts
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
        state = await self._drafts.draft(message.chat.id, user.id)
        if state is None or not _takes(state, message.message_id):
            return None
        screen = await self._written(message, state, self._words(user.language_code))
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
            known = await self._classroom.known(_token(query))
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
        await self._keep(chat, user, draft, "ready")
        words = self._words(language).teaching
        screen = draft_page(draft, self._conversation.knowledge, words)
        await self._sender.send(Place(chat, thread), screen)

    async def _command(self, message: Message, command: Command) -> Done | None:
        if command.name != "misses":
            return None
        words = self._words(command.utterance.language)
        screen = list_page(await self._classroom.wanted(), 0, words.teaching, words.buttons)
        if message.chat.type != ChatType.PRIVATE:
            screen = back_page(words.private_only, words.teaching)
            screen = replace(screen, keyboard=None)
        await self._sender.send(place_of(message), screen)
        return _DONE

    async def _in_private(self, query: CallbackQuery, chat: int) -> None:
        """Ask an admin to go on in private, with what they are writing in a chat of several."""
        user, words = query.from_user, self._words(query.from_user.language_code)
        await self._sender.answer(query, plain(words.private_only))
        if draft := _draft_in(await self._drafts.draft(chat, user.id)):
            await self._keep(user.id, user.id, draft, "ready")
            screen = draft_page(draft, self._conversation.knowledge, words.teaching)
            await self._sender.send(Place(user.id), screen)
            await self._drafts.drop(chat, user.id)

    async def _done(self, query: CallbackQuery, chat: int, step: Step) -> Screen | None:
        """Return what a press leads to, or None if what it is about has been dealt with."""
        user, words = query.from_user, self._words(query.from_user.language_code)
        teaching = words.teaching
        match step.deed:
            case "list":
                found = await self._classroom.wanted()
                return list_page(found, step.number, teaching, words.buttons)
            case "undo":
                undone = await self._classroom.undo(step.number)
                return back_page(teaching.undone if undone else teaching.gone, teaching)
            case "cancel":
                await self._drafts.drop(chat, user.id)
                return back_page(teaching.cancelled, teaching)
            case "publish" | "question" | "topics" | "topic":
                return await self._on_draft(query, chat, step, teaching)
            case _:
                cluster = await self._classroom.cluster(step.number)
                if cluster is None:
                    return None
                return await self._on_cluster(query, chat, step, cluster)

    async def _on_cluster(
        self, query: CallbackQuery, chat: int, step: Step, cluster: Cluster
    ) -> Screen:
        user = query.from_user
        words = self._words(user.language_code).teaching
        token, author = _token(query), Author(user.first_name, user.id)
        key = cluster.key
        if step.deed in {"attach", "refuse", "ignore"}:
            await self._drafts.drop(chat, user.id)
        match step.deed:
            case "attach":
                return await self._attach(cluster, step.name, token, author, words)
            case "refuse":
                learnt = await self._classroom.refuse(cluster, token, author)
                return self._outcome(learnt, words.out_of_scope, words)
            case "ignore":
                learnt = await self._classroom.ignore(cluster, token, author)
                return self._outcome(learnt, words.ignored, words)
            case "search":
                await self._drafts.keep(chat, user.id, {"step": "search", "cluster": key})
                return asking_page(words.search, words)
            case "new":
                text = cluster.asked[0].text
                draft = await self._classroom.draft(text, cluster.language, cluster=key)
                await self._keep(chat, user.id, draft, "answer")
                asked = fill(words.ask_answer, question=escape(draft.question))
                return asking_page(asked, words)
            case _:
                likeliest = await self._classroom.likeliest(cluster)
                return cluster_page(cluster, likeliest, words)

    async def _attach(
        self, cluster: Cluster, name: str, token: str, author: Author, words: TeachingWordings
    ) -> Screen:
        knowledge = self._conversation.knowledge
        ids = [each.id for each in knowledge.entries if each.language == cluster.language]
        entry = knowledge.entry(named(name, ids) or "", cluster.language)
        if entry is None:
            return back_page(words.gone, words)
        learnt = await self._classroom.attach(cluster, entry.id, token, author)
        text = fill(words.attached, question=escape(entry.question)).strip()
        return self._outcome(learnt, f"{text}\n{samples_of(cluster)}", words)

    async def _on_draft(
        self, query: CallbackQuery, chat: int, step: Step, words: TeachingWordings
    ) -> Screen:
        user = query.from_user
        draft = _draft_in(await self._drafts.draft(chat, user.id))
        if draft is None:
            return back_page(words.nothing_drafted, words)
        knowledge = self._conversation.knowledge
        match step.deed:
            case "question":
                await self._keep(chat, user.id, draft, "question")
                question = escape(draft.question)
                return asking_page(fill(words.ask_question, question=question), words)
            case "topics":
                await self._keep(chat, user.id, draft, "topic")
                return topics_page(knowledge.topics_in(draft.language), words)
            case "topic":
                ids = [each.id for each in knowledge.topics_in(draft.language)]
                draft = replace(draft, topic=named(step.name, ids) or draft.topic, is_guess=False)
                await self._keep(chat, user.id, draft, "ready")
                return draft_page(draft, knowledge, words)
            case _:
                return await self._publish(query, chat, draft, words)

    async def _publish(
        self, query: CallbackQuery, chat: int, draft: Draft, words: TeachingWordings
    ) -> Screen:
        user = query.from_user
        author = Author(user.first_name, user.id)
        learnt = await self._classroom.publish(draft, _token(query), author)
        if isinstance(learnt, Learnt):
            await self._drafts.drop(chat, user.id)
        question = escape(draft.question)
        return self._outcome(learnt, fill(words.published, question=question), words)

    def _outcome(self, learnt: Learnt | Conflict, text: str, words: TeachingWordings) -> Screen:
        if isinstance(learnt, Learnt):
            return done_page(text, learnt.number, words)
        knowledge = self._conversation.knowledge
        entry = knowledge.entry(learnt.entry, knowledge.default_language)
        holder = escape(entry.question if entry else learnt.entry)
        return back_page(fill(words.taken, text=escape(learnt.text), entry=holder), words)

    async def _written(self, message: Message, state: State, words: Wordings) -> Screen:
        """Take what an admin wrote for what was asked of them."""
        teaching, text = words.teaching, (message.text or message.caption or "").strip()
        draft = _draft_in(state)
        if draft is None:
            key = int(state.get("cluster", 0))
            cluster = await self._classroom.cluster(key)
            if cluster is None:
                return back_page(teaching.gone, teaching)
            found = await self._classroom.find(text, cluster.language, _FOUND)
            return found_page(found, key, teaching)
        written = dict(state["written"])
        match written.setdefault(str(message.message_id), state["step"]):
            case "question":
                draft = replace(draft, question=text)
            case "topic":
                draft = replace(draft, topic=text, is_guess=False)
            case _:
                draft = replace(draft, answer=_LINE.sub("\n\n", text))
        chat = message.chat.id  # of a private chat: the admin's
        await self._keep(chat, chat, draft, "ready", written)
        return draft_page(draft, self._conversation.knowledge, teaching)

    async def _keep(
        self, chat: int, user: int, draft: Draft, step: str, written: State | None = None
    ) -> None:
        """Keep a draft and what comes next; `written` says which message made which part of it."""
        if written is None:
            before = await self._drafts.draft(chat, user) or {}
            written = before.get("written", {}) if step != "answer" else {}
        state = {"step": step, "draft": asdict(draft), "written": dict(written)}
        await self._drafts.keep(chat, user, state)

    def _words(self, tag: str | None) -> Wordings:
        return self._conversation.knowledge.wordings_in(self._conversation.language(tag))


def _token(query: CallbackQuery) -> str:
    """Return the name under which a press decides, once, however often it is handled."""
    return f"press:{query.id}"


def _takes(state: State, message: int) -> bool:
    """Return whether a message is what a draft waits for, or a part of it, sent or edited again."""
    return state["step"] != "ready" or str(message) in state["written"]


def _draft_in(state: State | None) -> Draft | None:
    return Draft(**state["draft"]) if state and "draft" in state else None
