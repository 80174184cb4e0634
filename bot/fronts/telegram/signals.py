"""What the process does on signals: stop cleanly, or reload the knowledge."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Iterator

from bot.conversation.reload import log_line
from bot.fronts.telegram.ports import Reloader

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def signals(stop: asyncio.Event, reloader: Reloader) -> Iterator[None]:
    """Stop on SIGINT and SIGTERM and reload on SIGHUP, where the system has such signals.

    A second SIGINT or SIGTERM ends the process at once.
    """
    loop = asyncio.get_running_loop()
    reloads: set[asyncio.Task[None]] = set()

    def end() -> None:
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)
        loop.remove_signal_handler(signal.SIGTERM)

    def reload() -> None:
        task = asyncio.create_task(_reload(reloader))
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    wanted: dict[str, Callable[[], None]] = {"SIGINT": end, "SIGTERM": end, "SIGHUP": reload}
    known = {getattr(signal, name): act for name, act in wanted.items() if hasattr(signal, name)}
    with contextlib.suppress(NotImplementedError):
        for number, act in known.items():
            loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            for number in known:
                loop.remove_signal_handler(number)


async def _reload(reloader: Reloader) -> None:
    report = await reloader.reload()
    _LOG.log(logging.ERROR if report.problems else logging.INFO, "%s", log_line(report))
