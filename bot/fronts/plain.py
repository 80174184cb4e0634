"""What a person would read of a reply where there is no formatting and there are no buttons."""

from __future__ import annotations

from typing import assert_never

from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions
from bot.knowledge.markdown import plain


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
