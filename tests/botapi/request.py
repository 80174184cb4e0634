"""Reading the parameters of a call, however they are sent."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .errors import refuse


@dataclass(frozen=True, slots=True)
class Upload:
    """Hold a file that came with a multipart call."""

    name: str
    content: bytes

    def __str__(self) -> str:
        return f"<{self.name}: {len(self.content)} bytes>"


async def read_parameters(request: web.Request) -> dict[str, Any]:
    """Collect parameters from the query string and the body: JSON, a form or multipart."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        found |= _parse_object(await request.read())
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        found |= {name: _read_field(value) for name, value in (await request.post()).items()}
    return found


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        refuse("can't parse JSON object")
    if not isinstance(parsed, dict):
        refuse("object expected")
    return parsed


def _read_field(value: str | bytes | bytearray | web.FileField) -> Any:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.file.read())
    return value if isinstance(value, str) else bytes(value).decode(errors="replace")
