"""majlis schema: the JSON Schema of a knowledge file, for editors."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from bot.cli.parsing import Subparsers
from bot.knowledge.file_format import json_schema
from bot.knowledge.utterance_tests import tests_schema
from bot.settings import Settings

_SCHEMAS = {"topic": json_schema, "tests": tests_schema}


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser(
        "schema",
        parents=parents,
        help="print the JSON Schema of a knowledge file",
        description="Print the JSON Schema of a knowledge file: editors check with it as you type.",
    )
    parser.add_argument(
        "file",
        nargs="?",
        choices=list(_SCHEMAS),
        default="topic",
        help="a topic's file (the default), or _tests.yaml",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the common signature
    """Print the schema."""
    schema = _SCHEMAS[args.file]()
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return 0
