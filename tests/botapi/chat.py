"""Users, chats and what is in them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup", "channel"]
Standing = Literal["member", "administrator", "kicked", "left"]


@dataclass(frozen=True, slots=True)
class User:
    """Name a person or a bot."""

    id: int
    first_name: str
    username: str = ""
    language: str = ""
    is_bot: bool = False

    def json(self) -> Json:
        """Render the `User` of the Bot API."""
        base: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"username": self.username, "language_code": self.language}
        return base | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Topic:
    """Name a topic of a forum."""

    id: int
    name: str
    is_closed: bool = False


@dataclass(slots=True)
class Chat:
    """Hold a chat: its members, its topics, its messages and the bot's standing in it."""

    id: int
    kind: Kind
    title: str
    username: str = ""
    is_forum: bool = False
    bot: Standing = "member"
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    versions: Counter[int] = field(default_factory=Counter)
    deleted: set[int] = field(default_factory=set)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    is_known: bool = True
    last_id: int = 0

    def json(self) -> Json:
        """Render the `Chat` of the Bot API."""
        name = "first_name" if self.kind == "private" else "title"
        base: Json = {"id": self.id, "type": self.kind, name: self.title}
        base |= {"username": self.username} if self.username else {}
        return base | ({"is_forum": True} if self.is_forum else {})

    def next_id(self) -> int:
        """Take the number of the next message."""
        self.last_id += 1
        return self.last_id

    def has_thread(self, thread: int) -> bool:
        """Tell whether messages can go to `thread`: a topic, or a chain of replies."""
        if self.is_forum:
            return thread in self.topics
        return self.kind == "supergroup" and thread in self.messages

    def thread_fields(self, thread: int | None, target: Json | None) -> Json:
        """Say which thread a message is in, which a reply inherits from its target."""
        if thread is None and target:
            chain = target["message_id"] if self.kind == "supergroup" else None
            inherited = target.get("message_thread_id")
            thread = inherited if self.is_forum else inherited or chain
        if thread is None:
            return {}
        return {"message_thread_id": thread} | ({"is_topic_message": True} if self.is_forum else {})


def without_reply(message: Json) -> Json:
    """Return a message as another one quotes it: without what it replies to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
