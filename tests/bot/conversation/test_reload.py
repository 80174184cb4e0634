"""Reloading: a new edition goes live if it isn't broken, and what changed is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.conversation.reload import ReloadReport, compare
from bot.knowledge.problems import KnowledgeError, Problem
from tests.bot.conversation.library import (
    CARD,
    CHILDREN,
    HOURS,
    LOST,
    PLACE,
    Clock,
    make_edition,
    make_library,
)
from tests.bot.conversation.shelves import make_reloader
from tests.fakes import make_store

PROBLEM = Problem("en/library.yaml", 7, "hours", "lacks an answer. Write one.")
OLD = make_library((HOURS, PLACE, CARD))
NEW = make_library((HOURS, replace(PLACE, answer="It moved."), LOST), version="v2")


@pytest.fixture
def conversation() -> Conversation:
    """Return a conversation about the old knowledge."""
    return Conversation(make_edition(OLD), make_store(), Clock())


def _broken() -> Edition:
    raise KnowledgeError([PROBLEM])


def _one_after_another(builds: list[Callable[[], Edition]]) -> Callable[[], Edition]:
    def build() -> Edition:
        return builds.pop(0)()

    return build


async def test_a_good_edition_goes_live_and_tells_what_changed(conversation: Conversation) -> None:
    """Added, changed and removed entries are named, with the version that is live."""
    report = await make_reloader(lambda: make_edition(NEW), conversation, make_store()).reload()
    assert report == ReloadReport(
        "v2", added=("lost",), changed=("place",), removed=("card",), before="v1"
    )
    assert conversation.knowledge is NEW


async def test_a_broken_edition_is_refused(conversation: Conversation) -> None:
    """The old knowledge stays live and the problems are handed on."""
    report = await make_reloader(_broken, conversation, make_store()).reload()
    assert report == ReloadReport("v1", problems=(PROBLEM,))
    assert conversation.knowledge is OLD


async def test_after_a_refusal_a_reload_works_again(conversation: Conversation) -> None:
    """A broken edition doesn't stand in the way of a mended one."""
    builds: list[Callable[[], Edition]] = [_broken, lambda: make_edition(NEW)]
    reloader = make_reloader(_one_after_another(builds), conversation, make_store())
    assert (await reloader.reload()).problems
    assert (await reloader.reload()).version == "v2"


async def test_an_unexpected_error_leaves_the_old_and_the_way_free(
    conversation: Conversation,
) -> None:
    """An error that isn't about the knowledge is raised, and the next reload isn't blocked."""

    def unreadable() -> Edition:
        raise PermissionError

    builds: list[Callable[[], Edition]] = [unreadable, lambda: make_edition(NEW)]
    reloader = make_reloader(_one_after_another(builds), conversation, make_store())
    with pytest.raises(PermissionError):
        await reloader.reload()
    assert conversation.knowledge is OLD
    assert (await reloader.reload()).version == "v2"


async def test_reloads_wait_for_one_another(conversation: Conversation) -> None:
    """Of two reloads at once the second begins when the first is live."""
    started, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    seen: list[str] = []

    def build() -> Edition:
        seen.append(conversation.knowledge.version)
        if len(seen) == 1:
            loop.call_soon_threadsafe(started.set)
            go_on.wait(timeout=10)
        return make_edition(replace(NEW, version=f"v{len(seen) + 1}"))

    reloader = make_reloader(build, conversation, make_store())
    first = asyncio.create_task(reloader.reload())
    await started.wait()
    second = asyncio.create_task(reloader.reload())
    await asyncio.sleep(0)
    go_on.set()
    reports = await asyncio.gather(first, second)
    assert seen == ["v1", "v2"]
    assert [report.version for report in reports] == ["v2", "v3"]


async def test_building_leaves_the_conversation_free(conversation: Conversation) -> None:
    """The edition is built away from the event loop."""
    threads: list[int] = []

    def build() -> Edition:
        threads.append(threading.get_ident())
        return make_edition(NEW)

    await make_reloader(build, conversation, make_store()).reload()
    assert threads != [threading.get_ident()]


def test_nothing_changed_is_told_as_nothing() -> None:
    """The same knowledge has no differences."""
    assert compare(OLD, OLD) == ReloadReport("v1")


def test_another_id_is_no_change() -> None:
    """An entry that only has another id was neither added nor removed; with other words it was."""
    spot = replace(PLACE, id="spot")
    assert compare(OLD, make_library((HOURS, spot, CARD))) == ReloadReport("v1")
    report = compare(OLD, make_library((HOURS, replace(spot, answer="Gone."), CARD)))
    assert (report.added, report.removed) == (("spot",), ("place",))


async def test_advice_about_the_new_files_is_told(conversation: Conversation) -> None:
    """What an author could do better keeps nothing out, and is handed on."""
    advised = replace(make_edition(NEW), advice=(replace(PROBLEM, severity="advice"),))
    report = await make_reloader(lambda: advised, conversation, make_store()).reload()
    assert (report.version, report.problems, report.advice) == ("v2", (), advised.advice)


def test_questions_are_told_of_all_that_is_or_was_there() -> None:
    """An entry that is gone has the question it had, any other the one it has now."""
    report = compare(OLD, make_library((replace(HOURS, question="New?"), LOST)))
    named = {name: report.questions[name] for name in ("hours", "lost", "card")}
    assert named == {"hours": "New?", "lost": LOST.question, "card": CARD.question}
    assert report.before_questions["hours"] == HOURS.question


def test_entries_of_other_languages_are_named_with_their_language() -> None:
    """A translation that came, changed or went isn't taken for the entry itself."""
    arabic = replace(CHILDREN, language="ar")
    old = make_library((HOURS, replace(HOURS, language="ar")))
    new = make_library((HOURS, replace(HOURS, language="ar", answer="x"), arabic))
    report = compare(old, new)
    assert report.added == ("children (ar)",)
    assert report.changed == ("hours (ar)",)
    assert compare(new, old).removed == ("children (ar)",)
