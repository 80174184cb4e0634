"""The methods that put messages into chats."""

import hashlib
from collections.abc import Callable
from typing import Any

from .chat import Chat, Json, without_reply
from .content import read_caption, read_text
from .errors import refuse
from .markup import read_inline_keyboard
from .request import Upload
from .world import World

CAPTIONED = ("caption", "caption_entities")


def send_message(world: World, parameters: Json) -> Json:
    """Send a text."""
    chat = world.open_chat(parameters["chat_id"])
    content = read_text(parameters).json()
    if "link_preview_options" in parameters:
        content["link_preview_options"] = parameters["link_preview_options"]
    return _post(world, chat, parameters, content)


def send_message_draft(world: World, parameters: Json) -> bool:
    """Show a text that is still being written, in a private chat."""
    chat = world.open_chat(parameters["chat_id"])
    if chat.kind != "private":
        refuse("drafts can be sent only to private chats")
    if not parameters["draft_id"]:
        refuse("draft identifier must be non-zero")
    if "text" in parameters:
        read_text(parameters)
    return True


def send_photo(world: World, parameters: Json) -> Json:
    """Send a photo, by upload, file id or URL."""
    return _send_file(world, parameters, photo_of(parameters["photo"]))


def send_document(world: World, parameters: Json) -> Json:
    """Send a file, by upload, file id or URL."""
    return _send_file(world, parameters, {"document": _file(parameters["document"])})


def photo_of(source: Upload | str) -> Json:
    """Return what a message with a photo carries of it."""
    return {"photo": [_file(source) | {"width": 90, "height": 90}]}


def forward_message(world: World, parameters: Json) -> Json:
    """Forward a message."""
    source = world.find_chat(parameters["from_chat_id"])
    message = world.find_message(source, parameters["message_id"], "to forward")
    chat = world.open_chat(parameters["chat_id"])
    return _post(world, chat, parameters, forwarded(message))


def copy_message(world: World, parameters: Json) -> Json:
    """Send a message's content again, without a link to it."""
    source = world.find_chat(parameters["from_chat_id"])
    message = world.find_message(source, parameters["message_id"], "to copy")
    chat = world.open_chat(parameters["chat_id"])
    content = _content(message)
    if "caption" in parameters:
        kept = {name: value for name, value in content.items() if name not in CAPTIONED}
        content = kept | read_caption(parameters).json(*CAPTIONED)
    sent = _post(world, chat, parameters, content)
    return {"message_id": sent["message_id"]}


def forwarded(message: Json) -> Json:
    """Return what a forward of a message carries, wherever it goes."""
    origin: Json = {"date": message["date"]}
    if "from" in message:
        origin |= {"type": "user", "sender_user": message["from"]}
    else:
        origin |= {"type": "channel", "chat": message["chat"], "message_id": message["message_id"]}
    return {"forward_origin": message.get("forward_origin", origin)} | _content(message)


def _content(message: Json) -> Json:
    head = {"message_id", "date", "chat", "from", "sender_chat", "edit_date", "reply_markup"}
    threads = {"message_thread_id", "is_topic_message", "forward_origin", "via_bot"}
    kept = without_reply(message).items()
    return {name: value for name, value in kept if name not in head | threads}


def _send_file(world: World, parameters: Json, content: Json) -> Json:
    chat = world.open_chat(parameters["chat_id"])
    caption = read_caption(parameters)
    described = caption.json(*CAPTIONED) if caption.text else {}
    return _post(world, chat, parameters, content | described)


def _file(source: Upload | str) -> Json:
    name = source.name if isinstance(source, Upload) else source
    if isinstance(source, Upload) and not source.content:
        refuse("file must be non-empty")
    unique = hashlib.sha256(name.encode()).hexdigest()[:16]
    size = {"file_size": len(source.content)} if isinstance(source, Upload) else {}
    return {"file_id": f"file-{unique}", "file_unique_id": unique} | size


def _post(world: World, chat: Chat, parameters: Json, content: Json) -> Json:
    """Post as the bot: in a thread, as a reply, with a keyboard, as the parameters say."""
    target = _reply_target(world, chat, parameters.get("reply_parameters"))
    thread = parameters.get("message_thread_id")
    if thread is not None:
        _check_thread(chat, thread)
    placed = chat.thread_fields(thread, target)
    reply = {"reply_to_message": target} if target else {}
    keyboard = read_inline_keyboard(parameters)
    return world.post_as_bot(chat, placed | reply | content | keyboard)


def _check_thread(chat: Chat, thread: int) -> None:
    if not chat.has_thread(thread):
        refuse("message thread not found")
    if thread in chat.topics and chat.topics[thread].is_closed and chat.bot != "administrator":
        refuse("TOPIC_CLOSED")


def _reply_target(world: World, chat: Chat, reply: Json | None) -> Json | None:
    if not reply:
        return None
    other = world.find_chat(reply["chat_id"]) if "chat_id" in reply else chat
    if reply["message_id"] not in other.messages:
        if reply.get("allow_sending_without_reply"):
            return None
        refuse("message to be replied not found")
    return world.quote(chat, reply["message_id"]) if other is chat else None


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
}
