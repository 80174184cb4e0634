"""Where people meet: groups, their topics, and channels."""

from dataclasses import dataclass, field
from typing import Any

from .chat import Chat, Json, Standing, Topic, User
from .chats import add_topic, member_json
from .text import Entity, FormattedText
from .views import Message
from .watch import Watch
from .world import now


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Hold a chat and see what the bot says there."""

    watch: Watch = field(repr=False)
    chat: Chat

    @property
    def id(self) -> int:
        """Return the chat's id."""
        return self.chat.id

    @property
    def said(self) -> list[Message]:
        """Return what the bot has said there and not deleted."""
        return [self.look(number) for number in self.chat.messages if number in self.chat.own]

    def look(self, message_id: int) -> Message:
        """Return a message as it is now."""
        message = self.chat.messages[message_id]
        return Message(dict(message), self.chat.versions[message_id])

    def placed(self, thread: int | None, reply_to: Message | None) -> Json:
        """Say where a message goes: its topic and what it answers.

        In a topic, what answers nothing answers the message that opened the topic.
        """
        world, chat = self.watch.world, self.chat
        if thread is not None and not chat.has_thread(thread):
            msg = f"there is no thread {thread} in {chat.title}"
            raise ValueError(msg)
        number = reply_to.id if reply_to else thread
        target = None if number is None else world.quote(chat, number)
        reply = {"reply_to_message": target} if target else {}
        return chat.thread_fields(thread, target) | reply

    def put(self, sender: User | None, content: Json) -> Message:
        """Post a message and tell the bot of it."""
        message = self.watch.world.post(self.chat, sender, content)
        self.watch.world.deliver(self.chat, message)
        return Message(message)

    def amend(self, message: Message, content: Json, drop: tuple[str, ...]) -> Message:
        """Edit a message and tell the bot of it."""
        world = self.watch.world
        edited = world.revise(self.chat, message.id, content, drop=drop)
        world.deliver(self.chat, edited, is_edit=True)
        return self.look(message.id)

    def set_bot(self, standing: Standing, by: User) -> None:
        """Change the bot's standing and tell the bot of it."""
        bot, world = self.watch.world.bot, self.watch.world
        old, self.chat.bot = self.chat.bot, standing
        change: dict[str, Any] = {"chat": self.chat.json(), "from": by.json(), "date": now()}
        change["old_chat_member"] = member_json(bot, old)
        change["new_chat_member"] = member_json(bot, standing)
        world.queue.add("my_chat_member", change)


@dataclass(frozen=True, slots=True, eq=False)
class Group(Place):
    """Be a group, a supergroup or a forum."""

    def topic(self, name: str) -> Topic:
        """Open a topic in a forum."""
        owner = self._owner()
        topic = add_topic(self.watch.world, self.chat, name, owner)
        self.watch.world.deliver(self.chat, self.chat.messages[topic.id])
        return topic

    def closes(self, topic: Topic) -> None:
        """Close a topic, so that only administrators can write there."""
        self.chat.topics[topic.id] = Topic(topic.id, topic.name, is_closed=True)

    def migrates(self) -> "Group":
        """Upgrade the group to a supergroup, which is another chat."""
        world, old, owner = self.watch.world, self.chat, self._owner()
        new = Chat(world.new_chat_id("supergroup"), "supergroup", old.title, bot=old.bot)
        new.members = dict(old.members)
        upgraded = Group(self.watch, world.add_chat(new))
        self.put(owner, {"migrate_to_chat_id": new.id})
        old.migrated_to = new.id
        upgraded.put(owner, {"migrate_from_chat_id": old.id})
        return upgraded

    def kicks_bot(self) -> None:
        """Throw the bot out."""
        self.set_bot("kicked", self._owner())

    def adds_bot(self, standing: Standing = "member") -> None:
        """Take the bot in, as a member or an administrator."""
        self.set_bot(standing, self._owner())

    def _owner(self) -> User:
        members = self.chat.members
        owner = next((n for n, s in members.items() if s == "creator"), next(iter(members)))
        return self.watch.world.users[owner]


@dataclass(frozen=True, slots=True, eq=False)
class Channel(Place):
    """Be a channel, which speaks for itself."""

    async def posts(self, text: str, *, entities: list[Entity] | None = None) -> Message:
        """Publish a text."""
        return self.put(None, FormattedText(text, tuple(entities or ())).completed().json())

    async def edits(self, message: Message, text: str) -> Message:
        """Give a post another text."""
        content = FormattedText(text).completed().json()
        return self.amend(message, content, ("text", "entities"))
