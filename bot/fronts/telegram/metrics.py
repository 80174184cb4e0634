"""What the front counts and measures, for Prometheus; no person and no text is in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from telegram.constants import UpdateType

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
_UPDATES = frozenset(str(kind) for kind in UpdateType)
_OUTCOMES = frozenset({"live", "refused"})
_OTHER = "other"
_MOST_VALUES = 64  # of one label: each is a series that Prometheus keeps
_OPEN_METRICS = "application/openmetrics-text"


class Metrics:
    """Hold the figures of one front; two of them in a process don't meet."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        count, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        self._taken = _Kinds(
            count("majlis_updates_total", "Updates taken from Telegram.", ["kind"]), _UPDATES
        )
        self._replied = _Kinds(
            count("majlis_replies_total", "Replies that Telegram accepted.", ["kind"])
        )
        self._seconds = Histogram(
            "majlis_reply_seconds",
            "From taking an update to Telegram's acceptance of its reply.",
            registry=registry,
            buckets=_SECONDS,
        )
        self._failed = _Kinds(
            count("majlis_telegram_errors_total", "Bot API calls that failed.", ["kind"])
        )
        self._undeliverable = count("majlis_undeliverable_total", "Replies that were given up.")
        self._limited = count("majlis_limited_total", "Messages over a person's limit.")
        self._waiting = gauge("majlis_updates_waiting", "Updates taken that have no reply yet.")
        self._oldest = gauge("majlis_oldest_update_seconds", "The age of the oldest of them.")
        self._running = gauge("majlis_updates_running", "Updates being worked on.")
        self._reloaded = _Kinds(
            count("majlis_reloads_total", "Reloads of the knowledge.", ["outcome"]), _OUTCOMES
        )
        self._knowledge = gauge("majlis_knowledge_info", "The live knowledge.", ["version"])

    def taken(self, kinds: Iterable[str]) -> None:
        """Count updates, each by its kind as Telegram names it; an unknown one as "other"."""
        for kind in kinds:
            self._taken.count(kind)

    def replied(self, kind: str, seconds: float) -> None:
        """Count a reply and the seconds from taking the update to its acceptance by Telegram."""
        self._replied.count(kind)
        self._seconds.observe(seconds)

    def failed(self, kind: str) -> None:
        """Count a Bot API call that failed, by the name of its error."""
        self._failed.count(kind)

    def undeliverable(self) -> None:
        """Count a reply that was given up."""
        self._undeliverable.inc()

    def limited(self) -> None:
        """Count a message over a person's limit."""
        self._limited.inc()

    def waiting(self, count: int, oldest_seconds: float) -> None:
        """Set how many updates wait, and the age of the oldest in seconds."""
        self._waiting.set(count)
        self._oldest.set(oldest_seconds)

    def running(self, count: int) -> None:
        """Set how many updates are being worked on."""
        self._running.set(count)

    def reloaded(self, outcome: str) -> None:
        """Count a reload: "live" or "refused"."""
        self._reloaded.count(outcome)

    def knowledge(self, version: str) -> None:
        """Set the live version of the knowledge; the one before is no longer shown."""
        self._knowledge.clear()
        self._knowledge.labels(version).set(1)

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """Return all figures and their content type, as OpenMetrics if the Accept header asks."""
        # The versions a header lists are left out: one that is no version raises in the library.
        encode, content_type = choose_encoder(_OPEN_METRICS if _OPEN_METRICS in accept else "")
        return encode(self._registry), content_type


class _Kinds:
    """Count by one label, whose values are bounded: any other counts as "other".

    Without `known` values the first ones that come are let in. Each value's series is looked up
    in the library once, as that costs more than the counting.
    """

    def __init__(self, counter: Counter, known: frozenset[str] = frozenset()) -> None:
        self._counter = counter
        self._series = {value: counter.labels(value) for value in sorted(known)}
        self._is_open = not known

    def count(self, value: str) -> None:
        """Add one to a value's series."""
        series = self._series.get(value)
        (self._new(value) if series is None else series).inc()

    def _new(self, value: str) -> Counter:
        name = value if self._is_open and len(self._series) < _MOST_VALUES else _OTHER
        return self._series.setdefault(name, self._counter.labels(name))
