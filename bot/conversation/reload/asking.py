"""What an edition makes of an utterance, as the first message of a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from bot.conversation.edition import Edition
from bot.conversation.hearing import hear
from bot.conversation.messages import (
    Answer,
    Fallback,
    Reply,
    SmallTalk,
    Suggestions,
    Utterance,
    kind_of,
)
from bot.storage.store import ReplyKind


@dataclass(frozen=True, slots=True)
class Outcome:
    """Name the kind of a reply and the ids of the entries that it answers with or offers."""

    kind: ReplyKind
    entries: tuple[str, ...] = ()

    def is_like(self, other: Outcome) -> bool:
        """Tell whether a person would hardly see a difference: of suggestions the kind counts."""
        alike = self.entries == other.entries or self.kind == "suggest"
        return self.kind == other.kind and alike

    def renamed(self, ids: Mapping[str, str]) -> Outcome:
        """Return the same with the ids that some entries have by now."""
        return replace(self, entries=tuple(ids.get(each, each) for each in self.entries))


def outcome_of(edition: Edition, text: str, language: str) -> Outcome:
    """Return what a person would meet who begins a chat with a text."""
    reply, _ = hear(edition, Utterance(0, 0, text, language))
    return Outcome(kind_of(reply), _entries(reply))


def _entries(reply: Reply) -> tuple[str, ...]:
    match reply:
        case Answer():
            return tuple(each.entry.id for each in reply.answered)
        case Suggestions():
            return tuple(each.entry.id for each in reply.candidates)
        case Fallback() | SmallTalk():
            return ()
        case _:
            assert_never(reply)
