"""A week of a bot with operators: two people, an admin and an operator, over HTTP.

A question that nobody foresaw becomes knowledge, and reaches whoever asked it.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.botapi import BotApiServer, Group, Person
from tests.processes import found_town, launch, run_command

QUESTION = "Which hotel has a swimming pool?"
SAME = "hotels with swimming pool??"
ANSWER = "The Rose has one, and guests of the town may use it until six."


@dataclass(frozen=True)
class Week:
    """Hold who takes part, and the folder of the bot."""

    server: BotApiServer
    ada: Person
    bob: Person
    olga: Person
    sam: Person
    desk: Group
    folder: Path

    @classmethod
    def of(cls, server: BotApiServer, folder: Path) -> Self:
        """Found a small town in a folder, whose bot has an admin (Sam) and an operator (Olga)."""
        found_town(folder)
        ada, bob, olga, sam = map(server.person, ("Ada", "Bob", "Olga", "Sam"))
        desk = server.group(
            "Town desk", members=[olga, sam], admins=[sam], forum=True, bot="administrator"
        )
        return cls(server, ada, bob, olga, sam, desk, folder)

    async def play(self) -> None:
        """Live through the week; raises AssertionError where anything goes otherwise."""
        async with self._bot():
            await self._question_nobody_foresaw()
            await self._operator_answers()
            await self._admin_teaches()
            await self._others_are_answered()
            await self._files_have_it_all()

    async def _question_nobody_foresaw(self) -> None:
        await self.ada.says(QUESTION)
        fallback = await self.ada.hears()
        assert "I don't have an answer" in fallback.text
        hope = await self.ada.presses(fallback.button("Tell me when there is an answer"))
        assert (await hope.answer()).text == "I'll write to you once when there is an answer."
        await self.ada.presses(fallback.button("Ask a person"))
        assert "A person will answer you here." in (await self.ada.hears()).text
        await self.sam.says("/misses")
        shown = await self.sam.hears()
        assert "Which hotel has a swimming pool? (once, 1 👤)" in shown.text

    async def _operator_answers(self) -> None:
        card = await self.olga.hears(chat=self.desk)
        assert QUESTION in card.text
        await self.olga.says(ANSWER, chat=self.desk, thread=card.thread)
        assert (await self.ada.hears()).text == "A person from our team is here now:"
        assert (await self.ada.hears()).text == ANSWER
        await self.ada.says("Thank you!")
        assert (await self.olga.hears(chat=self.desk)).text == "Thank you!"
        await self.olga.presses(card.button("Close"))
        closed = await self.ada.hears()
        await (await self.ada.presses(closed.button("👍"))).answer()
        assert (await self.olga.hears(chat=self.desk)).text.startswith("Closed.")
        refused = await self.olga.presses(self.desk.look(card.id).button("Teach"))
        assert (await refused.answer()).text == "Only admins can teach the bot."

    async def _admin_teaches(self) -> None:
        shown = self.sam.home.said[-1]
        await self.sam.presses(shown.button("1"))
        shown = await self.sam.sees_edit(shown)
        await self.sam.presses(shown.button("New answer"))
        await self.sam.sees_edit(shown)
        await self.sam.says(ANSWER)
        draft = await self.sam.hears()
        assert QUESTION in draft.text
        await self.sam.presses(draft.button("Publish"))
        assert (await self.sam.sees_edit(draft)).text.startswith("Published.")

    async def _others_are_answered(self) -> None:
        told = await self.ada.hears()
        assert f"You wanted to know: {QUESTION}" in told.text
        assert ANSWER in told.text
        await self.bob.says(SAME)
        assert (await self.bob.hears()).text.startswith(ANSWER)
        assert not self.ada.unheard()

    async def _files_have_it_all(self) -> None:
        before = self._files()
        diff = await self._export("--write")
        assert "+  - id: hotel-swimming-pool" in diff
        assert not [line for line in diff.splitlines() if line.startswith("-") and line[1:2] != "-"]
        assert {**self._files(), **before}.keys() == self._files().keys()
        await self.sam.says("/reload")
        reloaded = await self.sam.hears(timeout=15)
        assert "is live" in reloaded.text or "Nothing has changed" in reloaded.text
        assert "Lost" not in reloaded.text
        assert "all that was taught" in await self._export()
        await self.bob.says(QUESTION)
        assert (await self.bob.hears()).text.startswith(ANSWER)

    def _files(self) -> dict[str, str]:
        town = self.folder / "knowledge"
        return {str(path): path.read_text(encoding="utf-8") for path in town.rglob("*.yaml")}

    async def _export(self, *options: str) -> str:
        """Return what `majlis export` prints."""
        process = await run_command(self.folder, "export", *options)
        printed, _ = await process.communicate()
        assert process.returncode == 0
        return printed.decode()

    @contextlib.asynccontextmanager
    async def _bot(self) -> AsyncIterator[None]:
        """Run the bot, as a process."""
        chats = {"MAJLIS_ADMINS": str(self.sam.id), "MAJLIS_OPERATOR_CHAT": str(self.desk.id)}
        process = await launch(self.server.url, self.folder, log=self.folder / "bot.log", **chats)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
