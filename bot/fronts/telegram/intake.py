"""Let in the updates that can be read and pass over the others, one log line each."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

_LOG = logging.getLogger(__name__)
_ILL_FORMED = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
_FOREIGN = "What answers isn't Telegram"
_NUMBERLESS = "Telegram sends updates without a number"


class UpdateRequest(HTTPXRequest):
    """Fetch updates of which the library can read each.

    It reads a batch as a whole, so that a single odd update would keep it from all others.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Return what Telegram sent, with nothing but its number left of an odd update.

        Raises NetworkError if the answer isn't Telegram's or nothing that was sent has a number
        by which it could be confirmed.
        """
        answer: object = HTTPXRequest.parse_json_payload(payload)
        if not isinstance(answer, dict):
            raise NetworkError(_FOREIGN)
        sent = answer.get("result")
        if isinstance(sent, list):
            answer["result"] = _readable(sent)
            if sent and not answer["result"]:
                raise NetworkError(_NUMBERLESS)
        return answer


def _readable(sent: list[object]) -> list[dict[str, object]]:
    numbered = [raw for raw in sent if isinstance(raw, dict) and _is_number(raw.get("update_id"))]
    return [raw if _can_be_read(raw) else {"update_id": raw["update_id"]} for raw in numbered]


def _is_number(update_id: object) -> bool:
    return isinstance(update_id, int) and not isinstance(update_id, bool)


def _can_be_read(raw: dict[str, object]) -> bool:
    """Try whether the library can read an update, and log it if not."""
    try:
        Update.de_json(raw)
    except _ILL_FORMED as error:
        reason = f"{type(error).__name__}: {error}"
        _LOG.warning("Update %s can't be read and is passed over: %s", raw["update_id"], reason)
        return False
    return True
