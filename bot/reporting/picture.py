"""Have the picture of a report drawn, in a process of its own that ends with it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from bot.reporting import drawing
from bot.reporting.labels import short_date
from bot.reporting.summary import Summary

_log = logging.getLogger(__name__)
_SECONDS = 30.0
# Neither the token nor a password of the database is any business of a drawing.
_HANDED_ON = (
    *("PATH", "HOME", "PYTHONPATH", "PYTHONHOME", "MPLCONFIGDIR", "XDG_CACHE_HOME", "TMPDIR"),
    *("SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "TEMP", "LANG"),
)
WORDS = (
    *("questions", "answered", "suggested", "missed"),
    *("votes", "helpful", "not_helpful", "no_votes"),
)
"""The names of the words in a picture."""


class Painter:
    """Draw one picture at a time; `command` is what draws, from JSON to PNG.

    Where matplotlib isn't installed, or fails, there are no pictures.
    """

    def __init__(self, *command: str, seconds: float = _SECONDS) -> None:
        self._command = command or (sys.executable, "-P", drawing.__file__)
        self._seconds = seconds
        self._one_at_a_time = asyncio.Lock()

    async def paint(
        self, summary: Summary, words: Mapping[str, str], months: Sequence[str]
    ) -> bytes | None:
        """Return a picture (PNG) with words for the names in WORDS, or None if there is none."""
        if not find_spec("matplotlib"):
            return None
        wanted = json.dumps(drawing_of(summary, words, months)).encode()
        async with self._one_at_a_time:
            try:
                return await asyncio.wait_for(self._draw(wanted), self._seconds)
            except (OSError, TimeoutError) as error:
                _log.warning("The picture of the figures couldn't be drawn: %r", error)
                return None

    async def _draw(self, wanted: bytes) -> bytes | None:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        )
        try:
            picture, complaint = await process.communicate(wanted)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == 0 and picture:
            return picture
        last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        _log.warning("The picture of the figures couldn't be drawn: %s", last)
        return None


def drawing_of(
    summary: Summary, words: Mapping[str, str], months: Sequence[str]
) -> drawing.Drawing:
    """Return what is to be drawn of a report."""
    totals = [each.totals for each in summary.days]
    return {
        "days": [short_date(each.day, months) for each in summary.days],
        "counts": {
            "answered": [each.answered for each in totals],
            "suggested": [each.suggested for each in totals],
            "missed": [each.missed for each in totals],
            "helpful": [each.helpful for each in totals],
            "not_helpful": [each.not_helpful for each in totals],
        },
        "words": {name: words[name] for name in WORDS},
    }
