"""Replace the live knowledge by a newer or an older one, here and in all other processes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.conversation.reload.asking import Outcome
from bot.conversation.reload.following import follow
from bot.conversation.reload.gate import Trial, replay, try_out
from bot.conversation.reload.report import ReloadReport, compare
from bot.conversation.reload.shelf import Shelf
from bot.errors import StorageError
from bot.knowledge.problems import KnowledgeError, Problem
from bot.knowledge.snapshot import files_version
from bot.storage.asked import Asked, QuestionLog
from bot.storage.authors import Author
from bot.storage.versions import Publication, Version

FROM_FILES, AT_START = Author("files"), Author("start")
"""The authors of versions that nobody put live by a command."""
_log = logging.getLogger(__name__)
_REPLAYED = 300
"""So many real questions are asked of a new edition before it goes live."""


class Reloader:
    """Build the next edition beside the live one, try it, and publish it if it does no worse.

    `build` makes an edition of the files on disk, away from the event loop; it raises
    KnowledgeError. Reloads wait for one another. What goes live here is kept on the `shelf` and
    published, and what another process published is followed. `log` tells what people asked.
    """

    def __init__(
        self,
        build: Callable[[], Edition],
        conversation: Conversation,
        log: QuestionLog,
        shelf: Shelf,
    ) -> None:
        self._build = build
        self._conversation = conversation
        self._questions = log
        self._shelf = shelf
        self._one_at_a_time = asyncio.Lock()
        self._outcomes: Mapping[Asked, Outcome] = {}
        self._outcomes_of: Edition | None = None
        self._observers: list[Callable[[ReloadReport], None]] = []

    def observe(self, observer: Callable[[ReloadReport], None]) -> None:
        """Have every report handed to somebody else too."""
        self._observers.append(observer)

    async def reload(
        self, author: Author = FROM_FILES, *, force: bool = False, only: str | None = None
    ) -> ReloadReport:
        """Put the files on disk live, unless they are broken or, if not forced, do worse.

        With `only` nothing is done if the files are of another version than that.
        """
        async with self._one_at_a_time:
            report = await self._from_files(force=force, only=only)
            if not report.problems and not report.stale:
                await self._publish(report.version, author, "")
        return self._tell(report)

    async def roll_back(self, version: str, author: Author, *, live: str = "") -> ReloadReport:
        """Put a version live that was so before; the files on disk count again when they change.

        With `live` nothing is done if the files of another version are live than that, or than the
        wanted one, which is live already where the same is asked twice.
        """
        async with self._one_at_a_time:
            now = self.live
            if now == version:
                return ReloadReport(self.version)
            if live and live != now:
                return ReloadReport(self.version, stale=True)
            report = await self._try(lambda: self._taken(version))
            if not report.problems and not report.stale:
                on_disk = await self._shelf.on_disk()
                instead_of = "" if on_disk == version else on_disk
                await self._publish(report.version, author, instead_of)
        return self._tell(report)

    async def refresh(self) -> ReloadReport:
        """Build the live files anew with what is taught and tuned now, and tell the others."""
        report = await self.rebuild()
        if not report.problems:
            try:
                await self._shelf.book.publish(report.version)
            except StorageError as error:
                _log.error("The other bots don't hear of the new knowledge: %s", error)
        return report

    async def versions(self, most: int) -> tuple[Version, ...]:
        """Return at most so many versions, the latest first; raises StorageError."""
        return await self._shelf.book.latest(most)

    @property
    def version(self) -> str:
        """Return the version of the whole knowledge base that is live."""
        return self._conversation.knowledge.version

    @property
    def live(self) -> str:
        """Return the version of the files that are live."""
        return files_version(self.version)

    async def started(self) -> None:
        """Keep the version that is live at the start."""
        try:
            await self._shelf.keep(self.live, AT_START)
        except StorageError as error:
            _log.error("This version of the knowledge isn't kept: %s", error)

    async def follow(self, seen: Publication | None) -> None:
        """Follow what other processes publish, until cancelled; see `follow`."""
        await follow(self, self._shelf.book, seen)

    async def take_over(self, files: str) -> None:
        """Put files live that are so elsewhere: those on disk if they are the same, else kept."""
        async with self._one_at_a_time:
            if files == self.live:
                return
            if await self._shelf.on_disk() == files:
                report = await self._try(lambda: asyncio.to_thread(self._build))
            else:
                report = await self._try(lambda: self._taken(files))
        self._tell(report)

    async def rebuild(self) -> ReloadReport:
        """Build the live files anew with what is taught and tuned now."""
        async with self._one_at_a_time:
            report = await self._try(self._same_files)
        return self._tell(report)

    async def prepare(self) -> None:
        """Ask the live edition now what it would be asked at the next reload, unless that's done.

        It halves the time of a reload, and what people ask is answered more quickly, too.
        """
        live = self._conversation.edition
        if self._outcomes_of is not live:
            self._outcomes, self._outcomes_of = {}, live
            outcomes = await self._replayed(live)
            if self._outcomes_of is live:
                self._outcomes = outcomes

    async def _same_files(self) -> Edition | None:
        """Return a new edition of the files that are live, whatever is on disk by now."""
        return await self._taken(self.live) or await asyncio.to_thread(self._build)

    async def _taken(self, version: str) -> Edition | None:
        try:
            return await self._shelf.take(version)
        except StorageError as error:
            raise KnowledgeError([Problem("", 0, "", str(error))]) from error

    async def _try(self, make: Callable[[], Awaitable[Edition | None]]) -> ReloadReport:
        """Put an edition live without a trial; None is one that isn't there any more."""
        old = self._conversation.knowledge
        try:
            edition = await make()
        except KnowledgeError as error:
            return ReloadReport(old.version, problems=error.problems)
        if edition is None:
            return ReloadReport(old.version, stale=True)
        return self._swap(edition, Trial())

    async def _from_files(self, *, force: bool, only: str | None) -> ReloadReport:
        live = self._conversation.edition
        try:
            edition, before = await asyncio.gather(
                asyncio.to_thread(self._build), self._replayed(live)
            )
        except KnowledgeError as error:
            return ReloadReport(live.knowledge.version, problems=error.problems)
        version = files_version(edition.knowledge.version)
        if only is not None and only != version:
            return ReloadReport(live.knowledge.version, stale=True)
        if edition.knowledge.version == live.knowledge.version:
            return self._swap(edition, Trial(outcomes=before))
        trial = await asyncio.to_thread(try_out, live, edition, before)
        if trial.problems and not force:
            told = _with(compare(live.knowledge, edition.knowledge), trial)
            kept = replace(told, version=live.knowledge.version, candidate=version)
            return replace(kept, problems=trial.problems)
        return self._swap(edition, trial)

    async def _replayed(self, live: Edition) -> Mapping[Asked, Outcome]:
        """Return what the live edition makes of what people asked."""
        try:
            asked = await self._questions.asked(_REPLAYED)
        except StorageError as error:
            _log.error("New knowledge isn't tried on what people asked: %s", error)
            return {}
        known = self._outcomes if self._outcomes_of is live else {}
        return await asyncio.to_thread(replay, live, asked, known)

    def _swap(self, edition: Edition, trial: Trial) -> ReloadReport:
        old, new = self._conversation.knowledge, edition.knowledge
        self._conversation.publish(edition)
        self._outcomes = trial.outcomes
        self._outcomes_of = edition if trial.outcomes else None
        before, after = files_version(old.version), files_version(new.version)
        told = _with(compare(old, new), trial)
        before = before if before != after else ""
        return replace(told, before=before, advice=edition.advice)

    async def _publish(self, version: str, author: Author, instead_of: str) -> None:
        """Keep the files, then tell the others, who may have to take them from there."""
        try:
            await self._shelf.keep(files_version(version), author)
            await self._shelf.book.publish(version, instead_of)
        except StorageError as error:
            _log.error("The other bots don't hear of the new knowledge: %s", error)

    def _tell(self, report: ReloadReport) -> ReloadReport:
        for observer in self._observers if not report.stale else ():
            observer(report)
        return report


def _with(report: ReloadReport, trial: Trial) -> ReloadReport:
    return replace(report, failing=trial.failing, differences=trial.differences, asked=trial.asked)
