"""The refusals of the Bot API, in its own words."""

from typing import Any, NoReturn


class ApiError(Exception):
    """Say no to a call, as `{"ok": false, ...}` with an HTTP status."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def json(self) -> dict[str, Any]:
        """Render the body of the response."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refuse(reason: str, **parameters: Any) -> NoReturn:
    """Refuse a call that is wrong in itself."""
    raise ApiError(400, f"Bad Request: {reason}", **parameters)


def forbid(reason: str) -> NoReturn:
    """Refuse a call that the bot has no right to make."""
    raise ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> NoReturn:
    """Refuse a call that another one or a webhook rules out."""
    raise ApiError(409, f"Conflict: {reason}")
