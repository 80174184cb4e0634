"""The gate: an edition that would do worse than the live one is kept out, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.conversation.reload import Outcome, failing_tests, log_line
from bot.conversation.reload.gate import Difference, Trial, replay, try_out
from bot.errors import StorageError
from bot.knowledge.entry import UtteranceTest
from bot.storage.asked import Asked
from bot.storage.memory import MemoryStore
from bot.storage.store import Heard, Miss
from tests.bot.conversation.library import CARD, HOURS, PLACE, Clock, make_edition, make_library
from tests.bot.conversation.shelves import make_reloader
from tests.fakes import make_store

Script = Mapping[str, Mapping[str, float]]
KNOWS: Script = {"how do i find you": {"place": 0.9}}
OFFERS: Script = {"how do i find you": {"place": 0.5}}
OFFERS_OTHER: Script = {"how do i find you": {"hours": 0.5}}
ASKED = Asked("how do I find you?", "en")
TEST = UtteranceTest("how do I find you?", "place", "en", "en/_tests.yaml", 2)
SILENT = Outcome("fallback")
ANSWER = Outcome("answer", ("place",))


def _edition(
    script: Script, *tests: UtteranceTest, version: str = "v2", without: str = ""
) -> Edition:
    entries = tuple(each for each in (HOURS, PLACE, CARD) if each.id != without)
    library = make_library(entries, version=version)
    return make_edition(replace(library, tests=tests), script)


def _tried(new: Edition, *asked: Asked, old: Script = KNOWS) -> Trial:
    live = _edition(old, version="v1")
    return try_out(live, new, replay(live, asked or (ASKED,), {}))


def test_what_stays_the_same_is_no_difference() -> None:
    """The same answer, and suggestions in another order, aren't told."""
    assert _tried(_edition(KNOWS)) == Trial(asked=1, answered=1)
    assert _tried(_edition(OFFERS_OTHER), old=OFFERS) == Trial(asked=1)


def test_a_lost_answer_keeps_an_edition_out() -> None:
    """An entry that still exists and is neither given nor offered any more is a reason."""
    trial = _tried(_edition({}))
    assert trial.differences == (Difference(ASKED.text, ANSWER, SILENT, lost=True),)
    [problem] = trial.problems
    assert str(problem) == "place: would no longer answer 1 question that people asked."
    assert _tried(_edition(OFFERS_OTHER)).differences[0].lost


def test_an_answer_that_is_only_offered_is_tolerated_now_and_then() -> None:
    """Up to a tenth of the answers may become suggestions of the same entry; not more."""
    others = [Asked(f"{word} place", "en") for word in "abcdefghijklmnopqrst"]
    knows = {**KNOWS, **{each.text: {"place": 0.9} for each in others}}
    few = _tried(_edition({**knows, **OFFERS}), ASKED, *others, old=knows)
    assert [each.demoted for each in few.differences] == [True]
    assert not few.problems
    [problem] = _tried(_edition(OFFERS)).problems
    assert str(problem) == "of 1 question that were answered, 1 would only get suggestions."


def test_an_answer_by_another_entry_is_told_only() -> None:
    """A question that moves to another entry is shown, and an author may well want that."""
    trial = _tried(_edition({"how do i find you": {"hours": 0.9}}))
    assert trial.differences == (Difference(ASKED.text, ANSWER, Outcome("answer", ("hours",))),)
    assert not trial.problems


def test_an_entry_that_is_gone_keeps_an_edition_out() -> None:
    """Whoever removes an entry may not know what people asked it."""
    trial = _tried(_edition({}, without="place"))
    assert trial.differences == (Difference(ASKED.text, ANSWER, SILENT, lost=True),)
    [problem] = trial.problems
    assert str(problem) == "place: would no longer answer 1 question that people asked."


def test_a_removed_entry_that_nobody_asked_goes() -> None:
    """Only what people asked holds an entry."""
    assert not _tried(_edition(KNOWS, without="card")).problems


@pytest.mark.parametrize("script", [{}, OFFERS, OFFERS_OTHER])
@pytest.mark.parametrize(
    "named",
    [
        {"entries": (HOURS, replace(PLACE, negatives=("How do I FIND you",)))},
        {"unanswered": {"en": ("how do I find you",)}},
        {"tests": (replace(TEST, entry=None),)},
    ],
)
def test_a_question_named_as_having_no_answer_may_be_lost(
    named: Mapping[str, object], script: Script
) -> None:
    """A negative, an unanswered question and a test for silence say that the answer was wrong."""
    silenced = make_edition(replace(_edition({}).knowledge, **named), script)  # type: ignore[arg-type]
    trial = _tried(silenced)
    [difference] = trial.differences
    assert (difference.lost, difference.demoted, trial.problems) == (False, False, ())
    unnamed = _tried(silenced, Asked("where to", "en"), old={"where to": {"place": 0.9}})
    assert [each.lost for each in unnamed.differences] == [True]


def test_another_id_is_no_difference() -> None:
    """What shows the same question is the same to people, and where it is only offered, too."""
    library = make_library((HOURS, replace(PLACE, id="spot"), CARD), version="v2")
    assert not _tried(make_edition(library, {"how do i find you": {"spot": 0.9}})).differences
    offered = _tried(make_edition(library, {"how do i find you": {"spot": 0.5}}))
    assert [(each.lost, each.demoted) for each in offered.differences] == [(False, True)]


def test_an_id_that_another_entry_has_now_is_a_difference() -> None:
    """The id is the same, but people would read the answer to another question."""
    library = make_library((replace(PLACE, id="spot"), replace(CARD, id="place")), version="v2")
    [difference] = _tried(make_edition(library, KNOWS)).differences
    assert (difference.before.entries, difference.after.entries) == (("spot",), ("place",))


def test_a_disliked_answer_may_be_lost() -> None:
    """A question whose answer somebody found unhelpful isn't held against the new edition."""
    assert not _tried(_edition({}), replace(ASKED, disliked=True)).problems


def test_lost_answers_come_first() -> None:
    """What keeps an edition out is told before what is merely different."""
    old = {**KNOWS, "card or hours": {"card": 0.9}}
    new = _edition({"card or hours": {"hours": 0.9}})
    trial = _tried(new, Asked("card or hours", "en"), ASKED, old=old)
    assert [each.lost for each in trial.differences] == [True, False]


@pytest.mark.parametrize(
    ("script", "entry", "passes"),
    [
        (KNOWS, "place", True),
        (OFFERS, "place", False),
        ({}, "place", False),
        (KNOWS, "hours", False),
        ({}, None, True),
        (OFFERS, None, True),
        (KNOWS, None, False),
    ],
)
def test_a_test_wants_its_answer_or_none(script: Script, entry: str | None, passes: bool) -> None:
    """An entry has to answer by itself; out of scope suggestions are let pass, an answer isn't."""
    edition = _edition(script, replace(TEST, entry=entry))
    assert (not failing_tests(edition)) is passes
    assert (not _tried(edition, Asked("hi", "en")).problems) is passes


def test_a_failing_test_says_what_it_gets() -> None:
    """The reason has the place of the test; for `majlis check` it is advice."""
    edition = _edition(OFFERS, TEST)
    [problem] = _tried(edition, Asked("hi", "en")).problems
    shown = "en/_tests.yaml:2: place: 'how do I find you?' gets suggestions. "
    assert str(problem) == f"{shown}Mend the entry or the test."
    assert [each.severity for each in failing_tests(edition)] == ["advice"]


def test_a_test_that_failed_before_keeps_nothing_out() -> None:
    """What was published although it fails doesn't have to be forced again and again."""
    failing = make_edition(_edition({}, TEST, version="v1").knowledge, {})
    trial = try_out(failing, _edition({}, TEST), {})
    assert [each.known for each in trial.failing] == [True]
    assert not trial.problems


def _talked(*extra: Miss) -> tuple[Conversation, MemoryStore]:
    store = make_store()
    store.utterances.append(Heard(1, 1, ASKED.text, "en", "answer", (), Clock()()))
    store.misses.extend(extra)
    return Conversation(_edition(KNOWS, version="v1"), store, Clock()), store


async def test_a_worse_edition_is_refused_until_forced() -> None:
    """The live one stays; forced, or once the entry is mended, the new one goes live."""
    conversation, store = _talked()
    reloader = make_reloader(lambda: _edition({}), conversation, store)
    refused = await reloader.reload()
    assert (refused.version, refused.candidate, refused.asked) == ("v1", "v2", 1)
    assert [each.lost for each in refused.differences] == [True]
    assert conversation.knowledge.version == "v1"
    assert "force" in log_line(refused)
    assert ASKED.text not in log_line(refused)
    assert (await reloader.reload(force=True, only="v3")).stale
    forced = await reloader.reload(force=True, only="v2")
    assert (forced.version, forced.problems, forced.before) == ("v2", (), "v1")
    assert [each.lost for each in forced.differences] == [True]
    assert conversation.knowledge.version == "v2"


async def test_an_unhelpful_answer_may_go() -> None:
    """A vote against the answer opens the gate for its question."""
    conversation, store = _talked(Miss(1, ASKED.text, "en", (), Clock()(), "not_helpful"))
    report = await make_reloader(lambda: _edition({}), conversation, store).reload()
    assert (report.version, report.problems, len(report.differences)) == ("v2", (), 1)


async def test_without_the_log_tests_alone_decide(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that fails doesn't keep sound knowledge from going live."""
    conversation, store = _talked()
    reloader = make_reloader(lambda: _edition({}), conversation, store)

    async def fail(most: int) -> Sequence[Asked]:
        message = "the disk is full"
        raise StorageError(message)

    monkeypatch.setattr(reloader._questions, "asked", fail)
    assert (await reloader.reload()).version == "v2"
    assert "isn't tried on what people asked" in caplog.text


async def test_the_same_version_isnt_tried() -> None:
    """Where nothing changed nothing can be worse."""
    conversation, store = _talked()
    report = await make_reloader(lambda: _edition({}, version="v1"), conversation, store).reload()
    assert (report.version, report.asked, report.problems) == ("v1", 0, ())
