"""majlis ask: one question, or JSON lines of them, answered on standard output."""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from bot import bootstrap
from bot.bootstrap import Bot
from bot.cli.parsing import Subparsers
from bot.cli.writing import write
from bot.conversation.conversation import Conversation
from bot.conversation.messages import Answer, Reply, Suggestions, Utterance, kind_of
from bot.errors import BotError
from bot.fronts.plain import cited_text, plain_text
from bot.fronts.why_text import why_text
from bot.knowledge.markdown import plain
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one question of a JSON lines file with the turns said before it."""

    id: object
    text: str
    language: str | None
    context: tuple[str, ...]


class LineError(BotError):
    """Report a JSON line that can't be read; `id` is the line's own where it has one."""

    def __init__(self, identifier: object, message: str) -> None:
        self.id = identifier
        super().__init__(message)


def add(subparsers: Subparsers, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add the subcommand, its options and those of its `parents`."""
    parser = subparsers.add_parser(
        "ask",
        parents=parents,
        help="answer one question, or a file of them",
        description="Answer as the bot would: from the knowledge, and what admins taught it since, "
        "if there is a database of the bot where MAJLIS_DATABASE says.",
    )
    parser.add_argument("question", nargs="*", help="the question")
    parser.add_argument("--explain", action="store_true", help="say why this is the reply")
    parser.add_argument("--lang", metavar="CODE", help="the person's language, such as en")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='read lines {"id", "text", "lang", "context"} from standard input and answer each',
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Answer, and return 0; 2 if there is nothing to answer."""
    if args.jsonl == bool(args.question):
        sys.stderr.write("majlis ask: give a question, or --jsonl with lines on standard input.\n")
        return 2
    bot = bootstrap.in_memory(settings)
    if args.jsonl:
        asyncio.run(_answer_lines(bot.conversation, sys.stdin.buffer))
    else:
        asyncio.run(_answer(bot, " ".join(args.question), args.lang, explain=args.explain))
    return 0


async def _answer(bot: Bot, question: str, language: str | None, *, explain: bool) -> None:
    reply = await bot.conversation.respond(Utterance(1, 1, question, language))
    write(plain_text(reply))
    if cited := cited_text(reply, bot.conversation.knowledge):
        write(f"\n{cited}")
    if explain:
        kept = await bot.conversation.explain(1, 1)
        why = why_text(kept or "", bot.conversation.knowledge, reply.language)
        write("\n" + plain(why))


async def _answer_lines(conversation: Conversation, lines: Iterable[bytes]) -> None:
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            answer = await _answer_line(conversation, read_line(raw), number)
        except LineError as error:
            answer = {"id": error.id, "error": str(error)}
        sys.stdout.write(_as_line(answer) + "\n")
        sys.stdout.flush()


def _as_line(answer: dict[str, object]) -> str:
    """Return a JSON line, with escapes only if it has letters that the output can't write."""
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return json.dumps(answer)
    return line


async def _answer_line(conversation: Conversation, line: Line, number: int) -> dict[str, object]:
    """Hold a fresh conversation: the earlier turns, then the question."""
    for turn in line.context:
        await conversation.respond(Utterance(number, number, turn, line.language))
    reply = await conversation.respond(Utterance(number, number, line.text, line.language))
    return {"id": line.id, **as_json(reply)}


def as_json(reply: Reply) -> dict[str, object]:
    """Return a reply as `majlis ask --jsonl` writes it."""
    answered = reply.answered if isinstance(reply, Answer) else ()
    candidates = reply.candidates if isinstance(reply, Suggestions) else ()
    sure = max((each.confidence for each in (*answered, *candidates)), default=0.0)
    return {
        "kind": kind_of(reply),
        "text": plain_text(reply),
        "entries": [each.entry.id for each in answered],
        "suggestions": [
            {"entry": each.entry.id, "question": each.entry.question} for each in candidates
        ],
        "confidence": round(sure, 4),
        "lang": reply.language,
    }


def read_line(raw: bytes) -> Line:
    """Return a JSON line's question; raises LineError saying what is wrong with it."""
    try:
        value = json.loads(raw, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise LineError(None, f"not a JSON line in UTF-8: {error}") from error
    if not isinstance(value, dict):
        raise LineError(None, 'not an object: write {"id": …, "text": "…"}')
    identifier = value.get("id")
    if problem := next(_faults(value), None):
        raise LineError(identifier, problem)
    context = tuple(value.get("context") or ())
    return Line(identifier, value["text"], value.get("lang"), context)


def _refuse(constant: str) -> NoReturn:
    """Refuse NaN and Infinity: Python reads and writes them, JSON knows no such thing."""
    message = f"{constant} is not a number of JSON"
    raise ValueError(message)


def _finite(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else _refuse(written)


def _faults(value: dict[str, object]) -> Iterator[str]:
    if not isinstance(value.get("text"), str):
        yield '"text" is missing or not a string'
    if not isinstance(value.get("lang"), str | None):
        yield '"lang" is neither a language code nor null'
    context = value.get("context") or []
    if not isinstance(context, list) or not all(isinstance(turn, str) for turn in context):
        yield '"context" is not a list of strings'
