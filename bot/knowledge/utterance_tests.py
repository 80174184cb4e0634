"""Read `_tests.yaml`: utterances by the id of the entry that has to answer them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.knowledge.entry import UtteranceTest
from bot.knowledge.problems import Problem
from bot.knowledge.yaml_file import YamlFile, read_yaml

TESTS = "_tests.yaml"
OUT_OF_SCOPE = "out_of_scope"
"""The key of the utterances that no entry may answer."""


def read_tests(
    folder: Path, languages: Iterable[str], problems: list[Problem]
) -> tuple[UtteranceTest, ...]:
    """Return the tests of each language that has some; what is wrong is added to `problems`."""
    found: list[UtteranceTest] = []
    for language in languages:
        path = folder / language / TESTS
        if path.exists():
            file = read_yaml(path, f"{folder.name}/{language}/{TESTS}")
            found += _tests(file, language, problems)
    return tuple(found)


def tests_schema() -> dict[str, Any]:
    """Return the JSON Schema of `_tests.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tests of a Majlis knowledge folder",
        "description": "Utterances by the id of the entry that has to answer them; under "
        f"'{OUT_OF_SCOPE}' those that no entry may answer.",
        "type": "object",
        "additionalProperties": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "minLength": 1},
        },
    }


def _tests(file: YamlFile, language: str, problems: list[Problem]) -> list[UtteranceTest]:
    problems += file.problems
    if file.problems:
        return []
    if not isinstance(file.value, dict):
        text = "holds no tests. Write an entry's id, a colon, and a list of utterances."
        problems.append(Problem(file.name, 1, "", text))
        return []
    return [
        UtteranceTest(text.strip(), None if key == OUT_OF_SCOPE else key, language, file.name, line)
        for key, texts in file.value.items()
        for text, line in utterances_under(file, key, texts, problems)
    ]


def utterances_under(
    file: YamlFile, key: str, texts: object, problems: list[Problem]
) -> list[tuple[str, int]]:
    """Return the utterances under a key, each with its line; others are added to `problems`."""
    if not isinstance(texts, list) or not texts:
        fault = "has no list of utterances. Write each on a line of its own, behind '- '."
        problems.append(Problem(file.name, file.line((key,)), key, fault))
        return []
    found: list[tuple[str, int]] = []
    for number, text in enumerate(texts):
        line = file.line((key, number))
        if isinstance(text, str) and text.strip():
            found.append((text, line))
        else:
            fault = "has an utterance that is no text. Quote it, or remove the line."
            problems.append(Problem(file.name, line, key, fault))
    return found
