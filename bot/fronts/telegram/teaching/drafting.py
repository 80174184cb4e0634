"""Writing a new entry: what an admin sends and presses, from a question to its publication."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

from telegram import CallbackQuery, Message

from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.teaching.buttons import Step, decision_of, named
from bot.fronts.telegram.teaching.pages import (
    asking_page,
    back_page,
    draft_page,
    found_page,
    outcome_page,
    topics_page,
)
from bot.fronts.telegram.texts import fill
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import TeachingWordings
from bot.storage.drafts import Drafts, State
from bot.teaching.classroom import Classroom, Draft, Learnt
from bot.teaching.clusters import Cluster

# A line break that somebody typed, but for those of a list, which Markdown keeps.
_LINE = re.compile(r"\s*\n\s*(?![-*•\s]|\d+[.)])")
_FOUND = 6


class Drafting:
    """Lead admins from a question to an entry, step by step, across restarts of the bot."""

    def __init__(self, classroom: Classroom, drafts: Drafts, conversation: Conversation) -> None:
        self._classroom = classroom
        self._drafts = drafts
        self._conversation = conversation

    async def awaiting(self, message: Message, user: int) -> State | None:
        """Return what somebody is in the middle of, if their message is a part of it."""
        state = await self._drafts.draft(message.chat.id, user)
        if state is None:
            return None
        is_part = state["step"] != "ready" or str(message.message_id) in state["written"]
        return state if is_part else None

    async def drop(self, chat: int, user: int) -> None:
        """Forget what somebody is in the middle of."""
        await self._drafts.drop(chat, user)

    async def begin(
        self, chat: int, user: int, cluster: Cluster, words: TeachingWordings
    ) -> Screen:
        """Ask for the answer to what people asked."""
        text = cluster.asked[0].text
        draft = await self._classroom.draft(text, cluster.language, cluster=cluster.key)
        await self._keep(chat, user, draft, "answer")
        return asking_page(fill(words.ask_answer, question=escape(draft.question)), words)

    async def search(self, chat: int, user: int, key: int, words: TeachingWordings) -> Screen:
        """Ask for words of the entry that answers a cluster."""
        await self._drafts.keep(chat, user, {"step": "search", "cluster": key})
        return asking_page(words.search, words)

    async def propose(self, chat: int, user: int, draft: Draft, words: TeachingWordings) -> Screen:
        """Show somebody a whole entry, to be published or changed."""
        await self._keep(chat, user, draft, "ready")
        return draft_page(draft, self._conversation.knowledge, words)

    async def moved(self, chat: int, user: int, words: TeachingWordings) -> Screen | None:
        """Return what an admin writes in a chat of several, to go on with in their own, or None."""
        draft = _draft_in(await self._drafts.draft(chat, user))
        return await self.propose(user, user, draft, words) if draft else None

    async def press(
        self, query: CallbackQuery, chat: int, step: Step, words: TeachingWordings
    ) -> Screen:
        """Return what a button below a draft leads to; raises LessonError."""
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
                topic = named(step.name, ids) or draft.topic
                draft = replace(draft, topic=topic, is_guess=False)
                return await self.propose(chat, user.id, draft, words)
            case _:
                return await self._publish(query, chat, draft, words)

    async def write(self, message: Message, state: State, words: TeachingWordings) -> Screen:
        """Take what an admin wrote for what was asked of them."""
        text, draft = (message.text or message.caption or "").strip(), _draft_in(state)
        if draft is None:
            return await self._found(text, int(state.get("cluster", 0)), words)
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
        return draft_page(draft, self._conversation.knowledge, words)

    async def _found(self, text: str, key: int, words: TeachingWordings) -> Screen:
        cluster = await self._classroom.cluster(key)
        if cluster is None:
            return back_page(words.gone, words)
        found = await self._classroom.find(text, cluster.language, _FOUND)
        return found_page(found, key, words)

    async def _publish(
        self, query: CallbackQuery, chat: int, draft: Draft, words: TeachingWordings
    ) -> Screen:
        token, author = decision_of(query)
        learnt = await self._classroom.publish(draft, token, author)
        if isinstance(learnt, Learnt):
            await self._drafts.drop(chat, query.from_user.id)
        text = fill(words.published, question=escape(draft.question))
        return outcome_page(learnt, text, self._conversation.knowledge, words)

    async def _keep(
        self, chat: int, user: int, draft: Draft, step: str, written: State | None = None
    ) -> None:
        """Keep a draft and what comes next; `written` says which message made which part of it."""
        if written is None:
            before = await self._drafts.draft(chat, user) or {}
            written = before.get("written", {}) if step != "answer" else {}
        state = {"step": step, "draft": asdict(draft), "written": dict(written)}
        await self._drafts.keep(chat, user, state)


def _draft_in(state: State | None) -> Draft | None:
    return Draft(**state["draft"]) if state and "draft" in state else None
