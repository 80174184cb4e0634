"""Inline mode, over HTTP."""

from __future__ import annotations

from tests.bot.fronts.telegram.running import Majlis
from tests.botapi import (
    Person,
)


async def test_inline_mode_lists_rendered_answers(majlis: Majlis, ada: Person) -> None:
    """`@bot words` lists the best entries and sends the answer, which isn't taken as a question."""
    results = await ada.inline("oak")
    assert results.titles == ["What is oak?"]
    assert results["What is oak?"]["description"] == "Oak is a thing."
    assert not results.get("is_personal")
    sent = await ada.chooses(results, "What is oak?")
    assert sent.marked("bold") == ["Oak"]
    await ada.says("pine?")
    assert (await ada.hears()).text == "Pine is a thing."
    assert len(await ada.inline("")) == 10
    assert len(await ada.inline("nothing")) == 0
