"""The versions of the knowledge in a SQL database."""

from __future__ import annotations

import base64
import datetime as dt
import gzip
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, delete, func, insert, or_, select

from bot.knowledge.snapshot import files_version
from bot.storage import schema
from bot.storage.authors import Author
from bot.storage.pseudonyms import Pseudonym
from bot.storage.rows import author_of, author_row
from bot.storage.transactions import Transactions
from bot.storage.versions import MOST, Publication, Version

_v = schema.versions.c
_LATEST = (_v.at.desc(), _v.id.desc())
_p = schema.publications.c
_LAST = select(func.max(_p.id)).scalar_subquery()
LAST_ABOUT_FILES = select(func.max(_p.id)).where(_p.instead_of.is_not(None)).scalar_subquery()
"""The last publication that is about files, which says which of them count."""
_PUBLISHED = (
    select(schema.publications)
    .where(or_(_p.id == _LAST, _p.id == LAST_ABOUT_FILES))
    .order_by(_p.id.desc())
)


class SqlVersionBook:
    """Keep versions in a SQL database; `clock` gives the time in UTC.

    Authors are kept under their `pseudonym`, without which only their names are.
    """

    def __init__(
        self,
        transactions: Transactions,
        clock: Callable[[], dt.datetime],
        pseudonym: Pseudonym | None = None,
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._pseudonym = pseudonym
        statement = transactions.insert(schema.versions)
        new = {name: statement.excluded[name] for name in ("files", "author", "user_id", "at")}
        self._upsert = statement.on_conflict_do_update(index_elements=["version"], set_=new)

    async def keep(self, version: str, files: Mapping[str, bytes], author: Author) -> None:
        """Note that a version went live; nothing if it is the latest. The last twenty stay."""
        latest = select(_v.version).order_by(*_LATEST).limit(1)
        staying = select(_v.id).order_by(*_LATEST).limit(MOST)
        put = {**author_row(author, self._pseudonym), "at": self._clock()}
        row = {"version": version, "files": _packed(files), **put}

        def work(connection: Connection) -> None:
            if connection.execute(latest).scalar() != version:
                connection.execute(self._upsert, row)
                connection.execute(delete(schema.versions).where(_v.id.not_in(staying)))

        await self._transactions.run(work)

    async def files(self, version: str) -> Mapping[str, bytes] | None:
        """Return the files of a version by name, or None if it isn't kept."""
        found = await self._transactions.execute(select(_v.files).where(_v.version == version))
        return _unpacked(found[0]["files"]) if found else None

    async def latest(self, most: int) -> tuple[Version, ...]:
        """Return at most so many versions, the one that went live last first."""
        query = select(_v.version, _v.author, _v.user_id, _v.at).order_by(*_LATEST).limit(most)
        found = await self._transactions.execute(query)
        return tuple(Version(row["version"], author_of(row), row["at"]) for row in found)

    async def publish(self, version: str, instead_of: str | None = None) -> None:
        """Tell all processes on this database which version of the knowledge is live."""
        row = {"version": version, "at": self._clock(), "instead_of": instead_of}
        await self._transactions.execute(insert(schema.publications).values(row))

    async def published(self) -> Publication | None:
        """Return what was published last, or None."""
        found = await self._transactions.execute(_PUBLISHED)
        if not found:
            return None
        last, about_files = found[0], found[-1]
        if about_files["instead_of"] is None:
            return Publication(last["id"], last["version"])
        files = files_version(about_files["version"])
        return Publication(
            *(last["id"], last["version"], files, about_files["id"]), about_files["instead_of"]
        )


def _packed(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as JSON takes them: gzip, a fourth of the size, in base64."""
    return {
        name: base64.b64encode(gzip.compress(content, mtime=0)).decode()
        for name, content in files.items()
    }


def _unpacked(packed: Mapping[str, str]) -> dict[str, bytes]:
    return {name: gzip.decompress(base64.b64decode(each)) for name, each in packed.items()}
