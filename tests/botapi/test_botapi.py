"""The pretended Telegram is strict where the real one is, and easy to talk through."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from . import (
    TOKEN,
    BotApiServer,
    Delay,
    Dropped,
    Garbage,
    Person,
    ServerError,
    TooManyRequests,
)

Json = dict[str, Any]
HELLO = "hello"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Start a server that nobody waits for long."""
    async with BotApiServer(patience=2.0) as running:
        yield running


@pytest_asyncio.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    """Connect a real client to it."""
    async with _client(server) as client:
        yield client


@pytest_asyncio.fixture
async def raw(server: BotApiServer) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a plain HTTP session for what no client would send."""
    async with aiohttp.ClientSession(f"{server.base_url}{TOKEN}/") as session:
        yield session


@pytest.fixture
def ada(server: BotApiServer) -> Person:
    """Introduce Ada, who has pressed Start before."""
    return server.person("Ada", language="en")


def _client(server: BotApiServer, token: str = TOKEN) -> Bot:
    return Bot(token, base_url=server.base_url, base_file_url=server.base_file_url)


def _keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([list(buttons)])


def _article(number: str, text: str = HELLO, title: str = "Title") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(number, title, InputTextMessageContent(text))


async def _call(session: aiohttp.ClientSession, method: str, parameters: Any) -> Json:
    async with session.post(method, json=parameters) as response:
        answer: Json = await response.json()
        assert response.status == answer.get("error_code", 200)
        return answer


async def _updates(bot: Bot, **options: Any) -> tuple[Update, ...]:
    return await bot.get_updates(**({"timeout": 0} | options))


class TestConversation:
    """A person and a bot talk in a private chat."""

    @pytest.mark.asyncio
    async def test_what_a_person_says_reaches_the_bot(self, bot: Bot, ada: Person) -> None:
        """A private message arrives as an update that names its sender and the language."""
        sent = await ada.says("where is isoj held?")
        (update,) = await _updates(bot)
        assert update.message
        assert update.effective_user
        assert (update.message.text, update.message.message_id) == (sent.text, sent.id)
        assert (update.effective_user.first_name, update.effective_user.language_code) == (
            "Ada",
            "en",
        )
        assert update.message.chat.type == "private"

    @pytest.mark.asyncio
    async def test_what_the_bot_sends_is_heard_in_order(self, bot: Bot, ada: Person) -> None:
        """Each message is heard once, the first one first."""
        await bot.send_message(ada.id, "one")
        await bot.send_message(ada.id, "two")
        assert [(await ada.hears()).text, (await ada.hears()).text] == ["one", "two"]
        assert ada.unheard() == []

    @pytest.mark.asyncio
    async def test_hearing_waits_for_the_bot(self, bot: Bot, ada: Person) -> None:
        """A person who listens first hears what is sent later."""
        hearing = asyncio.create_task(ada.hears())
        await bot.send_message(ada.id, HELLO)
        assert (await hearing).text == HELLO

    @pytest.mark.asyncio
    async def test_silence_ends_with_what_the_bot_did_instead(self, bot: Bot, ada: Person) -> None:
        """When nothing is heard, the error lists the last calls."""
        await bot.get_me()
        with pytest.raises(TimeoutError, match=r"Ada to hear.*getMe: ok"):
            await ada.hears(timeout=0)

    @pytest.mark.asyncio
    async def test_a_pressed_button_is_answered(self, bot: Bot, ada: Person) -> None:
        """The press carries its data to the bot and the notice comes back."""
        keyboard = _keyboard(InlineKeyboardButton("Source", callback_data="v1:source:isoj"))
        await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        press = await ada.presses((await ada.hears()).button("Source"))
        (update,) = await _updates(bot)
        assert update.callback_query
        assert update.callback_query.data == "v1:source:isoj"
        await update.callback_query.answer("Paragraph 7", show_alert=True)
        notice = await press.answer()
        assert (notice.text, notice.is_alert) == ("Paragraph 7", True)

    @pytest.mark.asyncio
    async def test_a_missing_button_names_the_others(self, bot: Bot, ada: Person) -> None:
        """Pressing what isn't there fails with the buttons that are."""
        await bot.send_message(
            ada.id, HELLO, reply_markup=_keyboard(InlineKeyboardButton("Yes", callback_data="y"))
        )
        with pytest.raises(LookupError, match=r"no button 'No'.*'Yes'"):
            (await ada.hears()).button("No")

    @pytest.mark.asyncio
    async def test_a_link_cannot_be_pressed_as_a_callback(self, bot: Bot, ada: Person) -> None:
        """A URL button doesn't call the bot back."""
        keyboard = _keyboard(InlineKeyboardButton("Open", url="https://example.org"))
        await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        with pytest.raises(ValueError, match="doesn't call the bot back"):
            await ada.presses((await ada.hears()).button("Open"))

    @pytest.mark.asyncio
    async def test_the_bot_edits_and_the_person_sees_it(self, bot: Bot, ada: Person) -> None:
        """An edit changes the text and takes away the buttons that it doesn't repeat."""
        keyboard = _keyboard(InlineKeyboardButton("Yes", callback_data="y"))
        await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        answer = await ada.hears()
        await bot.edit_message_text("bye", ada.id, answer.id)
        edited = await ada.sees_edit(answer)
        assert (edited.text, edited.buttons) == ("bye", [])

    @pytest.mark.asyncio
    async def test_the_person_edits_and_the_bot_sees_it(self, bot: Bot, ada: Person) -> None:
        """An edited message arrives as one, with the same number."""
        sent = await ada.says("where is isoj?")
        await ada.edits(sent, "who goes to isoj?")
        _, update = await _updates(bot)
        assert update.edited_message
        assert update.edited_message.message_id == sent.id
        assert update.edited_message.text == "who goes to isoj?"

    @pytest.mark.asyncio
    async def test_commands_and_mentions_are_marked(self, bot: Bot, ada: Person) -> None:
        """Incoming messages carry the entities that Telegram finds, in UTF-16 units."""
        await ada.says("/start 🎉 @bot https://t.me/x #news a/b mail@bot.org")
        (update,) = await _updates(bot)
        assert update.message
        marked = update.message.parse_entities()
        assert sorted((e.type, text) for e, text in marked.items()) == [
            ("bot_command", "/start"),
            ("hashtag", "#news"),
            ("mention", "@bot"),
            ("url", "https://t.me/x"),
        ]

    @pytest.mark.asyncio
    async def test_replies_and_forwards_carry_their_origin(self, bot: Bot, ada: Person) -> None:
        """A reply quotes its target and a forward names its sender."""
        await bot.send_message(ada.id, HELLO)
        heard = await ada.hears()
        await ada.says("why?", reply_to=heard)
        await ada.forwards(heard)
        reply, forward = [update.message for update in await _updates(bot)]
        assert reply
        assert reply.reply_to_message
        assert reply.reply_to_message.message_id == heard.id
        assert forward
        assert forward.forward_origin
        assert forward.forward_origin.to_dict()["sender_user"]["id"] == bot.id

    @pytest.mark.asyncio
    async def test_stickers_and_photos_arrive(self, bot: Bot, ada: Person) -> None:
        """What isn't text arrives too."""
        await ada.sends_sticker("👍")
        await ada.sends_photo("a caption for @bot")
        sticker, photo = [update.message for update in await _updates(bot)]
        assert sticker
        assert sticker.sticker
        assert photo
        assert photo.photo
        assert photo.caption_entities[0].type == "mention"

    @pytest.mark.asyncio
    async def test_a_stranger_is_unknown_until_they_write(
        self, server: BotApiServer, bot: Bot
    ) -> None:
        """A bot can't write first."""
        eve = server.person("Eve", started=False)
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(eve.id, HELLO)
        await eve.starts("payload")
        await bot.send_message(eve.id, HELLO)
        assert (await eve.hears()).text == HELLO

    @pytest.mark.asyncio
    async def test_reactions_of_the_bot_are_seen(self, bot: Bot, ada: Person) -> None:
        """A listed emoji is shown; any other is refused."""
        sent = await ada.says(HELLO)
        await bot.set_message_reaction(ada.id, sent.id, "👀")
        assert await ada.sees_reaction(sent) == "👀"
        with pytest.raises(BadRequest, match="Reaction_invalid"):
            await bot.set_message_reaction(ada.id, sent.id, "🥑")

    @pytest.mark.asyncio
    async def test_deleted_messages_are_gone(self, bot: Bot, ada: Person) -> None:
        """A deletion is seen, and can't be repeated."""
        await bot.send_message(ada.id, HELLO)
        heard = await ada.hears()
        await bot.delete_message(ada.id, heard.id)
        await ada.sees_deletion(heard)
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await bot.delete_message(ada.id, heard.id)

    @pytest.mark.asyncio
    async def test_a_document_goes_by_multipart(self, bot: Bot, ada: Person) -> None:
        """A file that is uploaded arrives with its caption."""
        await bot.send_document(
            ada.id,
            b"a,b",
            filename="misses.csv",
            caption="<b>Misses</b>",
            parse_mode=ParseMode.HTML,
        )
        heard = await ada.hears()
        assert (heard.text, heard.marked("bold")) == ("Misses", ["Misses"])
        assert heard.raw["document"]["file_size"] == 3


class TestPlaces:
    """Groups, forums and channels."""

    @pytest.mark.asyncio
    async def test_a_group_hears_the_bot(self, server: BotApiServer, bot: Bot, ada: Person) -> None:
        """What is said in a group is answered in the group, not in private."""
        group = server.group("Friends", members=[ada])
        await ada.says("@bot hello", chat=group)
        (update,) = await _updates(bot)
        assert update.effective_chat
        assert (update.effective_chat.type, update.effective_chat.id) == ("group", group.id)
        await bot.send_message(group.id, HELLO)
        assert (await ada.hears(chat=group)).text == HELLO
        assert ada.unheard() == []

    @pytest.mark.asyncio
    async def test_topics_keep_conversations_apart(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """In a forum, messages are in a topic, and a reply stays in that of its target."""
        group = server.group("Friends", members=[ada], forum=True)
        topic, other = group.topic("Symposiums"), group.topic("Else")
        sent = await ada.says("hello", chat=group, thread=topic)
        update = (await _updates(bot))[-1]
        assert update.message
        assert (update.message.message_thread_id, update.message.is_topic_message) == (
            topic.id,
            True,
        )
        await bot.send_message(group.id, "elsewhere", message_thread_id=other.id)
        await bot.send_message(group.id, "here", reply_parameters=ReplyParameters(sent.id))
        assert (await ada.hears(chat=group, thread=topic)).text == "here"
        assert (await ada.hears(chat=group, thread=other)).text == "elsewhere"

    @pytest.mark.parametrize("thread", [1, 999])
    @pytest.mark.asyncio
    async def test_an_unknown_topic_is_refused(
        self, server: BotApiServer, bot: Bot, ada: Person, thread: int
    ) -> None:
        """A thread must exist; the general topic has no number."""
        group = server.group("Friends", members=[ada], forum=True)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(group.id, HELLO, message_thread_id=thread)

    @pytest.mark.asyncio
    async def test_a_closed_topic_is_refused(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """Only administrators write in a closed topic."""
        group = server.group("Friends", members=[ada], forum=True)
        topic = group.topic("Old")
        group.closes(topic)
        with pytest.raises(BadRequest, match="Topic_closed"):
            await bot.send_message(group.id, HELLO, message_thread_id=topic.id)

    @pytest.mark.asyncio
    async def test_privacy_mode_hides_what_is_not_for_the_bot(self) -> None:
        """In privacy mode a bot sees commands, mentions and replies to itself."""
        async with BotApiServer(privacy=True) as server, _client(server) as bot:
            ada = server.person("Ada")
            group = server.group("Friends", members=[ada])
            await bot.send_message(group.id, HELLO)
            heard = await ada.hears(chat=group)
            await ada.says("just talking", chat=group)
            await ada.says("/help", chat=group)
            await ada.says("hey @bot", chat=group)
            await ada.says("really?", chat=group, reply_to=heard)
            seen = [update.message.text for update in await _updates(bot) if update.message]
            assert seen == ["/help", "hey @bot", "really?"]

    @pytest.mark.asyncio
    async def test_a_migrated_group_names_its_successor(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """Writing to the old group fails with the id of the supergroup."""
        group = server.group("Friends", members=[ada])
        upgraded = group.migrates()
        with pytest.raises(ChatMigrated) as caught:
            await bot.send_message(group.id, HELLO)
        assert caught.value.new_chat_id == upgraded.id
        old, new = [update.message for update in await _updates(bot)]
        assert old
        assert old.migrate_to_chat_id == upgraded.id
        assert new
        assert new.migrate_from_chat_id == group.id
        await ada.says(HELLO, chat=upgraded)

    @pytest.mark.asyncio
    async def test_a_bot_that_is_blocked_or_kicked_cannot_write(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """The bot is told that it was thrown out, and refused from then on."""
        group = server.group("Friends", members=[ada])
        await ada.blocks()
        group.kicks_bot()
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ada.id, HELLO)
        with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
            await bot.send_message(group.id, HELLO)
        for update in await _updates(bot):
            assert update.my_chat_member
            assert update.my_chat_member.new_chat_member.status == "kicked"
        await ada.unblocks()
        await bot.send_message(ada.id, HELLO)

    @pytest.mark.asyncio
    async def test_administrators_are_known(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """The owner, the administrators and the members of a group are told apart."""
        bea, cem = server.person("Bea"), server.person("Cem")
        group = server.group("Friends", members=[ada, bea, cem], admins=[ada, bea])
        listed = await bot.get_chat_administrators(group.id)
        assert [(m.user.first_name, m.status) for m in listed] == [
            ("Ada", "creator"),
            ("Bea", "administrator"),
        ]
        assert (await bot.get_chat_member(group.id, cem.id)).status == "member"
        assert (await bot.get_chat(group.id)).title == "Friends"
        assert await bot.get_chat_member_count(group.id) == 4

    @pytest.mark.asyncio
    async def test_outsiders_cannot_speak_in_a_group(
        self, server: BotApiServer, ada: Person
    ) -> None:
        """A test that lets a stranger speak in a group is wrong itself."""
        group = server.group("Friends", members=[ada])
        with pytest.raises(ValueError, match="Eve is not in Friends"):
            await server.person("Eve").says(HELLO, chat=group)

    @pytest.mark.asyncio
    async def test_channel_posts_arrive(self, server: BotApiServer, bot: Bot) -> None:
        """Posts and their edits arrive as such; the channel is found by its name too."""
        channel = server.channel("News", username="news")
        post = await channel.posts(HELLO)
        await channel.edits(post, "bye")
        posted, edited = await _updates(bot)
        assert posted.channel_post
        assert edited.edited_channel_post
        sent = await bot.send_message("@news", "from the bot")
        assert sent.sender_chat
        assert [message.text for message in channel.said] == ["from the bot"]

    @pytest.mark.asyncio
    async def test_a_bot_with_the_right_opens_topics(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """An administrator opens a topic and writes there, even when it is closed."""
        group = server.group("Friends", members=[ada], forum=True, bot="administrator")
        topic = await bot.create_forum_topic(group.id, "Operators")
        assert await bot.close_forum_topic(group.id, topic.message_thread_id)
        await bot.send_message(group.id, HELLO, message_thread_id=topic.message_thread_id)
        assert (await ada.hears(chat=group)).thread == topic.message_thread_id


class TestRefusals:
    """Wrong calls are refused in Telegram's words."""

    @pytest.mark.asyncio
    async def test_a_wrong_token_is_unauthorized(self, server: BotApiServer) -> None:
        """Nothing is answered without the right token."""
        with pytest.raises(InvalidToken):
            async with _client(server, "1:wrong"):
                pass

    @pytest.mark.asyncio
    async def test_an_unknown_method_is_not_found(self, raw: aiohttp.ClientSession) -> None:
        """A method that the API hasn't got answers 404."""
        answer = await _call(raw, "sendTelepathy", {})
        assert answer["error_code"] == 404
        async with raw.delete("getMe") as response:
            assert response.status == 404

    @pytest.mark.asyncio
    async def test_methods_are_found_in_any_case_and_in_the_test_environment(
        self, raw: aiohttp.ClientSession
    ) -> None:
        """`getme` is `getMe`, by GET or POST, with or without `/test/`."""
        for path in ("getme", "getMe", "test/getMe"):
            async with raw.get(path) as response:
                assert (await response.json())["result"]["username"] == "bot"

    @pytest.mark.parametrize(
        ("parameters", "reason"),
        [
            ({"text": HELLO}, "chat_id is empty"),
            ({"chat_id": 77, "text": HELLO}, "chat not found"),
            ({"chat_id": "ada", "text": HELLO}, "chat not found"),
            ({"chat_id": 1.5, "text": HELLO}, 'parameter "chat_id" must be of type'),
            ({"chat_id": {}, "text": HELLO}, 'parameter "chat_id" must be of type'),
            ({"chat_id": True, "text": HELLO}, 'parameter "chat_id" must be of type'),
            ({}, "message text is empty"),
            ({"text": ""}, "message text is empty"),
            ({"text": " \n "}, "text must be non-empty"),
            ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
            ({"text": ["a"]}, 'parameter "text" must be of type String'),
            ({"text": "a" * 4097}, "message is too long"),
            ({"text": "🎉" * 2049}, "message is too long"),
            ({"text": "\ud83c"}, "strings must be encoded in UTF-8"),
            ({"text": HELLO, "parse_mode": "BBCode"}, "unsupported parse_mode"),
            ({"text": HELLO, "disable_notification": "maybe"}, "must be of type Boolean"),
            ({"text": HELLO, "message_thread_id": "x"}, "must be of type Integer"),
            ({"text": HELLO, "message_thread_id": 5}, "message thread not found"),
            ({"text": HELLO, "reply_markup": "{"}, "can't parse InlineKeyboardMarkup JSON"),
            ({"text": HELLO, "reply_markup": {"buttons": []}}, 'parameter "reply_markup"'),
            ({"text": HELLO, "reply_markup": {"keyboard": [[]]}}, "reply keyboard must be"),
            ({"text": HELLO, "reply_parameters": {}}, 'can\'t find field "message_id"'),
            (
                {"text": HELLO, "reply_parameters": {"message_id": 5}},
                "message to be replied not found",
            ),
        ],
    )
    @pytest.mark.asyncio
    async def test_a_wrong_message_is_refused(
        self, raw: aiohttp.ClientSession, ada: Person, parameters: Json, reason: str
    ) -> None:
        """Every wrong parameter of sendMessage has its refusal."""
        sent = parameters if "chat_id" in parameters else {"chat_id": ada.id} | parameters
        sent = {"text": HELLO} if parameters == {"text": HELLO} else sent
        answer = await _call(raw, "sendMessage", sent)
        assert answer["error_code"] == 400
        assert answer["description"].startswith("Bad Request: ")
        assert reason in answer["description"]
        assert ada.unheard() == []

    @pytest.mark.parametrize(
        ("button", "reason"),
        [
            ({"text": "x"}, "Text buttons are unallowed"),
            ({"text": " ", "callback_data": "d"}, "text must be non-empty"),
            ({"callback_data": "d"}, 'can\'t find field "text"'),
            ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
            ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
            ({"text": "x", "callback_data": 5}, "must be of type String"),
            ({"text": "x", "callback_data": "d", "url": "https://a.org"}, "exactly one action"),
            ({"text": "x", "url": "http://nowhere"}, "Wrong HTTP URL"),
            ({"text": "x", "url": "http://["}, "Wrong HTTP URL"),
            ({"text": "x", "url": "javascript:alert()"}, "Wrong HTTP URL"),
            ({"text": "x", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
            ({"text": "x", "callback_data": "d", "style": "loud"}, "invalid button style"),
            ({"text": "x", "web_app": {"url": "http://a.org"}}, "Only HTTPS"),
        ],
    )
    @pytest.mark.asyncio
    async def test_a_wrong_button_is_refused(
        self, raw: aiohttp.ClientSession, ada: Person, button: Json, reason: str
    ) -> None:
        """A button has a text and does exactly one thing, within its limits."""
        markup = {"inline_keyboard": [[button]]}
        parameters = {"chat_id": ada.id, "text": HELLO, "reply_markup": markup}
        answer = await _call(raw, "sendMessage", parameters)
        assert reason in answer["description"]

    @pytest.mark.asyncio
    async def test_every_kind_of_button_is_accepted(self, bot: Bot, ada: Person) -> None:
        """Data of 64 bytes, links, inline queries and texts to copy are all good."""
        keyboard = _keyboard(
            InlineKeyboardButton("Data", callback_data="é" * 32),
            InlineKeyboardButton("Link", url="https://example.org/a?b=c"),
            InlineKeyboardButton("Ask", switch_inline_query="isoj"),
            InlineKeyboardButton("Here", switch_inline_query_current_chat=""),
            InlineKeyboardButton("Copy", copy_text=CopyTextButton("a" * 256)),
        )
        await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        heard = await ada.hears()
        assert [b.text for b in heard.buttons] == ["Data", "Link", "Ask", "Here", "Copy"]

    @pytest.mark.parametrize(
        "markup", [ReplyKeyboardMarkup([["Yes", "No"]]), ReplyKeyboardRemove(), ForceReply()]
    )
    @pytest.mark.asyncio
    async def test_other_reply_markup_is_accepted(
        self,
        bot: Bot,
        ada: Person,
        markup: ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply,
    ) -> None:
        """Keyboards of the person are fine and aren't part of the message."""
        await bot.send_message(ada.id, HELLO, reply_markup=markup)
        assert (await ada.hears()).buttons == []

    @pytest.mark.asyncio
    async def test_too_many_buttons_are_refused(self, bot: Bot, ada: Person) -> None:
        """A keyboard holds a hundred buttons."""
        row = [InlineKeyboardButton(str(n), callback_data=str(n)) for n in range(101)]
        with pytest.raises(BadRequest, match="Reply markup is too long"):
            await bot.send_message(ada.id, HELLO, reply_markup=_keyboard(*row))

    @pytest.mark.asyncio
    async def test_a_reply_may_do_without_its_target(self, bot: Bot, ada: Person) -> None:
        """With allow_sending_without_reply a lost target is no reason to fail."""
        reply = ReplyParameters(99, allow_sending_without_reply=True)
        await bot.send_message(ada.id, HELLO, reply_parameters=reply)
        assert (await ada.hears()).reply_to is None

    @pytest.mark.asyncio
    async def test_an_edit_needs_a_message_and_a_change(self, bot: Bot, ada: Person) -> None:
        """Unknown messages, other people's and those that stay the same aren't edited."""
        theirs = await ada.says(HELLO)
        keyboard = _keyboard(InlineKeyboardButton("Yes", callback_data="y"))
        sent = await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("bye", ada.id, 99)
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("bye", ada.id, theirs.id)
        with pytest.raises(BadRequest, match=r"exactly the same as a current content"):
            await sent.edit_text(HELLO, reply_markup=keyboard)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await sent.edit_reply_markup(keyboard)
        await sent.edit_text(HELLO)
        assert (await ada.hears()).buttons == []

    @pytest.mark.asyncio
    async def test_a_query_is_answered_once_and_in_time(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """An unknown, expired or answered press can't be answered, nor with a long notice."""
        keyboard = _keyboard(InlineKeyboardButton("Yes", callback_data="y"))
        await bot.send_message(ada.id, HELLO, reply_markup=keyboard)
        button = (await ada.hears()).button("Yes")
        answered, expired = await ada.presses(button), await ada.presses(button)
        expired.expire()
        with pytest.raises(BadRequest, match="Message_too_long"):
            await bot.answer_callback_query(answered.id, "a" * 201)
        await bot.answer_callback_query(answered.id, "a" * 200)
        for number in (answered.id, expired.id, "nonsense"):
            with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
                await bot.answer_callback_query(number)

    @pytest.mark.parametrize(
        ("method", "parameters", "reason"),
        [
            ("setMyCommands", {"commands": [["a"]]}, "must be of type BotCommand"),
            ("setMyCommands", {"commands": [{"command": "A", "description": "d"}]}, "BOT_COMMAND_"),
            ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "DESCRIPTION"),
            (
                "setMyCommands",
                {"commands": [{"command": f"c{n}", "description": "d"} for n in range(101)]},
                "BOT_COMMANDS_TOO_MUCH",
            ),
            ("setMyCommands", {"commands": [], "language_code": "eng"}, "invalid language code"),
            ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, '"scope"'),
            (
                "setMyCommands",
                {"commands": [], "scope": {"type": "chat", "chat_id": 5}},
                "chat not found",
            ),
            ("setMyDescription", {"description": "a" * 513}, "TOO_LONG"),
            ("setMyShortDescription", {"short_description": "a" * 121}, "TOO_LONG"),
            ("sendChatAction", {"chat_id": 0}, "wrong parameter action"),
            ("sendChatAction", {"chat_id": 0, "action": "dance"}, "chat not found"),
            ("setWebhook", {"url": "http://example.org"}, "HTTPS URL must be provided"),
            ("setWebhook", {"url": "https://example.org:port"}, "invalid URL"),
            ("setWebhook", {"url": "https://example.org:99"}, "ports 80, 88, 443 or 8443"),
            (
                "setWebhook",
                {"url": "https://example.org", "secret_token": "a b"},
                "unallowed characters",
            ),
            ("getChatMember", {"chat_id": 5, "user_id": 5}, "chat not found"),
            ("editMessageText", {"text": HELLO, "chat_id": 5}, "identifier is not specified"),
            ("editMessageText", {"text": HELLO, "inline_message_id": "x"}, "MESSAGE_ID_INVALID"),
            ("deleteMessage", {"chat_id": 5}, "message identifier is not specified"),
        ],
    )
    @pytest.mark.asyncio
    async def test_a_wrong_call_is_refused(
        self, raw: aiohttp.ClientSession, method: str, parameters: Json, reason: str
    ) -> None:
        """Every limit of the other methods is kept."""
        answer = await _call(raw, method, parameters)
        assert answer["error_code"] == 400
        assert reason in answer["description"]

    @pytest.mark.asyncio
    async def test_an_unknown_action_is_refused(
        self, raw: aiohttp.ClientSession, bot: Bot, ada: Person
    ) -> None:
        """A bot can be typing, but not dancing."""
        assert await bot.send_chat_action(ada.id, ChatAction.TYPING)
        answer = await _call(raw, "sendChatAction", {"chat_id": ada.id, "action": "dance"})
        assert answer["description"] == "Bad Request: wrong parameter action in request"

    @pytest.mark.asyncio
    async def test_a_body_that_is_no_object_is_refused(self, raw: aiohttp.ClientSession) -> None:
        """JSON must be valid and an object."""
        assert (await _call(raw, "getMe", [1]))["description"] == "Bad Request: object expected"
        headers = {"Content-Type": "application/json"}
        for body in (b"{", b'{"text": "\xff"}'):
            async with raw.post("getMe", data=body, headers=headers) as response:
                assert response.status == 400


class TestMarkup:
    """Texts are parsed as Telegram parses them."""

    @pytest.mark.asyncio
    async def test_html_becomes_text_and_entities(self, bot: Bot, ada: Person) -> None:
        """Tags, references and nesting are understood; offsets count UTF-16 units."""
        html = (
            "🎉 <b>ISOJ <i>is</i></b> in <a href='https://isoj.org/?a=1&amp;b=2'>Austin</a>"
            ' &lt;3 &#x41; <pre><code class="language-python">x = 1</code></pre>'
            "<blockquote expandable>quoted</blockquote><tg-spoiler>end</tg-spoiler>"
        )
        await bot.send_message(ada.id, html, parse_mode=ParseMode.HTML)
        heard = await ada.hears()
        assert heard.text == "🎉 ISOJ is in Austin <3 A x = 1quotedend"
        assert heard.marked("bold") == ["ISOJ is"]
        assert heard.marked("italic") == ["is"]
        assert heard.links == {"Austin": "https://isoj.org/?a=1&b=2"}
        assert heard.marked("expandable_blockquote") == ["quoted"]
        assert heard.marked("spoiler") == ["end"]
        (pre,) = [e for e in heard.entities if e["type"] == "pre"]
        assert (pre["language"], heard.marked("code")) == ("python", [])
        assert heard.entities[0]["offset"] == 3

    @pytest.mark.asyncio
    async def test_markdown_becomes_text_and_entities(self, bot: Bot, ada: Person) -> None:
        """Marks, escapes, quotations and code are understood."""
        markdown = (
            "*ISOJ _is_* in [Austin](https://isoj.org/\\)) __u__ ~s~ ||p|| `a\\`b` 1\\.\n"
            ">quoted\n>more\n```python\nx_1```"
        )
        await bot.send_message(ada.id, markdown, parse_mode=ParseMode.MARKDOWN_V2)
        heard = await ada.hears()
        assert heard.text == "ISOJ is in Austin u s p a`b 1.\nquoted\nmore\nx_1"
        assert heard.marked("bold") == ["ISOJ is"]
        assert heard.links == {"Austin": "https://isoj.org/)"}
        assert heard.marked("code") == ["a`b"]
        assert [q.strip() for q in heard.marked("blockquote")] == ["quoted\nmore"]
        assert heard.marked("pre") == ["x_1"]
        assert heard.marked("spoiler") == ["p"]

    @pytest.mark.asyncio
    async def test_a_quotation_can_be_folded(self, bot: Bot, ada: Person) -> None:
        """Two bars at its end make a block quotation expandable."""
        await bot.send_message(ada.id, "**>a\n>b||\nc", parse_mode=ParseMode.MARKDOWN_V2)
        heard = await ada.hears()
        assert (heard.text, len(heard.marked("expandable_blockquote"))) == ("a\nb\nc", 1)

    @pytest.mark.parametrize(
        ("mode", "text", "reason"),
        [
            ("HTML", "<b>open", "Can't find end tag corresponding to start tag"),
            ("HTML", "<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>"'),
            ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
            ("HTML", "é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
            ("HTML", "a < b", 'Unsupported start tag ""'),
            ("HTML", "a <b", "Unclosed start tag"),
            ("HTML", "<b", "Unclosed start tag"),
            ("HTML", "<a href>x</a>", "Expected equal sign"),
            ("HTML", "<span class='red'>x</span>", 'must have class "tg-spoiler"'),
            ("HTML", "<tg-emoji emoji-id='x'>x</tg-emoji>", "Invalid custom emoji identifier"),
            ("HTML", "<br>", 'Unsupported start tag "br"'),
            ("MarkdownV2", "1.", "Character '.' is reserved and must be escaped with the"),
            ("MarkdownV2", "a | b", "Character '|' is reserved"),
            ("MarkdownV2", "a!", "Character '!' is reserved"),
            ("MarkdownV2", "*open", "Can't find end of Bold entity at byte offset 0"),
            ("MarkdownV2", "é_open", "Can't find end of Italic entity at byte offset 2"),
            ("MarkdownV2", "[a](b", "Can't find end of a URL at byte offset 4"),
            ("MarkdownV2", ">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
            ("MarkdownV2", "![x](tg://x)", "must contain a tg://emoji URL"),
        ],
    )
    @pytest.mark.asyncio
    async def test_wrong_markup_is_refused(
        self, raw: aiohttp.ClientSession, ada: Person, mode: str, text: str, reason: str
    ) -> None:
        """Markup that Telegram can't parse is refused with the place of the mistake."""
        parameters = {"chat_id": ada.id, "text": text, "parse_mode": mode}
        answer = await _call(raw, "sendMessage", parameters)
        assert answer["description"].startswith("Bad Request: can't parse entities: ")
        assert reason in answer["description"]

    @pytest.mark.parametrize(
        ("entity", "reason"),
        [
            ({"type": "bold", "offset": 0, "length": 5}, "ends after the end of the text"),
            ({"type": "bold", "offset": 9, "length": 1}, "begins after the end of the text"),
            ({"type": "bold", "offset": -1, "length": 1}, "incorrect offset"),
            ({"type": "bold", "offset": 1, "length": 1}, "begins in a middle"),
            ({"type": "bold", "offset": 0, "length": 1}, "ends in a middle"),
            ({"type": "loud", "offset": 0, "length": 2}, "Unsupported type specified"),
            ({"type": "text_link", "offset": 0, "length": 2}, 'Can\'t find field "url"'),
            ({"type": "bold", "offset": "0", "length": 2}, "must be of type Integer"),
            ({"offset": 0, "length": 2}, 'can\'t find field "type"'),
        ],
    )
    @pytest.mark.asyncio
    async def test_wrong_entities_are_refused(
        self, raw: aiohttp.ClientSession, ada: Person, entity: Json, reason: str
    ) -> None:
        """Entities lie within the text and cut no character; here it has four units."""
        parameters = {"chat_id": ada.id, "text": "🎉ab", "entities": [entity]}
        answer = await _call(raw, "sendMessage", parameters)
        assert reason in answer["description"]

    @pytest.mark.asyncio
    async def test_crossing_entities_are_refused(self, bot: Bot, ada: Person) -> None:
        """Entities nest or stand apart."""
        crossing = [MessageEntity("bold", 0, 4), MessageEntity("italic", 2, 3)]
        with pytest.raises(BadRequest, match="Entity beginning at utf-16 offset 2"):
            await bot.send_message(ada.id, "hello", entities=crossing)

    @pytest.mark.asyncio
    async def test_entities_follow_the_trimmed_text(self, bot: Bot, ada: Person) -> None:
        """White space around a text goes and its entities move along."""
        await bot.send_message(ada.id, "  hello  ", entities=[MessageEntity("bold", 2, 7)])
        heard = await ada.hears()
        assert (heard.text, heard.marked("bold")) == (HELLO, [HELLO])

    @pytest.mark.asyncio
    async def test_the_length_is_measured_after_parsing(self, bot: Bot, ada: Person) -> None:
        """Markup doesn't count, units of UTF-16 do."""
        await bot.send_message(ada.id, f"<b>{'🎉' * 2048}</b>", parse_mode=ParseMode.HTML)
        assert len((await ada.hears()).text) == 2048


class TestInline:
    """Inline queries are asked, answered, chosen."""

    @pytest.mark.asyncio
    async def test_results_come_back_and_can_be_chosen(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """A person sees titles, sends one, and the bot may edit what was sent."""
        asking = asyncio.create_task(ada.inline("isoj"))
        (update,) = await _updates(bot, timeout=2)
        assert update.inline_query
        keyboard = _keyboard(InlineKeyboardButton("Source", callback_data="s"))
        content = InputTextMessageContent("<b>Austin</b>", parse_mode=ParseMode.HTML)
        article = InlineQueryResultArticle("1", "Where?", content, reply_markup=keyboard)
        await update.inline_query.answer([article, _article("2")], cache_time=60)
        results = await asking
        assert (results.titles, results.get("cache_time")) == (["Where?", "Title"], 60)
        sent = await ada.chooses(results, "Where?")
        assert (sent.text, sent.marked("bold")) == ("Austin", ["Austin"])
        await ada.presses(sent.button("Source"))
        *_, chosen, pressed = await _updates(bot, offset=update.update_id + 1)
        assert chosen.chosen_inline_result
        assert pressed.callback_query
        number = pressed.callback_query.inline_message_id
        assert number == chosen.chosen_inline_result.inline_message_id
        await bot.edit_message_text("Austin, Texas", inline_message_id=number)
        assert (await ada.sees_edit(sent)).text == "Austin, Texas"

    @pytest.mark.parametrize(
        ("results", "reason"),
        [
            ([_article(str(n)) for n in range(51)], "Results_too_much"),
            ([_article("1"), _article("1")], "Result_id_duplicate"),
            ([_article("")], "Can't find|Result_id_invalid"),
            ([_article("é" * 33)], "Result_id_invalid"),
            ([_article("1", "a" * 4097)], "Message is too long"),
            ([_article("1", title=" ")], "Article_title_empty"),
        ],
    )
    @pytest.mark.asyncio
    async def test_wrong_results_are_refused(
        self, bot: Bot, ada: Person, results: list[InlineQueryResultArticle], reason: str
    ) -> None:
        """At most fifty results, each with its own id and a text that could be sent."""
        asking = asyncio.create_task(ada.inline("isoj"))
        (update,) = await _updates(bot, timeout=2)
        assert update.inline_query
        number = update.inline_query.id
        with pytest.raises(BadRequest, match=reason):
            await bot.answer_inline_query(number, results)
        await bot.answer_inline_query(number, [])
        assert len(await asking) == 0
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_inline_query(number, [])


class TestProfile:
    """What a bot says about itself is kept."""

    @pytest.mark.asyncio
    async def test_commands_are_kept_by_scope_and_language(
        self, raw: aiohttp.ClientSession, bot: Bot
    ) -> None:
        """Each scope and language has its own list."""
        await bot.set_my_commands([BotCommand("start", "Begin")])
        await bot.set_my_commands([BotCommand("start", "ابدأ")], language_code="ar")
        scope = {"type": "all_group_chats"}
        await _call(raw, "setMyCommands", {"commands": [], "scope": scope})
        assert [c.description for c in await bot.get_my_commands(language_code="ar")] == ["ابدأ"]
        await bot.delete_my_commands(language_code="ar")
        assert await bot.get_my_commands(language_code="ar") == ()
        assert [c.description for c in await bot.get_my_commands()] == ["Begin"]

    @pytest.mark.asyncio
    async def test_descriptions_fall_back_to_the_one_for_all(self, bot: Bot) -> None:
        """A language without its own description has the common one."""
        await bot.set_my_description("An FAQ bot")
        await bot.set_my_short_description("FAQ", language_code="de")
        assert (await bot.get_my_description("fr")).description == "An FAQ bot"
        assert (await bot.get_my_short_description("fr")).short_description == ""
        assert (await bot.get_my_name()).name == "Bot"
        assert await bot.set_chat_menu_button()


class TestPolling:
    """getUpdates polls long, confirms, and bears no rival."""

    @pytest.mark.asyncio
    async def test_an_update_stays_until_it_is_confirmed(self, bot: Bot, ada: Person) -> None:
        """The same update comes again until an offset above it confirms it."""
        await ada.says("one")
        await ada.says("two")
        first, second = await _updates(bot)
        assert await _updates(bot) == (first, second)
        assert await _updates(bot, offset=second.update_id) == (second,)
        assert await _updates(bot) == (second,)
        assert await _updates(bot, offset=second.update_id + 1) == ()

    @pytest.mark.asyncio
    async def test_a_negative_offset_keeps_the_last(self, bot: Bot, ada: Person) -> None:
        """With -1, all but the last update are forgotten."""
        for text in ("one", "two", "three"):
            await ada.says(text)
        (last,) = await _updates(bot, offset=-1)
        assert last.message
        assert last.message.text == "three"
        assert await _updates(bot) == (last,)

    @pytest.mark.asyncio
    async def test_the_limit_is_kept(self, bot: Bot, ada: Person) -> None:
        """No more updates come than were asked for."""
        for text in ("one", "two", "three"):
            await ada.says(text)
        assert len(await _updates(bot, limit=2)) == 2

    @pytest.mark.asyncio
    async def test_a_poll_waits_for_an_update(self, bot: Bot, ada: Person) -> None:
        """A long poll ends as soon as there is something."""
        polling = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0)
        await ada.says(HELLO)
        assert len(await polling) == 1

    @pytest.mark.asyncio
    async def test_kinds_that_are_not_allowed_do_not_come(self, bot: Bot, ada: Person) -> None:
        """allowed_updates filters what comes later; reactions must be asked for."""
        sent = await ada.says(HELLO)
        await ada.reacts(sent, "👍")
        (update,) = await _updates(bot, allowed_updates=["message_reaction"])
        await ada.says("not asked for")
        await ada.reacts(sent, "👍")
        (reaction,) = await _updates(bot, offset=update.update_id + 1)
        assert reaction.message_reaction

    @pytest.mark.asyncio
    async def test_a_second_poll_ends_the_first(self, server: BotApiServer, bot: Bot) -> None:
        """Two instances conflict: the poll that waits is refused."""
        async with _client(server) as rival:
            polling = asyncio.create_task(bot.get_updates(timeout=5))
            await server.watch.until(lambda: server.world.queue._turn, "a poll")
            second = asyncio.create_task(rival.get_updates(timeout=5))
            with pytest.raises(Conflict, match="terminated by other getUpdates request"):
                await polling
            server.push({"message": None})
            assert len(await second) == 1

    @pytest.mark.asyncio
    async def test_raw_updates_come_as_they_are(
        self, server: BotApiServer, raw: aiohttp.ClientSession
    ) -> None:
        """Hostile updates are passed on untouched."""
        server.push({"message": {"text": "\u202e" * 5000}, "surprise": [1]})
        server.push({"update_id": 70})
        answer = await _call(raw, "getUpdates", {})
        assert [u["update_id"] for u in answer["result"]] == [1, 70]
        assert answer["result"][0]["surprise"] == [1]


class TestWebhook:
    """With a webhook, updates are brought."""

    @pytest.mark.asyncio
    async def test_updates_are_brought_in_order_until_taken(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """A refused update comes again before the next one, with the secret each time."""
        got: list[tuple[str, str]] = []

        async def take(request: web.Request) -> web.Response:
            update = json.loads(await request.text())
            secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
            got.append((update["message"]["text"], secret))
            return web.Response(status=500 if len(got) == 1 else 200)

        async with _listening(take) as url:
            await bot.set_webhook(url, secret_token="s3cret", max_connections=1)
            await ada.says("one")
            await ada.says("two")
            await server.drained()
            assert got == [("one", "s3cret"), ("one", "s3cret"), ("two", "s3cret")]
            info = await bot.get_webhook_info()
            assert (info.url, info.pending_update_count) == (url, 0)
            assert info.last_error_message == (
                "Wrong response from the webhook: 500 Internal Server Error"
            )
            with pytest.raises(Conflict, match="can't use getUpdates method while webhook"):
                await bot.get_updates()
            await bot.delete_webhook()

    @pytest.mark.asyncio
    async def test_polling_goes_on_after_the_webhook(self, bot: Bot, ada: Person) -> None:
        """Updates that no webhook took are polled, or dropped if so wished."""
        await bot.set_webhook("http://127.0.0.1:9/")
        await ada.says(HELLO)
        assert (await bot.get_webhook_info()).pending_update_count == 1
        await bot.delete_webhook()
        assert len(await _updates(bot)) == 1
        await bot.delete_webhook(drop_pending_updates=True)
        assert await _updates(bot) == ()


class TestFaults:
    """The server fails on demand."""

    @pytest.mark.asyncio
    async def test_queued_faults_come_one_by_one(
        self, server: BotApiServer, bot: Bot, ada: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each fault spoils one call, and then all is well."""
        monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it, PTB warns
        server.fail(
            "sendMessage", TooManyRequests(3), ServerError(), Dropped(), Garbage(), Delay(0.01)
        )
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ada.id, HELLO)
        assert caught.value.retry_after == timedelta(seconds=3)
        for _ in range(3):
            with pytest.raises(TelegramError):
                await bot.send_message(ada.id, HELLO)
        assert ada.unheard() == []
        await bot.send_message(ada.id, HELLO)
        assert len(ada.unheard()) == 1

    @pytest.mark.parametrize("fault", [ServerError(applied=True), Dropped(applied=True)])
    @pytest.mark.asyncio
    async def test_a_call_can_work_and_yet_seem_to_fail(
        self, server: BotApiServer, bot: Bot, ada: Person, fault: ServerError | Dropped
    ) -> None:
        """With `applied`, the message arrives though the bot can't know."""
        server.fail("sendMessage", fault)
        with pytest.raises(TelegramError):
            await bot.send_message(ada.id, HELLO)
        assert (await ada.hears()).text == HELLO

    @pytest.mark.asyncio
    async def test_faults_can_come_by_chance(self, server: BotApiServer, bot: Bot) -> None:
        """With a chance of one every call fails, until the server is healed."""
        server.fail("*", ServerError(503), chance=1.0)
        for _ in range(3):
            with pytest.raises(NetworkError):
                await bot.get_me()
        server.heal()
        assert (await bot.get_me()).username == "bot"

    @pytest.mark.asyncio
    async def test_latency_can_outlast_the_patience_of_a_client(
        self, server: BotApiServer, bot: Bot
    ) -> None:
        """Each call takes the latency."""
        server.latency = 0.5
        with pytest.raises(TimedOut):
            await bot.get_me(read_timeout=0.05)


class TestRecord:
    """Every call is on record."""

    @pytest.mark.asyncio
    async def test_calls_hold_parameters_and_answers(
        self, server: BotApiServer, bot: Bot, ada: Person
    ) -> None:
        """Good and bad calls are recorded, with typed parameters."""
        await bot.send_message(ada.id, HELLO, entities=[MessageEntity("bold", 0, 5)])
        with pytest.raises(BadRequest):
            await bot.send_message(5, HELLO)
        good, bad = server.calls_of("sendMessage")
        assert good.ok
        assert good.parameters["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
        assert good.result["text"] == HELLO
        assert (bad.status, bad.description) == (400, "Bad Request: chat not found")

    @pytest.mark.asyncio
    async def test_a_call_can_be_awaited(self, server: BotApiServer, bot: Bot, ada: Person) -> None:
        """Waiting for a call ends with the call, or says that it didn't come."""
        waiting = asyncio.create_task(server.called("sendChatAction"))
        await bot.send_chat_action(ada.id, ChatAction.TYPING)
        assert (await waiting).parameters["action"] == "typing"
        with pytest.raises(TimeoutError, match="call 2 of sendChatAction"):
            await server.called("sendChatAction", times=2, timeout=0)


def _listening(take: Any) -> "_Listener":
    return _Listener(take)


class _Listener:
    """Listen where updates are brought."""

    def __init__(self, take: Any) -> None:
        app = web.Application()
        app.router.add_post("/", take)
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
