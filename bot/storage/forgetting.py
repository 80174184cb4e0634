"""Forgetting a person: what is about them goes, what they did for everybody stays nameless."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from bot.storage import schema

_ABOUT = (
    *(schema.sessions, schema.utterances, schema.misses, schema.feedback, schema.exchanges),
    *(schema.drafts, schema.cases, schema.wishes, schema.preferences),
)
_BY_ADMINS = (schema.lessons, schema.versions, schema.tunings)


def forget(connection: Connection, person: int) -> int:
    """Delete all that is kept about a person, by pseudonym, and return how many rows went.

    What they taught, put live or tuned loses their name.
    """
    cases = select(schema.cases.c.id).where(schema.cases.c.user_id == person)
    doomed = [
        delete(schema.relays).where(schema.relays.c.case_id.in_(cases)),
        delete(schema.exchanges).where(schema.exchanges.c.chat_id == person),
        *(delete(table).where(table.c.user_id == person) for table in _ABOUT),
    ]
    for table in _BY_ADMINS:
        theirs = update(table).where(table.c.user_id == person)
        connection.execute(theirs.values(author="", user_id=None))
    return sum(connection.execute(each).rowcount for each in doomed)
