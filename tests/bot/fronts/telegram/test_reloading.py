"""/reload and /versions, over HTTP: what admins read, and what their buttons do."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.conversation.reload import AT_START, FROM_FILES, Difference, Failing, Outcome
from bot.knowledge.entry import UtteranceTest
from bot.knowledge.problems import Problem
from bot.storage.authors import Author
from bot.storage.versions import Version
from tests.bot.fronts.telegram.running import Majlis, labels, logged
from tests.botapi import Message, Person
from tests.fakes import FakeReport, make_knowledge

WORSE = FakeReport(
    problems=(Problem("", 0, "oak", "would no longer answer 1 question that people asked."),),
    failing=(
        Failing(UtteranceTest("oak_?", "oak", "en", "_tests.yaml", 2), Outcome("fallback")),
        Failing(
            UtteranceTest("ash?", None, "en", "_tests.yaml", 4), Outcome("chitchat"), known=True
        ),
    ),
    differences=(
        Difference("*oak* please", Outcome("answer", ("oak",)), Outcome("fallback"), lost=True),
        Difference("pine?", Outcome("answer", ("oak", "elm")), Outcome("suggest", ("elm",))),
    ),
    asked=300,
    candidate="v2",
)
LIVE = FakeReport("v2+abc", added=("elm",), before="v1")


async def _refused(majlis: Majlis, ada: Person) -> Message:
    majlis.reloader.report = WORSE
    await ada.says("/reload")
    return await ada.hears()


async def test_a_worse_version_is_refused_with_its_reasons(majlis: Majlis, ada: Person) -> None:
    """Failing tests and questions that are answered differently are listed, as they were typed."""
    refused = await _refused(majlis, ada)
    assert refused.text == (
        "Worse: v2\n\n"
        "• oak_? wants oak, gets (silence)\n"
        "• As before: ash? wants (silence), gets (small_talk)\n\n"
        "2 of 300:\n"
        "• Lost *oak* please: oak → (silence)\n"
        "• pine?: oak + elm → (suggestion)"
    )
    assert labels(refused) == ["<button_anyway>"]


async def test_a_refused_version_is_published_by_one_tap(majlis: Majlis, ada: Person) -> None:
    """The button forces just the version that was refused, and the message tells what changed."""
    refused = await _refused(majlis, ada)
    majlis.reloader.report = LIVE
    press = await ada.presses(refused.button("<button_anyway>"))
    done = await ada.sees_edit(refused)
    assert (done.text, labels(done)) == ("Live: v2+abc\n\nAdded:\n• elm", ["<button_back>"])
    assert (await press.answer()).text == ""
    assert majlis.reloader.calls[-1] == ("reload", Author("Ada", ada.id), True, "v2")


async def test_what_was_lost_and_what_is_advised_follows_the_changes(
    majlis: Majlis, ada: Person
) -> None:
    """Once it is published anyway the list of what is lost isn't repeated; advice comes last."""
    refused = await _refused(majlis, ada)
    advice = (Problem("en/trees.yaml", 7, "elm", "has words that its source lacks.", "advice"),)
    majlis.reloader.report = replace(LIVE, differences=WORSE.differences, asked=300, advice=advice)
    await ada.presses(refused.button("<button_anyway>"))
    assert (await ada.sees_edit(refused)).text == (
        "Live: v2+abc\n\nAdded:\n• elm\n\n"
        "Gone: *oak* please\n\n"
        "1 of 300:\n• pine?: oak + elm → (suggestion)\n\n"
        "Advice: 1\n• en/trees.yaml:7: elm: has words that its source lacks."
    )


async def test_reload_force_does_the_same(majlis: Majlis, ada: Person) -> None:
    """/reload force publishes what is on disk, whatever it does to answers."""
    majlis.reloader.report = LIVE
    await ada.says("/reload force")
    await ada.hears()
    assert majlis.reloader.calls == [("reload", Author("Ada", ada.id), True, None)]


async def test_a_live_version_is_rolled_back_by_one_tap(majlis: Majlis, ada: Person) -> None:
    """The button goes to the version before, if the one it names is live; that can be undone."""
    majlis.reloader.report = LIVE
    majlis.conversation.knowledge = make_knowledge(version="v2+abc")
    await ada.says("/reload")
    live = await ada.hears()
    majlis.reloader.report = FakeReport("v1", removed=("elm",), before="v2")
    majlis.conversation.knowledge = make_knowledge(version="v1")
    await ada.presses(live.button("<button_back>"))
    back = await ada.sees_edit(live)
    assert (back.text, labels(back)) == ("Again: v1\n\nRemoved:\n• elm", ["<button_undo>"])
    majlis.reloader.report = FakeReport("v2", added=("elm",), before="v1")
    await ada.presses(back.button("<button_undo>"))
    await ada.sees_edit(back)
    assert majlis.reloader.calls[1:] == [
        ("roll_back", "v1", Author("Ada", ada.id), "v2"),
        ("roll_back", "v2", Author("Ada", ada.id), "v1"),
    ]


async def test_a_broken_version_cant_be_forced(majlis: Majlis, ada: Person) -> None:
    """Knowledge with problems has no button; a kept one that broke says why."""
    problem = Problem("a.yaml", 3, "elm", "no answer")
    majlis.reloader.report = FakeReport(problems=(problem,))
    await ada.says("/reload")
    refused = await ada.hears()
    assert (refused.text, labels(refused)) == ("Kept.\n\n• a.yaml:3: elm: no answer", [])


async def test_buttons_are_for_their_version_only(majlis: Majlis, ada: Person) -> None:
    """Where another version is live, or on disk, a press is answered and nothing changes."""
    refused = await _refused(majlis, ada)
    majlis.reloader.report = FakeReport(stale=True)
    press = await ada.presses(refused.button("<button_anyway>"))
    assert (await press.answer()).text == "(stale button)"
    majlis.reloader.report = LIVE
    await ada.says("/reload")
    live = await ada.hears()
    majlis.reloader.report = FakeReport(stale=True)
    press = await ada.presses(live.button("<button_back>"))
    assert (await press.answer()).text == "(stale button)"
    assert not majlis.server.calls_of("editMessageText")


async def test_buttons_are_for_admins_only(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Somebody else who gets hold of a button does nothing by it."""
    refused = await _refused(majlis, ada)
    bob = majlis.server.person("Bob")
    press = await bob.presses(refused.button("<button_anyway>"))
    assert (await press.answer()).text == "(stale button)"
    assert majlis.reloader.reloads == 1
    assert logged(log, "Somebody who isn't an admin pressed") == 1


async def test_versions_are_listed_with_buttons(majlis: Majlis, ada: Person) -> None:
    """/versions shows the last ten; a number goes to that version, the live one has none."""
    at = dt.datetime(2026, 3, 1, 12, 5, tzinfo=dt.UTC)
    majlis.reloader.kept = tuple(Version(f"v{n}", Author("A_da"), at) for n in range(3, -9, -1))
    majlis.conversation.knowledge = make_knowledge(version="v2+abc")
    await ada.says("/versions")
    listed = await ada.hears()
    lines = listed.text.splitlines()
    assert lines[2:4] == ["1. 1 Mar 2026, 12:05 A_da", "2. 1 Mar 2026, 12:05 A_da live"]
    assert (len(lines), labels(listed)) == (12, ["1", *map(str, range(3, 11))])
    majlis.reloader.report = FakeReport("v1", before="v2")
    await ada.presses(listed.button("3"))
    await ada.sees_edit(listed)
    assert majlis.reloader.calls == [("roll_back", "v1", Author("Ada", ada.id), "v2")]


async def test_versions_nobody_put_live_are_from_the_files(majlis: Majlis, ada: Person) -> None:
    """What a start or a change of the files brought has no author to be named."""
    at = dt.datetime(2026, 11, 21, 17, 5, tzinfo=dt.UTC)
    majlis.reloader.kept = tuple(Version(each.name, each, at) for each in (FROM_FILES, AT_START))
    await ada.says("/versions")
    lines = (await ada.hears()).text.splitlines()
    assert lines[2:] == ["1. 21 Nov 2026, 17:05 (from_files)", "2. 21 Nov 2026, 17:05 (from_files)"]


async def test_an_admin_called_files_is_named(majlis: Majlis, ada: Person) -> None:
    """Whoever has an id isn't taken for the files, whatever their name."""
    at = dt.datetime(2026, 11, 21, 17, 5, tzinfo=dt.UTC)
    admins = Author(FROM_FILES.name, ada.id), Author(AT_START.name, hidden=True)
    majlis.reloader.kept = tuple(Version(each.name, each, at) for each in admins)
    await ada.says("/versions")
    lines = (await ada.hears()).text.splitlines()
    assert lines[2:] == ["1. 21 Nov 2026, 17:05 files", "2. 21 Nov 2026, 17:05 start"]


async def test_who_was_forgotten_is_somebody(majlis: Majlis, ada: Person) -> None:
    """A version whose admin took their name back is somebody's; a new one has name and id."""
    at = dt.datetime(2026, 11, 21, 17, 5, tzinfo=dt.UTC)
    majlis.reloader.kept = (Version("v2", Author(""), at),)
    await ada.says("/versions")
    assert (await ada.hears()).text.splitlines()[2:] == ["1. 21 Nov 2026, 17:05 (somebody)"]
    await ada.says("/reload")
    await ada.hears()
    assert majlis.reloader.calls[-1] == ("reload", Author("Ada", ada.id), False, None)


async def test_versions_are_for_admins(majlis: Majlis, ada: Person) -> None:
    """To others the command doesn't exist; where nothing is kept an admin is told so."""
    await ada.says("/versions")
    assert (await ada.hears()).text == "(nothing_earlier)"
    bob = majlis.server.person("Bob")
    await bob.says("/versions")
    assert (await bob.hears()).text == "(unknown command)"


async def test_questions_of_people_stay_out_of_groups(majlis: Majlis, ada: Person) -> None:
    """In a group the report only counts what people asked."""
    group = majlis.server.group("Team", members=[ada])
    majlis.reloader.report = replace(WORSE, failing=())
    await ada.says("/reload@majlis_bot", chat=group)
    assert (await ada.hears(chat=group)).text == "Worse: v2\n\n2 of 300:"
