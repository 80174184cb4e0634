"""The thresholds that admins chose, in each kind of database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.authors import Author
from bot.storage.database import open_database
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql_tunings import SqlTunings
from bot.storage.tunings import Tuning
from tests.bot.storage.conftest import SECRET, FakeClock

ANN, BEN = Author("Ann"), Author("Ben")


@pytest.fixture
async def tunings(database: str) -> AsyncIterator[SqlTunings]:
    """Return the tunings in each kind of database in turn."""
    transactions = await open_database(database, pseudonyms(SECRET))
    yield SqlTunings(transactions)
    await transactions.close()


async def test_nothing_is_chosen_at_first(tunings: SqlTunings) -> None:
    """A new database has the fitted thresholds in every language."""
    assert await tunings.chosen() == ()


async def test_what_is_chosen_last_counts(tunings: SqlTunings, clock: FakeClock) -> None:
    """Each language has its own; they come back whole, by language."""
    english = Tuning("en", 0.61, 0.3, ANN, clock())
    arabic = Tuning("ar", 0.5, 0.2, BEN, clock())
    await tunings.choose([Tuning("en", 0.7, 0.4, ANN, clock()), arabic])
    await tunings.choose([english])
    assert await tunings.chosen() == (arabic, english)


async def test_a_language_can_go_back_to_the_fitted_ones(
    tunings: SqlTunings, clock: FakeClock
) -> None:
    """The others stay as they were chosen."""
    arabic = Tuning("ar", 0.5, 0.2, BEN, clock())
    await tunings.choose([Tuning("en", 0.7, 0.4, ANN, clock()), arabic])
    await tunings.choose([Tuning("en", None, None, ANN, clock())])
    assert await tunings.chosen() == (arabic,)


async def test_choosing_nothing_is_nothing(tunings: SqlTunings) -> None:
    """It needs no special case."""
    await tunings.choose([])
    assert await tunings.chosen() == ()
