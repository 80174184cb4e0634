"""The terminal: a conversation read line by line and written line by line."""

from __future__ import annotations

import builtins
import signal
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

import pytest

from bot.conversation.conversation import Conversation
from bot.conversation.messages import Choice, Dismissal, Utterance
from bot.conversation.reload import Reloader
from bot.fronts.console import Console, read_line
from bot.knowledge.entry import Source
from tests.fakes import FakeConversation, FakeReloader, FakeReport, make_entry, make_knowledge

ENTRIES = (
    make_entry("oak", related=("pine", "elm")),
    make_entry("pine"),
    make_entry("birch"),
    make_entry("elm", topic="park", sources=(Source("gone.txt", 1), Source("trees.txt", 9))),
    make_entry("ash", topic="park", sources=(Source("trees.txt", 1), Source("trees.txt", 2))),
)


class Terminal:
    """Type lines one after another, then end the input; keep what was written since each."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.screens: list[str] = [""]

    async def read(self, prompt: str) -> str:
        """Type the next line."""
        line = next(self._lines, None)
        if line is None:
            raise EOFError
        self.screens.append("")
        return line

    def write(self, text: str) -> None:
        """Keep what is shown."""
        self.screens[-1] += f"{text}\n"


class Talk:
    """Hold a conversation by a script of lines."""

    def __init__(self) -> None:
        self.fake = FakeConversation(make_knowledge(ENTRIES))
        self.reloader = FakeReloader()

    async def __call__(self, *lines: str) -> list[str]:
        """Return what was written at the start and after each line."""
        terminal = Terminal(lines)
        conversation = cast("Conversation", self.fake)
        reloader = cast("Reloader", self.reloader)
        await Console(conversation, terminal.read, terminal.write, reloader).run()
        return terminal.screens


@pytest.fixture
def talk() -> Talk:
    """Return a talk with a bot that knows a few trees."""
    return Talk()


def said(talk: Talk) -> list[str]:
    """Return what the bot took for typed text."""
    return [each.text for each in talk.fake.heard if isinstance(each, Utterance)]


async def test_it_welcomes_and_leaves_at_the_end_of_input(talk: Talk) -> None:
    """The first screen is the welcome; the end of input ends the talk."""
    assert await talk() == ["(start)\n"]


@pytest.mark.parametrize("word", ["/quit", "/exit", "/q", "  /quit  "])
async def test_it_leaves_when_told(word: str, talk: Talk) -> None:
    """After the word nothing more is read."""
    assert len(await talk(word, "oak")) == 2
    assert talk.fake.heard == []


async def test_a_question_is_answered_plainly_with_related_questions(talk: Talk) -> None:
    """The answer comes without markup, then where it is from, then the next questions."""
    screens = await talk("what is oak")
    shown = "Oak is a thing.\n\n(cited)\n\n  1. What is pine?\n  2. What is elm?\n"
    assert screens[1] == shown


async def test_a_number_picks_a_related_question(talk: Talk) -> None:
    """The number on screen stands for its entry."""
    screens = await talk("oak", "2")
    assert talk.fake.heard[1] == Choice(1, 1, "elm")
    assert screens[2].startswith("Elm is a thing.")


async def test_a_number_picks_a_suggestion(talk: Talk) -> None:
    """Suggestions are numbered, with "none of these" as the last number."""
    screens = await talk("pine or birch", "2")
    assert screens[1] == "Did you mean?\n1. What is pine?\n2. What is birch?\n3. <none_of_these>\n"
    assert talk.fake.heard[1] == Choice(1, 1, "birch")


async def test_the_last_number_dismisses_suggestions(talk: Talk) -> None:
    """The number after the suggestions says that none fits."""
    await talk("pine or birch", "3")
    assert talk.fake.heard[1] == Dismissal(1, 1)


async def test_a_number_picks_a_topic_of_a_fallback(talk: Talk) -> None:
    """The topics under a fallback can be opened, and their questions picked."""
    screens = await talk("weather", "2", "2")
    assert screens[1] == "Sorry.\n1. Trees\n2. Park\n"
    assert screens[2] == "About Park:\n  1. What is elm?\n  2. What is ash?\n"
    assert talk.fake.heard[1:] == [Choice(1, 1, "ash")]


@pytest.mark.parametrize("line", ["0", "4", "-1", "1.", "\u00b2", "\u0661", "9" * 5000])
async def test_another_number_is_text(line: str, talk: Talk) -> None:
    """A number that isn't on screen is said to the bot."""
    await talk("oak", line)
    assert said(talk) == ["oak", line]


async def test_before_any_list_a_number_is_text(talk: Talk) -> None:
    """At the beginning there is nothing to pick from."""
    await talk("1")
    assert said(talk) == ["1"]


async def test_empty_lines_are_passed_over(talk: Talk) -> None:
    """Nothing typed is nothing said."""
    screens = await talk("", "   ", "oak")
    assert screens[1:3] == ["", ""]
    assert said(talk) == ["oak"]


@pytest.mark.parametrize("command", ["start", "about"])
async def test_fixed_texts_are_shown_on_command(command: str, talk: Talk) -> None:
    """A command shows its wording and says nothing to the bot."""
    assert (await talk(f"/{command}"))[1] == f"({command})\n"
    assert talk.fake.heard == []


async def test_topics_are_listed_with_the_number_of_their_questions(talk: Talk) -> None:
    """A number opens a topic, and the next one picks a question of it."""
    screens = await talk("/topics", "2", "2")
    assert screens[1] == "(topics)\n  1. Trees (3)\n  2. Park (2)\n"
    assert screens[2] == "About Park:\n  1. What is elm?\n  2. What is ash?\n"
    assert talk.fake.heard == [Choice(1, 1, "ash")]


async def test_a_topic_is_opened_by_its_number(talk: Talk) -> None:
    """The number may stand behind the command."""
    screens = await talk("/topics  2", "1")
    assert screens[1] == "About Park:\n  1. What is elm?\n  2. What is ash?\n"
    assert talk.fake.heard == [Choice(1, 1, "elm")]


@pytest.mark.parametrize("number", ["0", "3", "park", "-1", "9" * 5000])
async def test_a_topic_that_is_not_there_shows_all(number: str, talk: Talk) -> None:
    """What is no topic's number is no error."""
    assert (await talk(f"/topics {number}"))[1].startswith("(topics)\n  1. Trees (3)\n")


async def test_source_shows_each_paragraph_of_the_last_answer(talk: Talk) -> None:
    """Title, number and text of the source come as they stand in the document."""
    screens = await talk("ash", "/source")
    assert screens[2] == (
        "From Trees_and *stars*, paragraph 1:\nOaks grow _slowly_.\n"
        "From Trees_and *stars*, paragraph 2:\nPines smell.\n"
    )


async def test_source_that_is_gone_is_said_to_be(talk: Talk) -> None:
    """A document or paragraph that isn't there any more is told of."""
    assert (await talk("elm", "/source"))[2] == "(source gone)\n(source gone)\n"


@pytest.mark.parametrize("before", ["weather", "/help", "pine or birch", "pine"])
async def test_where_there_is_no_source_that_is_said(before: str, talk: Talk) -> None:
    """Fallbacks, suggestions and answers that cite nothing have none."""
    talk.fake.knowledge = make_knowledge((make_entry("pine", sources=()), make_entry("birch")))
    assert (await talk(before, "/source"))[2] == "(no source)\n"


async def test_why_shows_the_reason_plainly(talk: Talk) -> None:
    """The explanation comes without markup; without one, that is said."""
    assert (await talk("oak", "/why"))[2] == "Because of oak.\n"
    talk.fake.reason = None
    assert (await talk("/why"))[1] == "(nothing to explain)\n"


async def test_help_also_names_the_commands_of_the_terminal(talk: Talk) -> None:
    """What Telegram has buttons and menus for is told of below."""
    assert (await talk("/help"))[1] == "(help)\n\n(help terminal)\n"


@pytest.mark.parametrize("command", ["/frobnicate now", "/stats", "/language"])
async def test_an_unknown_command_is_said_to_be_unknown(command: str, talk: Talk) -> None:
    """What isn't a command here isn't matched as a question."""
    assert (await talk(command))[1] == "(unknown command)\n"
    assert said(talk) == []


async def test_the_list_on_screen_stays_while_something_else_is_shown(talk: Talk) -> None:
    """After a look at the source a number still picks from the list."""
    await talk("oak", "/source", "1")
    assert talk.fake.heard[1] == Choice(1, 1, "pine")


def _typing(line: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Awaitable[str]:
    monkeypatch.setattr(builtins, "input", line)
    return read_line("> ")


async def test_a_line_is_read_from_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed after the prompt comes back."""
    assert await _typing(lambda prompt: f"{prompt}oak", monkeypatch) == "> oak"


async def test_ctrl_c_interrupts_the_reading_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a line is awaited the signal raises, and afterwards it means what it meant before."""
    before = signal.getsignal(signal.SIGINT)

    def interrupted(prompt: str) -> str:
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        raise EOFError

    with pytest.raises(EOFError):
        await _typing(interrupted, monkeypatch)
    assert signal.getsignal(signal.SIGINT) == before


async def test_reload_tells_what_changed(talk: Talk) -> None:
    """/reload reads the knowledge again, /reload force whatever comes of it."""
    talk.reloader.report = FakeReport("v2", added=("elm",), before="v1")
    screens = await talk("/reload", "/reload force")
    assert screens[1:] == ["Live: v2\n\nAdded:\n• elm\n"] * 2
    assert [call[2] for call in talk.reloader.calls] == [False, True]
