"""Hold the matcher against what people really type: one test an utterance.

The utterances were written by people who hadn't seen the knowledge base's phrases. Those that
aren't answered as they should are listed in `_known_failures.yaml`, and must really fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.conversation.conversation import Conversation
from bot.conversation.messages import Answer, Reply, Suggestions, Utterance

FOLDER = Path(__file__).parent / "utterances"


def read(name: str) -> dict[str, list[str]]:
    """Return a file of the folder."""
    return dict(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")) or {})


KNOWN_FAILURES = frozenset(
    text for texts in read("_known_failures.yaml").values() for text in texts
)
OUT_OF_SCOPE = [text for texts in read("_out_of_scope.yaml").values() for text in texts]
ANSWERED = [
    (entry, text)
    for path in sorted(FOLDER.glob("[a-z]*.yaml"))
    for entry, texts in read(path.name).items()
    for text in texts
]


def marked(*values: str) -> object:
    """Return a test's parameters, expected to fail if the last of them is a known failure."""
    marks = [pytest.mark.xfail(strict=True)] if values[-1] in KNOWN_FAILURES else []
    return pytest.param(*values, id=values[-1], marks=marks)


def entries_of(reply: Reply) -> list[str]:
    """Return the ids a reply answers with."""
    return [each.entry.id for each in reply.answered] if isinstance(reply, Answer) else []


@pytest.mark.parametrize(("entry", "text"), [marked(*each) for each in ANSWERED])
async def test_answers_with_the_entry(entry: str, text: str, conversation: Conversation) -> None:
    """An utterance is answered with its entry and nothing else."""
    reply = await conversation.respond(Utterance(1, 1, text))
    assert entries_of(reply) == [entry]


@pytest.mark.parametrize("text", [marked(each) for each in OUT_OF_SCOPE])
async def test_gives_no_answer_out_of_scope(text: str, conversation: Conversation) -> None:
    """A question that no document answers gets no answer."""
    assert entries_of(await conversation.respond(Utterance(1, 1, text))) == []


async def test_keeps_the_shares_promised(conversation: Conversation) -> None:
    """At least 95 % are answered rightly, at most 3 % wrongly, at most 5 % falsely."""
    outcomes = Counter([outcome async for outcome in _outcomes(conversation)])
    false = 0
    for number, text in enumerate(OUT_OF_SCOPE, len(ANSWERED) + 1):
        false += bool(entries_of(await conversation.respond(Utterance(number, number, text))))
    total = len(ANSWERED)
    shares = {name: round(100 * count / total, 1) for name, count in outcomes.items()}
    report = f"{shares} of {total}; false answers {100 * false / len(OUT_OF_SCOPE):.1f} %"
    assert outcomes["right"] >= 0.95 * total, report
    assert outcomes["wrong"] <= 0.03 * total, report
    assert false <= 0.05 * len(OUT_OF_SCOPE), report


async def _outcomes(conversation: Conversation) -> AsyncIterator[str]:
    for number, (entry, text) in enumerate(ANSWERED, 1):
        reply = await conversation.respond(Utterance(number, number, text))
        if isinstance(reply, Answer):
            yield "right" if entries_of(reply) == [entry] else "wrong"
        elif isinstance(reply, Suggestions):
            offered = [candidate.entry.id for candidate in reply.candidates]
            yield "offered" if entry in offered else "offered something else"
        else:
            yield "silent"
