"""The tuner of a running bot: advice on its thresholds, and thresholds that go live."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.conversation.advice import Advice, Yield
from bot.evaluation.tuning.proposal import ENOUGH, Outlook, Proposal, propose
from bot.evaluation.tuning.questions import questions
from bot.matching.match import Thresholds
from bot.storage.authors import Author
from bot.storage.traffic import Traffic, TrafficLog
from bot.storage.tunings import Tuning, Tunings

TARGET = 0.9
"""The share of answers that must surely be right."""
_LOG = logging.getLogger(__name__)


class Live(Protocol):
    """Tell what is live."""

    @property
    def thresholds(self) -> Mapping[str, Thresholds]:
        """Return the live thresholds by language."""
        ...


class Tuner:
    """Advise by what people said, and put thresholds live.

    `publish` has all bots take what stands in `tunings`. Every method raises StorageError.
    """

    def __init__(
        self,
        log: TrafficLog,
        tunings: Tunings,
        live: Live,
        publish: Callable[[], Awaitable[object]],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._log = log
        self._tunings = tunings
        self._live = live
        self._publish = publish
        self._clock = clock

    async def advise(self) -> tuple[Advice, ...]:
        """Return the advice for each language."""
        traffic = await self._log.traffic()
        proposals = await asyncio.to_thread(_proposals, traffic, self._live.thresholds)
        chosen = {each.language for each in await self._tunings.chosen()}
        return tuple(_advice(each, chosen=each.language in chosen) for each in proposals)

    async def choose(self, language: str, thresholds: Thresholds | None, author: Author) -> None:
        """Put thresholds live for a language, or with None the fitted ones; again is no harm."""
        answer = thresholds.answer if thresholds else None
        suggest = thresholds.suggest if thresholds else None
        standing = {each.language: each for each in await self._tunings.chosen()}.get(language)
        before = (standing.answer, standing.suggest) if standing else (None, None)
        if before != (answer, suggest):
            tuning = Tuning(language, answer, suggest, author, self._clock())
            await self._tunings.choose([tuning])
            values = thresholds or "fitted"
            _LOG.info("%s chose thresholds for %r: %s.", author.name, language, values)
        await self._publish()


def _proposals(traffic: Traffic, live: Mapping[str, Thresholds]) -> list[Proposal]:
    asked = questions(traffic)
    return [propose(language, asked, each, TARGET) for language, each in live.items()]


def _advice(proposal: Proposal, *, chosen: bool) -> Advice:
    return Advice(
        *(proposal.language, proposal.reason, proposal.target, proposal.questions),
        *(proposal.signs, ENOUGH, _yield(proposal.now)),
        _yield(proposal.then) if proposal.then else None,
        *(len(proposal.gained), len(proposal.lost), chosen),
    )


def _yield(outlook: Outlook) -> Yield:
    point = outlook.point
    answered = point.answered.share or 0.0
    return Yield(outlook.thresholds, answered, point.precision.share, point.precision.low)
