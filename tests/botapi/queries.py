"""The methods that answer pressed buttons, inline queries and calls into other chats."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from .chat import Json
from .content import read_caption, read_text
from .errors import refuse
from .markup import read_inline_keyboard
from .world import Callback, Inquiry, World

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOTICE_LIMIT = 200
RESULT_LIMIT = 50
ID_LIMIT = 64


Query = TypeVar("Query", Callback, Inquiry)


def answer_callback_query(world: World, parameters: Json) -> bool:
    """Answer a pressed button, once and in time."""
    callback = _find_open(world.callbacks, parameters["callback_query_id"])
    if len(parameters.get("text", "")) > NOTICE_LIMIT:
        refuse("MESSAGE_TOO_LONG")
    if not _is_own_link(parameters.get("url"), world.bot.username):
        refuse("URL_INVALID")
    callback.answer = parameters
    world.pulse.beat()
    return True


def answer_inline_query(world: World, parameters: Json) -> bool:
    """Answer an inline query, once and in time, with results that can be sent."""
    inquiry = _find_open(world.inquiries, parameters["inline_query_id"])
    results = parameters["results"]
    _check_results(results)
    if len(parameters.get("next_offset", "").encode()) > ID_LIMIT:
        refuse("NEXT_OFFSET_INVALID")
    _check_start_button(parameters.get("button"))
    inquiry.answer = parameters | {"results": [result_message(r) for r in results]}
    world.pulse.beat()
    return True


def answer_guest_query(world: World, parameters: Json) -> Json:
    """Answer a call into a chat that the bot isn't in, once and in time."""
    inquiry = _find_open(world.inquiries, parameters["guest_query_id"])
    _check_results([parameters["result"]])
    inquiry.answer = result_message(parameters["result"])
    world.pulse.beat()
    return {"inline_message_id": f"inline-message-{next(world.numbers)}"}


def result_message(result: Json) -> Json:
    """Add to a result, as `message`, what is sent when a person chooses it."""
    content = result.get("input_message_content")
    if content is None:
        caption = read_caption(result)
        message = caption.json("caption", "caption_entities") if caption.text else {}
    elif "message_text" in content:
        message = read_text(content, "message_text").json()
    else:
        message = {}
    return result | {"message": message | read_inline_keyboard(result)}


def _find_open(queries: dict[str, Query], number: str) -> Query:
    query = queries.get(number)
    if query is None or query.is_expired or query.answer is not None:
        refuse(TOO_OLD)
    return query


def _check_results(results: list[Json]) -> None:
    if len(results) > RESULT_LIMIT:
        refuse("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(number.encode()) <= ID_LIMIT for number in ids):
        refuse("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        refuse("RESULT_ID_DUPLICATE")
    if any(result["type"] == "article" and not result["title"].strip() for result in results):
        refuse("ARTICLE_TITLE_EMPTY")


def _check_start_button(button: Json | None) -> None:
    if button is None:
        return
    if not button["text"].strip():
        refuse("BUTTON_TEXT_INVALID")
    if ("web_app" in button) == ("start_parameter" in button):
        refuse("can't parse inline query results button: exactly one action is needed")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "none")):
        refuse("START_PARAM_INVALID")


def _is_own_link(url: str | None, username: str) -> bool:
    return url is None or url.startswith(f"https://t.me/{username}?start=")


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
}
