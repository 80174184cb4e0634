"""The figures for admins, and the digest of the week, over HTTP and a real database."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.fronts.telegram.parts import Parts
from bot.reporting.schedule import due_week
from bot.settings import Settings
from bot.settings.values import Weekly
from bot.storage.database import open_database
from bot.storage.digests import Digests, MemoryDigests
from bot.storage.figures import Figures, NoFigures
from bot.storage.pseudonyms import pseudonyms
from bot.storage.sql import SqlStore
from bot.storage.sql_digests import SqlDigests
from bot.storage.sql_figures import SqlFigures
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Memory, Miss, ReplyKind
from bot.storage.telling import TELLING_LEASE
from tests.bot.fronts.telegram.running import Majlis, labels, logged
from tests.botapi import TOKEN, BotApiServer, Person, ServerError
from tests.fakes import FakeConversation, make_entry, make_knowledge

PNG = b"\x89PNG"
_DRAWING = 30.0  # seconds, on a machine with much else to do
LONG_AGO = dt.date(2020, 1, 31)


@dataclass
class Reporting(Majlis):
    """A front with figures."""

    figures: Figures = field(default_factory=NoFigures)
    digests: Digests = field(default_factory=lambda: MemoryDigests(_now))

    @property
    def parts(self) -> Parts:
        """Return what the front works with."""
        return replace(super().parts, figures=self.figures, digests=self.digests)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SqlStore]:
    """Open a database."""
    pseudonym = pseudonyms("a key")
    day = dt.timedelta(days=1)
    store = SqlStore(
        await open_database(str(tmp_path / "majlis.db"), pseudonym),
        pseudonym,
        session_expiry=day,
        retention=90 * day,
        clock=_now,
    )
    yield store
    await store.close()


@pytest.fixture
async def bot(server: BotApiServer, ada: Person, database: SqlStore) -> AsyncIterator[Reporting]:
    """Make a front that isn't started; it is stopped in the end."""
    front = _front(server, ada, database)
    yield front
    await front.end()


@pytest.fixture
def _no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let matplotlib be missing."""
    monkeypatch.setattr("bot.reporting.picture.find_spec", lambda _: None)


async def test_an_admin_gets_the_figures_with_a_picture(
    bot: Reporting, ada: Person, database: SqlStore
) -> None:
    """/stats shows the week, and a button turns the same message into the month."""
    await database.keep(_some_traffic())
    bot.start()
    await ada.says("/stats")
    shown = await ada.hears(timeout=_DRAWING)
    assert "photo" in shown.raw
    assert bot.server.calls_of("sendPhoto")[0].parameters["photo"].content.startswith(PNG)
    assert "7 days" in shown.text
    assert "4 questions [1]" in shown.text
    assert "50\u202f% / 25\u202f% / 25\u202f% [100\u202f%]" in shown.text
    assert "+1 -2 33\u202f%" in shown.text
    assert "What is oak? 2" in shown.text
    assert "Parrots 2" in shown.text
    assert "What is oak? against 2" in shown.text
    assert "Chat: 1" in shown.text
    assert labels(shown) == ["• (button_week)", "(button_month)"]
    await ada.presses(shown.button("(button_month)"))
    month = await ada.sees_edit(shown, timeout=_DRAWING)
    assert "30 days" in month.text
    assert "5 questions" in month.text
    assert labels(month) == ["(button_week)", "• (button_month)"]
    media = bot.server.calls_of("editMessageMedia")[0].parameters["media"]["media"]
    assert media.content.startswith(PNG)


@pytest.mark.usefixtures("_no_pictures")
async def test_what_is_known_to_have_no_answer_is_not_listed(
    bot: Reporting, ada: Person, database: SqlStore
) -> None:
    """Somebody has dealt with it; in the totals it counts on."""
    await database.keep(_some_traffic())
    bot.conversation.knowledge = replace(make_knowledge(), unanswered={"en": ("parrots",)})
    bot.start()
    await ada.says("/stats")
    shown = (await ada.hears()).text
    assert "4 questions" in shown
    assert "Parrots" not in shown


@pytest.mark.usefixtures("_no_pictures")
async def test_without_matplotlib_the_figures_come_as_text(
    bot: Reporting, ada: Person, database: SqlStore
) -> None:
    """Neither the message nor its buttons need a picture."""
    await database.keep(_some_traffic())
    bot.start()
    await ada.says("/stats")
    shown = await ada.hears()
    assert "photo" not in shown.raw
    await ada.presses(shown.button("(button_month)"))
    assert "30 days" in (await ada.sees_edit(shown)).text


async def test_a_picture_gives_way_to_a_new_message(
    bot: Reporting, ada: Person, database: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the next picture can't be drawn, the old one stays and a text comes below."""
    await database.keep(_some_traffic())
    bot.start()
    await ada.says("/stats")
    shown = await ada.hears(timeout=_DRAWING)
    monkeypatch.setattr("bot.reporting.picture.find_spec", lambda _: None)
    press = await ada.presses(shown.button("(button_month)"))
    assert "30 days" in (await ada.hears()).text
    assert (await press.answer()).text == ""


async def test_a_bot_that_nobody_asked_says_so(bot: Reporting, ada: Person) -> None:
    """There is nothing to draw either."""
    bot.start()
    await ada.says("/stats")
    shown = await ada.hears()
    assert shown.text.endswith("(nothing)")
    assert "photo" not in shown.raw


@pytest.mark.usefixtures("_no_pictures")
async def test_the_figures_are_for_admins(bot: Reporting, ada: Person) -> None:
    """For others neither the command nor its buttons exist, and groups read nothing."""
    bot.start()
    bob = bot.server.person("Bob")
    await bob.says("/stats")
    assert (await bob.hears()).text == "(unknown command)"
    await ada.says("/stats")
    shown = await ada.hears()
    press = await bob.presses(shown.buttons[1])
    assert (await press.answer()).text == "(stale button)"
    group = bot.server.group("Team", members=[ada])
    await ada.says("/stats@majlis_bot", chat=group)
    assert (await ada.hears(chat=group)).text == "(private only)"


@pytest.mark.usefixtures("_no_pictures")
async def test_the_digest_comes_once_a_week(
    server: BotApiServer, ada: Person, database: SqlStore
) -> None:
    """Of two bots on one database one sends it, to every admin, and none after a restart."""
    eve = server.person("Eve")
    bots = [_front(server, ada, database, eve, digest=_just_now()) for _ in range(2)]
    for bot in bots:
        bot.start()
    digest, other = await ada.hears(), await eve.hears()
    for bot in bots:
        await bot.end()
    again = _front(server, ada, database, eve, digest=_just_now())
    again.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await again.end()
    assert digest.text.startswith("Week ")
    assert "Review: 1" in digest.text
    assert "What is fir? 31 Jan 2020" in digest.text
    assert "elm" not in digest.text
    assert other.text == digest.text
    assert len(eve.unheard()) == 0


@pytest.mark.usefixtures("_no_pictures")
async def test_an_admin_who_is_out_of_reach_keeps_nobody_waiting(
    server: BotApiServer, ada: Person, database: SqlStore, log: pytest.LogCaptureFixture
) -> None:
    """Who never pressed Start is told of in the log; the others get the digest."""
    shy = server.person("Shy", started=False)
    bot = _front(server, ada, database, shy, digest=_just_now())
    bot.start()
    assert (await ada.hears()).text.startswith("Week ")
    await server.called("sendMessage", times=2)
    await bot.end()
    assert logged(log, "got no digest") == 1
    assert not await bot.digests.claim((_week(), shy.id))


@pytest.mark.usefixtures("_no_pictures")
async def test_a_digest_that_telegram_does_not_take_is_not_lost(
    server: BotApiServer, ada: Person, database: SqlStore
) -> None:
    """After an outage the next bot, or the same one, sends it."""
    server.fail("sendMessage", ServerError(502), chance=1)
    bot = _front(server, ada, database, digest=_just_now())
    bot.start()
    await server.called("sendMessage")
    await bot.end()
    server.heal()
    later = _front(server, ada, database, digest=_just_now())
    later.start()
    assert (await ada.hears()).text.startswith("Week ")
    await later.end()


@pytest.mark.usefixtures("_no_pictures")
async def test_only_who_has_not_got_the_digest_gets_it_after_a_crash(
    server: BotApiServer, ada: Person, database: SqlStore
) -> None:
    """Of two admins one was told before the process died over the other; the next one goes on."""
    eve = server.person("Eve")
    died = _front(server, ada, database, eve, digest=_just_now())
    for admin in (ada, eve):
        assert await died.digests.claim((_week(), admin.id))
    await died.digests.settle((_week(), ada.id))
    transactions, hidden = database._transactions, pseudonyms("a key")
    died.digests = SqlDigests(transactions, hidden, clock=lambda: _now() + TELLING_LEASE)
    died.start()
    assert (await eve.hears()).text.startswith("Week ")
    await died.end()
    assert not ada.unheard()


async def test_no_digest_comes_unasked(
    server: BotApiServer, ada: Person, database: SqlStore
) -> None:
    """Without the setting, or without admins, nothing is claimed."""
    for bot in (
        _front(server, ada, database),
        replace(
            _front(server, ada, database, digest=_just_now()),
            settings=Settings(token=TOKEN, api_url=server.url, digest=_just_now()),
        ),
    ):
        bot.start()
        await ada.says("oak?")
        assert (await ada.hears()).text == "Oak is a thing."
        await bot.end()
        assert await bot.digests.claim((_week(), ada.id))
        await bot.digests.give_back((_week(), ada.id))


def _front(
    server: BotApiServer,
    ada: Person,
    database: SqlStore,
    *others: Person,
    digest: Weekly | None = None,
) -> Reporting:
    admins = frozenset(person.id for person in (ada, *others))
    settings = Settings(token=TOKEN, api_url=server.url, admins=admins, digest=digest)
    entries = (
        make_entry("oak"),
        make_entry("elm", review_by=dt.date(9999, 1, 1)),
        make_entry("fir", review_by=LONG_AGO),
    )
    conversation = FakeConversation(make_knowledge(entries))
    figures = SqlFigures(database._transactions)
    digests = SqlDigests(database._transactions, pseudonyms("a key"), clock=_now)
    return Reporting(server, settings, conversation, figures=figures, digests=digests)


def _some_traffic() -> list[Memory]:
    """Return three questions and a greeting of today, a suggestion, and a question of last week."""
    now = _now()
    last_week = now - dt.timedelta(days=9)

    def heard(kind: ReplyKind, at: dt.datetime, confidence: float) -> Heard:
        return Heard(1, 2, "oak?", "en", kind, (Candidate("oak", confidence),), at)

    return [
        heard("answer", now, 0.9),
        heard("answer", now, 0.8),
        heard("suggest", now, 0.5),
        heard("fallback", now, 0.1),
        heard("chitchat", now, 0.1),
        heard("answer", last_week, 0.9),
        *(Exchange(1, number, number, ("oak",), now, 2, "oak?", "why") for number in (1, 2)),
        *(Miss(person, text, "en", (), now) for person, text in ((2, "parrots?"), (3, "Parrots"))),
        Feedback(1, 1, 2, "oak", "helpful", now),
        *(Feedback(1, 2, person, "oak", "not_helpful", now) for person in (3, 4)),
    ]


def _just_now() -> Weekly:
    """Return a time of the week that was a moment ago."""
    ago = _now() - dt.timedelta(minutes=1)
    return Weekly(ago.weekday(), ago.time())


def _week() -> str:
    week = due_week(_just_now(), _now())
    assert week
    return week


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
