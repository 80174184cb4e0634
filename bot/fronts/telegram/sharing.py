"""The buttons that take an answer elsewhere: to another chat, or into the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from telegram import CopyTextButton, InlineKeyboardButton
from telegram.constants import InlineKeyboardButtonLimit, InlineQueryLimit

from bot.fronts.telegram.frame import Frame
from bot.fronts.telegram.opening import opening
from bot.fronts.telegram.render import shorten, units
from bot.knowledge.entry import Entry
from bot.knowledge.markdown import plain
from bot.knowledge.wordings import ButtonWordings

_MAX_COPY = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
_MAX_QUERY = int(InlineQueryLimit.MAX_QUERY_LENGTH)
_PICK = "https://t.me/share/url"


def sharing_buttons(
    entries: Sequence[Entry], words: ButtonWordings, frame: Frame
) -> list[InlineKeyboardButton]:
    """Return what stands beside Source: in private Share and Copy, in a group the way to the rest.

    An answer to several questions is nothing to share or to copy.
    """
    if frame.in_group:
        return _more(entries, words, frame)
    if len(entries) != 1:
        return []
    return [*_share(entries[0], words, frame), *_copy(entries[0], words, frame)]


def query_of(entry: Entry) -> str:
    """Return what is typed into another chat to share an entry."""
    return shorten(entry.question, _MAX_QUERY)


def shown_part(text: str, entries: Sequence[Entry], frame: Frame) -> str:
    """Return the text of a reply with each answer only as long as its frame allows."""
    for entry in _cut(entries, frame).values():
        text = text.replace(entry.answer.strip(), opening(entry.answer), 1)
    return text


def _cut(entries: Sequence[Entry], frame: Frame) -> dict[int, Entry]:
    """Return, by number from 1, the entries of which a group gets to read the opening only."""
    return {
        number: entry
        for number, entry in enumerate(entries, 1)
        if frame.in_group and frame.link(entry.id) and opening(entry.answer) != entry.answer.strip()
    }


def _more(
    entries: Sequence[Entry], words: ButtonWordings, frame: Frame
) -> list[InlineKeyboardButton]:
    """Return a link to the whole of each answer that is cut."""
    return [
        InlineKeyboardButton(
            words.whole_answer if len(entries) == 1 else f"{words.whole_answer} {number}",
            url=frame.link(entry.id),
        )
        for number, entry in _cut(entries, frame).items()
    ]


def _share(entry: Entry, words: ButtonWordings, frame: Frame) -> list[InlineKeyboardButton]:
    """Return the button that opens a list of chats; without inline mode a link is sent there."""
    if frame.has_inline:
        return [InlineKeyboardButton(words.share, switch_inline_query=query_of(entry))]
    if link := frame.link(entry.id):
        asked = urlencode({"url": link, "text": entry.question})
        return [InlineKeyboardButton(words.share, url=f"{_PICK}?{asked}")]
    return []


def _copy(entry: Entry, words: ButtonWordings, frame: Frame) -> list[InlineKeyboardButton]:
    """Return the button that copies the answer where it fits, else the link to it."""
    text = plain(entry.answer)
    if units(text) <= _MAX_COPY:
        return [InlineKeyboardButton(words.copy_text, copy_text=CopyTextButton(text))]
    if link := frame.link(entry.id):
        return [InlineKeyboardButton(words.copy_link, copy_text=CopyTextButton(link))]
    return []
