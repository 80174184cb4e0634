"""What a person sees of the bot: messages, buttons, notices, results."""

from dataclasses import dataclass, field
from typing import Any

from .chat import Json
from .text import utf16_slice


@dataclass(frozen=True, slots=True)
class Button:
    """Show a button under a message."""

    text: str
    raw: Json = field(repr=False)
    message: "Message" = field(repr=False, compare=False)

    @property
    def data(self) -> str | None:
        """Return the callback data."""
        return self.raw.get("callback_data")

    @property
    def url(self) -> str | None:
        """Return the link."""
        return self.raw.get("url")

    @property
    def shared(self) -> str | None:
        """Return what it types into the chat that is picked, after the bot's name."""
        return self.raw.get("switch_inline_query")

    @property
    def copied(self) -> str | None:
        """Return what it puts into the clipboard."""
        copied: Json = self.raw.get("copy_text", {})
        return copied.get("text")


@dataclass(frozen=True, slots=True)
class Message:
    """Show a message as it was when it was seen."""

    raw: Json = field(repr=False)
    version: int = 0

    def __repr__(self) -> str:
        return f"Message({self.id}, {self.text!r}, buttons={[b.text for b in self.buttons]})"

    @property
    def id(self) -> int:
        """Return its number in the chat."""
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        """Return the chat it is in."""
        return int(self.raw["chat"]["id"])

    @property
    def text(self) -> str:
        """Return its text or its caption."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """Return what is marked in its text."""
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def thread(self) -> int | None:
        """Return the topic it is in."""
        return self.raw.get("message_thread_id")

    @property
    def reply_to(self) -> int | None:
        """Return the number of the message it answers."""
        target: Json = self.raw.get("reply_to_message", {})
        return target.get("message_id")

    @property
    def rows(self) -> list[list[Button]]:
        """Return its buttons as they are laid out."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[Button(raw["text"], raw, self) for raw in row] for row in rows]

    @property
    def buttons(self) -> list[Button]:
        """Return its buttons in reading order."""
        return [button for row in self.rows for button in row]

    def button(self, text: str) -> Button:
        """Return the button of that text, or say which there are."""
        for button in self.buttons:
            if button.text == text:
                return button
        shown = ", ".join(repr(button.text) for button in self.buttons) or "none"
        msg = f"no button {text!r} under {self.text!r}; there are: {shown}"
        raise LookupError(msg)

    def marked(self, kind: str) -> list[str]:
        """Return the parts of the text that are bold, or italic, or a mention."""
        spans = [e for e in self.entities if e["type"] == kind]
        return [utf16_slice(self.text, e["offset"], e["length"]) for e in spans]

    @property
    def links(self) -> dict[str, str]:
        """Map the linked parts of the text to their URLs."""
        spans = [e for e in self.entities if e["type"] == "text_link"]
        return {utf16_slice(self.text, e["offset"], e["length"]): e["url"] for e in spans}


@dataclass(frozen=True, slots=True)
class Notice:
    """Show how the bot answered a pressed button."""

    text: str = ""
    is_alert: bool = False
    url: str | None = None

    @classmethod
    def of(cls, answer: Json) -> "Notice":
        """Read the parameters of answerCallbackQuery."""
        return cls(answer.get("text", ""), answer.get("show_alert", False), answer.get("url"))


@dataclass(frozen=True, slots=True)
class InlineResults:
    """Show how the bot answered an inline query."""

    query: str
    answer: Json = field(repr=False)

    @property
    def results(self) -> list[Json]:
        """Return the results; under `message` is what each would send."""
        return list(self.answer["results"])

    @property
    def titles(self) -> list[str]:
        """Return the titles of the results."""
        return [str(result.get("title", "")) for result in self.results]

    @property
    def next_offset(self) -> str:
        """Return the offset of the next page; empty when there is none."""
        return str(self.answer.get("next_offset", ""))

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, title: str) -> Json:
        """Return the result of that title, or say which there are."""
        for result in self.results:
            if result.get("title") == title:
                return result
        msg = f"no result {title!r} for {self.query!r}; there are: {self.titles}"
        raise LookupError(msg)

    def get(self, name: str, default: Any = None) -> Any:
        """Return another parameter of the answer: `cache_time`, `is_personal`, `button`."""
        return self.answer.get(name, default)
