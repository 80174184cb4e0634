"""The command line: python -m benchmarks matching | scale | conversation | load."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks import matching, scale
from benchmarks.differences import differences
from benchmarks.errors import BenchmarkError
from benchmarks.fuzz import fuzz
from benchmarks.load import command as load
from benchmarks.machine import machine
from benchmarks.progress import progress_bar
from benchmarks.sets import QuestionSet, mistyped, questions_of, read_sets
from benchmarks.soak import soak
from benchmarks.subjects.catalogue import OURS, PEERS, makers
from benchmarks.subjects.encoders import read_encoder
from benchmarks.table import (
    README,
    differences_table,
    matching_table,
    scale_table,
    start_table,
    write_into,
)
from bot.errors import BotError
from bot.matching.encoder.static import load_static_encoder

_WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a benchmark, and return 0; 2 for what can't be measured."""
    args = _parser().parse_args(arguments)
    try:
        args.run(args)
    except (BenchmarkError, BotError) as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return _WRONG_USAGE
    return 0


def run_matching(args: argparse.Namespace) -> None:
    """Measure each subject on each set."""
    named = makers(args.only or [*OURS, *args.peers], args.encoder)
    subjects = [make() for make in named.values()]
    found = _sets(args)
    results: list[matching.Result] = []
    with progress_bar() as bar:
        for questions in found:
            for subject in subjects:
                rounds = matching.steps(questions)
                task = bar.add_task(f"{questions.name}: {subject.name}", total=rounds)
                step = partial(bar.advance, task)
                results.append(matching.measure(subject, questions, step))
                bar.remove_task(task)
                bar.console.print(f"{questions.name}: {subject.name} is done.", highlight=False)
    _publish(args, {"matching": matching_table(results)}, [asdict(each) for each in results])


def run_scale(args: argparse.Namespace) -> None:
    """Measure what each subject costs at each size, then how long the bot takes to start."""
    subjects = args.only or scale.SUBJECTS
    makers(subjects)
    found = []
    with progress_bar() as bar:
        task = bar.add_task("costs", total=len(args.sizes) * len(subjects))
        for cost in scale.costs(args.folder, args.sizes, subjects, args.seconds):
            found.append(cost)
            bar.advance(task)
    started = scale.start()
    values = {"costs": [asdict(each) for each in found], "start": asdict(started)}
    _publish(args, {"scale": scale_table(found), "start": start_table(started)}, values)


def run_conversation(args: argparse.Namespace) -> None:
    """List where the conversation does worse than the matcher alone, or better."""
    encoder = read_encoder(args.encoder[0]) if args.encoder else load_static_encoder()
    found = [
        each
        for questions in _sets(args)
        for each in differences(
            mistyped(questions) if args.typos else questions, encoder, args.phrasings
        )
        if each.is_loss != args.gains
    ]
    _publish(args, {"": differences_table(found)}, [asdict(each) for each in found])


def run_load(args: argparse.Namespace) -> None:
    """Put the bot under load over HTTP, beside bare echo bots."""
    _publish(args, *load.run_load(args))


def run_fuzz(args: argparse.Namespace) -> None:
    """Give the front odd updates; raises BenchmarkError if any comes to an exception."""
    found = fuzz(args.updates, args.seed)
    sys.stdout.write(str(found))
    if found.failures:
        message = f"{sum(found.failures.values())} updates came to an exception"
        raise BenchmarkError(message)


def run_soak(args: argparse.Namespace) -> None:
    """Run updates through journal and front; raises BenchmarkError if that doesn't last."""
    sys.stdout.write(str(soak(args.updates)))


def _sets(args: argparse.Namespace) -> list[QuestionSet]:
    found = read_sets(args.folder, args.sets)
    return [questions_of(each, args.split, args.limit) for each in found]


def _publish(args: argparse.Namespace, tables: Mapping[str, str], values: object) -> None:
    """Print the tables, and keep the values and the tables with a name where that is wished."""
    sys.stdout.write("\n".join(tables.values()))
    if args.json:
        text = json.dumps({"machine": machine(), "figures": values}, indent=1)
        args.json.write_text(f"{text}\n", encoding="utf-8")
    for name in filter(None, tables if args.update_readme else ()):
        write_into(README, name, f"{tables[name]}\n{machine()}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = _common()
    asking, published = _asking(), _published()
    add = commands.add_parser(
        "matching", parents=[common, asking, published], help="accuracy on public sets"
    )
    add.add_argument("--peers", type=_names, default=PEERS, help="default: " + ",".join(PEERS))
    add.add_argument("--only", type=_names, help=f"subjects, of {','.join((*OURS, *PEERS))}")
    add.set_defaults(run=run_matching)
    add = commands.add_parser("scale", parents=[common, published], help="time and memory by size")
    add.add_argument("--sizes", type=_sizes, default=scale.SIZES, help="default: 1000,10000,100000")
    add.add_argument("--only", type=_names, help="default: " + ",".join(scale.SUBJECTS))
    add.add_argument("--seconds", type=float, default=600, help="to ask for at most (600)")
    add.set_defaults(run=run_scale)
    add = commands.add_parser(
        "conversation", parents=[common, asking], help="where it loses against the matcher alone"
    )
    add.add_argument("--typos", action="store_true", help="ask with one or two slips")
    add.add_argument("--gains", action="store_true", help="list where it wins instead")
    add.add_argument("--phrasings", type=int, default=matching.USUAL, help="an intent (0: all)")
    add.set_defaults(run=run_conversation)
    add = commands.add_parser("fuzz", help="odd updates: none may come to an exception")
    add.add_argument("--updates", type=int, default=1_000_000, help="default: 1000000")
    add.add_argument("--seed", type=int, default=1, help="default: 1")
    add.set_defaults(run=run_fuzz)
    add = commands.add_parser("soak", help="many updates: memory may not grow")
    add.add_argument("--updates", type=int, default=200_000, help="default: 200000")
    add.set_defaults(run=run_soak)
    add = commands.add_parser("load", parents=[published], help="what it takes, beside echo bots")
    load.add_options(add)
    add.set_defaults(run=run_load)
    return parser


def _common() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("folder", type=Path, metavar="DATA_FOLDER", help="see README.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.set_defaults(update_readme=False)
    return parser


def _published() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--update-readme", action="store_true", help="put the tables into benchmarks/README.md"
    )
    return parser


def _asking() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--sets", type=_names, default=(), help="names with commas (default: all)")
    parser.add_argument("--split", choices=("dev", "report"), default="dev", help="default: dev")
    parser.add_argument("--limit", type=int, default=0, help="questions a set (default: all)")
    parser.add_argument(
        "--encoder", action="append", default=[], metavar="FOLDER", help="or: semantic"
    )
    return parser


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size.replace("_", "")) for size in _names(text))


if __name__ == "__main__":
    sys.exit(main())
