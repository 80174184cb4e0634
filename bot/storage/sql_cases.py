"""The cases in a SQL database; ids under pseudonyms, but those that must be sent to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    and_,
    or_,
    select,
    update,
)

from bot.storage import schema
from bot.storage.batching import Batcher
from bot.storage.cases import Case, Opening, Relay, Seen
from bot.storage.pseudonyms import Pseudonym
from bot.storage.store import Vote
from bot.storage.telling import TELLING_LEASE
from bot.storage.transactions import Transactions

_c, _r = schema.cases.c, schema.relays.c
_OPEN = _c.closed_at.is_(None)


class SqlCases:
    """Keep cases in a database; `clock` returns the present instant with its time zone."""

    def __init__(
        self,
        transactions: Transactions,
        pseudonym: Pseudonym,
        *,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._transactions = transactions
        self._pseudonym = pseudonym
        self._clock = clock
        self._upsert = transactions.upsert(schema.relays)
        self._open_of: Batcher[int, Case | None] = Batcher(self._read_open)

    async def open(self, opening: Opening) -> Case:
        """Open a case and return it, or the one that the token opened or that the chat has open."""
        hidden = self._pseudonym(opening.chat)
        row = {
            "token": opening.token,
            "chat": opening.chat,
            "chat_id": hidden,
            "user_id": self._pseudonym(opening.user),
            "name": opening.name,
            "language": opening.language,
            "question": opening.question,
            "opened_at": self._clock(),
        }
        opened = self._transactions.insert(schema.cases).values(row).on_conflict_do_nothing()
        mine = _c.token == opening.token
        found = (
            select(schema.cases)
            .where(or_(mine, and_(_c.chat_id == hidden, _OPEN)))
            .order_by(mine.desc())
            .limit(1)
        )

        def work(connection: Connection) -> Case:
            connection.execute(opened)
            return _case(connection.execute(found).mappings().one())

        return await self._transactions.run(work)

    async def open_of(self, chat: int) -> Case | None:
        """Return the open case of a person's chat, or None."""
        return await self._open_of(chat)

    async def find(self, number: int, chat: int | None = None) -> Case | None:
        """Return a case by its number, if given only if it is of that person's chat."""
        theirs = [] if chat is None else [_c.chat_id == self._pseudonym(chat)]
        return await self._case(select(schema.cases).where(_c.id == number, *theirs))

    async def at(self, operator_chat: int, thread: int) -> Case | None:
        """Return the latest case in a topic of the operators, open or closed, or None."""
        return await self._case(_latest(_c.operator_chat == operator_chat, _c.thread == thread))

    async def shown_as(self, operator_chat: int, message: int) -> Case | None:
        """Return the case whose card or whose person's message operators see in a message."""
        theirs = select(_r.case_id).where(_r.operator_message == message, _r.by_person)
        shown = or_(_c.card == message, _c.id.in_(theirs))
        return await self._case(_latest(_c.operator_chat == operator_chat, shown))

    async def last_thread(self, chat: int, operator_chat: int) -> int | None:
        """Return the operators' topic for the last case of a person's chat that had one there."""
        theirs = _c.chat_id == self._pseudonym(chat)
        there = and_(_c.operator_chat == operator_chat, _c.thread.is_not(None))
        case = await self._case(_latest(theirs, there))
        return case.seen.thread if case and case.seen else None

    async def place(self, number: int, seen: Seen | None) -> None:
        """Remember where operators see a case."""
        where = (seen.chat, seen.thread, seen.card) if seen else (None, None, None)
        row = dict(zip(("operator_chat", "thread", "card"), where, strict=True))
        await self._changed(update(schema.cases).where(_c.id == number).values(row))

    async def relay(self, relay: Relay) -> None:
        """Remember what was relayed; the first message of an operator answers the case."""
        now = self._clock()
        row = {
            "case_id": relay.case,
            "operator_message": relay.operator_message,
            "person_message": relay.person_message,
            "by_person": relay.by_person,
            "text": relay.text,
            "at": now,
        }
        unanswered = and_(_c.id == relay.case, _c.answered_at.is_(None))
        answered = update(schema.cases).where(unanswered).values(answered_at=now)

        def work(connection: Connection) -> None:
            connection.execute(self._upsert, row)
            if not relay.by_person:
                connection.execute(answered)

        await self._transactions.run(work)

    async def reword(self, relay: Relay) -> None:
        """Remember that what an operator wrote has another text now."""
        same = and_(_r.case_id == relay.case, _r.operator_message == relay.operator_message)
        await self._transactions.execute(
            update(schema.relays).where(same, ~_r.by_person).values(text=relay.text)
        )

    async def of_person(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the person's chat, or None."""
        return await self._relay(number, _r.person_message == message)

    async def of_operators(self, number: int, message: int) -> Relay | None:
        """Return the last relay in which a message stands in the operators' chat, or None."""
        return await self._relay(number, _r.operator_message == message)

    async def last_answer(self, number: int) -> str | None:
        """Return the last text that an operator wrote in a case, or None."""
        relay = await self._relay(number, and_(~_r.by_person, _r.text.is_not(None)))
        return relay.text if relay else None

    async def close(self, number: int, token: str) -> bool:
        """Close a case; True for the token that closed it, also when asked again."""
        closed = update(schema.cases).where(_c.id == number, _OPEN)
        ours = select(_c.id).where(_c.id == number, _c.closed_by == token)
        now = self._clock()

        def work(connection: Connection) -> bool:
            connection.execute(closed.values(closed_at=now, closed_by=token))
            return connection.execute(ours).first() is not None

        return await self._transactions.run(work)

    async def release(self, number: int) -> None:
        """Let go of the person's chat in a closed case: they have been told."""
        await self._changed(update(schema.cases).where(_c.id == number, ~_OPEN).values(chat=None))

    async def vote(self, number: int, chat: int, vote: Vote) -> bool:
        """Keep how a person found the help in a closed case; False if it isn't theirs."""
        theirs = and_(_c.id == number, _c.chat_id == self._pseudonym(chat), ~_OPEN)
        return await self._changed(update(schema.cases).where(theirs).values(vote=vote))

    async def waiting(self, since: dt.datetime) -> tuple[Case, ...]:
        """Return the open cases from before an instant, unanswered, whose people aren't told so."""
        found = await self._transactions.execute(
            select(schema.cases).where(_c.opened_at <= since, _untold()).order_by(_c.id)
        )
        return tuple(_case(row) for row in found)

    async def tell(self, number: int) -> bool:
        """Claim to tell a person that nobody has answered yet."""
        now = self._clock()
        is_free = or_(_c.free_at.is_(None), _c.free_at <= now)
        which = update(schema.cases).where(_c.id == number, _untold(), is_free)
        return await self._changed(which.values(free_at=now + TELLING_LEASE))

    async def told(self, number: int) -> None:
        """Note that a person has been told that nobody has answered yet."""
        which = update(schema.cases).where(_c.id == number)
        await self._changed(which.values(told_at=self._clock()))

    async def untell(self, number: int) -> None:
        """Give such a claim back: the person couldn't be told."""
        await self._changed(update(schema.cases).where(_c.id == number).values(free_at=None))

    async def _read_open(self, chats: Sequence[int]) -> list[Case | None]:
        hidden = [self._pseudonym(chat) for chat in chats]
        found = await self._transactions.execute(
            select(schema.cases).where(_c.chat_id.in_(hidden), _OPEN)
        )
        by_chat = {row["chat_id"]: _case(row) for row in found}
        return [by_chat.get(each) for each in hidden]

    async def _case(self, query: Select[tuple[object, ...]]) -> Case | None:
        found = await self._transactions.execute(query)
        return _case(found[0]) if found else None

    async def _relay(self, number: int, which: ColumnElement[bool]) -> Relay | None:
        found = await self._transactions.execute(
            select(schema.relays)
            .where(_r.case_id == number, which)
            .order_by(_r.operator_message.desc())
            .limit(1)
        )
        return _relay(found[0]) if found else None

    async def _changed(self, statement: Update) -> bool:
        """Run an update and return whether there was something to change."""
        return await self._transactions.run(
            lambda connection: connection.execute(statement).rowcount > 0
        )


def _latest(*which: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return select(schema.cases).where(*which).order_by(_c.id.desc()).limit(1)


def _untold() -> ColumnElement[bool]:
    return and_(_OPEN, _c.answered_at.is_(None), _c.told_at.is_(None))


def _case(row: RowMapping) -> Case:
    where = row["operator_chat"]
    return Case(
        number=row["id"],
        token=row["token"],
        chat=row["chat"],
        name=row["name"] or "",
        language=row["language"],
        question=row["question"],
        opened=row["opened_at"],
        seen=None if where is None else Seen(where, row["thread"], row["card"]),
        answered=row["answered_at"],
        closed=row["closed_at"],
    )


def _relay(row: RowMapping) -> Relay:
    return Relay(
        row["case_id"],
        row["operator_message"],
        row["person_message"],
        row["by_person"],
        row["text"],
    )
