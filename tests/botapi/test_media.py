"""Photos that take the place of other photos and of texts."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest

from . import TOKEN, BotApiServer, Person

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
PICTURE = InputMediaPhoto(b"another", "**", filename="two.png")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Run a server."""
    async with BotApiServer() as running:
        yield running


@pytest_asyncio.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    """Connect a real client to it."""
    async with Bot(TOKEN, base_url=server.base_url) as client:
        yield client


@pytest.mark.asyncio
async def test_a_photo_is_replaced(server: BotApiServer, bot: Bot) -> None:
    """The new photo brings its caption and buttons; the upload arrives."""
    ada = server.person("Ada")
    sent = await bot.send_photo(ada.id, b"one", "old", reply_markup=KEYBOARD, filename="one.png")
    before = await ada.hears()
    await bot.edit_message_media(PICTURE, ada.id, sent.message_id)
    seen = await ada.sees_edit(before)
    assert (seen.text, seen.buttons) == ("**", [])
    assert seen.raw["photo"][0]["file_size"] == len(b"another")
    upload = server.calls_of("editMessageMedia")[0].parameters["media"]["media"]
    assert upload.content == b"another"


@pytest.mark.asyncio
async def test_a_text_may_become_a_photo_and_not_the_other_way(
    server: BotApiServer, bot: Bot
) -> None:
    """A photo has no text to edit."""
    ada: Person = server.person("Ada")
    sent = await bot.send_message(ada.id, "text")
    before = await ada.hears()
    await bot.edit_message_media(PICTURE, ada.id, sent.message_id)
    seen = await ada.sees_edit(before)
    assert "text" not in seen.raw
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("text", ada.id, sent.message_id)


@pytest.mark.asyncio
async def test_only_what_is_known_is_taken(server: BotApiServer, bot: Bot) -> None:
    """A file that isn't attached, and a kind that isn't a photo, are refused."""
    ada = server.person("Ada")
    sent = await bot.send_message(ada.id, "text")
    for media in ({"type": "photo", "media": "attach://nothing"}, {"type": "loud", "media": "x"}):
        parameters = {"chat_id": ada.id, "message_id": sent.message_id, "media": media}
        async with (
            aiohttp.ClientSession(f"{server.base_url}{TOKEN}/") as session,
            session.post("editMessageMedia", json=parameters) as response,
        ):
            assert response.status == 400
