"""What every store does alike."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss, Session, Store
from tests.bot.storage.conftest import EXPIRY, RETENTION, TICK, FakeClock

BIG = 2**52 - 1
"""The greatest id that Telegram gives."""


def _exchange(clock: FakeClock, question: int = 10, answer: int = 11, chat: int = 1) -> Exchange:
    return Exchange(chat, question, answer, ("isoj-where", "isoj-who"), clock())


async def _fill(store: Store, clock: FakeClock) -> None:
    """Store one of each."""
    candidates = (Candidate("isoj-where", 0.5),)
    await store.keep([Session(1, 2, "en")])
    await store.keep([Heard(1, 2, "where?", "en", "suggest", candidates, clock())])
    await store.keep([Miss(2, "where?", "en", candidates, clock())])
    await store.keep([Feedback(1, 11, 2, "isoj-where", "helpful", clock())])
    await store.keep([_exchange(clock)])


async def test_a_session_comes_back_whole(store: Store) -> None:
    """Every field of a session survives, in any script and for the largest ids."""
    session = Session(-BIG, BIG, "ar", "isoj-who", ("a", "b"), "أين؟ 🙂", "matched “where”")
    await store.keep([session])
    assert await store.session(-BIG, BIG) == session


async def test_a_bare_session_comes_back_whole(store: Store) -> None:
    """A session without a last entry keeps its absence."""
    await store.keep([Session(1, 2, "en")])
    assert await store.session(1, 2) == Session(1, 2, "en")


async def test_sessions_belong_to_a_person_in_a_chat(store: Store) -> None:
    """Neither another person nor another chat sees a session."""
    await store.keep([Session(1, 2, "en")])
    assert await store.session(1, 3) is None
    assert await store.session(2, 2) is None


async def test_a_session_replaces_the_one_before(store: Store) -> None:
    """The latest session saved is the one that counts."""
    await store.keep([Session(1, 2, "en", "isoj-who", ("isoj-who",), "who?", "why")])
    await store.keep([Session(1, 2, "ar")])
    assert await store.session(1, 2) == Session(1, 2, "ar")


async def test_a_session_lasts_until_its_expiry(store: Store, clock: FakeClock) -> None:
    """A session is there at its expiry and gone a moment later."""
    await store.keep([Session(1, 2, "en")])
    clock.advance(EXPIRY)
    assert await store.session(1, 2) is not None
    clock.advance(TICK)
    assert await store.session(1, 2) is None


async def test_saving_starts_the_time_anew(store: Store, clock: FakeClock) -> None:
    """A conversation that goes on doesn't expire."""
    await store.keep([Session(1, 2, "en")])
    clock.advance(EXPIRY)
    await store.keep([Session(1, 2, "en")])
    clock.advance(EXPIRY)
    assert await store.session(1, 2) is not None


async def test_an_exchange_is_found_from_both_ends(store: Store, clock: FakeClock) -> None:
    """The question's message and the answer's message lead to the same exchange."""
    exchange = _exchange(clock)
    await store.keep([exchange])
    assert await store.answer_to(1, 10) == exchange
    assert await store.exchange_of(1, 11) == exchange


async def test_an_exchange_without_entries_comes_back(store: Store, clock: FakeClock) -> None:
    """A reply that answered nothing is linked too."""
    exchange = Exchange(1, 10, 11, (), clock())
    await store.keep([exchange])
    assert await store.answer_to(1, 10) == exchange


async def test_exchanges_belong_to_their_chat(store: Store, clock: FakeClock) -> None:
    """Message ids count per chat, so another chat's ids mean other messages."""
    await store.keep([_exchange(clock)])
    assert await store.answer_to(2, 10) is None
    assert await store.exchange_of(2, 11) is None


async def test_neither_end_is_taken_for_the_other(store: Store, clock: FakeClock) -> None:
    """An answer's message began nothing and a question's message ended nothing."""
    await store.keep([_exchange(clock)])
    assert await store.answer_to(1, 11) is None
    assert await store.exchange_of(1, 10) is None


async def test_a_later_link_of_a_question_replaces_the_earlier(
    store: Store, clock: FakeClock
) -> None:
    """A question answered anew leads to the new answer alone."""
    await store.keep([_exchange(clock, answer=11)])
    await store.keep([_exchange(clock, answer=12)])
    assert await store.answer_to(1, 10) == _exchange(clock, answer=12)
    assert await store.exchange_of(1, 11) is None


async def test_an_answer_to_two_questions_ended_the_later(store: Store, clock: FakeClock) -> None:
    """Where two exchanges share an answer, the latest is meant, whatever the order stored."""
    early = _exchange(clock, question=20)
    clock.advance(TICK)
    late = _exchange(clock, question=10)
    await store.keep([late])
    await store.keep([early])
    assert await store.exchange_of(1, 11) == late


async def test_instants_of_other_zones_come_back_as_the_same_instant(
    store: Store, clock: FakeClock
) -> None:
    """A time given in another zone isn't shifted."""
    tehran = dt.timezone(dt.timedelta(hours=3, minutes=30))
    exchange = Exchange(1, 10, 11, (), clock().astimezone(tehran))
    await store.keep([exchange])
    assert await store.answer_to(1, 10) == exchange


async def test_a_young_store_has_nothing_to_prune(store: Store, clock: FakeClock) -> None:
    """What is within its time stays."""
    await _fill(store, clock)
    clock.advance(EXPIRY)
    assert await store.prune() == 0
    assert await store.session(1, 2) is not None


async def test_pruning_counts_expired_sessions(store: Store, clock: FakeClock) -> None:
    """Sessions go at their expiry, long before the rest."""
    await _fill(store, clock)
    clock.advance(RETENTION)
    assert await store.prune() == 1
    assert await store.answer_to(1, 10) is not None


async def test_pruning_takes_all_that_is_past_retention(store: Store, clock: FakeClock) -> None:
    """One row of each kind goes, once."""
    await _fill(store, clock)
    clock.advance(RETENTION + TICK)
    assert await store.prune() == 5
    assert await store.answer_to(1, 10) is None
    assert await store.prune() == 0


async def test_a_vote_is_changed_and_not_added(store: Store, clock: FakeClock) -> None:
    """A person has one vote on a message; another person or message has another."""
    for user, message in ((2, 11), (2, 11), (3, 11), (2, 12)):
        await store.keep([Feedback(1, message, user, "isoj-who", "not_helpful", clock())])
    clock.advance(RETENTION + TICK)
    assert await store.prune() == 3


async def test_a_changed_vote_is_as_young_as_the_change(store: Store, clock: FakeClock) -> None:
    """Retention counts from the latest vote."""
    await store.keep([Feedback(1, 11, 2, "isoj-who", "helpful", clock())])
    clock.advance(RETENTION)
    await store.keep([Feedback(1, 11, 2, "isoj-who", "not_helpful", clock())])
    clock.advance(TICK)
    assert await store.prune() == 0


async def test_the_same_utterance_is_logged_each_time(store: Store, clock: FakeClock) -> None:
    """The log and the misses keep repetitions."""
    for _ in range(2):
        await store.keep([Heard(1, 2, "where?", "en", "fallback", (), clock())])
        await store.keep([Miss(2, "where?", "en", (), clock())])
    clock.advance(RETENTION + TICK)
    assert await store.prune() == 4


async def test_text_that_no_database_takes_does_no_harm(store: Store, clock: FakeClock) -> None:
    """A NUL or half a surrogate pair in a message neither fails nor loses the row."""
    odd = "a\0b\ud83d"
    await store.keep([Session(1, 2, "en", utterance=odd)])
    await store.keep([Heard(1, 2, odd, "en", "fallback", (), clock())])
    assert await store.session(1, 2) is not None


async def test_of_memories_kept_together_the_later_counts(store: Store, clock: FakeClock) -> None:
    """The order within one call is the order of separate calls."""
    await store.keep(
        [
            Session(1, 2, "en"),
            _exchange(clock, answer=11),
            Session(1, 3, "en"),
            Session(1, 2, "ar"),
            _exchange(clock, answer=12),
        ]
    )
    assert await store.session(1, 2) == Session(1, 2, "ar")
    assert await store.session(1, 3) == Session(1, 3, "en")
    assert await store.answer_to(1, 10) == _exchange(clock, answer=12)


async def test_keeping_nothing_is_nothing(store: Store) -> None:
    """An update that leaves nothing to remember needs no special case."""
    await store.keep([])
    assert await store.prune() == 0


async def test_sessions_read_together_reach_who_asked(store: Store, clock: FakeClock) -> None:
    """Reads at the same time, of one person twice and of nobody, aren't mixed up."""
    await store.keep([Session(1, user, f"l{user}") for user in range(400)])
    people = [*range(500), 7]
    found = await asyncio.gather(*(store.session(1, user) for user in people))
    assert found == [Session(1, user, f"l{user}") if user < 400 else None for user in people]
