"""What is kept of a person who asked for a person, read for that person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from bot.storage import schema
from bot.storage.store import Handover, Hope

_c, _r, _w = schema.cases.c, schema.relays.c, schema.wishes.c

AboutCases = tuple[tuple[Handover, ...], tuple[Hope, ...]]


def about_cases(connection: Connection, person: int) -> AboutCases:
    """Return what is kept of a person, by pseudonym, oldest first."""
    cases = select(schema.cases).where(_c.user_id == person).order_by(_c.id)
    wishes = select(schema.wishes).where(_w.user_id == person).order_by(_w.id)
    said = (
        select(_r.case_id, _r.text)
        .join(schema.cases, _c.id == _r.case_id)
        .where(_c.user_id == person, _r.text.is_not(None))
        .order_by(_r.operator_message)
    )
    answers: dict[int, list[str]] = {}
    for number, text in connection.execute(said):
        answers.setdefault(number, []).append(text)
    handovers = connection.execute(cases).mappings()
    hopes = connection.execute(wishes).mappings()
    return (
        tuple(_handover(row, answers.get(row["id"], ())) for row in handovers),
        tuple(Hope(row["at"], row["text"], row["told_at"]) for row in hopes),
    )


def _handover(row: RowMapping, answers: Sequence[str]) -> Handover:
    return Handover(
        *(row["opened_at"], row["name"] or "", row["question"], tuple(answers)),
        *(row["closed_at"], row["vote"]),
    )
