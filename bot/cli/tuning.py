"""Choose the thresholds by what people thought of the replies: what `majlis tune` does."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot import bootstrap, building
from bot.conversation.edition import tuned_version
from bot.conversation.taught import Taught, chosen_thresholds
from bot.evaluation.as_html import chart_fault
from bot.evaluation.tuning.as_html import as_html
from bot.evaluation.tuning.as_json import write_json
from bot.evaluation.tuning.as_text import write_text
from bot.evaluation.tuning.proposal import Proposal, propose
from bot.evaluation.tuning.questions import questions
from bot.knowledge.snapshot import files_version
from bot.matching.match import Thresholds
from bot.settings import Settings
from bot.storage.authors import Author
from bot.storage.database import connect, engine_url
from bot.storage.reading import reading
from bot.storage.sql_lessons import SqlLessonBook
from bot.storage.sql_traffic import SqlTrafficLog
from bot.storage.sql_tunings import SqlTunings
from bot.storage.sql_versions import SqlVersionBook
from bot.storage.traffic import Traffic
from bot.storage.tunings import Tuning
from bot.storage.versions import Publication
from bot.teaching.classroom import taught

_AUTHOR = Author("majlis tune")
_PATIENCE = 5.0  # seconds for a statement on a server
_WRONG_USAGE = 2


def tune(args: argparse.Namespace, settings: Settings) -> int:
    """Show a proposal, or put thresholds live; return 2 for what can't be written."""
    if args.html and (fault := chart_fault()):
        return _refuse(fault)
    traffic, known = asyncio.run(_read(settings, args.days))
    edition = building.build(settings, taught=known)
    if args.reset:
        _reset(settings, known, edition.knowledge.version)
        return 0
    asked = questions(traffic)
    proposals = [
        propose(language, asked, each.matcher.thresholds, args.precision)
        for language, each in edition.understanding.items()
    ]
    (write_json if args.json else write_text)(proposals, sys.stdout)
    if args.html and (fault := _write_page(proposals, args.html)):
        return _refuse(fault)
    if args.apply:
        _apply(settings, known, proposals, edition.knowledge.version)
    return 0


async def _read(settings: Settings, days: int | None) -> tuple[Traffic, Taught]:
    since = bootstrap.now() - dt.timedelta(days=days) if days else None
    async with reading(settings.database) as transactions:
        tunings = await SqlTunings(transactions).chosen()
        lessons = (await taught(SqlLessonBook(transactions, bootstrap.now))).lessons
        traffic = await SqlTrafficLog(transactions).traffic(since)
    return traffic, Taught(lessons, chosen_thresholds(tunings))


def _apply(settings: Settings, known: Taught, proposals: Sequence[Proposal], version: str) -> None:
    chosen = {each.language: each.then.thresholds for each in proposals if each.then}
    if not chosen:
        _say("Nothing was proposed, so nothing changed.")
        return
    tunings = [
        Tuning(language, each.answer, each.suggest, _AUTHOR, bootstrap.now())
        for language, each in chosen.items()
    ]
    asyncio.run(_publish(settings, tunings, version, {**known.thresholds, **chosen}))
    _say(
        "The thresholds are live; bots that run take them within two seconds. The way back: "
        "majlis tune --reset"
    )


def _reset(settings: Settings, known: Taught, version: str) -> None:
    if not known.thresholds:
        _say("No thresholds were chosen, so nothing changed.")
        return
    now = bootstrap.now()
    tunings = [Tuning(language, None, None, _AUTHOR, now) for language in known.thresholds]
    asyncio.run(_publish(settings, tunings, version, {}))
    _say("The thresholds fitted to the knowledge are live again.")


async def _publish(
    settings: Settings,
    tunings: Sequence[Tuning],
    version: str,
    thresholds: Mapping[str, Thresholds],
) -> None:
    """Store tunings and tell all bots of the version with their thresholds."""
    transactions = await connect(engine_url(settings.database), _PATIENCE)
    try:
        versions = SqlVersionBook(transactions, bootstrap.now)
        base = _live(version, await versions.published())
        await SqlTunings(transactions).choose(tunings)
        await versions.publish(tuned_version(base, thresholds))
    finally:
        await transactions.close()


def _live(version: str, published: Publication | None) -> str:
    """Return the version that bots have live: what was published, if it is about these files."""
    here = files_version(version)
    if published and here in {files_version(published.version), published.instead_of}:
        return published.version
    return version


def _write_page(proposals: Sequence[Proposal], path: Path) -> str:
    """Write the page; return what kept it from being written, if anything."""
    try:
        path.write_text(as_html(proposals), encoding="utf-8", errors="replace")
    except OSError as error:
        return f"can't write {path} ({error.strerror}). Check the folder."
    return ""


def _say(sentence: str) -> None:
    # Beside the report, which may be JSON for another program.
    sys.stderr.write(f"majlis tune: {sentence}\n")


def _refuse(fault: str) -> int:
    _say(fault)
    return _WRONG_USAGE
