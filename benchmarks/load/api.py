"""A Bot API that can take far more than any bot gives: quick, and not strict at all."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable

from benchmarks.load.http import Answer, Parameters

TOKEN = "4242:load"  # noqa: S105 - of a server on this machine
_ME = '{"id":4242,"is_bot":true,"first_name":"Bot","username":"bot"}'
_RESULTS = {
    "getMe": _ME,
    "getMyCommands": "[]",
    "getMyDescription": '{"description":""}',
    "getMyShortDescription": '{"short_description":""}',
}
_MOST = 100  # updates that one call gets, as with Telegram
_ECHOED = ("entities", "reply_markup")  # what Telegram repeats in the message it answers with


class Api:
    """Hand out updates to one bot by long polling, and take its messages.

    Each call takes `latency` seconds more, half of it before it has its effect and half before its
    answer, as on the way there and back. `heard` learns the chat of each message sent.
    """

    def __init__(self, heard: Callable[[int], None]) -> None:
        self.latency = 0.0
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        # A bot that starts again knows the numbers of before.
        self._numbers = itertools.count(time.time_ns() // 1_000_000)
        self._messages = itertools.count(1)
        self._waiting: deque[tuple[int, str]] = deque()
        self._poll: Answer | None = None

    def ask(self, chat: int, text: str) -> None:
        """Make a message of the person in a private chat available to the bot."""
        number = next(self._numbers)
        person = f'"id":{chat},"first_name":"Person {chat}"'
        update = (
            f'{{"update_id":{number},"message":{{"message_id":{next(self._messages)},'
            f'"date":{int(time.time())},"chat":{{{person},"type":"private"}},'
            f'"from":{{{person},"is_bot":false,"language_code":"en"}},"text":{json.dumps(text)}}}}}'
        )
        self._waiting.append((number, update))
        if self._poll:
            # Those who ask in the same turn of the loop come together.
            self._loop.call_soon(self._hand_out)

    def forget(self) -> None:
        """Take back all that the bot hasn't confirmed."""
        self._waiting.clear()

    def call(self, method: str, parameters: Parameters, answer: Answer) -> None:
        """Carry out a call, and answer it."""
        if self.latency:
            half = self.latency / 2

            def answer_late(result: str) -> None:
                self._loop.call_later(half, answer, result)

            self._loop.call_later(half, self._perform, method, parameters, answer_late)
        else:
            self._perform(method, parameters, answer)

    def _perform(self, method: str, parameters: Parameters, answer: Answer) -> None:
        if method == "sendMessage":
            answer(self._message(parameters))
            self._heard(int(parameters["chat_id"]))
        elif method == "getUpdates":
            self._take_poll(parameters, answer)
        else:
            answer(_RESULTS.get(method, "true"))

    def _take_poll(self, parameters: Parameters, answer: Answer) -> None:
        offset = int(parameters.get("offset") or 0)
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        self._poll = answer
        if self._waiting:
            self._hand_out()
        else:
            self._loop.call_later(float(parameters.get("timeout") or 0), self._end, answer)

    def _hand_out(self) -> None:
        answer, self._poll = self._poll, None
        if answer:
            updates = itertools.islice(self._waiting, _MOST)
            answer(f"[{','.join(update for _, update in updates)}]")

    def _end(self, answer: Answer) -> None:
        """Answer a poll for which nothing came in its time."""
        if self._poll is answer:
            self._hand_out()

    def _message(self, sent: Parameters) -> str:
        echoed = "".join(f',"{name}":{sent[name]}' for name in _ECHOED if name in sent)
        return (
            f'{{"message_id":{next(self._messages)},"date":{int(time.time())},'
            f'"chat":{{"id":{sent["chat_id"]},"type":"private"}},"from":{_ME},'
            f'"text":{json.dumps(sent["text"])}{echoed}}}'
        )
