"""Wordings with their braces filled in."""

from __future__ import annotations

import re

_BRACES = re.compile(r"\{(\w+)\}")


def fill(wording: str, **values: str) -> str:
    """Return a wording with each `{name}` replaced by its Markdown; unknown names stay."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), wording)
