"""What admins decide about a group of questions that were asked in vain."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.screens import Screen
from bot.fronts.telegram.teaching.buttons import Step, decision_of, named
from bot.fronts.telegram.teaching.drafting import Drafting
from bot.fronts.telegram.teaching.pages import back_page, cluster_page, outcome_page, samples_of
from bot.fronts.telegram.texts import fill
from bot.knowledge.lessons import Conflict
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import TeachingWordings
from bot.storage.authors import Author
from bot.teaching.classroom import Classroom, Learnt
from bot.teaching.clusters import Cluster


class Deciding:
    """Show a cluster, and attach it to an entry, refuse it, ignore it, or begin a new entry."""

    def __init__(
        self, classroom: Classroom, drafting: Drafting, conversation: Conversation
    ) -> None:
        self._classroom = classroom
        self._drafting = drafting
        self._conversation = conversation

    async def press(
        self, query: CallbackQuery, chat: int, step: Step, words: TeachingWordings
    ) -> Screen | None:
        """Return what a button leads to, or None if its cluster has been dealt with.

        Raises LessonError.
        """
        cluster = await self._classroom.cluster(step.number)
        if cluster is None:
            return None
        user = query.from_user.id
        match step.deed:
            case "attach" | "refuse" | "ignore":
                await self._drafting.drop(chat, user)
                return await self._decide(query, step, cluster, words)
            case "search":
                return await self._drafting.search(chat, user, cluster.key, words)
            case "new":
                return await self._drafting.begin(chat, user, cluster, words)
            case _:
                likeliest = await self._classroom.likeliest(cluster)
                return cluster_page(cluster, likeliest, words)

    async def _decide(
        self, query: CallbackQuery, step: Step, cluster: Cluster, words: TeachingWordings
    ) -> Screen:
        token, author = decision_of(query)
        learnt: Learnt | Conflict
        match step.deed:
            case "attach":
                return await self._attach(cluster, step.name, token, author, words)
            case "refuse":
                learnt = await self._classroom.refuse(cluster, token, author)
                text = words.out_of_scope
            case _:
                learnt = await self._classroom.ignore(cluster, token, author)
                text = words.ignored
        return outcome_page(learnt, text, self._conversation.knowledge, words)

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
        return outcome_page(learnt, f"{text}\n{samples_of(cluster)}", knowledge, words)
