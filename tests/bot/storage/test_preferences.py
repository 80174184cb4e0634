"""What every store does alike about the language that a person chose, and about votes withdrawn."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.storage.store import PREFERENCES_STAY, Feedback, Kept, Preference, Retracted, Store
from tests.bot.storage.conftest import TICK, FakeClock

SARA, OMAR = 4_242_424_242, 3_131_313_131
DAY = dt.timedelta(days=1)


async def test_a_preference_comes_back(store: Store, clock: FakeClock) -> None:
    """What a person chose is theirs alone, and the last choice counts."""
    assert await store.preference(SARA) is None
    await store.keep([Preference(SARA, "ar", clock())])
    await store.keep([Preference(SARA, "en", clock())])
    assert await store.preference(SARA) == Preference(SARA, "en", clock())
    assert await store.preference(OMAR) is None


async def test_a_preference_is_taken_back(store: Store, clock: FakeClock) -> None:
    """No choice after all is no choice, also where there was none."""
    await store.keep([Preference(SARA, "ar", clock()), Preference(OMAR, "en", clock())])
    for _ in range(2):
        await store.keep([Preference(SARA, None, clock())])
        assert await store.preference(SARA) is None
    assert await store.preference(OMAR) is not None


async def test_preferences_read_together_reach_who_asked(store: Store, clock: FakeClock) -> None:
    """Reads at the same time, of one person twice and of nobody, aren't mixed up."""
    await store.keep([Preference(user, f"l{user}", clock()) for user in range(400)])
    clock.advance(2 * DAY)
    people = [*range(500), 7]
    found = await asyncio.gather(*(store.preference(user) for user in people))
    chosen = [each.language if each else None for each in found]
    assert chosen == [f"l{user}" if user < 400 else None for user in people]


async def test_an_unused_preference_goes(store: Store, clock: FakeClock) -> None:
    """It stays for 90 days without use, whatever the retention, and not a moment longer."""
    await store.keep([Preference(SARA, "ar", clock())])
    clock.advance(PREFERENCES_STAY)
    assert await store.prune() == 0
    clock.advance(TICK)
    assert await store.prune() == 1
    assert await store.preference(SARA) is None


async def test_a_used_preference_stays(store: Store, clock: FakeClock) -> None:
    """Whoever writes now and then keeps their language for ever."""
    await store.keep([Preference(SARA, "ar", clock())])
    for _ in range(5):
        clock.advance(PREFERENCES_STAY)
        assert await store.preference(SARA)
        assert await store.prune() == 0


async def test_a_preference_is_shown_and_forgotten(store: Store, clock: FakeClock) -> None:
    """It belongs to what a person may see and have deleted."""
    chosen = Preference(SARA, "ar", clock())
    await store.keep([chosen, Preference(OMAR, "en", clock())])
    assert await store.kept_about(SARA) == Kept(preference=chosen)
    assert await store.forget(SARA) == 1
    assert await store.kept_about(SARA) == Kept()
    assert await store.preference(OMAR) is not None


async def test_a_vote_is_taken_back(store: Store, clock: FakeClock) -> None:
    """Only that person's vote on that message goes, and it may be cast again."""
    votes = [
        Feedback(chat, message, user, "oak", "helpful", clock())
        for chat, message, user in ((1, 11, SARA), (1, 11, OMAR), (1, 12, SARA), (2, 11, SARA))
    ]
    await store.keep(votes)
    await store.keep([Retracted(1, 11, SARA)])
    assert len((await store.kept_about(SARA)).feedback) == 2
    assert len((await store.kept_about(OMAR)).feedback) == 1
    await store.keep([votes[0]])
    assert len((await store.kept_about(SARA)).feedback) == 3
