"""What a person would read of a reply where there is no formatting and there are no buttons."""

from __future__ import annotations

from typing import assert_never

from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions
from bot.fronts.filling import fill
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.markdown import escape, plain


def plain_text(reply: Reply) -> str:
    """Return a reply as plain text; suggestions and topics follow as numbered lines."""
    match reply:
        case Answer() | SmallTalk():
            return plain(reply.text)
        case Suggestions():
            lines = [candidate.entry.question for candidate in reply.candidates]
        case Fallback():
            lines = [topic.title for topic in reply.topics]
        case _:
            assert_never(reply)
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return "\n".join([plain(reply.text), *numbered])


def cited_text(reply: Reply, knowledge: KnowledgeBase) -> str:
    """Return where an answer comes from, a line for each document; of other replies nothing."""
    answered = reply.answered if isinstance(reply, Answer) else ()
    paragraphs: dict[str, dict[str, None]] = {}
    for source in (each for found in answered for each in found.entry.sources):
        if document := knowledge.documents.get(source.document):
            paragraphs.setdefault(document.title, {})[str(source.paragraph)] = None
    wording = knowledge.wordings_in(reply.language).cited
    lines = [
        fill(wording, title=escape(title), paragraphs=", ".join(numbers))
        for title, numbers in paragraphs.items()
    ]
    return "\n".join(map(plain, lines))
