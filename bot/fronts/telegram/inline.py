"""Inline mode: `@bot words` in any chat lists answers to send there."""

from __future__ import annotations

from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import BadRequest

from bot.fronts.telegram.callback import short_id
from bot.fronts.telegram.ports import Conversation
from bot.fronts.telegram.render import render, shorten
from bot.fronts.telegram.sharing import query_of
from bot.knowledge.entry import Entry

_MAX_RESULTS = 10
_CACHE_SECONDS = 60
_TITLE = 128
_DESCRIPTION = 100


class Inline:
    """Answer inline queries of one bot."""

    def __init__(self, conversation: Conversation, bot: Bot) -> None:
        self._conversation = conversation
        self._bot = bot

    async def answer(self, query: InlineQuery) -> None:
        """List the best entries; where there are several languages, for this person only."""
        tag = query.from_user.language_code
        entries = await self._entries(query.query, tag)
        try:
            await self._bot.answer_inline_query(
                query.id,
                [_article(entry) for entry in entries],
                cache_time=_CACHE_SECONDS,
                is_personal=len(self._conversation.knowledge.languages) > 1,
            )
        except BadRequest as error:
            if "query is too old" not in error.message.lower():
                raise

    async def _entries(self, text: str, tag: str | None) -> list[Entry]:
        """Return the best entries for a few words, each once; what was shared comes first."""
        found = await self._conversation.search(text, tag, _MAX_RESULTS)
        entries = [one.entry for one in found]
        if meant := self._shared(text, tag):
            entries = [meant, *(each for each in entries if each.id != meant.id)]
        return entries[:_MAX_RESULTS]

    def _shared(self, text: str, tag: str | None) -> Entry | None:
        """Return the entry that Share puts these words for, best in the person's language."""
        language, words = self._conversation.language(tag), text.strip()
        found = [each for each in self._conversation.knowledge.entries if query_of(each) == words]
        return min(found, key=lambda each: each.language != language, default=None)


def _article(entry: Entry) -> InlineQueryResultArticle:
    text = render(entry.answer)
    content = InputTextMessageContent(
        text.text,
        entities=text.entities,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return InlineQueryResultArticle(
        short_id(entry.id),
        shorten(entry.question, _TITLE),
        content,
        description=shorten(" ".join(text.text.split()), _DESCRIPTION),
    )
