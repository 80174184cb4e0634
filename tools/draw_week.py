"""Draw the README's picture of a week, as the test of it plays it: `python -m tools.draw_week`.

It needs Chromium, and a font with emoji such as Noto Color Emoji. What the chats say comes from the
running bot, over HTTP; nothing is made up.
"""

from __future__ import annotations

import asyncio
import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.botapi import BotApiServer, Message
from tests.botapi.chat import Chat
from tests.botapi.text import utf16_slice
from tests.week import Week

PICTURE = Path(__file__).parent.parent / "docs" / "week.png"
_TAGS = {"bold": "b", "italic": "i", "code": "code", "text_link": "u"}
_OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-sync", "--disable-component-update"),
)
_WIDTH, _HEIGHT = 1480, 1150
_STYLE = """
body { margin: 0; padding: 20px; width: 1440px; background: #f2f4f7; color: #111;
  font: 14px/1.3 "Noto Sans", "DejaVu Sans", "Segoe UI", sans-serif; }
main { display: grid; grid-template-columns: repeat(4, 1fr); gap: 16px; }
h2 { font-size: 16px; margin: 0 0 2px; } h2 + p { margin: 0 0 10px; color: #567; font-size: 13px; }
section { background: #dfe7ee; border-radius: 14px; padding: 12px; height: 1070px;
  overflow: hidden; }
.said { background: #fff; border-radius: 12px 12px 12px 3px; padding: 7px 11px;
  margin: 8px 26px 3px 0; white-space: pre-line; overflow-wrap: anywhere; }
.mine { background: #d5f5c6; border-radius: 12px 12px 3px 12px; margin: 8px 0 3px 26px; }
.name { color: #2a7ab0; font-weight: 600; font-size: 13px; }
.row { display: flex; gap: 4px; margin: 0 26px 4px 0; }
.row span { flex: 1; text-align: center; background: #b9cbd9; border-radius: 8px; padding: 5px 4px;
  font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
"""


async def _played(folder: Path) -> str:
    """Return the page with the chats of a week."""
    async with BotApiServer(username="majlis_bot", patience=20) as server:
        week = Week.of(server, folder)
        await week.play()
        columns = (
            ("Ada asks", "her chat with the bot", week.ada.home.chat, week.ada.id),
            ("Olga answers", "the operators' group, Ada's topic", week.desk.chat, week.olga.id),
            ("Sam teaches", "an admin's chat with the bot", week.sam.home.chat, week.sam.id),
            ("Bob asks", "his chat with the bot, later", week.bob.home.chat, week.bob.id),
        )
        drawn = "".join(
            f"<section><h2>{title}</h2><p>{where}</p>{''.join(_messages(chat, me))}</section>"
            for title, where, chat, me in columns
        )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><main>{drawn}</main>"


def _messages(chat: Chat, me: int) -> Iterator[str]:
    for raw in chat.messages.values():
        message = Message(raw)
        if not message.text:
            continue
        sender = raw.get("from", {})
        mine = sender.get("id") == me
        name = "" if mine else f'<div class="name">{_name(sender)}</div>'
        yield f'<div class="said{" mine" if mine else ""}">{name}{_marked(message)}</div>'
        for row in message.rows:
            labels = "".join(f"<span>{html.escape(button.text)}</span>" for button in row)
            yield f'<div class="row">{labels}</div>'


def _name(sender: dict[str, Any]) -> str:
    return "Majlis" if sender.get("is_bot") else html.escape(str(sender.get("first_name", "")))


def _marked(message: Message) -> str:
    """Return the text with its bold and italic parts."""
    parts, at = [], 0
    for entity in sorted(message.entities, key=lambda each: int(each["offset"])):
        offset, length, tag = entity["offset"], entity["length"], _TAGS.get(entity["type"])
        if tag is None or offset < at:
            continue
        parts.append(html.escape(utf16_slice(message.text, at, offset - at)))
        inner = html.escape(utf16_slice(message.text, offset, length))
        parts.append(f"<{tag}>{inner}</{tag}>")
        at = offset + length
    rest = utf16_slice(message.text, at, len(message.text.encode("utf-16-le")) // 2 - at)
    return "".join([*parts, html.escape(rest)])


def main() -> int:
    """Draw the picture; return 1 where Chromium is missing."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write("Chromium is missing: install it first.\n")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bot").mkdir()
        page = folder / "week.html"
        page.write_text(asyncio.run(_played(folder / "bot")), encoding="utf-8")
        own = [f"--user-data-dir={folder}/profile", f"--window-size={_WIDTH},{_HEIGHT}"]
        shot = [*own, f"--screenshot={PICTURE}", page.as_uri()]
        subprocess.run(  # noqa: S603 - a browser that was looked for
            [browser, *_OPTIONS, *shot], check=True, capture_output=True, timeout=60
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
