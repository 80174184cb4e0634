"""How much one person may ask."""

from __future__ import annotations

import pytest

from bot.fronts.telegram import limits as module
from bot.fronts.telegram.limits import Limits, Pass

ADA, BOB = 1, 2


def ask(limits: Limits, user: int, at: float, times: int, first: int = 0) -> list[Pass]:
    """Ask for so many updates of a person at one instant."""
    return [limits.ask(user, at, first + number) for number in range(times)]


def test_the_first_over_the_limit_gets_a_notice_and_the_next_ones_nothing() -> None:
    """As many as the limit pass at once; then comes one notice, then silence."""
    found = ask(Limits(3), ADA, 100.0, 6)
    assert found == [Pass.FREE] * 3 + [Pass.NOTICE] + [Pass.SILENT] * 2


def test_one_person_s_limit_is_nobody_else_s() -> None:
    """Others are free while one is held back."""
    limits = Limits(1)
    ask(limits, ADA, 100.0, 5)
    assert limits.ask(BOB, 100.0, 50) is Pass.FREE


def test_a_minute_fills_the_whole_limit_again_and_no_more() -> None:
    """After a quiet minute, or an hour, as many pass as at the beginning."""
    limits = Limits(3)
    ask(limits, ADA, 100.0, 5)
    for start, at in ((100, 160.0), (200, 3760.0)):
        assert ask(limits, ADA, at, 4, start) == [Pass.FREE] * 3 + [Pass.NOTICE]


def test_part_of_a_minute_fills_a_part() -> None:
    """With three a minute, one more passes each 20 seconds."""
    limits = Limits(3)
    ask(limits, ADA, 100.0, 4)
    assert limits.ask(ADA, 119.0, 10) is Pass.SILENT
    assert limits.ask(ADA, 120.5, 11) is Pass.FREE
    assert limits.ask(ADA, 120.5, 12) is Pass.SILENT


def test_a_flood_gets_one_notice_however_long_it_lasts() -> None:
    """A hundred messages a second for two minutes: some pass as time does, one is told."""
    limits = Limits(20)
    found = [limits.ask(ADA, 100.0 + number / 100, number) for number in range(12_000)]
    assert found.count(Pass.NOTICE) == 1
    assert found.count(Pass.FREE) == 20 + 39


def test_who_was_quiet_for_half_the_allowance_is_told_again() -> None:
    """A notice of yesterday is forgotten."""
    limits = Limits(4)
    assert ask(limits, ADA, 100.0, 6).count(Pass.NOTICE) == 1
    assert ask(limits, ADA, 131.0, 4, 10) == [Pass.FREE] * 2 + [Pass.NOTICE, Pass.SILENT]


def test_messages_out_of_order_gain_nothing() -> None:
    """An older date brings no time back, and the time that passed isn't counted twice."""
    limits = Limits(1)
    assert ask(limits, ADA, 100.0, 1) == [Pass.FREE]
    found = [limits.ask(ADA, at, 10 + n) for n, at in enumerate((40.0, 100.0, 40.0, 100.0))]
    assert Pass.FREE not in found


def test_an_update_tried_again_gets_the_same_and_costs_nothing() -> None:
    """What Telegram didn't take is tried again for as long as that takes, and then answered."""
    limits = Limits(2)
    assert {limits.ask(ADA, 100.0, 7) for _ in range(100)} == {Pass.FREE}
    assert limits.ask(ADA, 100.0, 8) is Pass.FREE
    assert [limits.ask(ADA, 100.0, 9) for _ in range(3)] == [Pass.NOTICE] * 3
    assert limits.ask(ADA, 100.0, 10) is Pass.SILENT


def test_no_limit_lets_all_pass_and_remembers_nobody() -> None:
    """0 means any number."""
    limits = Limits(0)
    assert set(ask(limits, ADA, 100.0, 1000)) == {Pass.FREE}
    assert not limits._buckets
    assert not limits._verdicts


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those seen last are remembered, and one who keeps writing stays among them."""
    monkeypatch.setattr(module, "_PEOPLE", 10)
    monkeypatch.setattr(module, "_UPDATES", 10)
    limits = Limits(1)
    for number in range(100):
        limits.ask(ADA, 100.0, 2 * number)
        limits.ask(1000 + number, 100.0, 2 * number + 1)
    assert len(limits._buckets) == 10
    assert len(limits._verdicts) == 10
    assert limits.ask(ADA, 100.0, 999) is Pass.SILENT
