"""Hold a YAML file against the shape it should have, and say in plain words where it differs."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.knowledge.did_you_mean import did_you_mean
from bot.knowledge.problems import Problem
from bot.knowledge.yaml_file import Location, YamlFile
from bot.knowledge.yaml_syntax import in_quotes

_Format = TypeVar("_Format", bound=BaseModel)
_DAY = "write a day as YYYY-MM-DD."
_SHOWN = 60
_LISTED = 20
_EXPECTED = {
    "string_type": "write one text here.",
    "list_type": "write a list here, one item a line, each after '- '.",
    "dict_type": "write keys and values here, one 'key: value' a line.",
    "model_type": "write keys and values here, one 'key: value' a line.",
    "int_type": "write a whole number.",
    "int_parsing": "write a whole number.",
    "greater_than_equal": "count from 1.",
    "bool_type": "write true or false.",
    "bool_parsing": "write true or false.",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
}


def validate(file: YamlFile, shape: type[_Format], problems: list[Problem]) -> _Format | None:
    """Return a file's value in its shape, or add what is wrong with it to `problems`."""
    problems += file.problems
    if file.problems:
        return None
    if not isinstance(file.value, dict):
        required = [name for name, each in shape.model_fields.items() if each.is_required()]
        keys = " and ".join(f"'{name}:'" for name in required[:2])
        text = f"is empty, or has no lines such as 'key: value'. Begin with {keys}."
        problems.append(Problem(file.name, 1, "", text))
        return None
    try:
        return shape.model_validate(file.value)
    except ValidationError as error:
        problems += [_problem(file, shape, each) for each in error.errors()]
        return None


def _problem(file: YamlFile, shape: type[BaseModel], error: ErrorDetails) -> Problem:
    place = _place(file, error["loc"])
    return Problem(file.name, file.line(place), _entry_id(file, place), _remedy(shape, error))


def _place(file: YamlFile, location: Location) -> Location:
    """Leave out the index that a lone mapping gets where a list may stand."""
    place: list[str | int] = []
    value: Any = file.value
    for part in location:
        if isinstance(value, list if isinstance(part, int) else dict):
            place.append(part)
            value = value.get(part) if isinstance(value, dict) else value[int(part)]
    return tuple(place)


def _entry_id(file: YamlFile, place: Location) -> str:
    match place:
        case ("entries", int(number), *_):
            value: Any = file.value
            entry = value["entries"][number]
            written = entry.get("id") if isinstance(entry, dict) else None
            return written if isinstance(written, str) else f"entry {number + 1}"
    return ""


def _remedy(shape: type[BaseModel], error: ErrorDetails) -> str:
    place = error["loc"][:-2] if error["loc"][-1] == "[key]" else error["loc"]
    name = next(part for part in reversed(place) if isinstance(part, str))
    context, wrong = error.get("ctx", {}), repr(error["input"])[:_SHOWN]
    match error["type"]:
        case "extra_forbidden":
            text = f"has the unknown key '{name}'.{_known_keys(error['loc'], shape)}"
        case "missing":
            text = f"lacks '{name}'. Add the line '{name}: …'."
        case "missing_kinds":
            text = f"lacks {context['kinds']} in '{name}'. Add a line 'kind: …' for each."
        case "string_pattern_mismatch":
            text = f"has {wrong} as '{name}'. Use small letters, digits, hyphens: office-hours."
        case "string_too_short" | "too_short":
            text = f"has nothing, or too little, in '{name}'. Fill it in or remove it."
        case "string_too_long":
            text = f"has over {context['max_length']} characters in '{name}'. Make it shorter."
        case "literal_error":
            text = f"has {wrong} in '{name}'. Use one of {context['expected']}."
        case kind:
            expected = _EXPECTED.get(kind, error["msg"] + ".")
            text = f"has a wrong value in '{name}': {expected}{_guess(kind, name, error['input'])}"
    return text


def _guess(kind: str, name: str, value: object) -> str:
    """Return what a person may have meant by a value of a wrong kind, if that can be guessed."""
    match kind, value:
        case "string_type", None:
            return " There is none; a text that begins with # needs quotes around it."
        case "string_type", dict():
            key, after = next(iter(value.items()), ("", None))
            text = f"{key}: {after}" if isinstance(after, str) else f"? {key}"
            return f" The ': ' or '?' makes something else of it: {in_quotes(text)}"
        case "string_type", list():
            return " There is a list; a text that begins with [ needs quotes around it."
        case "list_type", str() if name == "source":
            return " Each is {document: name.md, paragraph: 1}."
        case "list_type", str() if value.startswith("-"):
            return " The space after '-' is missing."
    return ""


def _known_keys(location: Location, shape: type[BaseModel]) -> str:
    """Return which key was meant, or where it belongs, or which there are if they are few."""
    name = str(location[-1])
    schema = shape.model_json_schema()
    parts = schema.get("$defs", {})
    place = schema
    for step in location[:-1]:
        place = place["properties"][step] if isinstance(step, str) else place
        # Where one or a list may stand, both are of one shape.
        place = next(iter(place.get("anyOf", (place,))))
        place = place.get("items", place)
        place = parts[place["$ref"].rpartition("/")[2]] if "$ref" in place else place
    here = set(place["properties"])
    if any(name in each.get("properties", {}) for each in (schema, *parts.values())):
        return " It belongs to another part: give the line as many spaces as the others there."
    if meant := did_you_mean(name.lower(), here):
        return meant
    return f" Known keys: {', '.join(sorted(here))}." if len(here) <= _LISTED else " Remove it."
