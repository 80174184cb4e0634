"""What a person did for everybody, and forgetting them: it stays, without their name."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, Table, delete, select, update

from bot.storage import schema
from bot.storage.store import Deed

_ABOUT = (
    *(schema.sessions, schema.utterances, schema.misses, schema.feedback, schema.exchanges),
    *(schema.drafts, schema.cases, schema.wishes, schema.preferences),
)
_BY_ADMINS: dict[Literal["taught", "put live", "tuned"], Table] = {
    "taught": schema.lessons,
    "put live": schema.versions,
    "tuned": schema.tunings,
}


def deeds_of(connection: Connection, person: int) -> tuple[Deed, ...]:
    """Return what an admin, by pseudonym, did under their name, oldest first."""
    found = [
        Deed(at, kind)
        for kind, table in _BY_ADMINS.items()
        for at in connection.execute(select(table.c.at).where(table.c.user_id == person)).scalars()
    ]
    return tuple(sorted(found, key=lambda deed: deed.at))


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
    for table in _BY_ADMINS.values():
        theirs = update(table).where(table.c.user_id == person)
        connection.execute(theirs.values(author="", user_id=None))
    return sum(connection.execute(each).rowcount for each in doomed)
