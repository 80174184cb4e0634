"""What is for admins, and the menus around the chat, over HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.explaining import explain
from bot.conversation.findings import Finding
from bot.conversation.messages import Answer, Answered
from bot.fronts.telegram.commands import FOR_ADMINS
from bot.knowledge.problems import Problem
from tests.bot.fronts.telegram.running import Majlis, labels, logged
from tests.botapi import (
    Dropped,
    Person,
    ServerError,
    TooManyRequests,
)
from tests.fakes import (
    FakeReport,
    make_entry,
    make_knowledge,
    make_wordings,
)


async def test_why_is_for_admins(
    majlis: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """/why explains to an admin; to others it doesn't exist, and it is logged."""
    await ada.says("/why")
    assert (await ada.hears()).text == "Because of oak."
    majlis.conversation.reason = None
    await ada.says("/why")
    assert (await ada.hears()).text == "(nothing to explain)"
    bob = majlis.server.person("Bob")
    await bob.says("/why")
    assert (await bob.hears()).text == "(unknown command)"
    assert not majlis.conversation.heard
    assert logged(log, "Somebody who isn't an admin") == 1


async def test_why_as_a_reply_explains_that_answer(majlis: Majlis, ada: Person) -> None:
    """Any answer can be explained later; what is no answer can't."""
    await ada.says("oak?")
    answer = await ada.hears()
    await ada.says("pine?")
    await ada.hears()
    await ada.says("/why", reply_to=answer)
    reason = await ada.hears()
    assert reason.text == "Because of oak?."
    await ada.says("/why", reply_to=reason)
    assert (await ada.hears()).text == "(nothing to explain)"


async def test_why_is_put_into_words_when_it_is_asked(majlis: Majlis, ada: Person) -> None:
    """The figures kept with an answer become text by the wordings, for the last and any answer."""
    oak = make_entry("oak")
    findings = [Finding("oak?", "answer", oak, 0.95, wish="what")]
    kept = explain(Answer("en", "Oak.", (Answered(oak, 1.0),)), findings)
    majlis.conversation.reason = kept
    await ada.says("oak?")
    answer = await ada.hears()
    await ada.says("/why")
    assert (await ada.hears()).text == "Followed oak?: What is oak? [oak]"
    exchange = await majlis.store.exchange_of(ada.id, answer.id)
    assert exchange
    await majlis.store.keep([replace(exchange, explanation=kept)])
    await ada.says("/why", reply_to=answer)
    assert (await ada.hears()).text == "Followed oak?: What is oak? [oak]"


async def test_reload_reports(majlis: Majlis, ada: Person) -> None:
    """/reload tells an admin what changed, or which problems there are; others it doesn't serve."""
    majlis.reloader.report = FakeReport("v2", added=("elm",))
    await ada.says("/reload")
    assert (await ada.hears()).text == "Live: v2\n\nAdded:\n• elm"
    majlis.reloader.report = FakeReport(problems=(Problem("a.yaml", 3, "elm", "no answer"),))
    await ada.says("/reload")
    assert (await ada.hears()).text == "Kept.\n\n• a.yaml:3: elm: no answer"
    bob = majlis.server.person("Bob")
    await bob.says("/reload")
    assert (await bob.hears()).text == "(unknown command)"
    assert not majlis.conversation.heard
    assert majlis.reloader.reloads == 2


async def test_an_unknown_command_is_said_to_be_unknown(majlis: Majlis, ada: Person) -> None:
    """A command the bot doesn't have isn't taken for a question, nor kept as a missed one."""
    await ada.says("/nonsense oak")
    reply = await ada.hears()
    assert (reply.text, labels(reply)) == ("(unknown command)", [])
    await majlis.end()
    assert not majlis.conversation.heard
    assert not majlis.store.misses


async def test_commands_for_admins_seem_unknown_to_others(majlis: Majlis) -> None:
    """What somebody else reads is the same as for a command that doesn't exist."""
    bob = majlis.server.person("Bob")
    for command in ("nonsense", *FOR_ADMINS):
        await bob.says(f"/{command}")
        assert (await bob.hears()).text == "(unknown command)"


async def test_help_lists_the_commands_for_admins_to_admins(majlis: Majlis, ada: Person) -> None:
    """Only in an admin's private chat each is listed with what it does."""
    await ada.says("/help")
    shown = await ada.hears()
    listed = "".join(f"\n• /{name}: do {name}" for name in FOR_ADMINS)
    assert (shown.text, labels(shown)) == (f"(help)\n\n(help admins){listed}", ["<topics>"])
    bob = majlis.server.person("Bob")
    await bob.says("/help")
    assert (await bob.hears()).text == "(help)"
    group = majlis.server.group("Trees", members=[ada])
    await ada.says("/help", chat=group)
    assert (await ada.hears(chat=group)).text == "(help)"


async def test_menus_are_set_once_and_follow_the_knowledge(majlis: Majlis, ada: Person) -> None:
    """Commands and descriptions are set by scope, not again if equal, and anew after a reload."""
    server = majlis.server
    await server.called("setMyCommands", times=3)
    commands = {
        call.parameters.get("scope", {"type": "default"})["type"]: [
            each["command"] for each in call.parameters["commands"]
        ]
        for call in server.calls_of("setMyCommands")
    }
    assert commands == {
        "default": ["topics", "help", "about"],
        "all_private_chats": ["start", "topics", "help", "about", "privacy"],
        "chat": [
            *("start", "topics", "help", "about", "privacy", "misses", "stats", "tune"),
            *("why", "reload", "versions"),
        ],
    }
    await majlis.end()
    again = Majlis(server, majlis.settings)
    again.start()
    await server.called("getMyCommands", times=6)
    assert len(server.calls_of("setMyCommands")) == 3
    assert len(server.calls_of("setMyDescription")) == 1
    new = {"en": make_wordings(description="Another one.")}
    again.conversation.knowledge = make_knowledge(version="v2", wordings=new)
    await ada.says("oak?")
    call = await server.called("setMyDescription", times=2)
    assert call.parameters["description"] == "Another one."
    await again.end()


async def test_admin_gets_the_menu_when_the_chat_begins(
    idle: Majlis, log: pytest.LogCaptureFixture
) -> None:
    """An admin who hasn't pressed Start yet gets the longer menu on doing so."""
    eve = idle.server.person("Eve", started=False)
    idle.settings = replace(idle.settings, admins=frozenset({eve.id}))
    idle.start()
    await idle.server.called("getMyCommands", times=3)
    await eve.starts()
    await eve.hears()
    await idle.server.called("setMyCommands", times=3)
    await idle.end()


async def test_menus_survive_an_outage(idle: Majlis) -> None:
    """Menus that a lost connection kept from being set are set when it is back."""
    idle.server.fail("getMyCommands", Dropped(), ServerError(502), Dropped())
    idle.server.fail("setMyDescription", Dropped())
    idle.start()
    await idle.server.called("setMyCommands", times=3)
    await idle.server.called("setMyDescription", times=2)
    await idle.end()
    scopes = [call.parameters.get("scope") for call in idle.server.calls_of("setMyCommands")]
    assert len(scopes) == 3
    assert idle.server.calls_of("setMyDescription")[-1].ok


async def test_menus_wait_out_a_flood(idle: Majlis, ada: Person) -> None:
    """Menus refused for a flood aren't tried again with the next message."""
    idle.server.fail("setMyCommands", TooManyRequests(3000), chance=1)
    idle.start()
    await idle.server.called("setMyCommands", times=3)
    await ada.says("oak?")
    await ada.hears()
    await idle.end()
    assert len(idle.server.calls_of("setMyCommands")) == 3


async def test_refused_menus_stop_nothing(
    idle: Majlis, ada: Person, log: pytest.LogCaptureFixture
) -> None:
    """Menus that Telegram won't take are logged and leave the rest alone."""
    idle.server.fail("setMyCommands", TooManyRequests(3000), chance=1)
    idle.start()
    await ada.says("oak?")
    assert (await ada.hears()).text == "Oak is a thing."
    await idle.server.called("setMyCommands", times=3)
    await idle.end()
    assert logged(log, "aren't set") >= 2
