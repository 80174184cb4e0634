"""A person who talks to the bot."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `hears(timeout=1)`

from dataclasses import dataclass, field

from .chat import Json, Topic, User
from .content import TEXT_LIMIT
from .edit import is_reaction
from .guests import summon
from .inline import ask, choose
from .places import Place
from .press import CallbackHandle, press
from .send import forwarded
from .text import Entity, FormattedText, utf16_length
from .views import Button, InlineResults, Message
from .watch import Watch
from .world import now

Thread = Topic | int | None


@dataclass(slots=True, eq=False)
class Person:
    """Be a person: say things, press buttons, and wait for what the bot makes of it.

    Waiting ends with a `TimeoutError` that says what the bot did instead.
    """

    watch: Watch = field(repr=False)
    user: User
    home: Place = field(repr=False)
    _heard: set[tuple[int, int]] = field(default_factory=set, repr=False)
    _reactions: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> int:
        """Return the id of the person, which is that of the private chat too."""
        return self.user.id

    async def says(
        self,
        text: str,
        *,
        chat: Place | None = None,
        thread: Thread = None,
        reply_to: Message | None = None,
        entities: list[Entity] | None = None,
    ) -> Message:
        """Send a text; commands, mentions and links in it are marked, as Telegram does."""
        content = _content(text, entities)
        return self._put(chat or self.home, content, thread, reply_to)

    async def starts(self, payload: str = "") -> Message:
        """Press Start, perhaps on a link with a payload."""
        return await self.says(f"/start {payload}".rstrip())

    async def sends(
        self,
        content: Json,
        *,
        chat: Place | None = None,
        thread: Thread = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Send anything else: `{"contact": …}`, `{"voice": …}`."""
        return self._put(chat or self.home, content, thread, reply_to)

    async def sends_sticker(self, emoji: str = "👍", *, chat: Place | None = None) -> Message:
        """Send a sticker."""
        size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        sticker = {"file_id": "sticker", "file_unique_id": "sticker", "type": "regular"}
        return await self.sends({"sticker": sticker | size | {"emoji": emoji}}, chat=chat)

    async def sends_photo(self, caption: str = "", *, chat: Place | None = None) -> Message:
        """Send a photo, perhaps with a caption."""
        size = {"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 90}
        described = FormattedText(caption).completed().json("caption", "caption_entities")
        return await self.sends({"photo": [size]} | (described if caption else {}), chat=chat)

    async def forwards(self, message: Message, *, chat: Place | None = None) -> Message:
        """Forward a message to the bot or to a group."""
        return self._put(chat or self.home, forwarded(message.raw), None, None)

    async def edits(self, message: Message, text: str) -> Message:
        """Give one's own message another text."""
        if message.raw.get("from", {}).get("id") != self.id:
            msg = f"{self.user.first_name} can edit only their own messages"
            raise ValueError(msg)
        place = self._place_of(message)
        return place.amend(message, _content(text, None), ("text", "entities"))

    async def reacts(self, message: Message, *emoji: str) -> None:
        """React to a message; with no emoji, take the reaction back."""
        if not all(map(is_reaction, emoji)):
            msg = f"not all of these are reactions: {emoji}"
            raise ValueError(msg)
        chat = self._place_of(message).chat
        change = {"chat": chat.json(), "message_id": message.id, "user": self.user.json()}
        place = (message.chat_id, message.id)
        old, new = (
            [{"type": "emoji", "emoji": one} for one in each]
            for each in (self._reactions.get(place, ()), emoji)
        )
        self._reactions[place] = emoji
        dated = {"date": now(), "old_reaction": old, "new_reaction": new}
        self.watch.world.queue.add("message_reaction", change | dated)

    async def presses(self, button: Button) -> CallbackHandle:
        """Press a button that calls the bot back; one may press it on an old message too."""
        return press(self.watch, self.user, button)

    async def inline(
        self, query: str, *, offset: str = "", timeout: float | None = None
    ) -> InlineResults:
        """Type `@bot query` in any chat and wait for the results."""
        return await ask(self.watch, self.user, query, offset=offset, timeout=timeout)

    async def chooses(
        self, results: InlineResults, title: str, *, chat: Place | None = None
    ) -> Message:
        """Send the inline result of that title."""
        return choose(chat or self.home, self.user, results, title)

    async def summons(
        self, text: str, *, quoting: str = "", timeout: float | None = None
    ) -> Message:
        """Name the bot in a chat that it isn't in, perhaps quoting somebody, and hear it."""
        content = _content(text, None)
        return await summon(self.watch, self.user, content, quoting, timeout=timeout)

    async def blocks(self) -> None:
        """Block the bot."""
        self.home.set_bot("kicked", self.user)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.home.set_bot("member", self.user)

    def unheard(self, *, chat: Place | None = None, thread: Thread = None) -> list[Message]:
        """Return what the bot has said there and this person hasn't heard yet."""
        wanted = _thread_id(thread)
        said = (chat or self.home).said
        fresh = [message for message in said if (message.chat_id, message.id) not in self._heard]
        return [message for message in fresh if wanted is None or message.thread == wanted]

    async def hears(
        self,
        *,
        chat: Place | None = None,
        thread: Thread = None,
        timeout: float | None = None,
    ) -> Message:
        """Wait for the bot's next message in the private chat, or in another one."""

        def look() -> Message | None:
            return next(iter(self.unheard(chat=chat, thread=thread)), None)

        wanted = f"{self.user.first_name} to hear something"
        message = await self.watch.until(look, wanted, timeout=timeout)
        self._heard.add((message.chat_id, message.id))
        return message

    async def sees_edit(self, message: Message, *, timeout: float | None = None) -> Message:
        """Wait until the bot has edited a message since it was seen."""
        place = self._place_of(message)

        def look() -> Message | None:
            is_edited = place.chat.versions[message.id] > message.version
            return place.look(message.id) if is_edited else None

        return await self.watch.until(look, f"an edit of {message}", timeout=timeout)

    async def sees_deletion(self, message: Message, *, timeout: float | None = None) -> None:
        """Wait until the bot has deleted a message."""
        deleted = self._place_of(message).chat.deleted
        wanted = f"the end of {message}"
        await self.watch.until(lambda: message.id in deleted or None, wanted, timeout=timeout)

    async def sees_reaction(self, message: Message, *, timeout: float | None = None) -> str:
        """Wait until the bot has reacted to a message; return the emoji."""
        reactions = self._place_of(message).chat.reactions

        def look() -> str | None:
            return next((str(r["emoji"]) for r in reactions.get(message.id, [])), None)

        return await self.watch.until(look, f"a reaction to {message}", timeout=timeout)

    def _put(
        self, place: Place, content: Json, thread: Thread, reply_to: Message | None
    ) -> Message:
        chat = place.chat
        if chat is not self.home.chat and chat.members.get(self.id, "left") in {"left", "kicked"}:
            msg = f"{self.user.first_name} is not in {chat.title}"
            raise ValueError(msg)
        chat.is_known = True
        return place.put(self.user, place.placed(_thread_id(thread), reply_to) | content)

    def _place_of(self, message: Message) -> Place:
        return Place(self.watch, self.watch.world.chats[message.chat_id])


def _content(text: str, entities: list[Entity] | None) -> Json:
    if not 1 <= utf16_length(text) <= TEXT_LIMIT:
        msg = f"people can send 1 to {TEXT_LIMIT} characters; push() can do more"
        raise ValueError(msg)
    return FormattedText(text, tuple(entities or ())).completed().json()


def _thread_id(thread: Thread) -> int | None:
    return thread.id if isinstance(thread, Topic) else thread
