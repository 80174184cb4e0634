"""Guest mode: calling the bot into a chat that it isn't in."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `summons("@bot?", timeout=1)`

from .chat import Json, User
from .views import Message
from .watch import Watch
from .world import Inquiry, now


async def summon(
    watch: Watch, user: User, content: Json, quoted: str, *, timeout: float | None
) -> Message:
    """Call the bot with a message between two people and wait for its answer there.

    The chat has the number of the person's chat with the bot, which it may have.
    """
    world = watch.world
    number = f"guest-{next(world.numbers)}"
    inquiry = world.inquiries[number] = Inquiry(number, user, "")
    chat: Json = {"id": user.id, "type": "private", "first_name": "Somebody"}
    head: Json = {"message_id": next(world.numbers), "date": now(), "chat": chat}
    earlier = {"message_id": next(world.numbers), "date": now(), "chat": chat, "text": quoted}
    reply = {"reply_to_message": earlier} if quoted else {}
    calling = head | {"from": user.json(), "guest_query_id": number} | content | reply
    world.queue.add("guest_message", calling)

    def look() -> Message | None:
        return None if inquiry.answer is None else Message(head | inquiry.answer["message"])

    return await watch.until(look, "an answerGuestQuery", timeout=timeout)
