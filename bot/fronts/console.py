"""The conversation in a terminal."""

from __future__ import annotations

import re
import signal
from collections.abc import Awaitable, Callable, Sequence

from bot.conversation.conversation import Conversation
from bot.conversation.messages import (
    Answer,
    Choice,
    Dismissal,
    Fallback,
    Incoming,
    Reply,
    Suggestions,
    Utterance,
)
from bot.conversation.reload import Reloader
from bot.fronts.plain import cited_text, plain_text
from bot.fronts.reload_text import reload_text
from bot.fronts.why_text import why_text
from bot.knowledge.entry import Entry, Topic
from bot.knowledge.markdown import escape, plain
from bot.knowledge.wordings import Wordings

_PERSON = 1
_NUMBER = re.compile("[0-9]{1,4}")
_QUIT = frozenset({"/quit", "/exit", "/q", "quit", "exit"})

Read = Callable[[str], Awaitable[str]]
Write = Callable[[str], None]


async def read_line(prompt: str) -> str:
    """Read a line from the terminal; raises EOFError, and KeyboardInterrupt on Ctrl-C.

    A thread that waits for input couldn't be interrupted, and nothing else uses the event loop.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return input(prompt)  # noqa: ASYNC250 - see above
    finally:
        signal.signal(signal.SIGINT, before)


class Console:
    """Hold a conversation line by line: numbers pick from the list shown last.

    With a `reloader`, /reload reads the knowledge again, and /reload force whatever comes of it.
    """

    def __init__(
        self,
        conversation: Conversation,
        read: Read,
        write: Write,
        reloader: Reloader | None = None,
    ) -> None:
        self._conversation = conversation
        self._reloader = reloader
        self._read = read
        self._write = write
        self._choices: Sequence[Entry | Topic] = ()
        self._last: Reply | None = None

    async def run(self) -> None:
        """Talk until the person leaves by /quit or the end of input."""
        self._write(plain(self._wordings.start))
        while True:
            try:
                line = (await self._read("\n> ")).strip()
            except EOFError:
                return
            if line in _QUIT:
                return
            if line:
                await self._turn(line)

    @property
    def _wordings(self) -> Wordings:
        knowledge = self._conversation.knowledge
        return knowledge.wordings_in(knowledge.default_language)

    async def _turn(self, line: str) -> None:
        if line.startswith("/"):
            await self._command(line)
            return
        incoming = self._incoming(line)
        if isinstance(incoming, Topic):
            self._topic(incoming)
        else:
            self._show(await self._conversation.respond(incoming))

    def _incoming(self, line: str) -> Incoming | Topic:
        """Read a number as a pick from the list on screen, anything else as an utterance."""
        number = int(line) if _NUMBER.fullmatch(line) else 0
        if 1 <= number <= len(self._choices):
            picked = self._choices[number - 1]
            return picked if isinstance(picked, Topic) else Choice(_PERSON, _PERSON, picked.id)
        if number == len(self._choices) + 1 and isinstance(self._last, Suggestions):
            return Dismissal(_PERSON, _PERSON)
        return Utterance(_PERSON, _PERSON, line)

    def _show(self, reply: Reply) -> None:
        self._last = reply
        self._write(plain_text(reply))
        if isinstance(reply, Suggestions):
            self._choices = [candidate.entry for candidate in reply.candidates]
            self._write(f"{len(self._choices) + 1}. {self._wordings.buttons.none_of_these}")
        elif isinstance(reply, Answer):
            self._choices = reply.related
            if cited := cited_text(reply, self._conversation.knowledge):
                self._write(f"\n{cited}")
            self._list("", [entry.question for entry in reply.related])
        elif isinstance(reply, Fallback):
            self._choices = reply.topics

    async def _command(self, line: str) -> None:
        name, _, argument = line.partition(" ")
        match name:
            case "/start":
                self._write(plain(self._wordings.start))
            case "/help":
                self._write(plain(f"{self._wordings.help}\n\n{self._wordings.help_terminal}"))
            case "/about":
                self._write(plain(self._wordings.about))
            case "/topics":
                self._topics(argument.strip())
            case "/source":
                self._source()
            case "/why":
                await self._why()
            case "/reload" if self._reloader:
                report = await self._reloader.reload(force=argument.strip() == "force")
                self._write(plain(reload_text(report, self._wordings)))
            case _:
                self._write(plain(self._wordings.unknown_command))

    async def _why(self) -> None:
        knowledge = self._conversation.knowledge
        kept = await self._conversation.explain(_PERSON, _PERSON) or ""
        why = why_text(kept, knowledge, knowledge.default_language)
        self._write(plain(why or self._wordings.nothing_to_explain))

    def _topics(self, number: str) -> None:
        """Show the questions of the topic with a number, else all topics to pick from."""
        knowledge = self._conversation.knowledge
        topics = knowledge.topics_in(knowledge.default_language)
        if _NUMBER.fullmatch(number) and 1 <= int(number) <= len(topics):
            self._topic(topics[int(number) - 1])
            return
        self._choices = topics
        counted = [f"{each.title} ({len(self._of_topic(each))})" for each in topics]
        self._list(plain(self._wordings.topics), counted)

    def _topic(self, topic: Topic) -> None:
        entries = self._choices = self._of_topic(topic)
        heading = self._wordings.topic.replace("{title}", escape(topic.title))
        self._list(plain(heading), [entry.question for entry in entries])

    def _of_topic(self, topic: Topic) -> Sequence[Entry]:
        return self._conversation.knowledge.of_topic(topic.id, topic.language)

    def _source(self) -> None:
        answered = self._last.answered if isinstance(self._last, Answer) else ()
        sources = [source for each in answered for source in each.entry.sources]
        if not sources:
            self._write(plain(self._wordings.no_source))
        documents = self._conversation.knowledge.documents
        for source in sources:
            document = documents.get(source.document)
            text = document.paragraph(source.paragraph) if document else None
            if document is None or text is None:
                self._write(plain(self._wordings.source_gone))
                continue
            heading = self._wordings.source.replace("{title}", escape(document.title))
            self._write(plain(heading.replace("{paragraph}", str(source.paragraph))))
            self._write(text)

    def _list(self, heading: str, items: Sequence[str]) -> None:
        lines = [f"  {number}. {item}" for number, item in enumerate(items, 1)]
        if lines:
            self._write("\n".join([heading, *lines]))
