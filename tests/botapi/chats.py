"""The methods about chats, their members and topics, and about the bot itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .chat import Chat, Json, Topic, User
from .errors import refuse
from .schema import load_spec
from .world import World

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
TOPIC_NAME_LIMIT = 128
TOPIC_COLOR = 0x6FB9F0


def get_me(world: World, parameters: Json) -> Json:
    """Return the bot."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.is_private,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot.json() | abilities


def send_chat_action(world: World, parameters: Json) -> bool:
    """Show what the bot is about to do."""
    chat = world.open_chat(parameters["chat_id"])
    if parameters["action"] not in ACTIONS:
        refuse("wrong parameter action in request")
    thread = parameters.get("message_thread_id")
    if thread is not None and not chat.has_thread(thread):
        refuse("message thread not found")
    return True


def get_chat(world: World, parameters: Json) -> Json:
    """Return what is known of a chat."""
    gifts = dict.fromkeys(load_spec()["types"]["AcceptedGiftTypes"], False)
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return world.find_chat(parameters["chat_id"]).json() | full


def get_chat_member(world: World, parameters: Json) -> Json:
    """Return a user's standing in a chat."""
    chat = world.find_chat(parameters["chat_id"])
    user = world.users.get(parameters["user_id"]) or refuse("PARTICIPANT_ID_INVALID")
    return member_json(user, standing(world, chat, user))


def get_chat_administrators(world: World, parameters: Json) -> list[Json]:
    """List the administrators of a group or a channel, without other bots."""
    chat = world.find_chat(parameters["chat_id"])
    if chat.kind == "private":
        refuse("there are no administrators in the private chat")
    users = [world.users[number] for number in chat.members] + [world.bot]
    found = [(user, standing(world, chat, user)) for user in users]
    return [member_json(u, s) for u, s in found if s in {"creator", "administrator"}]


def get_chat_member_count(world: World, parameters: Json) -> int:
    """Count the members of a chat, the bot included."""
    chat = world.find_chat(parameters["chat_id"])
    return len([s for s in chat.members.values() if s != "left"]) + 1


def leave_chat(world: World, parameters: Json) -> bool:
    """Leave a group or a channel."""
    chat = world.open_chat(parameters["chat_id"])
    if chat.kind == "private":
        refuse("chat member status can't be changed in private chats")
    chat.bot = "left"
    return True


def create_topic(world: World, parameters: Json) -> Json:
    """Open a topic in a forum."""
    chat = _open_forum(world, parameters)
    name = parameters["name"]
    if not 1 <= len(name) <= TOPIC_NAME_LIMIT:
        refuse("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    topic = add_topic(world, chat, name, world.bot)
    return {"message_thread_id": topic.id, "name": name, "icon_color": TOPIC_COLOR}


def close_topic(world: World, parameters: Json) -> bool:
    """Close a topic."""
    return _set_closed(world, parameters, is_closed=True)


def reopen_topic(world: World, parameters: Json) -> bool:
    """Open a closed topic again."""
    return _set_closed(world, parameters, is_closed=False)


def add_topic(world: World, chat: Chat, name: str, creator: User) -> Topic:
    """Put the service message that opens a topic into a forum; its id is the topic's."""
    created = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}
    number = chat.last_id + 1
    place = {"message_thread_id": number, "is_topic_message": True}
    world.post(chat, creator, created | place)
    chat.topics[number] = Topic(number, name)
    return chat.topics[number]


def standing(world: World, chat: Chat, user: User) -> str:
    """Say what a user is in a chat."""
    return chat.bot if user == world.bot else chat.members.get(user.id, "left")


def member_json(user: User, status: str) -> Json:
    """Render a `ChatMember`, with every field that its kind requires."""
    member: Json = {"user": user.json(), "status": status}
    match status:
        case "creator":
            return member | {"is_anonymous": False}
        case "kicked":
            return member | {"until_date": 0}
        case "administrator":
            fields = load_spec()["types"]["ChatMemberAdministrator"]
            return dict.fromkeys((n for n, k in fields.items() if k == "!Boolean"), True) | member
    return member


def _open_forum(world: World, parameters: Json) -> Chat:
    chat = world.open_chat(parameters["chat_id"])
    if not chat.is_forum:
        refuse("the chat is not a forum")
    if chat.bot != "administrator":
        refuse("not enough rights to manage topics")
    return chat


def _set_closed(world: World, parameters: Json, *, is_closed: bool) -> bool:
    chat = _open_forum(world, parameters)
    topic = chat.topics.get(parameters["message_thread_id"]) or refuse("message thread not found")
    if topic.is_closed == is_closed:
        refuse("TOPIC_NOT_MODIFIED")
    chat.topics[topic.id] = replace(topic, is_closed=is_closed)
    return True


def _confirm(world: World, parameters: Json) -> bool:
    return True


METHODS: dict[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "logOut": _confirm,
    "close": _confirm,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "createForumTopic": create_topic,
    "closeForumTopic": close_topic,
    "reopenForumTopic": reopen_topic,
}
