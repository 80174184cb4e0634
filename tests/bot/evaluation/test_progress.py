"""How far an evaluation has come."""

from __future__ import annotations

import io

from bot.evaluation.progress import followed


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return that it is."""
        return True


def test_a_terminal_shows_a_bar() -> None:
    """The bar has its label and goes away at the end; all items come through."""
    terminal = Terminal()
    assert list(followed(["a", "b"], "Asking", terminal)) == ["a", "b"]
    assert "Asking" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_elsewhere_nothing_is_shown() -> None:
    """A log or a pipe gets the items' results alone."""
    pipe = io.StringIO()
    assert list(followed([1, 2], "Asking", pipe)) == [1, 2]
    assert pipe.getvalue() == ""
