"""A stand-in for Telegram inside the process: every call goes well, and nothing is sent."""

from __future__ import annotations

import json
import time
from collections import Counter
from itertools import count

from telegram import Bot
from telegram.request import BaseRequest, RequestData

TOKEN = "4242:quiet-telegram"  # noqa: S105 - it opens nothing
USERNAME = "majlis_bot"
_ME = {"id": 4242, "is_bot": True, "first_name": "Majlis", "username": USERNAME}
_CHAT = {"id": 1, "type": "private", "first_name": "Ada"}
_RESULTS: dict[str, object] = {
    "getMe": _ME,
    "getMyCommands": [],
    "answerGuestQuery": {"inline_message_id": "1"},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}
_SENT = frozenset({"sendMessage", "sendDocument", "editMessageText"})


class QuietTelegram(BaseRequest):
    """Answer each call rightly; `calls` counts them by method."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._numbers = count(1)

    @property
    def read_timeout(self) -> float:
        """Return a limit that is never reached, in seconds."""
        return 1.0

    async def initialize(self) -> None:
        """Do nothing: there is no connection."""

    async def shutdown(self) -> None:
        """Do nothing: there is no connection."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,  # noqa: ARG002
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Return what Telegram would; the parameters are encoded, as a real call's are."""
        name = url.rpartition("/")[2]
        self.calls[name] += 1
        if request_data is not None and not request_data.contains_files:
            request_data.url_encoded_parameters().encode()
        result = _RESULTS.get(name, True)
        if name in _SENT:
            result = {"message_id": next(self._numbers), "date": int(time.time()), "chat": _CHAT}
        return 200, json.dumps({"ok": True, "result": result}).encode()


async def quiet_bot(telegram: QuietTelegram) -> Bot:
    """Return a bot, ready, whose calls all go to the stand-in."""
    bot = Bot(TOKEN, request=telegram, get_updates_request=telegram)
    await bot.initialize()
    return bot
