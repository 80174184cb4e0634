"""A strict, in-process Bot API server: tests talk to the bot as people do.

    async with BotApiServer(token) as server:
        ada = server.person("Ada")
        await ada.says("where is isoj held?")
        answer = await ada.hears()
        await ada.presses(answer.button("Source"))

By hand: `python -m tests.botapi --port 8081`.
"""

from .calls import Call
from .chat import Topic, User
from .faults import Delay, Dropped, Fault, Garbage, ServerError, TooManyRequests
from .people import Person
from .places import Channel, Group, Place
from .press import CallbackHandle
from .server import TOKEN, BotApiServer
from .views import Button, InlineResults, Message, Notice

__all__ = [
    "TOKEN",
    "BotApiServer",
    "Button",
    "Call",
    "CallbackHandle",
    "Channel",
    "Delay",
    "Dropped",
    "Fault",
    "Garbage",
    "Group",
    "InlineResults",
    "Message",
    "Notice",
    "Person",
    "Place",
    "ServerError",
    "TooManyRequests",
    "Topic",
    "User",
]
