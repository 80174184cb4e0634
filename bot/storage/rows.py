"""Between the records of the port and the rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss, Session

Row = dict[str, Any]


def session_row(session: Session) -> Row:
    """Return the row of a session, without its time."""
    return {
        "chat_id": session.chat,
        "user_id": session.user,
        "language": session.language,
        "last_entry": session.last_entry,
        "given": list(session.given),
        "utterance": session.utterance,
        "explanation": session.explanation,
    }


def session_of(row: RowMapping) -> Session:
    """Return the session in a row."""
    return Session(
        chat=row["chat_id"],
        user=row["user_id"],
        language=row["language"],
        last_entry=row["last_entry"],
        given=tuple(row["given"]),
        utterance=row["utterance"],
        explanation=row["explanation"],
    )


def utterance_row(heard: Heard) -> Row:
    """Return the row of an utterance."""
    return {
        "chat_id": heard.chat,
        "user_id": heard.user,
        "text": heard.text,
        "language": heard.language,
        "kind": heard.kind,
        "candidates": _candidates(heard.candidates),
        "at": heard.at,
    }


def miss_row(miss: Miss) -> Row:
    """Return the row of a miss."""
    return {
        "text": miss.text,
        "language": miss.language,
        "candidates": _candidates(miss.candidates),
        "at": miss.at,
    }


def feedback_row(feedback: Feedback) -> Row:
    """Return the row of a vote."""
    return {
        "chat_id": feedback.chat,
        "message_id": feedback.message,
        "user_id": feedback.user,
        "entry": feedback.entry,
        "vote": feedback.vote,
        "at": feedback.at,
    }


def exchange_row(exchange: Exchange) -> Row:
    """Return the row of an exchange."""
    return {
        "chat_id": exchange.chat,
        "question_id": exchange.question,
        "answer_id": exchange.answer,
        "entries": list(exchange.entries),
        "at": exchange.at,
    }


def exchange_of(row: RowMapping) -> Exchange:
    """Return the exchange in a row."""
    return Exchange(
        chat=row["chat_id"],
        question=row["question_id"],
        answer=row["answer_id"],
        entries=tuple(row["entries"]),
        at=row["at"],
    )


def _candidates(candidates: Iterable[Candidate]) -> list[Row]:
    return [{"entry": each.entry, "confidence": each.confidence} for each in candidates]
