"""majlis draft: from a document to a draft of a knowledge file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.cli.parsing import Subparsers
from bot.knowledge.draft import draft, read_source
from bot.knowledge.folders import DEFAULT_LANGUAGE, language_fault
from bot.settings import Settings

_WRONG_USAGE = 2


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, with the options of its `parents`."""
    parser = subparsers.add_parser(
        "draft",
        parents=parents,
        help="make a draft knowledge file from a document",
        description="Make a draft of a knowledge file from a Markdown or text document: an entry "
        "a paragraph, for you to review.",
    )
    parser.add_argument("document", type=Path, metavar="DOCUMENT", help="a .md or .txt file")
    parser.add_argument("--topic", default="", help="the title to browse by (default: its own)")
    parser.add_argument(
        "--language", default=DEFAULT_LANGUAGE, metavar="CODE", help="default: %(default)s"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write a new file instead of printing"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - the common signature
    """Print or write the draft; raises KnowledgeError for a document that can't become one.

    Returns 2 for a language that isn't named by its code, or a file that can't be written.
    """
    if fault := language_fault(args.language):
        sys.stderr.write(f"majlis: --language can't be {args.language!r}: {fault}\n")
        return _WRONG_USAGE
    document: Path = args.document
    written = draft(document.name, read_source(document), args.language, args.topic)
    if args.output is None:
        sys.stdout.write(written)
        return 0
    return _write(args.output, written, args.language)


def _write(path: Path, text: str, language: str) -> int:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        sys.stderr.write(f"majlis: {path} exists already. Give another --output, or remove it.\n")
        return _WRONG_USAGE
    except OSError as error:
        sys.stderr.write(f"majlis: can't write {path} ({error.strerror}). Check the folder.\n")
        return _WRONG_USAGE
    folder = f" --knowledge {path.parent.parent}" if path.parent.name == language else ""
    sys.stdout.write(
        f"Wrote {path}. Next: give each entry a question as people ask it, other ways of asking, "
        "and a short answer;\ntake its 'review: true' out, and see what is left to do: "
        f"majlis{folder} check\n"
    )
    return 0
