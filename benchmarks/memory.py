"""Tell how much memory this process holds and held at most."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_KIB = 1 / 1024


def resident_mb() -> float | None:
    """Return the resident memory in MiB; None where the system doesn't say."""
    return _status("VmRSS")


def peak_mb() -> float:
    """Return the most resident memory so far in MiB.

    On Linux not getrusage's: that begins with what the parent held when it started this process.
    """
    peak = _status("VmHWM")
    if peak is not None:
        return peak
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * _KIB * (_KIB if sys.platform == "darwin" else 1)


def _status(field: str) -> float | None:
    if not _STATUS.is_file():
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB", _STATUS.read_text(encoding="utf-8"), re.MULTILINE)
    return int(found[1]) * _KIB if found else None
