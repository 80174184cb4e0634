"""The state of the pretended Telegram: who is there, what was said, what awaits an answer."""

import copy
import time
from dataclasses import dataclass, field
from itertools import count

from .chat import Chat, Json, Kind, User, without_reply
from .errors import forbid, refuse
from .pulse import Pulse
from .updates import UpdateQueue

PLACES = {"group": "group chat", "supergroup": "supergroup chat"}


@dataclass(slots=True)
class Callback:
    """Remember a pressed button until it is answered."""

    id: str
    user: User
    answer: Json | None = None
    is_expired: bool = False


@dataclass(slots=True)
class Inquiry:
    """Remember an inline query until it is answered."""

    id: str
    user: User
    query: str
    answer: Json | None = None
    is_expired: bool = False


@dataclass(slots=True)
class Profile:
    """Hold what the bot says about itself: commands, descriptions, menu buttons."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menus: dict[int | None, Json] = field(default_factory=dict)


class World:
    """Hold everything that the calls of a bot read and change."""

    def __init__(self, bot: User, *, is_private: bool = False) -> None:
        self.bot = bot
        self.is_private = is_private
        self.pulse = Pulse()
        self.queue = UpdateQueue(self.pulse)
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.inquiries: dict[str, Inquiry] = {}
        self.inline_messages: dict[str, tuple[int, int]] = {}
        self.profile = Profile()
        self.numbers = count(1)

    def add_chat(self, chat: Chat) -> Chat:
        """Make a chat known."""
        self.chats[chat.id] = chat
        return chat

    def new_chat_id(self, kind: Kind) -> int:
        """Take a number for a chat, in the range of its kind."""
        number = next(self.numbers)
        return -(4_000_000 + number) if kind == "group" else -(1_001_000_000_000 + number)

    def find_chat(self, reference: int | str) -> Chat:
        """Find a chat by id or `@username`, or refuse."""
        for chat in self.chats.values():
            is_named = chat.username and f"@{chat.username}".lower() == str(reference).lower()
            if chat.id == reference or (is_named and chat.kind != "private"):
                if chat.is_known:
                    return chat
                break
        return refuse("chat not found")

    def open_chat(self, reference: int | str) -> Chat:
        """Find a chat that the bot may write to, or refuse."""
        chat = self.find_chat(reference)
        if chat.migrated_to:
            reason = "group chat was upgraded to a supergroup chat"
            refuse(reason, migrate_to_chat_id=chat.migrated_to)
        if chat.bot in {"kicked", "left"}:
            _forbid(chat)
        return chat

    def find_message(self, chat: Chat, message_id: int, what: str) -> Json:
        """Find a message or refuse: `what` says what was to be done with it."""
        return chat.messages.get(message_id) or refuse(f"message {what} not found")

    def post(self, chat: Chat, sender: User | None, content: Json) -> Json:
        """Put a message into a chat, from a user or (None) from the channel itself."""
        author = {"from": sender.json()} if sender else {"sender_chat": chat.json()}
        head: Json = {"message_id": chat.next_id(), "date": now(), "chat": chat.json()}
        message = head | author | content
        chat.messages[message["message_id"]] = message
        self.pulse.beat()
        return copy.deepcopy(message)

    def post_as_bot(self, chat: Chat, content: Json) -> Json:
        """Put a message of the bot into a chat; in a channel it speaks for the channel."""
        message = self.post(chat, None if chat.kind == "channel" else self.bot, content)
        chat.own.add(message["message_id"])
        return message

    def revise(self, chat: Chat, message_id: int, content: Json, *, drop: tuple[str, ...]) -> Json:
        """Replace what a message says: the fields of `drop` give way to `content`."""
        kept = {name: v for name, v in chat.messages[message_id].items() if name not in drop}
        chat.messages[message_id] = kept | {"edit_date": now()} | content
        chat.versions[message_id] += 1
        self.pulse.beat()
        return copy.deepcopy(chat.messages[message_id])

    def deliver(self, chat: Chat, message: Json, *, is_edit: bool = False) -> int | None:
        """Tell the bot of a message, if it can see it."""
        if not self._is_visible(chat, message):
            return None
        kind = "channel_post" if chat.kind == "channel" else "message"
        return self.queue.add(f"edited_{kind}" if is_edit else kind, message)

    def quote(self, chat: Chat, message_id: int) -> Json:
        """Return a message as a reply to it carries it."""
        return copy.deepcopy(without_reply(chat.messages[message_id]))

    def _is_visible(self, chat: Chat, message: Json) -> bool:
        if chat.bot in {"kicked", "left"}:
            return False
        if not self.is_private or chat.bot == "administrator" or "text" not in message:
            return True
        if chat.kind in {"private", "channel"} or message["text"].startswith("/"):
            return True
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        return answered == self.bot.id or f"@{self.bot.username}" in message["text"]


def now() -> int:
    """Return the time as the Bot API dates things."""
    return int(time.time())


def _forbid(chat: Chat) -> None:
    if chat.kind == "private":
        forbid("bot was blocked by the user")
    if chat.kind == "channel":
        forbid("bot is not a member of the channel chat")
    verb = "was kicked from" if chat.bot == "kicked" else "is not a member of"
    forbid(f"bot {verb} the {PLACES[chat.kind]}")
