"""The queue of updates: confirmed by an offset, awaited by long polling."""

# ruff: noqa: ASYNC109 - `timeout` is what the Bot API calls it

from typing import Any

from .chat import Json
from .errors import conflict
from .pulse import Pulse

OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LIMIT = 100
LONGEST_POLL = 50
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
OTHER_WEBHOOK = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)


class UpdateQueue:
    """Keep every update until the bot confirms it."""

    def __init__(self, pulse: Pulse, *, first_id: int = 1) -> None:
        self.allowed: list[str] = []
        self.pending: list[Json] = []
        self._pulse = pulse
        self._next_id = first_id
        self._refusal: dict[object, str] = {}
        self._turn: object = None
        self._is_closed = False

    def start_at(self, first_id: int) -> None:
        """Give the next update this id."""
        self._next_id = first_id

    def allows(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in OPT_IN

    def add(self, kind: str, payload: Any) -> int | None:
        """Enqueue an update and return its id; None when the bot didn't ask for its kind."""
        return self.push({kind: payload}) if self.allows(kind) else None

    def push(self, raw: Json) -> int:
        """Enqueue whatever is given, with an `update_id` unless it has one."""
        update = {"update_id": self._next_id} | raw
        self.pending.append(update)
        number = update["update_id"]
        if isinstance(number, int):
            self._next_id = max(self._next_id, number + 1)
        self._pulse.beat()
        return int(update["update_id"])

    def confirm(self, offset: int) -> None:
        """Forget the updates below `offset`; a negative one counts from the end."""
        if offset > 0:
            self.pending = [u for u in self.pending if u["update_id"] >= offset]
        elif offset < 0:
            self.pending = self.pending[offset:]
        self._pulse.beat()

    def clear(self) -> None:
        """Drop everything."""
        self.confirm(self._next_id)

    async def poll(self, *, offset: int, limit: int, timeout: int) -> list[Json]:
        """Wait for updates, unless another poll or a webhook comes in between."""
        self.confirm(offset)
        self.interrupt(OTHER_POLL)
        limit = limit if 1 <= limit <= LIMIT else LIMIT
        turn = self._turn = object()

        def look() -> list[Json] | None:
            if turn in self._refusal:
                conflict(self._refusal.pop(turn))
            return self.pending[:limit] or ([] if self._is_closed else None)

        try:
            wait = min(max(timeout, 0), LONGEST_POLL)
            return await self._pulse.until(look, timeout=wait, what=lambda: "no updates")
        except TimeoutError:
            return []
        finally:
            if self._turn is turn:
                self._turn = None

    def interrupt(self, reason: str) -> None:
        """Refuse the poll that waits, if any."""
        if self._turn is not None:
            self._refusal[self._turn] = reason
            self._turn = None
            self._pulse.beat()

    def close(self) -> None:
        """Let the waiting poll end empty."""
        self._is_closed = True
        self._pulse.beat()
