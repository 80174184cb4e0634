"""The record of what the bot called."""

from dataclasses import dataclass
from typing import Any

from .chat import Json


@dataclass(frozen=True, slots=True)
class Call:
    """Record one call: what was asked, what was answered and when."""

    method: str
    parameters: Json
    status: int
    response: Json | None
    started: float
    ended: float

    @property
    def ok(self) -> bool:
        """Tell whether the bot was told that all went well."""
        return self.status == 200 and self.response is not None and bool(self.response["ok"])

    @property
    def result(self) -> Any:
        """Return what the call gave back; None when it failed."""
        return self.response.get("result") if self.response else None

    @property
    def description(self) -> str:
        """Return the reason of a refusal."""
        return str(self.response.get("description", "")) if self.response else ""

    def __str__(self) -> str:
        outcome = "ok" if self.ok else f"{self.status or 'dropped'} {self.description}".strip()
        return f"{self.method}: {outcome}"
