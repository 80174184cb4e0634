"""From a Telegram message to what the conversation understands, or to nothing.

In a private chat every message counts. In a group only a command, a mention of the bot or a reply
to one of its messages does. Channels, service messages and other bots are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from telegram import MaybeInaccessibleMessage, Message, MessageEntity, User
from telegram.constants import ChatType, MessageEntityType

from bot.conversation.messages import Utterance

COMMANDS = frozenset(
    {
        *("start", "help", "topics", "about", "privacy", "mydata", "forgetme", "language"),
        *("why", "reload", "versions"),
    }
)
_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,32})(@(?P<bot>\w+))?(\s+(?P<argument>.*))?", re.DOTALL
)
_NAMING = frozenset({MessageEntityType.MENTION, MessageEntityType.TEXT_MENTION})
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_AROUND_MENTION = " \t\n,:;-\N{EN DASH}\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Command:
    """Carry a command, lower case without slash, its argument, and the text it came in.

    `replied_to` is the id of the bot's message that it replies to, if any.
    """

    name: str
    argument: str
    utterance: Utterance
    replied_to: int | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Stand for a message without words, such as a photo or a sticker."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Say where replies go: a chat, its forum topic, and the message to quote, if any."""

    chat: int
    thread: int | None = None
    quote: int | None = None


def read(message: Message, me: User) -> Command | Utterance | Unsupported | None:
    """Return what a message says to the bot, or None if it isn't for the bot."""
    author = author_of(message)
    if author is None or message.chat.type == ChatType.CHANNEL or _is_own(message, me):
        return None
    language = message.from_user.language_code if message.from_user else None
    text = message.text or message.caption or ""
    if not text.strip():
        return _wordless(message, language)
    words = _without_mentions(text, _mentions(message, me))
    heard = Utterance(message.chat.id, author, words or text.strip(), language)
    grouped = is_in_group(message)
    said = _in_group(message, heard, me, words) if grouped else _command(heard, me) or heard
    if isinstance(said, Command):
        return replace(said, replied_to=answer_replied_to(message, me))
    return said


def author_of(message: Message) -> int | None:
    """Return who speaks: a person, or the group or channel that a person speaks as, or None."""
    if message.is_automatic_forward or message.from_user is None:
        return None
    if message.sender_chat is not None:
        return message.sender_chat.id
    return None if message.from_user.is_bot else message.from_user.id


def place_of(message: MaybeInaccessibleMessage) -> Place:
    """Return where the reply to a message goes: its forum topic; in groups it is quoted.

    Of a message too old to be told its topic isn't known, but a quote goes where it belongs.
    """
    thread = None
    if isinstance(message, Message) and message.is_topic_message:
        thread = message.message_thread_id
    quote = message.message_id if is_in_group(message) else None
    return Place(message.chat.id, thread, quote)


def is_in_group(message: MaybeInaccessibleMessage) -> bool:
    """Return whether several people read a message, wherever the bot is called as a guest, too."""
    return message.chat.type in _GROUPS or is_for_guest(message)


def is_for_guest(message: MaybeInaccessibleMessage) -> bool:
    """Return whether a message calls the bot into a chat that it isn't in."""
    return isinstance(message, Message) and bool(message.guest_query_id)


def answer_replied_to(message: Message, me: User) -> int | None:
    """Return the id of the bot's message that a message replies to, or None."""
    earlier = message.reply_to_message
    if earlier is None or earlier.forum_topic_created is not None:
        return None
    mine = earlier.from_user is not None and earlier.from_user.id == me.id
    return earlier.message_id if mine else None


def _is_own(message: Message, me: User) -> bool:
    """Return whether the words are the bot's own, sent through its inline mode."""
    return message.via_bot is not None and message.via_bot.id == me.id


def _wordless(message: Message, language: str | None) -> Unsupported | None:
    content = message.effective_attachment is not None and message.successful_payment is None
    return Unsupported(language) if content and message.chat.type == ChatType.PRIVATE else None


def _in_group(
    message: Message, heard: Utterance, me: User, words: str
) -> Command | Utterance | None:
    replied = answer_replied_to(message, me) is not None
    mentioned = words != (message.text or message.caption or "").strip()
    command = _command(heard, me)
    if command is not None:
        named = "@" in heard.text.split(maxsplit=1)[0]
        return command if named or replied or mentioned or command.name in COMMANDS else None
    if heard.text.startswith("/") and not mentioned:
        return None  # another bot's command
    if mentioned and not words:
        return _quoted_question(message, heard)
    return heard if mentioned or replied or is_for_guest(message) else None


def _quoted_question(message: Message, heard: Utterance) -> Command | Utterance:
    """Return the message that a bare mention replies to, or a call for help."""
    earlier = message.reply_to_message
    question = (earlier.text or earlier.caption or "").strip() if earlier else ""
    return replace(heard, text=question) if question else Command("help", "", heard)


def _command(heard: Utterance, me: User) -> Command | None:
    """Return the command of a text, or None if it has none or it is another bot's."""
    found = _COMMAND.fullmatch(heard.text)
    if found is None or (found["bot"] and found["bot"].lower() != (me.username or "").lower()):
        return None
    argument = (found["argument"] or "").strip()
    text = f"/{found['name']} {argument}".rstrip()
    return Command(found["name"].lower(), argument, replace(heard, text=text))


def _mentions(message: Message, me: User) -> list[MessageEntity]:
    """Return the entities that name the bot, last first."""
    entities = message.entities if message.text else message.caption_entities
    # Not by the library, which raises where an entity begins or ends amid a character.
    coded = _coded(message.text or message.caption or "")
    mine = [each for each in entities if each.type in _NAMING and _names(each, coded, me)]
    return sorted(mine, key=lambda entity: entity.offset, reverse=True)


def _names(entity: MessageEntity, coded: bytes, me: User) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    piece = _decoded(coded[entity.offset * 2 : (entity.offset + entity.length) * 2])
    return piece.lower() == f"@{me.username}".lower()


def _without_mentions(text: str, mentions: list[MessageEntity]) -> str:
    """Return a text without the bot's name and the punctuation that set it off."""
    for mention in mentions:
        coded = _coded(text)
        before = _decoded(coded[: mention.offset * 2]).rstrip(_AROUND_MENTION)
        after = _decoded(coded[(mention.offset + mention.length) * 2 :]).lstrip(_AROUND_MENTION)
        text = f"{before} {after}" if before and after else before or after
    return text.strip()


def _coded(text: str) -> bytes:
    """Return a text in the units in which Telegram counts."""
    return text.encode("utf-16-le", "surrogatepass")


def _decoded(coded: bytes) -> str:
    return coded.decode("utf-16-le", "surrogatepass")
