"""How preferences are read from the database: many people's at a time, and as in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from bot.storage import schema
from bot.storage.ages import cutoff
from bot.storage.batching import Batcher
from bot.storage.pseudonyms import Pseudonym
from bot.storage.store import PREFERENCES_STAY, Preference
from bot.storage.transactions import Transactions

_USE_COUNTS_FOR = dt.timedelta(days=1)
_p = schema.preferences.c
_ARE_THEIRS = _p.user_id.in_(bindparam("people", expanding=True))
_READING = select(_p.user_id, _p.language, _p.at).where(_ARE_THEIRS)
_USING = update(schema.preferences).where(_ARE_THEIRS).values(at=bindparam("now"))


class Preferences:
    """Read preferences; those who ask at the same time share a transaction."""

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._clock = clock
        self._read: Batcher[int, Preference | None] = Batcher(self._read_all)

    async def __call__(self, user: int) -> Preference | None:
        """Return a person's preference, or None; to read it is to use it, noted once a day."""
        return await self._read(user)

    def are_unused(self) -> ColumnElement[bool]:
        """Return which preferences nobody has used for so long that they may go."""
        return _p.at < cutoff(self._clock(), PREFERENCES_STAY)

    async def _read_all(self, users: Sequence[int]) -> list[Preference | None]:
        hidden, now = [self._pseudonym(user) for user in users], self._clock()

        def read(connection: Connection) -> dict[int, Preference]:
            rows = connection.execute(_READING, {"people": hidden}).all()
            stale = [row.user_id for row in rows if row.at < cutoff(now, _USE_COUNTS_FOR)]
            if stale:
                connection.execute(_USING, {"people": stale, "now": now})
            return {row.user_id: Preference(0, row.language, row.at) for row in rows}

        found = await self._transactions.run(read)
        return [
            Preference(user, found[key].language, found[key].at) if key in found else None
            for key, user in zip(hidden, users, strict=True)
        ]
