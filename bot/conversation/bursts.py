"""Whether messages that came right after one another say one thing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.messages import Answer, Fallback, Reply, SmallTalk, Suggestions

_FEW, _ENDS = 4, ("?", "!", ".", "؟", "…")
_FALLBACK, _OFFER, _ANSWER = range(3)


def join(texts: Sequence[str]) -> str:
    """Return the text of several messages as that of one."""
    return "\n".join(texts)


def is_fragment(text: str) -> bool:
    """Return whether a person seems to go on typing: a few words without an end."""
    return len(text.split()) <= _FEW and not text.rstrip().endswith(_ENDS)


def is_open(reply: Reply) -> bool:
    """Return whether what a person goes on to type may well change a reply to what came first."""
    match reply:
        case Answer():
            return False
        case SmallTalk(kind=kind):
            return kind == "greeting"
        case Suggestions() | Fallback():
            return True


def is_better(whole: Reply, parts: Sequence[Reply]) -> bool:
    """Return whether one reply to the whole serves a person better than one to each part.

    An answer is worth more than an offer, and that more than a fallback. Of two answers the whole's
    counts if it tells all that the parts' tell, or is as sure as the surest of them; otherwise one
    reply is better than several.
    """
    best = max(map(_worth, parts))
    if _worth(whole) != best:
        return _worth(whole) > best
    told = set().union(*map(_entries, parts))
    return told <= _entries(whole) or _sureness(whole) >= max(map(_sureness, parts))


def _worth(reply: Reply) -> int:
    match reply:
        case Answer():
            return _ANSWER
        case Suggestions() | SmallTalk():
            return _OFFER
        case Fallback():
            return _FALLBACK


def _entries(reply: Reply) -> set[str]:
    return {each.entry.id for each in reply.answered} if isinstance(reply, Answer) else set()


def _sureness(reply: Reply) -> float:
    if not isinstance(reply, Answer):
        return 0.0
    return min((each.confidence for each in reply.answered), default=0.0)
