"""majlis ask: one question, or JSON lines of them."""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from bot import bootstrap
from bot.__main__ import main
from bot.bootstrap import Bot
from bot.cli import ask
from bot.conversation.conversation import Conversation
from bot.conversation.edition import Edition
from bot.settings import Settings
from bot.storage.memory_journal import MemoryJournal
from tests.bot.conversation.library import Clock, make_edition
from tests.bot.conversation.shelves import make_reloader
from tests.fakes import make_store

SCRIPT = {"reading": {"place": 0.5, "hours": 0.4}}
WHERE = "Where is the library?"


class Shell:
    """Run the subcommand with options and lines on standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.store = make_store()
        monkeypatch.setattr(bootstrap, "in_memory", self._bot)

    def __call__(self, *options: str, stdin: bytes = b"") -> tuple[int, str, str]:
        """Return the exit code and what went to standard output and error."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        parser = argparse.ArgumentParser()
        ask.add(parser.add_subparsers())
        args = parser.parse_args(["ask", *options])
        code = ask.run(args, Settings())
        return (code, *self._capsys.readouterr())

    def lines(self, *lines: object) -> list[dict[str, Any]]:
        """Return what is answered to JSON lines; bytes and texts go in as they are."""
        code, out, _ = self("--jsonl", stdin=b"\n".join(map(_raw, lines)))
        assert code == 0
        return [json.loads(line) for line in out.splitlines()]

    def _bot(self, settings: Settings) -> Bot:
        conversation = Conversation(make_edition(None, SCRIPT), self.store, Clock())
        reloader = make_reloader(_no_edition, conversation, self.store)
        return Bot(conversation, reloader, self.store, MemoryJournal(self.store, Clock()))


def _no_edition() -> Edition:
    raise AssertionError


def _raw(line: object) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return a shell."""
    return Shell(monkeypatch, capsys)


def test_a_question_is_answered_on_standard_output(shell: Shell) -> None:
    """The reply comes plain, and the exit code is 0."""
    assert shell(WHERE) == (0, "The library is in Oak Street.\n", "")


def test_a_question_may_be_several_words(shell: Shell) -> None:
    """Words without quotes around them are one question."""
    assert shell(*WHERE.split())[1] == "The library is in Oak Street.\n"


def test_explain_adds_the_evidence(shell: Shell) -> None:
    """Below the reply stands why it was given."""
    code, out, _ = shell("--explain", WHERE)
    assert code == 0
    reason = f"Answered {WHERE}: Where is the library? [place], 95"
    assert out.startswith(f"The library is in Oak Street.\n\n{reason}")
    assert "\n\n\u2022 by Where is the library?, 95" in out


@pytest.mark.parametrize("options", [(), ("--jsonl", "where")])
def test_neither_or_both_is_wrong_usage(options: tuple[str, ...], shell: Shell) -> None:
    """Without a question and without lines, or with both, the exit code is 2 and says why."""
    code, out, err = shell(*options)
    assert (code, out) == (2, "")
    assert "give a question, or --jsonl" in err


def test_an_answer_line_has_every_key(shell: Shell) -> None:
    """An answer tells kind, plain text, entries, confidence and language."""
    assert shell.lines({"id": 7, "text": "When is the library open?"}) == [
        {
            "id": 7,
            "kind": "answer",
            "text": "The library is open daily.",
            "entries": ["hours"],
            "suggestions": [],
            "confidence": 0.95,
            "lang": "en",
        }
    ]


def test_suggestions_are_named_with_their_questions(shell: Shell) -> None:
    """A suggestion gives its entry and question; the text is what a person would read."""
    (line,) = shell.lines({"id": "a", "text": "reading", "lang": None})
    assert line["kind"] == "suggest"
    assert line["suggestions"] == [
        {"entry": "place", "question": "Where is the library?"},
        {"entry": "hours", "question": "When is the library open?"},
    ]
    assert line["text"] == "(suggestions)\n1. Where is the library?\n2. When is the library open?"
    assert (line["entries"], line["confidence"]) == ([], 0.5)


@pytest.mark.parametrize(
    ("text", "kind"), [("parrots", "fallback"), ("hi", "chitchat"), ("", "fallback")]
)
def test_what_is_no_answer_has_no_entries(text: str, kind: str, shell: Shell) -> None:
    """Fallbacks and small talk have their text and nothing else."""
    (line,) = shell.lines({"id": None, "text": text})
    assert (line["kind"], line["entries"], line["suggestions"], line["confidence"]) == (
        kind,
        [],
        [],
        0.0,
    )
    assert line["text"]


def test_lines_are_answered_in_order(shell: Shell) -> None:
    """Each line gets one line back, with its own id, whatever type it has."""
    ids = [3, "x", None, 1.5, {"a": [1]}, True, "\u0645"]
    found = shell.lines(*({"id": each, "text": WHERE} for each in ids))
    assert [line["id"] for line in found] == ids
    assert {line["kind"] for line in found} == {"answer"}


def test_empty_lines_are_passed_over(shell: Shell) -> None:
    """Blank lines, and the end of the last line, are no questions."""
    assert len(shell.lines("", {"id": 1, "text": "hi"}, "  \r", "")) == 1


def test_context_turns_were_said_before(shell: Shell) -> None:
    """A follow-up leans on the earlier turns of its own line."""
    context = ["hi", "When is the library open?"]
    (line,) = shell.lines({"id": 1, "text": "and where is it?", "context": context})
    assert line["entries"] == ["place"]


def test_each_line_is_a_conversation_of_its_own(shell: Shell) -> None:
    """What one line said is no context for the next."""
    first, second = shell.lines(
        {"id": 1, "text": "When is the library open?"}, {"id": 2, "text": "where is it?"}
    )
    assert first["kind"] == "answer"
    assert second["kind"] == "fallback"


@pytest.mark.parametrize("lang", ["en", "en-GB", "de", "", None])
def test_any_language_code_is_taken(lang: str | None, shell: Shell) -> None:
    """A language the knowledge lacks is answered in the default one."""
    (line,) = shell.lines({"id": 1, "text": WHERE, "lang": lang})
    assert (line["lang"], line["entries"]) == ("en", ["place"])


@pytest.mark.parametrize(
    ("bad", "identifier", "says"),
    [
        pytest.param("{", None, "not a JSON line", id="not JSON"),
        pytest.param(b"\xff\xfe\xff", None, "not a JSON line", id="not UTF-8"),
        pytest.param("[" * 100_000, None, "not a JSON line", id="too deep"),
        pytest.param("9" * 5000, None, "not a JSON line", id="a number too long"),
        pytest.param([1], None, "not an object", id="a list"),
        pytest.param("null", None, "not an object", id="null"),
        pytest.param({"id": 5}, 5, '"text" is missing', id="no text"),
        pytest.param({"id": 5, "text": 1}, 5, '"text" is missing or not a string', id="text"),
        pytest.param({"id": 5, "text": "hi", "lang": 1}, 5, '"lang" is neither', id="lang"),
        pytest.param({"id": 5, "text": "hi", "context": "hi"}, 5, '"context"', id="context"),
        pytest.param({"id": 5, "text": "hi", "context": [1]}, 5, '"context"', id="a turn"),
        pytest.param({"text": 1}, None, '"text"', id="no id"),
        pytest.param('{"id": NaN, "text": "hi"}', None, "NaN is not a number of JSON", id="NaN"),
        pytest.param('{"id": [-Infinity], "text": "hi"}', None, "-Infinity is not", id="infinity"),
        pytest.param('{"id": 1e999, "text": "hi"}', None, "1e999 is not a number", id="too large"),
    ],
)
def test_a_bad_line_is_an_error_and_the_rest_goes_on(
    bad: object, identifier: object, says: str, shell: Shell
) -> None:
    """The bad line's answer is its id and what is wrong; the lines around it are answered."""
    before, error, after = shell.lines({"id": 1, "text": "hi"}, bad, {"id": 2, "text": "hi"})
    assert (before["kind"], after["kind"]) == ("chitchat", "chitchat")
    assert set(error) == {"id", "error"}
    assert error["id"] == identifier
    assert says in error["error"]


def test_half_a_character_is_answered_with_an_escape(shell: Shell) -> None:
    """A lone surrogate, which no output can write, comes back as it was put in."""
    bad = r'{"id": "\ud800", "text": "Where is the library? Where are \udfff parrots?"}'
    first, second = shell.lines(bad, {"id": 2, "text": WHERE})
    assert first["id"] == "\ud800"
    assert "\udfff" in first["text"]
    assert second["entries"] == ["place"]


def test_letters_of_any_script_are_written_as_they_are(shell: Shell) -> None:
    """What the output can write isn't escaped."""
    _, out, _ = shell("--jsonl", stdin='{"id": "\u0645", "text": "hi"}'.encode())
    assert '"id": "\u0645"' in out


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": "x"}, ask.Line(None, "x", None, ())),
        ({"id": 1, "text": "", "context": None}, ask.Line(1, "", None, ())),
        ({"id": 1, "text": "x", "lang": "ar", "context": ["a"]}, ask.Line(1, "x", "ar", ("a",))),
        ({"id": 1, "text": "x", "more": 2}, ask.Line(1, "x", None, ())),
    ],
)
def test_a_line_is_read_with_its_defaults(value: Mapping[str, object], expected: ask.Line) -> None:
    """What may be missing is missing, and unknown keys do no harm."""
    assert ask.read_line(json.dumps(value).encode()) == expected


def test_the_command_line_leads_here(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command down, the project's own knowledge answers, and says where that stands."""
    store = make_store()
    conversation = Conversation(edition, store, bootstrap.now)
    reloader = make_reloader(lambda: edition, conversation, store)
    bot = Bot(conversation, reloader, store, MemoryJournal(store, bootstrap.now))
    monkeypatch.setattr(bootstrap, "in_memory", lambda settings: bot)
    assert main(["ask", "where is isoj held?"]) == 0
    answer, source = capsys.readouterr().out.split("\n\n")
    assert "Austin" in answer
    assert re.fullmatch(r"Source: .+, paragraph \d\n", source)
