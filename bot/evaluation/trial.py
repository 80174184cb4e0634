"""What became of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.evaluation.case import Case

Kind: TypeAlias = Literal["answer", "suggest", "silent"]
Outcome: TypeAlias = Literal[
    "right", "wrong", "offered", "misoffered", "silent", "false", "suggested"
]


@dataclass(frozen=True, slots=True)
class Found:
    """Name an entry, its phrase that matched (empty for a follow-up), and the confidence (0-1)."""

    entry: str
    phrase: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold a case, the entries that were given for it, and how the matcher ranked entries.

    `given` are those that the reply answers with or suggests, by its `kind`. `ranked` are the
    matcher's first three, whatever the thresholds. `milliseconds` is the time the reply took.
    """

    case: Case
    kind: Kind
    given: tuple[Found, ...]
    ranked: tuple[Found, ...]
    milliseconds: float

    @property
    def best(self) -> Found | None:
        """Return what the matcher ranked first, if anything."""
        return self.ranked[0] if self.ranked else None

    @property
    def is_first(self) -> bool:
        """Tell whether the matcher ranked the expected entry first; never true out of scope."""
        return self.best is not None and self.best.entry == self.case.entry

    @property
    def outcome(self) -> Outcome:
        """Return what the reply was worth.

        In scope: `right` (answered with the expected entry and nothing else), `wrong` (answered
        otherwise), `offered` (the expected entry is among the suggestions), `misoffered` (it isn't)
        or `silent` (a fallback or small talk). Out of scope: `false`, `suggested`, `silent`.
        """
        entries = [found.entry for found in self.given]
        if self.kind == "silent":
            return "silent"
        if self.case.entry is None:
            return "false" if self.kind == "answer" else "suggested"
        if self.kind == "answer":
            return "right" if entries == [self.case.entry] else "wrong"
        return "offered" if self.case.entry in entries else "misoffered"
