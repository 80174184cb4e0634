"""The tables of python -m benchmarks load."""

from __future__ import annotations

from importlib.metadata import version

from benchmarks.load.figures import Figures, Load, goals
from benchmarks.load.subjects import SUBJECTS
from benchmarks.table import markdown, number

_HEADERS = (
    "subject",
    "away ms",
    "chats",
    "messages/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms each",
    "lost",
    "doubled",
)
_HALF_HEADERS = (
    "subject",
    "asked/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms each",
    "resident MB",
    "first reply s",
    "lost",
    "doubled",
)
_GOAL_HEADERS = ("goal", "unit", "wanted", "new questions", "repeated ones")
_PACKAGES = ("python-telegram-bot", "aiohttp", "httpx", "uvloop", "SQLAlchemy", "aiosqlite")


def load_tables(load: Load) -> dict[str, str]:
    """Return the tables by their names in README.md."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    server = f"The server alone takes {load.capacity:,.0f} messages/s. With {versions}.\n"
    full = [_row(each) for each in load.figures if not each.rate]
    half = [_half_row(each, dict(load.starts)) for each in load.figures if each.rate]
    return {
        "load": f"{markdown(_HEADERS, full)}\n{server}",
        "half load": markdown(_HALF_HEADERS, half),
        "load goals": markdown(_GOAL_HEADERS, _goal_rows(load), left=2),
    }


def _row(figures: Figures) -> list[str]:
    return [
        SUBJECTS[figures.subject].label,
        number(figures.latency_ms, 0),
        str(figures.chats),
        number(figures.throughput, 0),
        *(number(each) for each in (figures.p50_ms, figures.p95_ms, figures.p99_ms)),
        number(figures.cpu_ms, 2),
        str(figures.lost),
        str(figures.doubled),
    ]


def _half_row(figures: Figures, starts: dict[str, float]) -> list[str]:
    return [
        SUBJECTS[figures.subject].label,
        number(figures.rate, 0),
        *(number(each) for each in (figures.p50_ms, figures.p95_ms, figures.p99_ms)),
        number(figures.cpu_ms, 2),
        number(figures.resident_mb, 0),
        number(starts.get(figures.subject), 2),
        str(figures.lost),
        str(figures.doubled),
    ]


def _goal_rows(load: Load) -> list[list[str]]:
    both = zip(goals(load, "majlis"), goals(load, "majlis-repeated"), strict=True)
    return [
        [
            new.name,
            new.unit,
            f"{'≤' if new.most else '≥'} {new.wanted:g}",
            *(number(each.measured, 2) + (" ✓" if each.is_met else "") for each in (new, repeated)),
        ]
        for new, repeated in both
    ]
