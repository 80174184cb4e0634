"""What every journal does alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable

import pytest

from bot.storage.journal import DONE_UPDATES_STAY, Backlog, Claimed, Journal, Received
from bot.storage.store import Miss, Session, Store
from tests.bot.storage.conftest import TICK, FakeClock

ALL = 1000
MINUTE = dt.timedelta(minutes=1)


def received(number: int, line: int | None = None) -> Received:
    """Return an update that says its number."""
    return Received(number, line, {"update_id": number})


def numbers(claimed: Iterable[Claimed]) -> list[int]:
    """Return the numbers of updates in their order."""
    return [each.number for each in claimed]


async def test_an_update_is_claimed_as_it_was_taken(journal: Journal, clock: FakeClock) -> None:
    """Number, content and the time it came are given, and that nobody died over it."""
    taken = clock()
    await journal.take([Received(7, 1, {"update_id": 7, "message": {"text": "where?"}})])
    clock.advance(MINUTE)
    content = {"update_id": 7, "message": {"text": "where?"}}
    assert await journal.claim(ALL) == (Claimed(7, content, taken, 0),)


async def test_an_update_is_claimed_once(journal: Journal) -> None:
    """What is being handled isn't given again."""
    await journal.take([received(7)])
    assert numbers(await journal.claim(ALL)) == [7]
    assert await journal.claim(ALL) == ()


async def test_an_empty_journal_gives_nothing(journal: Journal) -> None:
    """Neither claiming nor taking nothing fails."""
    await journal.take([])
    assert await journal.claim(ALL) == ()


@pytest.mark.parametrize("state", ["waiting", "claimed", "done"])
async def test_an_update_that_comes_again_changes_nothing(
    state: str, journal: Journal, clock: FakeClock
) -> None:
    """A repetition by Telegram, in the same call or later, leaves the first one as it is."""
    taken = clock()
    await journal.take([received(7, 1), Received(7, 2, {"later": True})])
    if state != "waiting":
        await journal.claim(ALL)
    if state == "done":
        await journal.finish(7)
    clock.advance(MINUTE)
    await journal.take([Received(7, 3, {"later": True})])
    expected = (Claimed(7, {"update_id": 7}, taken),) if state == "waiting" else ()
    assert await journal.claim(ALL) == expected


async def test_the_number_of_a_done_update_is_known_for_two_days(
    journal: Journal, store: Store, clock: FakeClock
) -> None:
    """Telegram repeats an update for a day; later its number may go."""
    await journal.take([received(7)])
    await journal.finish(7)
    clock.advance(DONE_UPDATES_STAY)
    await store.prune()
    await journal.take([received(7)])
    assert await journal.claim(ALL) == ()
    clock.advance(TICK)
    await store.prune()
    await journal.take([received(7)])
    assert numbers(await journal.claim(ALL)) == [7]


async def test_pruning_never_takes_what_is_not_done(
    journal: Journal, store: Store, clock: FakeClock
) -> None:
    """However old, what waits, is handled or deferred stays."""
    await journal.take([received(number) for number in (1, 2, 3)])
    await journal.claim(2)
    await journal.defer(1, clock())
    clock.advance(DONE_UPDATES_STAY * 100)
    await store.prune()
    assert (await journal.backlog()).count == 3


async def test_the_oldest_come_first_and_no_more_than_asked(journal: Journal) -> None:
    """The limit is kept, and the order is that of the numbers, not of arrival."""
    await journal.take([received(number) for number in (5, 3, 9)])
    await journal.take([received(number) for number in (1, 7)])
    assert numbers(await journal.claim(2)) == [1, 3]
    assert numbers(await journal.claim(2)) == [5, 7]
    assert numbers(await journal.claim(2)) == [9]


async def test_nothing_asked_is_nothing_given(journal: Journal) -> None:
    """A process without room claims nothing."""
    await journal.take([received(1)])
    assert await journal.claim(0) == ()
    assert numbers(await journal.claim(1)) == [1]


async def test_of_a_line_only_the_first_is_given(journal: Journal) -> None:
    """The next in a line comes when the first is done; other lines don't wait."""
    await journal.take([received(1, 10), received(2, 10), received(3, 20), received(4, 10)])
    assert numbers(await journal.claim(ALL)) == [1, 3]
    assert await journal.claim(ALL) == ()
    await journal.finish(1)
    assert numbers(await journal.claim(ALL)) == [2]
    await journal.finish(2)
    assert numbers(await journal.claim(ALL)) == [4]


async def test_what_stands_in_no_line_waits_for_nothing(journal: Journal) -> None:
    """Updates of no line are independent; line 0 is a line."""
    await journal.take([received(1), received(2), received(3, 0), received(4, 0), received(5)])
    assert numbers(await journal.claim(ALL)) == [1, 2, 3, 5]


async def test_one_that_comes_late_waits_for_the_one_being_handled(journal: Journal) -> None:
    """Telegram's posts overtake each other, yet a line is never handled twice at once."""
    await journal.take([received(2, 10)])
    assert numbers(await journal.claim(ALL)) == [2]
    await journal.take([received(1, 10), received(3, 10)])
    assert await journal.claim(ALL) == ()
    await journal.finish(2)
    assert numbers(await journal.claim(ALL)) == [1]


async def test_one_that_comes_late_goes_before_those_that_wait(
    journal: Journal, clock: FakeClock
) -> None:
    """Order is made up for as far as it can be, also before one that is deferred."""
    await journal.take([received(2, 10), received(3, 10)])
    await journal.claim(ALL)
    await journal.defer(2, clock() + MINUTE)
    await journal.take([received(1, 10)])
    assert numbers(await journal.claim(ALL)) == [1]


async def test_a_deferred_update_comes_back_when_due(journal: Journal, clock: FakeClock) -> None:
    """Not a moment earlier, with its content, and it isn't counted as a death."""
    taken = clock()
    await journal.take([received(1)])
    await journal.claim(ALL)
    await journal.defer(1, clock() + MINUTE)
    clock.advance(MINUTE - TICK)
    assert await journal.claim(ALL) == ()
    clock.advance(TICK)
    assert await journal.claim(ALL) == (Claimed(1, {"update_id": 1}, taken, 0),)


async def test_a_deferred_update_holds_its_line(journal: Journal, clock: FakeClock) -> None:
    """What came after it waits with it; other lines go on."""
    await journal.take([received(1, 10), received(2, 10), received(3, 20)])
    await journal.claim(1)
    await journal.defer(1, clock() + MINUTE)
    assert numbers(await journal.claim(ALL)) == [3]
    clock.advance(MINUTE)
    assert numbers(await journal.claim(ALL)) == [1]


async def test_what_is_released_can_be_claimed_again(journal: Journal, clock: FakeClock) -> None:
    """A process that stops gives back what it has, without a death; deferred waits on."""
    await journal.take([received(number) for number in (1, 2, 3)])
    await journal.claim(ALL)
    await journal.defer(2, clock() + MINUTE)
    await journal.finish(3)
    await journal.release()
    found = await journal.claim(ALL)
    assert [(each.number, each.deaths) for each in found] == [(1, 0)]


async def test_a_renewed_update_stays_claimed(journal: Journal) -> None:
    """Renewing gives nothing back."""
    await journal.take([received(1)])
    await journal.claim(ALL)
    await journal.renew([1])
    assert await journal.claim(ALL) == ()


async def test_renewing_nothing_or_what_is_not_claimed_does_no_harm(journal: Journal) -> None:
    """What waits, is done or was never taken is as it was."""
    await journal.take([received(1), received(2)])
    await journal.claim(1)
    await journal.finish(1)
    for renewed in ([], [1], [2], [99]):
        await journal.renew(renewed)
    assert numbers(await journal.claim(ALL)) == [2]


async def test_what_is_free_is_given_without_lost_ones_too(
    journal: Journal, clock: FakeClock
) -> None:
    """New, deferred and released updates are nobody's."""
    await journal.take([received(number, number) for number in (1, 2, 3)])
    await journal.claim(2)
    await journal.defer(1, clock() + MINUTE)
    await journal.release()
    assert numbers(await journal.claim(ALL, lost=False)) == [2, 3]
    clock.advance(MINUTE)
    assert numbers(await journal.claim(ALL, lost=False)) == [1]


@pytest.mark.parametrize("lost", [True, False])
async def test_the_next_in_a_line_waits_for_the_one_being_handled(
    lost: bool, journal: Journal
) -> None:
    """However often it is asked for, also when more come."""
    await journal.take([received(1, 10), received(2, 10)])
    await journal.claim(1)
    for number in (3, 4):
        await journal.take([received(number, 10)])
        assert await journal.claim(ALL, lost=lost) == ()
    await journal.finish(1)
    assert numbers(await journal.claim(ALL, lost=lost)) == [2]


async def test_finishing_keeps_what_follows(
    journal: Journal, store: Store, clock: FakeClock
) -> None:
    """Memories of all kinds are in the store once the update is done."""
    await journal.take([received(1)])
    await journal.claim(ALL)
    await journal.finish(1, [Session(1, 2, "en"), Miss(2, "where?", "en", (), clock())])
    assert await store.session(1, 2) == Session(1, 2, "en")
    assert (await store.kept_about(2)).misses == (Miss(2, "where?", "en", (), clock()),)
    assert await journal.backlog() == Backlog(0)


async def test_many_finish_at_once(journal: Journal, store: Store, clock: FakeClock) -> None:
    """Each update keeps its own, and none is left."""
    await journal.take([received(number, number) for number in range(300)])
    assert len(await journal.claim(ALL)) == 300
    await asyncio.gather(
        *(journal.finish(number, [Session(1, number, "en")]) for number in range(300))
    )
    assert await journal.backlog() == Backlog(0)
    found = await asyncio.gather(*(store.session(1, number) for number in range(300)))
    assert found == [Session(1, number, "en") for number in range(300)]


async def test_finishing_twice_or_what_was_never_taken_does_no_harm(journal: Journal) -> None:
    """A process that lost its claim may finish late; a stranger's number stays unknown."""
    await journal.take([received(1), received(2)])
    await journal.claim(1)
    await journal.finish(1)
    await journal.finish(1)
    await journal.finish(99)
    assert numbers(await journal.claim(ALL)) == [2]


async def test_deferring_what_is_done_does_not_bring_it_back(
    journal: Journal, clock: FakeClock
) -> None:
    """Done is done; deferring what was never taken does nothing either."""
    await journal.take([received(1)])
    await journal.claim(ALL)
    await journal.finish(1)
    await journal.defer(1, clock())
    await journal.defer(99, clock())
    assert await journal.claim(ALL) == ()


@pytest.mark.parametrize(
    "text",
    ["a\0b", "\ud83d", "\ude42\ud83d", "🙂" * 4096, "أين؟\u200f", "\u2028\\u0000\\\"'%s:x", ""],
    ids=["nul", "half", "swapped", "emoji", "arabic", "quoting", "empty"],
)
async def test_content_comes_back_equal(text: str, journal: Journal) -> None:
    """Whatever people type comes back letter by letter, as values and as keys."""
    content = {"update_id": 1, "text": text, text: [None, True, 1.5, 2**63, -(2**52), {}]}
    await journal.take([Received(1, 1, content)])
    (claimed,) = await journal.claim(ALL)
    assert claimed.content == content


async def test_the_greatest_numbers_are_taken(journal: Journal) -> None:
    """Numbers and lines of Telegram's widest types fit."""
    await journal.take([received(2**63 - 1, -(2**52)), received(0, 2**52)])
    assert numbers(await journal.claim(ALL)) == [0, 2**63 - 1]


async def test_the_backlog_counts_what_is_not_done(journal: Journal, clock: FakeClock) -> None:
    """Waiting, claimed and deferred count; the oldest is by arrival."""
    assert await journal.backlog() == Backlog(0)
    first = clock()
    await journal.take([received(2)])
    clock.advance(MINUTE)
    await journal.take([received(1), received(3)])
    await journal.claim(2)
    await journal.defer(1, clock() + MINUTE)
    assert await journal.backlog() == Backlog(3, first)
    await journal.finish(2)
    assert await journal.backlog() == Backlog(2, first + MINUTE)


async def test_what_waits_behind_an_update_can_be_looked_up(journal: Journal) -> None:
    """Only the open ones of its line after it, in their order, and no more than asked for."""
    await journal.take([received(number, line=5) for number in (1, 3, 4, 8, 9)])
    await journal.take([received(2, line=6), received(5, line=None), received(6, line=None)])
    await journal.claim(9)
    assert [each.number for each in await journal.following(1, 3)] == [3, 4, 8]
    assert [each.number for each in await journal.following(4, 9)] == [8, 9]
    assert await journal.following(5, 9) == ()
    assert await journal.following(99, 9) == ()
    [third] = await journal.following(1, 1)
    assert third.content == received(3, line=5).content
    await journal.finish(1)
    assert await journal.following(1, 9) == ()


async def test_updates_are_done_together(journal: Journal, store: Store, clock: FakeClock) -> None:
    """What one reply answers is done at once; what comes behind it is next."""
    await journal.take([received(number, line=5) for number in (1, 2, 3, 4)])
    await journal.claim(9)
    await journal.finish(1, [Miss(2, "where?", "en", (), clock())], (2, 3))
    assert [each.number for each in await journal.claim(9)] == [4]
    assert (await journal.backlog()).count == 1
    await journal.take([received(2, line=5), received(3, line=5)])
    assert (await journal.backlog()).count == 1
    assert len((await store.kept_about(2)).misses) == 1


async def test_who_comes_too_late_takes_nothing_along(journal: Journal) -> None:
    """Once an update is done, those behind it are others' and stay."""
    await journal.take([received(number, line=5) for number in (1, 2)])
    await journal.claim(9)
    await journal.finish(1)
    await journal.finish(1, (), (2,))
    assert [each.number for each in await journal.claim(9)] == [2]
