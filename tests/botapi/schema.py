"""Checking parameters against the names and types of the Bot API (methods.json)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from .errors import refuse
from .request import Upload

Fields = dict[str, str]

SCALARS: dict[str, type | tuple[type, ...]] = {
    "String": str,
    "Integer": int,
    "Boolean": bool,
    "Float": (int, float),
    "InputFile": Upload,
}
MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
    "guest_query_id": "query is too old and response timeout expired or query ID is invalid",
    "user_id": "invalid user_id specified",
    "results": "can't parse inline query results JSON object",
    "commands": "can't parse list of bot commands JSON object",
}


@cache
def load_spec() -> dict[str, Any]:
    """Load the part of the Bot API that the server speaks."""
    spec = json.loads(Path(__file__).with_name("methods.json").read_text(encoding="utf-8"))
    return dict(spec)


@cache
def method_names() -> dict[str, str]:
    """Map methods in lower case to their names: the API doesn't mind the case."""
    return {name.lower(): name for name in load_spec()["methods"]}


def check_parameters(method: str, raw: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters of `method` their types, or refuse the call."""
    given = {name: value for name, value in raw.items() if value not in ("", None)}
    checked: dict[str, Any] = {}
    for name, kind in load_spec()["methods"][method].items():
        if name in given:
            files = {name: value for name, value in raw.items() if isinstance(value, Upload)}
            value = _attach(_decode(given[name], kind), kind, files)
            checked[name] = _with_file(_coerce(value, kind.lstrip("!"), name), files)
        elif kind.startswith("!"):
            refuse(MISSING.get(name, f'parameter "{name}" is required'))
    return checked


def _decode(value: Any, kind: str) -> Any:
    """Undo the JSON that forms wrap nested values in, and read scalars from strings."""
    kind = kind.lstrip("!")
    if not isinstance(value, str) or "String" in kind.split("|"):
        return int(value) if _is_integer_in(value, kind) else value
    if kind == "Boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    try:
        return json.loads(value)
    except ValueError:
        if kind in {"Integer", "Float"}:
            return value
        refuse(f"can't parse {kind.split('|')[0]} JSON object")


def _is_integer_in(value: Any, kind: str) -> bool:
    return (
        isinstance(value, str)
        and "Integer" in kind.split("|")
        and re.fullmatch(r"-?\d{1,18}", value) is not None
    )


def _attach(value: Any, kind: str, files: dict[str, Upload]) -> Any:
    """Swap `attach://name` for the file of that name."""
    if "InputFile" in kind and isinstance(value, str) and value.startswith("attach://"):
        return files.get(value.removeprefix("attach://")) or refuse("there is no file to attach")
    return value


def _with_file(value: Any, files: dict[str, Upload]) -> Any:
    """Swap `attach://name` in the media of a message for the file of that name."""
    if isinstance(value, dict) and "media" in value:
        return value | {"media": _attach(value["media"], "InputFile", files)}
    return value


def _coerce(value: Any, kind: str, field: str) -> Any:
    checked = _try(value, kind)
    if checked is None:
        owner, name = field.rpartition(".")[::2]
        where = f"can't parse {owner}: field" if owner else "parameter"
        refuse(f'{where} "{name}" must be of type {kind}')
    return checked


def _try(value: Any, kind: str) -> Any:
    """Read `value` as `kind`; None means that it isn't one."""
    if "|" in kind:
        return _try_union(value, kind, kind.split("|"))
    if kind.startswith("Array of "):
        return _try_array(value, kind.removeprefix("Array of "))
    if kind in SCALARS:
        is_stray = isinstance(value, bool) and kind != "Boolean"
        return _encodable(value) if isinstance(value, SCALARS[kind]) and not is_stray else None
    return _try_object(value, kind)


def _try_union(value: Any, kind: str, kinds: list[str]) -> Any:
    if isinstance(value, dict):
        return _try_variants(value, kind, [k for k in kinds if k not in SCALARS])
    return next((v for k in kinds if k in SCALARS and (v := _try(value, k)) is not None), None)


def _encodable(value: Any) -> Any:
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        refuse("strings must be encoded in UTF-8")
    return value


def _try_array(value: Any, kind: str) -> list[Any] | None:
    if not isinstance(value, list):
        return None
    return [_coerce(item, kind, f"{kind}.{index}") for index, item in enumerate(value)]


def _try_object(value: Any, kind: str) -> dict[str, Any] | None:
    if kind == "KeyboardButton" and isinstance(value, str):
        return {"text": value}
    if not isinstance(value, dict):
        return None
    shape = load_spec()["types"][kind]
    if isinstance(shape, list):
        return _try_variants(value, kind, shape)
    return _check_fields(value, kind, shape)


def _try_variants(value: dict[str, Any], kind: str, variants: list[str]) -> dict[str, Any] | None:
    """Pick the variant by its `type`, or by its required fields when it has none."""
    if "type" in value:
        variants = [v for v in variants if _discriminator(v, kind) == value["type"]]
    if len(variants) == 1:
        return _check_fields(value, variants[0], load_spec()["types"][variants[0]])
    for variant in variants:
        shape: Fields = load_spec()["types"][variant]
        if all(name in value for name, k in shape.items() if k.startswith("!")):
            return _check_fields(value, variant, shape)
    return None


def _discriminator(variant: str, kind: str) -> str:
    """Derive `all_private_chats` from `BotCommandScopeAllPrivateChats`."""
    suffix = variant.removeprefix(kind).removeprefix("Cached")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", suffix).lower()


def _check_fields(value: dict[str, Any], kind: str, shape: Fields) -> dict[str, Any]:
    """Check the fields that the API knows; like the API, leave the others out."""
    checked = {}
    for name, field_kind in shape.items():
        if value.get(name) is not None:
            checked[name] = _coerce(value[name], field_kind.lstrip("!"), f"{kind}.{name}")
        elif field_kind.startswith("!"):
            refuse(f"can't parse {kind}: can't find field \"{name}\"")
    return checked
