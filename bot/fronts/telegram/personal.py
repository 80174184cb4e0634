"""What people may know and decide about what is kept of them: /privacy, /mydata, /forgetme."""

from __future__ import annotations

import yaml

from bot.fronts.telegram.screens import Attachment, Screen, plain_screen
from bot.fronts.telegram.texts import fill
from bot.fronts.telegram.translate import Command
from bot.knowledge.wordings import Wordings
from bot.storage.store import Candidate, Feedback, Handover, Heard, Hope, Kept, Session, Store

PERSONAL = "personal"
"""The kind of screens of which nothing is kept."""

_FILE = "my-data.txt"


class Personal:
    """Run the personal commands; what is about a person, in the private chat only.

    `retention` is in days, `session_minutes` in minutes, as /privacy names them. Where the bot
    `has_operators`, it also says what they see.
    """

    def __init__(
        self, store: Store, retention: int, session_minutes: int, *, has_operators: bool = False
    ) -> None:
        self._has_operators = has_operators
        self._store = store
        self._retention = retention
        self._session_minutes = session_minutes

    async def run(self, command: Command, words: Wordings, *, is_admin: bool = False) -> Screen:
        """Return what a personal command shows; raises StorageError if the database fails."""
        heard = command.utterance
        if command.name == "privacy":
            days, minutes = str(self._retention), str(self._session_minutes)
            told = [words.operators.privacy] if self._has_operators else []
            told += [words.privacy_admins] if is_admin else []
            text = "\n\n".join([words.privacy, *told])
            return plain_screen(fill(text, days=days, minutes=minutes), PERSONAL)
        if heard.chat != heard.user:
            return plain_screen(words.private_only, PERSONAL)
        if command.name == "forgetme":
            await self._store.forget(heard.user)
            return plain_screen(words.forgotten, PERSONAL)
        kept = await self._store.kept_about(heard.user)
        if kept == Kept():
            return plain_screen(words.nothing_kept, PERSONAL)
        return plain_screen(words.mydata, PERSONAL, Attachment(_FILE, as_text(kept)))


def as_text(kept: Kept) -> bytes:
    """Return all that is kept about a person as YAML in UTF-8, which people can read too."""
    found = {
        "messages": [_message(each) for each in kept.heard],
        "not_answered": [{"at": each.at, "text": each.text} for each in kept.misses],
        "votes": [_vote(each) for each in kept.feedback],
        "conversations": [_conversation(each) for each in kept.sessions],
        "handed_over": [_handover(each) for each in kept.handovers],
        "to_be_told": [_hope(each) for each in kept.hopes],
        "as_an_admin": [{"at": each.at, "did": each.kind} for each in kept.deeds],
        "language_chosen": kept.preference.language if kept.preference else None,
    }
    return yaml.safe_dump(found, allow_unicode=True, sort_keys=False).encode(errors="replace")


def _message(heard: Heard) -> dict[str, object]:
    return {
        "at": heard.at,
        "text": heard.text,
        "language": heard.language,
        "reply": heard.kind,
        "considered": _considered(heard.candidates),
    }


def _considered(candidates: tuple[Candidate, ...]) -> dict[str, float]:
    return {each.entry: round(each.confidence, 3) for each in candidates}


def _vote(feedback: Feedback) -> dict[str, object]:
    return {"at": feedback.at, "answer": feedback.entry, "vote": feedback.vote}


def _handover(handover: Handover) -> dict[str, object]:
    return {
        "at": handover.at,
        "name": handover.name,
        "question": handover.question,
        "answers": list(handover.answers),
        "closed": handover.closed,
        "vote": handover.vote,
    }


def _hope(hope: Hope) -> dict[str, object]:
    return {"at": hope.at, "text": hope.text, "told": hope.told}


def _conversation(session: Session) -> dict[str, object]:
    return {
        "language": session.language,
        "last_answer": session.last_entry,
        "answers": list(session.given),
        "suggestions_for": session.utterance,
        "explanation": session.explanation,
    }
