"""Play the transcripts of `dialogs/` against the conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation.conversation import Conversation
from bot.conversation.messages import Answer, Utterance, kind_of

FOLDER = Path(__file__).parent / "dialogs"
DIALOGS = [
    pytest.param(turns, id=f"{path.stem}: {name}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, turns in yaml.safe_load(path.read_text(encoding="utf-8")).items()
]


@pytest.mark.parametrize("turns", DIALOGS)
async def test_plays_the_dialog(turns: list[dict[str, Any]], conversation: Conversation) -> None:
    """Each turn gets the reply the transcript has."""
    for turn in turns:
        reply = await conversation.respond(Utterance(1, 1, turn["user"], turn.get("lang")))
        answered = [each.entry.id for each in reply.answered] if isinstance(reply, Answer) else []
        if "entry" in turn:
            expected = turn["entry"] if isinstance(turn["entry"], list) else [turn["entry"]]
            assert answered == expected, turn
        if "kind" in turn:
            assert kind_of(reply) == turn["kind"], turn
        assert turn.get("says", "") in reply.text
