"""How much work may go on at a time: less when Telegram can't take it, soon more again."""

from __future__ import annotations

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class Pressure:
    """Halve the room after a failed call and double it after a good one, up to `most`.

    When it is down to one and Telegram still can't be reached, there is a pause before each try,
    from a tenth of a second up to two.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.room = most
        self.pause = 0.0

    def eased(self) -> None:
        """Learn that Telegram took a call."""
        self.room = min(self.room * 2, self._most)
        self.pause = 0.0

    def failed(self, *, flood: bool) -> None:
        """Learn that Telegram didn't: it asked for a pause itself (a flood), or was away."""
        self.room = max(self.room // 2, 1)
        if self.room == 1 and not flood:
            self.pause = min(max(self.pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)
