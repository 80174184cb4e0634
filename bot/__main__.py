"""The command majlis, also as python -m bot: the boundary that turns errors into exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bot import __version__
from bot.cli.writing import read_and_write_any_text
from bot.errors import BotError
from bot.logs import log_to_stderr
from bot.settings import read_settings, with_knowledge

_COMMANDS = (
    *("run", "chat", "ask", "check", "eval", "schema", "draft"),
    *("backup", "export", "tune", "report"),
)
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand: 0 done, 1 it failed, 2 wrong usage, 130 interrupted."""
    read_and_write_any_text()
    try:
        args = _parser().parse_args(arguments, argparse.Namespace(knowledge=None, seeds=None))
        settings = read_settings()
        if args.knowledge or args.seeds:
            settings = with_knowledge(settings, args.knowledge or settings.knowledge, args.seeds)
        log_to_stderr(settings.log_level, settings.log_format)
        return int(args.run(args, settings))
    except BotError as error:
        sys.stderr.write(f"majlis: {error}\n")
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    folders = _folder_options()
    parser = argparse.ArgumentParser(
        prog="majlis",
        parents=[folders],
        description="A FAQ bot that answers from your documents and names its source.",
        epilog="Settings come from the environment and .env; .env.example lists them.",
    )
    parser.add_argument("--version", action="version", version=f"majlis {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _commands():
        command.add(subparsers, [folders])
    return parser


def _commands() -> Iterator[ModuleType]:
    """Import the subcommands: only here, as it takes half a second that Ctrl-C may interrupt."""
    for name in _COMMANDS:
        yield import_module(f"bot.cli.{name}")


def _folder_options() -> argparse.ArgumentParser:
    """Return options that may stand before a subcommand or after it, where they win."""
    # Without SUPPRESS the default of the second place would overwrite what the first was given.
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options.add_argument(
        "--knowledge", type=Path, metavar="DIR", help="the folder with your en/*.yaml"
    )
    options.add_argument(
        "--seeds", type=Path, metavar="DIR", help="the documents (default: seeds in or beside it)"
    )
    return options


if __name__ == "__main__":
    sys.exit(main())
