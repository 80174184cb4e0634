"""What every keeper of cases and wishes does alike, and what is shown and forgotten of them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from bot.storage.cases import Case, Cases, Opening, Relay, Seen
from bot.storage.memory_cases import MemoryCases
from bot.storage.memory_wishes import MemoryWishes
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_cases import SqlCases
from bot.storage.sql_wishes import SqlWishes
from bot.storage.store import Handover, Hope, Kept
from bot.storage.telling import TELLING_LEASE
from bot.storage.wishes import Wishes
from tests.bot.storage.conftest import (
    EXPIRY,
    RETENTION,
    SECRET,
    TICK,
    FakeClock,
    open_store,
    rows,
)

SARA, OMAR, DESK = 4_242_424_242, 3_131_313_131, -1_001_234_567_890
ASKED = Opening("press-1", SARA, SARA, "Sara", "en", "where do I park?")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Hold what keeps cases and wishes in one place."""

    cases: Cases
    wishes: Wishes


def _in(store: SqlStore, clock: FakeClock) -> Keeper:
    hidden = pseudonyms(SECRET)
    transactions = store._transactions
    return Keeper(
        SqlCases(transactions, hidden, clock=clock), SqlWishes(transactions, hidden, clock=clock)
    )


@pytest.fixture
async def keeper(kind: str, clock: FakeClock) -> AsyncIterator[Keeper]:
    """Keep cases in each way in turn."""
    if not kind:
        yield Keeper(MemoryCases(clock), MemoryWishes(clock))
        return
    store = await open_store(kind, EXPIRY, RETENTION, clock)
    yield _in(store, clock)
    await store.close()


@pytest.fixture
def cases(keeper: Keeper) -> Cases:
    """Return each keeper of cases in turn."""
    return keeper.cases


@pytest.fixture
def wishes(keeper: Keeper) -> Wishes:
    """Return each keeper of wishes in turn."""
    return keeper.wishes


async def test_a_case_comes_back_whole(cases: Cases, clock: FakeClock) -> None:
    """All that operators need is there, and it can be found by number, chat and topic."""
    case = await cases.open(ASKED)
    expected = Case(
        *(case.number, "press-1", SARA, "Sara", "en", "where do I park?"), opened=clock()
    )
    assert case == expected == await cases.open_of(SARA)
    seen = Seen(DESK, 7, 8)
    await cases.place(case.number, seen)
    placed = replace(expected, seen=seen)
    assert await cases.find(case.number) == placed == await cases.find(case.number, SARA)
    assert await cases.at(DESK, 7) == placed == await cases.shown_as(DESK, 8)
    assert await cases.last_thread(SARA, DESK) == 7
    await cases.place(case.number, None)
    assert await cases.find(case.number) == expected


async def test_nobody_elses_case_is_found(cases: Cases) -> None:
    """Another chat, topic, group or number leads to no case."""
    case = await cases.open(ASKED)
    await cases.place(case.number, Seen(DESK, 7, 8))
    assert await cases.open_of(OMAR) is None
    assert await cases.find(case.number, OMAR) is None
    assert await cases.find(case.number + 1) is None
    assert await cases.at(DESK, 8) is None
    assert await cases.at(DESK - 1, 7) is None
    assert await cases.shown_as(DESK - 1, 8) is None
    assert await cases.last_thread(OMAR, DESK) is None
    assert await cases.last_thread(SARA, DESK - 1) is None


async def test_a_chat_has_one_open_case(cases: Cases) -> None:
    """The same press, and another while the case is open, lead to the same case."""
    case = await cases.open(ASKED)
    assert await cases.open(ASKED) == case
    assert await cases.open(replace(ASKED, token="press-2")) == case
    other = await cases.open(replace(ASKED, token="press-3", chat=OMAR, user=OMAR))
    assert other.number != case.number
    assert await cases.close(case.number, "done")
    closed = await cases.open(ASKED)
    assert (closed.number, closed.closed is None) == (case.number, False)
    again = await cases.open(replace(ASKED, token="press-4"))
    assert again.number not in {case.number, other.number}


async def test_presses_at_once_open_one_case(cases: Cases) -> None:
    """However many processes open a case for a chat at a time, there is one."""
    opened = await asyncio.gather(
        *(cases.open(replace(ASKED, token=f"press-{number}")) for number in range(8))
    )
    assert len({case.number for case in opened}) == 1


async def test_relays_lead_both_ways(cases: Cases, clock: FakeClock) -> None:
    """A message is found from either side, the latest copy first, once however often stored."""
    case = await cases.open(ASKED)
    await cases.place(case.number, Seen(DESK, None, 8))
    asked = Relay(case.number, 10, 3, by_person=True)
    for relay in (asked, asked, replace(asked, operator_message=11)):
        await cases.relay(relay)
    assert await cases.of_person(case.number, 3) == replace(asked, operator_message=11)
    assert await cases.of_operators(case.number, 10) == asked
    assert await cases.of_operators(case.number + 1, 10) is None
    shown = await cases.shown_as(DESK, 10)
    assert shown
    assert (shown.number, shown.answered) == (case.number, None)
    assert await cases.last_answer(case.number) is None
    clock.advance(TICK)
    answer = Relay(case.number, 12, 4, by_person=False, text="behind the house")
    await cases.relay(answer)
    assert await cases.shown_as(DESK, 12) is None
    first = clock()
    clock.advance(TICK)
    await cases.relay(Relay(case.number, 13, 5, by_person=False))
    found = await cases.find(case.number)
    assert found
    assert found.answered == first
    assert await cases.last_answer(case.number) == "behind the house"
    await cases.reword(replace(answer, text="in front of it"))
    assert await cases.last_answer(case.number) == "in front of it"


async def test_one_token_closes_a_case(cases: Cases) -> None:
    """Of several who close it one does, also when asked again; then the chat is let go."""
    case = await cases.open(ASKED)
    await cases.release(case.number)
    assert (await cases.open_of(SARA)) == case
    won = await asyncio.gather(*(cases.close(case.number, f"close-{n}") for n in range(4)))
    assert sorted(won) == [False, False, False, True]
    assert await cases.close(case.number, f"close-{won.index(True)}")
    assert await cases.open_of(SARA) is None
    await cases.release(case.number)
    closed = await cases.find(case.number)
    assert closed
    assert closed.chat is None


async def test_votes_are_for_ones_own_closed_case(cases: Cases) -> None:
    """Nobody votes on an open case or on another person's, and a vote can be changed."""
    case = await cases.open(ASKED)
    assert not await cases.vote(case.number, SARA, "helpful")
    await cases.close(case.number, "done")
    assert not await cases.vote(case.number, OMAR, "helpful")
    assert await cases.vote(case.number, SARA, "helpful")
    assert await cases.vote(case.number, SARA, "not_helpful")


async def test_who_waits_is_told_by_one(cases: Cases, clock: FakeClock) -> None:
    """An open case without an answer is due after a while, to one who asks, until it is told."""
    case = await cases.open(ASKED)
    answered = await cases.open(replace(ASKED, token="press-2", chat=OMAR, user=OMAR))
    await cases.relay(Relay(answered.number, 10, 3, by_person=False))
    assert await cases.waiting(clock() - TICK) == ()
    assert await cases.waiting(clock()) == (case,)
    told = await asyncio.gather(*(cases.tell(case.number) for _ in range(4)))
    assert sorted(told) == [False, False, False, True]
    await cases.untell(case.number)
    assert await cases.tell(case.number)
    assert await cases.waiting(clock()) == (case,)
    await cases.told(case.number)
    assert await cases.waiting(clock()) == ()
    clock.advance(TELLING_LEASE)
    assert not await cases.tell(case.number)


async def test_nobody_is_told_that_a_closed_case_waits(cases: Cases) -> None:
    """There is nothing to wait for any more."""
    case = await cases.open(ASKED)
    await cases.close(case.number, "done")
    assert not await cases.tell(case.number)


async def test_who_a_process_died_over_is_told_by_another(keeper: Keeper, clock: FakeClock) -> None:
    """What was claimed and never settled can be claimed again, by one, once its lease is over."""
    case = await keeper.cases.open(ASKED)
    await keeper.wishes.add(SARA, "en", "pool?")
    (wish,) = await keeper.wishes.open()
    for claim, number in ((keeper.cases.tell, case.number), (keeper.wishes.grant, wish.number)):
        claimed_at = clock()
        assert await claim(number)
        clock.advance(TELLING_LEASE - TICK)
        assert not await claim(number)
        clock.advance(TICK)
        assert sorted(await asyncio.gather(*(claim(number) for _ in range(4))))[2:] == [False, True]
        assert clock() == claimed_at + TELLING_LEASE
    assert await keeper.wishes.open() == (wish,)
    await keeper.wishes.granted(wish.number)
    clock.advance(TELLING_LEASE)
    assert not await keeper.wishes.grant(wish.number)


async def test_a_wish_is_granted_by_one(wishes: Wishes) -> None:
    """The same wish is kept once, and one of all who grant it does, until given back."""
    for chat, text in ((SARA, "parking?"), (OMAR, "parking?"), (SARA, "parking?"), (SARA, "pool?")):
        await wishes.add(chat, "en", text)
    found = await wishes.open()
    assert [(w.chat, w.language, w.text) for w in found] == [
        (SARA, "en", "parking?"),
        (OMAR, "en", "parking?"),
        (SARA, "en", "pool?"),
    ]
    number = found[0].number
    assert sorted(await asyncio.gather(*(wishes.grant(number) for _ in range(4)))) == [
        *([False] * 3),
        True,
    ]
    await wishes.ungrant(number)
    assert await wishes.grant(number)
    assert await wishes.open() == found
    await wishes.granted(number)
    assert await wishes.open() == found[1:]
    await wishes.add(SARA, "en", "parking?")
    assert len(await wishes.open()) == 3


async def test_cases_are_shown_to_their_person_and_forgotten(
    any_sql_store: SqlStore, clock: FakeClock
) -> None:
    """/mydata shows cases with their answers, and wishes; /forgetme leaves no trace of either."""
    keeper = _in(any_sql_store, clock)
    case = await keeper.cases.open(ASKED)
    await keeper.cases.relay(Relay(case.number, 10, 3, by_person=True))
    await keeper.cases.relay(Relay(case.number, 11, 4, by_person=False, text="There."))
    await keeper.cases.close(case.number, "done")
    await keeper.cases.vote(case.number, SARA, "helpful")
    await keeper.wishes.add(SARA, "en", "pool?")
    at = clock()
    handover = Handover(at, "Sara", "where do I park?", ("There.",), at, "helpful")
    kept = await any_sql_store.kept_about(SARA)
    assert kept == Kept(handovers=(handover,), hopes=(Hope(at, "pool?"),))
    assert await any_sql_store.kept_about(OMAR) == Kept()
    assert await any_sql_store.forget(SARA) == 4
    assert await any_sql_store.kept_about(SARA) == Kept()


async def test_a_closed_case_names_nobody(any_sql_store: SqlStore, clock: FakeClock) -> None:
    """Once everybody has been told, the ids themselves are gone, and rows go with their time."""
    keeper = _in(any_sql_store, clock)
    case = await keeper.cases.open(ASKED)
    await keeper.wishes.add(SARA, "en", "pool?")
    (wish,) = await keeper.wishes.open()
    await keeper.cases.relay(Relay(case.number, 10, 3, by_person=True))
    await keeper.cases.close(case.number, "done")
    await keeper.cases.release(case.number)
    await keeper.wishes.grant(wish.number)
    await keeper.wishes.granted(wish.number)
    found = [str(await rows(any_sql_store, f"SELECT * FROM {t}")) for t in ("cases", "wishes")]
    assert not any(str(SARA) in each for each in found)
    clock.advance(RETENTION + dt.timedelta(seconds=1))
    assert await any_sql_store.prune() == 3


async def test_what_was_relayed_goes_with_its_case(kind: str, clock: FakeClock) -> None:
    """An open case stays however old it is; a closed one goes with all that was said in it."""
    if not kind:
        return
    store = await open_store(kind, EXPIRY, RETENTION, clock)
    cases = _in(store, clock).cases
    case = await cases.open(ASKED)
    await cases.relay(Relay(case.number, 50, 5, by_person=False, text="for Sara alone"))
    clock.advance(2 * RETENTION)
    assert await store.prune() == 0
    assert await cases.last_answer(case.number) == "for Sara alone"
    assert await cases.close(case.number, "press-9")
    clock.advance(RETENTION + TICK)
    assert await store.prune() == 2
    again = await cases.open(replace(ASKED, token="press-2", chat=OMAR, user=OMAR))
    assert again.number > case.number
    assert await cases.last_answer(again.number) is None
    assert [each.answers for each in (await store.kept_about(OMAR)).handovers] == [()]
    await store.close()


async def test_the_latest_copy_of_an_operators_message_counts(cases: Cases) -> None:
    """An edit that took another copy leads to that one, with its text."""
    case = await cases.open(ASKED)
    await cases.relay(Relay(case.number, 50, 5, by_person=False, text="old"))
    latest = Relay(case.number, 50, 6, by_person=False, text="new")
    await cases.relay(latest)
    assert await cases.of_operators(case.number, 50) == latest
    assert await cases.last_answer(case.number) == "new"
