"""A page that needs nothing else: no network, no other file, no scripts."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from string import Template


def page(title: str, heading: str, style: str, **parts: Iterable[str]) -> str:
    """Return a page of parts: `about`, `cards`, `charts` and `tables`, each as elements.

    `style` is CSS that comes after what all pages have.
    """
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    # A number and its percent sign stay on one line.
    joined = {name: "\n".join(each).replace(" %", "&nbsp;%") for name, each in parts.items()}
    return Template(template).substitute(joined, title=title, heading=heading, style=style)
