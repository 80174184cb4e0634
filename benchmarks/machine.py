"""Say what figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("numpy", "rapidfuzz", "bm25s")
_CPUINFO = Path("/proc/cpuinfo")


def machine() -> str:
    """Return a line with the processor and the versions of what was measured."""
    parts = [f"{_processor()}, {os.cpu_count()} cores", f"Python {platform.python_version()}"]
    parts += [*_installed(), f"SQLite {sqlite3.sqlite_version}"]
    return f"Measured on {', '.join(parts)}."


def _installed() -> Iterator[str]:
    for package in _PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _processor() -> str:
    if _CPUINFO.is_file():
        found = re.search(r"^model name\s*: (.+)$", _CPUINFO.read_text("utf-8"), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor() or platform.machine()
