"""majlis schema: what editors check against while one types."""

from __future__ import annotations

import argparse
import json

import pytest

from bot.cli import schema
from bot.settings import Settings, default_knowledge


def _printed(capsys: pytest.CaptureFixture[str]) -> str:
    parser = argparse.ArgumentParser()
    schema.add(parser.add_subparsers())
    assert schema.run(parser.parse_args(["schema"]), Settings()) == 0
    return capsys.readouterr().out


def test_the_schema_in_the_knowledge_folder_is_up_to_date(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """knowledge/schema.json is what `majlis schema` prints: run it into the file to mend this."""
    written = (default_knowledge() / "schema.json").read_text(encoding="utf-8")
    assert _printed(capsys) == written


def test_the_tests_of_a_folder_have_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """An editor knows that _tests.yaml maps ids to utterances."""
    parser = argparse.ArgumentParser()
    schema.add(parser.add_subparsers())
    assert schema.run(parser.parse_args(["schema", "tests"]), Settings()) == 0
    assert json.loads(capsys.readouterr().out)["additionalProperties"]["type"] == "array"


def test_the_schema_describes_every_key_and_allows_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An editor can complete keys, explain them and underline unknown ones."""
    parts = json.loads(_printed(capsys))
    entry = parts["$defs"]["EntryFormat"]
    assert entry["additionalProperties"] is False
    assert all("description" in part for part in entry["properties"].values())
    assert set(entry["required"]) == {"id", "question", "answer"}


def test_a_source_may_be_one_or_a_list_in_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """The schema accepts what the loader accepts."""
    source = json.loads(_printed(capsys))["$defs"]["EntryFormat"]["properties"]["source"]
    assert {part.get("type", "mapping") for part in source["anyOf"]} == {"array", "mapping"}
