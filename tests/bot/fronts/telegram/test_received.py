"""From what Telegram sends to what the journal takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.fronts.telegram.received import HANDLED, kind_of, received


@pytest.mark.parametrize(
    ("update", "line"),
    [
        ({"message": {"chat": {"id": 5}}}, 5),
        ({"edited_message": {"chat": {"id": -100}}}, -100),
        ({"callback_query": {"message": {"chat": {"id": 7}}, "from": {"id": 9}}}, 7),
        ({"inline_query": {"from": {"id": 9}}}, 9),
        ({"callback_query": {"from": {"id": 9}}}, None),
        ({"poll": {"id": "1"}}, None),
        ({}, None),
    ],
)
def test_an_update_stands_in_the_line_of_its_chat(update: dict[str, Any], line: int | None) -> None:
    """A message, an edit and a press stand in their chat's line, a search in its person's."""
    found = received({"update_id": 8} | update)
    assert found is not None
    assert (found.number, found.line, found.content) == (8, line, {"update_id": 8} | update)


@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, {"chat": None}, {"chat": {"id": "5"}}])
@pytest.mark.parametrize("kind", HANDLED)
def test_odd_contents_stand_in_no_line(kind: str, odd: object) -> None:
    """Whatever the content is, an update with a number can be stored."""
    found = received({"update_id": 0, str(kind): odd})
    assert found is not None
    assert found.line is None


@pytest.mark.parametrize("odd", [True, 1.5, "5", None, [5]])
def test_only_whole_numbers_are_chats(odd: object) -> None:
    """True, which Python counts as 1, is no chat."""
    found = received({"update_id": 1, "message": {"chat": {"id": odd}}})
    assert found is not None
    assert found.line is None


def test_kinds_are_those_of_telegram() -> None:
    """A kind that isn't known, whoever made it up, is `other`."""
    assert kind_of({"update_id": 1, "message": {}}) == "message"
    assert kind_of({"update_id": 1, "chat_member": {}}) == "chat_member"
    assert kind_of({"update_id": 1, "x" * 99: {}}) == "other"
    assert kind_of({}) == "other"
