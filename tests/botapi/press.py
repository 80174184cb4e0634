"""Pressing buttons and waiting for the notice."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `answer(timeout=1)`

from dataclasses import dataclass, field

from .chat import Json, User
from .views import Button, Notice
from .watch import Watch
from .world import Callback


@dataclass(frozen=True, slots=True)
class CallbackHandle:
    """Follow a pressed button."""

    callback: Callback
    watch: Watch = field(repr=False)

    @property
    def id(self) -> str:
        """Return the id of the callback query."""
        return self.callback.id

    async def answer(self, *, timeout: float | None = None) -> Notice:
        """Wait until the bot answers the press."""

        def look() -> Notice | None:
            return None if self.callback.answer is None else Notice.of(self.callback.answer)

        return await self.watch.until(look, "an answerCallbackQuery", timeout=timeout)

    def expire(self) -> None:
        """Let the press be too old to be answered."""
        self.callback.is_expired = True


def press(watch: Watch, user: User, button: Button) -> CallbackHandle:
    """Tell the bot that a user has pressed a button."""
    if button.data is None:
        msg = f"{button.text!r} doesn't call the bot back: {button.raw}"
        raise ValueError(msg)
    world = watch.world
    number = f"callback-{next(world.numbers)}"
    callback = world.callbacks[number] = Callback(number, user)
    query: Json = {"id": number, "from": user.json(), "data": button.data}
    query["chat_instance"] = f"instance-{button.message.chat_id}"
    world.queue.add("callback_query", query | _origin(watch, button))
    return CallbackHandle(callback, watch)


def _origin(watch: Watch, button: Button) -> Json:
    """Say where the button is, as much as the bot may know of it."""
    message = button.message
    place = (message.chat_id, message.id)
    for number, inline_place in watch.world.inline_messages.items():
        if inline_place == place:
            return {"inline_message_id": number}
    chat = watch.world.chats[message.chat_id]
    gone = {"chat": chat.json(), "message_id": message.id, "date": 0}
    return {"message": dict(chat.messages.get(message.id, gone))}
