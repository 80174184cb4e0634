"""Inline mode: asking the bot from any chat and sending what it offers."""

# ruff: noqa: ASYNC109 - a time limit is part of what a test says: `inline("isoj", timeout=1)`

from .chat import Json, User
from .places import Place
from .views import InlineResults, Message
from .watch import Watch
from .world import Inquiry


async def ask(
    watch: Watch, user: User, query: str, *, offset: str, timeout: float | None
) -> InlineResults:
    """Send an inline query to the bot and wait for its answer."""
    world = watch.world
    number = f"inline-{next(world.numbers)}"
    inquiry = world.inquiries[number] = Inquiry(number, user, query)
    raw: Json = {"id": number, "from": user.json(), "query": query, "offset": offset}
    world.queue.add("inline_query", raw | {"chat_type": "sender"})

    def look() -> InlineResults | None:
        return None if inquiry.answer is None else InlineResults(query, inquiry.answer)

    return await watch.until(look, "an answerInlineQuery", timeout=timeout)


def choose(place: Place, user: User, results: InlineResults, title: str) -> Message:
    """Send an inline result to a chat and tell the bot that it was chosen."""
    world, result = place.watch.world, results[title]
    via = {"via_bot": world.bot.json()}
    message = place.put(user, via | dict(result["message"]))
    chosen: Json = {"result_id": result["id"], "from": user.json(), "query": results.query}
    if "reply_markup" in message.raw:
        number = f"inline-message-{next(world.numbers)}"
        world.inline_messages[number] = (place.id, message.id)
        chosen["inline_message_id"] = number
    world.queue.add("chosen_inline_result", chosen)
    return message
