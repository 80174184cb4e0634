"""Updates by chance: well-formed ones of every kind, and what becomes of them in hostile hands."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.quiet_telegram import USERNAME

Json = dict[str, Any]

BEGINNING = 2_000_000_000  # when the first update comes, in seconds; each next one a second later
_PEOPLE = 60
_GENERATION = 5_000  # updates
_MOST_CHANGES = 3
_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 0.5, 1e308, float("nan"), float("inf")),
    *(2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**18, 10**400, "", " ", "0", "-1", "null"),
    *("\0", "\ud800", "\udc00x", "a\0b", "\u202e\u2067abc", "\N{PILE OF POO}" * 4096, "a" * 9000),
    *("Z\u0351\u036b\u0343\u036a\u0302" * 300, "**[x](", "\\" * 99, "/" * 50, "@" * 60, "?" * 5000),
    *([], {}, [[]], [None], [{}], {"": ""}, {"id": None}, {"id": "1"}, [{"type": "bold"}]),
    *({"id": 10**30, "type": "private"}, {"id": 7, "type": "channel"}, [1, "2", None, 3.0]),
)
_DATA = (
    "1l",
    "1l9999",
    "1x",
    "1t:trees",
    "1t3:#",
    "1p:",
    "1a:#AAAA",
    "1h:x",
    "2p:x",
    "",
    "\0",
    "1",
)
_TEXTS = (
    *(
        "hello",
        "thanks!",
        "why?",
        "and who goes there?",
        "more",
        "no",
        "/start",
        "/start #",
        "/why",
    ),
    *("/topics", "/help@" + USERNAME, "/about x", "/privacy", "/mydata", "/forgetme", "/reload"),
    *("/nothing", "/help@other_bot", f"@{USERNAME}", f"@{USERNAME} hello", "\U0001f600" * 2048),
)


class OddUpdates:
    """Make updates from a seed: the same seed makes the same ones.

    `questions` are texts that the bot may know, `entries` ids for its buttons. The share `sound`
    of the updates stays as it is.
    """

    def __init__(
        self, seed: int, questions: Sequence[str], entries: Sequence[str], sound: float = 0.3
    ) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it hides nothing
        self._texts = (*_TEXTS, *questions, *questions)
        data = (f"1{kind}:{entry}" for kind in "pashnt" for entry in entries)
        self._data = (*_DATA, *data)
        self._sound = sound
        self._last: Any = {}
        self._first = 1000

    def __iter__(self) -> Iterator[Json]:
        """Yield updates for ever, numbered from 1."""
        number = 0
        while True:
            number += 1
            # New people now and then, as a date far ahead uses up what a person may ask.
            self._first = 1000 + number // _GENERATION * _PEOPLE
            kind, content = self._content(number)
            update: Json = {"update_id": number, kind: content}
            # Through JSON, as updates come; what parts had in common, they no longer have.
            update = json.loads(json.dumps(update))
            if self._random.random() > self._sound:
                for _ in range(self._random.randint(1, _MOST_CHANGES)):
                    self._spoil(update)
                update["update_id"] = number
            yield update

    def _content(self, number: int) -> tuple[str, Json]:
        chance = self._random.random()
        if chance < 0.6:  # noqa: PLR2004
            return "message", self._message(number)
        if chance < 0.7:  # noqa: PLR2004
            return "edited_message", {**self._message(number), "edit_date": BEGINNING + number}
        if chance < 0.85:  # noqa: PLR2004
            return "callback_query", self._press(number)
        if chance < 0.95:  # noqa: PLR2004
            return "inline_query", self._query(number)
        if chance < 0.97:  # noqa: PLR2004
            return "guest_message", {**self._message(number), "guest_query_id": str(number)}
        return self._random.choice(("channel_post", "my_chat_member", "poll", "shipping_query")), (
            self._message(number)
        )

    def _person(self) -> Json:
        number = self._first + self._random.randrange(_PEOPLE)
        tag = self._random.choice(("en", "de", "pt-br", "", "xx-yy-zz"))
        name = {"id": number, "is_bot": False, "first_name": "Ada", "username": "ada"}
        return {**name, "language_code": tag}

    def _message(self, number: int) -> Json:
        person, pick = self._person(), self._random.choice
        chat = {"id": person["id"], "type": "private", "first_name": "Ada"}
        if self._random.random() < 0.3:  # noqa: PLR2004
            kind = pick(("group", "supergroup"))
            chat = {
                "id": -100 - number % 9,
                "type": kind,
                "title": "Trees",
                "is_forum": pick((0, 1)),
            }
        message: Json = {"message_id": number, "date": BEGINNING + number, "chat": chat}
        message |= {"from": person, **self._body()}
        if self._random.random() < 0.2:  # noqa: PLR2004
            mine = {"id": 4242, "is_bot": True, "first_name": "Majlis", "username": USERNAME}
            earlier = {"message_id": max(number - 9, 1), "date": BEGINNING, "chat": chat}
            message["reply_to_message"] = {**earlier, "from": pick((mine, person)), "text": "Oak?"}
        if self._random.random() < 0.1:  # noqa: PLR2004
            message |= {"message_thread_id": 5, "is_topic_message": True}
        if self._random.random() < 0.05:  # noqa: PLR2004
            message |= {"forward_origin": {"type": "user", "date": 1, "sender_user": person}}
        return message

    def _body(self) -> Json:
        chance = self._random.random()
        if chance > 0.1:  # noqa: PLR2004
            text = self._random.choice(self._texts)
            return {"text": text, "entities": _entities(text)}
        size = {"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}
        sticker = {**size, "type": "regular", "is_animated": False, "is_video": False}
        album = {"photo": [size], "media_group_id": str(self._random.randrange(9))}
        return self._random.choice(
            (
                {"photo": [size], "caption": f"@{USERNAME} oak?"},
                *(album, {"sticker": sticker}, {"new_chat_title": "x"}),
                {"contact": {"phone_number": "1", "first_name": "x"}},
                {"location": {"latitude": 1.0, "longitude": 2.0}},
            )
        )

    def _press(self, number: int) -> Json:
        press: Json = {"id": str(number), "from": self._person(), "chat_instance": "1"}
        press["data"] = self._random.choice(self._data)
        if self._random.random() < 0.1:  # noqa: PLR2004
            return press
        message = self._message(number)
        if self._random.random() < 0.1:  # noqa: PLR2004
            message["date"] = 0
        button = {"text": "Source", "callback_data": press["data"]}
        message["reply_markup"] = {"inline_keyboard": [[button]]}
        return {**press, "message": message}

    def _query(self, number: int) -> Json:
        query = {"id": str(number), "from": self._person(), "offset": ""}
        return {**query, "query": self._random.choice(self._texts)[:256]}

    def _spoil(self, update: Json) -> None:
        """Change one part of an update, at any depth."""
        if not update:
            return
        holder, key = self._place(update)
        match self._random.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = [holder[key]]
            case 2:
                holder[key], self._last = copy.deepcopy(self._last), holder[key]
            case 3:
                update[self._random.choice(tuple(update))] = copy.deepcopy(holder[key])
            case _:
                holder[key] = copy.deepcopy(self._random.choice(_ODD))

    def _place(self, update: Json) -> tuple[Any, Any]:
        """Return a dictionary or list somewhere in an update, and a key of it."""
        holder: Any = update
        while True:
            keys = tuple(holder) if isinstance(holder, dict) else range(len(holder))
            key = self._random.choice(keys)
            inner = holder[key]
            if not isinstance(inner, dict | list) or not inner or self._random.random() < 0.15:  # noqa: PLR2004
                return holder, key
            holder = inner


def _entities(text: str) -> list[Json]:
    if text.startswith("/"):
        return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    if text.startswith("@"):
        return [{"type": "mention", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return []
