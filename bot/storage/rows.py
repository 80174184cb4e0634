"""Between the records of the port and the rows of the tables, where ids are pseudonyms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, assert_never

from sqlalchemy import RowMapping, Table

from bot.storage import schema
from bot.storage.authors import Author
from bot.storage.pseudonyms import Pseudonym
from bot.storage.store import (
    Candidate,
    Cause,
    Exchange,
    Feedback,
    Heard,
    Miss,
    Preference,
    Session,
)

Row = dict[str, Any]


def row_of(
    memory: Session | Heard | Miss | Feedback | Exchange | Preference,
    pseudonym: Pseudonym,
    now: dt.datetime,
) -> tuple[Table, Row]:
    """Return the table and the row of a memory; `now` is when sessions start anew."""
    match memory:
        case Session():
            return schema.sessions, _session_row(memory, pseudonym, now)
        case Heard():
            return schema.utterances, _utterance_row(memory, pseudonym)
        case Miss():
            return schema.misses, _miss_row(memory, pseudonym)
        case Feedback():
            return schema.feedback, _feedback_row(memory, pseudonym)
        case Exchange():
            return schema.exchanges, _exchange_row(memory, pseudonym)
        case Preference():
            return schema.preferences, _preference_row(memory, pseudonym)
        case _:
            assert_never(memory)


def session_of(row: RowMapping, chat: int, user: int) -> Session:
    """Return the session in a row, of a chat and user with their real ids."""
    return Session(
        chat=chat,
        user=user,
        language=row["language"],
        last_entry=row["last_entry"],
        given=tuple(row["given"]),
        utterance=row["utterance"],
        explanation=row["explanation"],
    )


def heard_of(row: RowMapping, user: int) -> Heard:
    """Return the utterance in a row, of a user with the real id."""
    return Heard(
        chat=row["chat_id"],
        user=user,
        text=row["text"],
        language=row["language"],
        kind=row["kind"],
        candidates=_candidates_of(row["candidates"]),
        at=row["at"],
    )


def miss_of(row: RowMapping, user: int) -> Miss:
    """Return the miss in a row, of a user with the real id."""
    cause: Cause = row["cause"] or "fallback"
    candidates = _candidates_of(row["candidates"])
    return Miss(user, row["text"], row["language"], candidates, row["at"], cause)


def feedback_of(row: RowMapping, user: int) -> Feedback:
    """Return the vote in a row, of a user with the real id."""
    return Feedback(row["chat_id"], row["message_id"], user, row["entry"], row["vote"], row["at"])


def exchange_of(row: RowMapping, chat: int) -> Exchange:
    """Return the exchange in a row, of a chat with the real id, without its user."""
    return Exchange(
        chat=chat,
        question=row["question_id"],
        answer=row["answer_id"],
        entries=tuple(row["entries"]),
        at=row["at"],
        text=row["text"] or "",
        explanation=row["explanation"] or "",
    )


def author_of(row: RowMapping) -> Author:
    """Return who did what a row is about, without the id."""
    return Author(row["author"], hidden=row["user_id"] is not None)


def author_row(author: Author, pseudonym: Pseudonym | None) -> Row:
    """Return the columns that say who did something; without a pseudonym the name alone."""
    user = author.user
    return {
        "author": author.name,
        "user_id": None if pseudonym is None or user is None else pseudonym(user),
    }


def _session_row(session: Session, pseudonym: Pseudonym, now: dt.datetime) -> Row:
    return {
        "chat_id": pseudonym(session.chat),
        "user_id": pseudonym(session.user),
        "language": session.language,
        "last_entry": session.last_entry,
        "given": list(session.given),
        "utterance": session.utterance,
        "explanation": session.explanation,
        "at": now,
    }


def _utterance_row(heard: Heard, pseudonym: Pseudonym) -> Row:
    return {
        "chat_id": pseudonym(heard.chat),
        "user_id": pseudonym(heard.user),
        "text": heard.text,
        "language": heard.language,
        "kind": heard.kind,
        "candidates": _candidates(heard.candidates),
        "at": heard.at,
    }


def _miss_row(miss: Miss, pseudonym: Pseudonym) -> Row:
    return {
        "user_id": pseudonym(miss.user),
        "text": miss.text,
        "language": miss.language,
        "candidates": _candidates(miss.candidates),
        "at": miss.at,
        "cause": miss.cause,
    }


def _feedback_row(feedback: Feedback, pseudonym: Pseudonym) -> Row:
    return {
        "chat_id": pseudonym(feedback.chat),
        "message_id": feedback.message,
        "user_id": pseudonym(feedback.user),
        "entry": feedback.entry,
        "vote": feedback.vote,
        "at": feedback.at,
    }


def _exchange_row(exchange: Exchange, pseudonym: Pseudonym) -> Row:
    return {
        "chat_id": pseudonym(exchange.chat),
        "question_id": exchange.question,
        "answer_id": exchange.answer,
        "entries": list(exchange.entries),
        "at": exchange.at,
        "user_id": pseudonym(exchange.user),
        "text": exchange.text,
        "explanation": exchange.explanation,
    }


def _preference_row(preference: Preference, pseudonym: Pseudonym) -> Row:
    return {
        "user_id": pseudonym(preference.user),
        "language": preference.language,
        "at": preference.at,
    }


def _candidates(candidates: Iterable[Candidate]) -> list[Row]:
    return [{"entry": each.entry, "confidence": each.confidence} for each in candidates]


def _candidates_of(rows: Iterable[Row]) -> tuple[Candidate, ...]:
    return tuple(Candidate(row["entry"], row["confidence"]) for row in rows)
