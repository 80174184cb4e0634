"""How much work goes on at a time."""

from __future__ import annotations

from bot.fronts.telegram.pressure import Pressure


def test_failures_halve_the_room_down_to_one() -> None:
    """However often calls fail, one at a time is still tried."""
    pressure = Pressure(8)
    rooms = []
    for _ in range(5):
        pressure.failed(flood=False)
        rooms.append(pressure.room)
    assert rooms == [4, 2, 1, 1, 1]


def test_success_doubles_the_room_up_to_the_most() -> None:
    """After an outage the room is wide again within a few good calls, and never wider."""
    pressure = Pressure(10)
    for _ in range(9):
        pressure.failed(flood=False)
    rooms = []
    for _ in range(6):
        pressure.eased()
        rooms.append(pressure.room)
    assert rooms == [2, 4, 8, 10, 10, 10]


def test_an_outage_brings_growing_pauses_that_a_success_ends() -> None:
    """Alone and still failing, the next try waits for longer each time, two seconds at most."""
    pressure = Pressure(1)
    pauses = []
    for _ in range(7):
        pressure.failed(flood=False)
        pauses.append(pressure.pause)
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    pressure.eased()
    assert pressure.pause == 0


def test_floods_bring_no_pause() -> None:
    """A chat that is to wait has its own time; the others needn't."""
    pressure = Pressure(1)
    pressure.failed(flood=True)
    assert (pressure.room, pressure.pause) == (1, 0)
