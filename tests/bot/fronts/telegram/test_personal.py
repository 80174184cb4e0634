"""What people may know and decide about what is kept of them, over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from bot.fronts.telegram.personal import as_text
from bot.storage.database import open_database
from bot.storage.journal import Journal
from bot.storage.memory import MemoryStore
from bot.storage.memory_journal import MemoryJournal
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_journal import SqlJournal
from bot.storage.store import (
    Candidate,
    Exchange,
    Feedback,
    Heard,
    Kept,
    Memory,
    Miss,
    Session,
    Store,
)
from tests.bot.fronts.telegram.running import Majlis
from tests.botapi import Person
from tests.fakes import make_store

_DAY = dt.timedelta(days=1)
_AT = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
_SURE = (Candidate("oak", 0.91234),)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _about(user: int, chat: int, word: str) -> list[Memory]:
    """Return one memory of every kind."""
    at = _now()
    return [
        Session(chat, user, "en", "oak", ("oak",), "", f"Because of {word}."),
        Heard(chat, user, f"{word} heard", "en", "answer", _SURE, at),
        Miss(user, f"{word} missed", "en", _SURE, at),
        Feedback(chat, 77, user, "oak", "helpful", at),
        Exchange(chat, 76, 77, ("oak",), at),
    ]


@pytest.fixture(params=["memory", "sqlite"])
async def kept(
    request: pytest.FixtureRequest, idle: Majlis, tmp_path: Path
) -> AsyncIterator[tuple[Majlis, Store]]:
    """Run the front on a store of each kind."""
    store: Store = make_store()
    journal: Journal = MemoryJournal(store, _now)
    if request.param == "sqlite":
        pseudonym = pseudonyms("tests")
        transactions = await open_database(str(tmp_path / "majlis.db"), pseudonym)
        store = SqlStore(transactions, pseudonym, session_expiry=_DAY, retention=_DAY, clock=_now)
        journal = SqlJournal(transactions, pseudonym, lease=_DAY, clock=_now)
    idle.store, idle.journal = cast("MemoryStore", store), journal  # any store will do
    idle.start()
    yield idle, store
    await idle.end()
    await store.close()


async def _document(majlis: Majlis, person: Person) -> tuple[str, Any, str]:
    """Ask for one's data; return the name of the file, what is in it, and the words below."""
    await person.says("/mydata")
    call = await majlis.server.called("sendDocument")
    upload = call.parameters["document"]
    heard = await person.hears()
    return upload.name, yaml.safe_load(upload.content.decode()), heard.raw["caption"]


async def test_privacy_names_days_and_minutes(kept: tuple[Majlis, Store], ada: Person) -> None:
    """What is kept and for how long is said in the words of the settings; of admins it is more."""
    majlis, _ = kept
    eve = majlis.server.person("Eve")
    await eve.says("/privacy")
    assert (await eve.hears()).text == "(privacy 90 30)"
    await ada.says("/privacy")
    assert (await ada.hears()).text == "(privacy 90 30)\n\n(privacy admins)"


async def test_mydata_has_everything_of_this_person_only(
    kept: tuple[Majlis, Store], ada: Person
) -> None:
    """The file is YAML with all kinds of records, and nothing of anybody else."""
    majlis, store = kept
    bob = majlis.server.person("Bob")
    await store.keep([*_about(ada.id, ada.id, "ada"), *_about(bob.id, bob.id, "bob")])
    await store.keep([Heard(-100, ada.id, "ada in a group", "en", "fallback", (), _now())])
    name, found, words = await _document(majlis, ada)
    assert (name, words) == ("my-data.txt", "(mydata)")
    assert [each["text"] for each in found["messages"]] == ["ada heard", "ada in a group"]
    assert found["messages"][0]["considered"] == {"oak": 0.912}
    assert [each["text"] for each in found["not_answered"]] == ["ada missed"]
    assert [(each["answer"], each["vote"]) for each in found["votes"]] == [("oak", "helpful")]
    assert [each["explanation"] for each in found["conversations"]] == ["Because of ada."]
    assert "bob" not in str(found)


async def test_mydata_says_so_where_nothing_is_kept(
    kept: tuple[Majlis, Store], ada: Person
) -> None:
    """No empty file is sent, and what others left behind makes no difference."""
    majlis, store = kept
    await store.keep(_about(5, 5, "bob"))
    await ada.says("/mydata")
    assert (await ada.hears()).text == "(nothing kept)"
    assert not majlis.server.calls_of("sendDocument")


async def test_forgetme_deletes_at_once(kept: tuple[Majlis, Store], ada: Person) -> None:
    """All of this person goes, with the links of the private chat; the others keep theirs."""
    majlis, store = kept
    bob = majlis.server.person("Bob")
    await store.keep([*_about(ada.id, ada.id, "ada"), *_about(bob.id, bob.id, "bob")])
    question = await ada.says("oak?")
    answer = await ada.hears()
    await ada.says("/forgetme")
    assert (await ada.hears()).text == "(forgotten)"
    assert await store.kept_about(ada.id) == Kept()
    assert await store.exchange_of(ada.id, 77) is None
    assert await store.answer_to(ada.id, question.id) is None
    assert await store.exchange_of(ada.id, answer.id) is None
    assert len((await store.kept_about(bob.id)).heard) == 1
    assert await store.exchange_of(bob.id, 77) is not None
    await ada.says("/mydata")
    assert (await ada.hears()).text == "(nothing kept)"


async def test_asking_leaves_no_trace(kept: tuple[Majlis, Store], ada: Person) -> None:
    """The personal commands themselves aren't kept, nor the messages that answer them."""
    _, store = kept
    asked = [await ada.says(f"/{name}") for name in ("privacy", "mydata", "forgetme")]
    heard = [await ada.hears() for _ in asked]
    assert await store.kept_about(ada.id) == Kept()
    for question, answer in zip(asked, heard, strict=True):
        assert await store.answer_to(ada.id, question.id) is None
        assert await store.exchange_of(ada.id, answer.id) is None


@pytest.mark.parametrize("command", ["mydata", "forgetme"])
async def test_groups_get_a_hint_instead(
    kept: tuple[Majlis, Store], ada: Person, command: str
) -> None:
    """In a group nothing personal is shown or deleted; the hint sends to the private chat."""
    majlis, store = kept
    await store.keep(_about(ada.id, ada.id, "ada"))
    group = majlis.server.group("Trees", members=[ada])
    await ada.says(f"/{command}@majlis_bot", chat=group)
    assert (await ada.hears(chat=group)).text == "(private only)"
    assert len((await store.kept_about(ada.id)).heard) == 1
    assert not majlis.server.calls_of("sendDocument")


async def test_privacy_may_be_asked_in_groups(kept: tuple[Majlis, Store], ada: Person) -> None:
    """How long things are kept is no secret and nobody's own."""
    majlis, _ = kept
    eve = majlis.server.person("Eve")
    group = majlis.server.group("Trees", members=[ada, eve])
    await eve.says("/privacy@majlis_bot", chat=group)
    assert (await eve.hears(chat=group)).text == "(privacy 90 30)"


def test_odd_texts_come_back_readable() -> None:
    """Letters of any script stay, and what no file can hold does no harm."""
    texts = ["où?", "чем", "😀", "a\0b", "half \ud800", "- x: {y", "\u202eabc"]
    kept = Kept(heard=tuple(Heard(1, 1, each, "en", "answer", (), _AT) for each in texts))
    written = as_text(kept).decode()
    assert "чем" in written
    found = yaml.safe_load(written)["messages"]
    assert len(found) == len(texts)
    assert [each["text"] for each in found[:3]] == texts[:3]
