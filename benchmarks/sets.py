"""Read public sets of questions and divide them; README.md has the protocol in words."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from benchmarks.errors import BenchmarkError
from benchmarks.phrasings import Phrasings
from benchmarks.typos import with_typos

OUT_OF_SCOPE = "__oos__"
TRAIN = "train"
HELD_OUT = 20
"""Questions held out per intent, or a third of its texts if that is less, without a test split."""

LEFT_OUT = 0.2
"""The share of intents that become out-of-scope where a set has no out-of-scope questions."""

Half = Literal["dev", "report"]
_LANGUAGE = re.compile(r"_([a-z]{2})$")


@dataclass(frozen=True, slots=True)
class Row:
    """Hold a line of a set: a text, the intent it means, and the split its makers put it in."""

    text: str
    intent: str
    split: str


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a text to ask and the intent that is right; None where silence is."""

    text: str
    intent: str | None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Hold a set ready to measure with: the training pool by intent, and the questions."""

    name: str
    language: str
    pool: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...]

    @property
    def intents(self) -> tuple[str, ...]:
        """Return the intents in the order that labels number them."""
        return tuple(self.pool)


def read_sets(folder: Path, names: Sequence[str]) -> list[QuestionSet]:
    """Read the named sets of a folder, all of it without names; raises BenchmarkError."""
    known = {path.stem: path for path in sorted(folder.glob("*.jsonl"))}
    missing = [name for name in names if name not in known]
    if missing or not known:
        wanted = ", ".join(missing) or "set"
        message = f"{folder} has no {wanted}. Sets found: {', '.join(known) or 'none'}."
        raise BenchmarkError(message)
    return [divide(name, list(read_rows(known[name]))) for name in names or known]


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON lines file; raises BenchmarkError naming the line at fault."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                value = json.loads(line)
                yield Row(str(value["text"]), str(value["intent"]), str(value["split"]))
            except (ValueError, KeyError, TypeError) as error:
                message = f'{path}:{number} is not {{"text", "intent", "split"}} in JSON: {error}'
                raise BenchmarkError(message) from error


def divide(name: str, rows: Sequence[Row]) -> QuestionSet:
    """Return a set's training pool and questions; no question is word for word in the pool."""
    rows = _distinct(rows)
    by_intent: dict[str, list[str]] = {}
    for row in rows:
        if row.split == TRAIN and row.intent != OUT_OF_SCOPE:
            by_intent.setdefault(row.intent, []).append(row.text)
    asked = [Question(row.text, row.intent) for row in rows if row.split != TRAIN]
    asked = [each for each in asked if each.intent in by_intent]
    if not asked:
        asked = list(_hold_out(name, by_intent))
    asked += [Question(row.text, None) for row in rows if row.intent == OUT_OF_SCOPE]
    pool = {intent: tuple(sorted(by_intent[intent])) for intent in sorted(by_intent)}
    return QuestionSet(name, language_of(name), pool, tuple(asked))


def half_of(text: str) -> Half:
    """Return the half a text belongs to, by a hash of the text alone."""
    return "dev" if hashlib.sha256(text.encode()).digest()[0] % 2 == 0 else "report"


def questions_of(questions: QuestionSet, half: Half, limit: int = 0) -> QuestionSet:
    """Return a set with one half's questions; `limit` keeps so many in and out of scope (0: all).

    Which ones a limit keeps depends on the texts alone.
    """
    kept = sorted(
        (each for each in questions.questions if half_of(each.text) == half),
        key=lambda each: hashlib.sha256(each.text.encode()).digest()[1:],
    )
    inside = [each for each in kept if each.intent is not None]
    outside = [each for each in kept if each.intent is None]
    return replace(questions, questions=(*inside[: limit or None], *outside[: limit or None]))


def mistyped(questions: QuestionSet) -> QuestionSet:
    """Return a set whose questions come with one or two slips."""
    asked = tuple(Question(with_typos(each.text), each.intent) for each in questions.questions)
    return replace(questions, questions=asked)


def draw(questions: QuestionSet, size: int, seed: int) -> Phrasings:
    """Return up to `size` phrasings of each intent (0: all); a smaller draw is part of a larger."""
    texts: list[str] = []
    labels: list[int] = []
    for label, (intent, pool) in enumerate(questions.pool.items()):
        drawn = _shuffled(pool, f"{questions.name} {intent} draw {seed}")[: size or None]
        texts += drawn
        labels += [label] * len(drawn)
    return Phrasings(tuple(texts), tuple(labels), questions.language)


def leave_out(questions: QuestionSet, seed: int) -> QuestionSet:
    """Return a set whose last fifth of intents, in a drawn order, nobody has taught."""
    order = _shuffled(questions.intents, f"{questions.name} left out {seed}")
    known = set(order[: len(order) - round(LEFT_OUT * len(order))])
    return replace(
        questions,
        pool={intent: pool for intent, pool in questions.pool.items() if intent in known},
        questions=tuple(
            each if each.intent in known else Question(each.text, None)
            for each in questions.questions
        ),
    )


def language_of(name: str) -> str:
    """Return the language at the end of a set's name (`xsid_de`), English without one."""
    found = _LANGUAGE.search(name)
    return found[1] if found else "en"


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Keep the first of rows with the same words; the training part comes first."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.split != TRAIN):
        found.setdefault(" ".join(row.text.casefold().split()), row)
    return list(found.values())


def _hold_out(name: str, by_intent: dict[str, list[str]]) -> Iterator[Question]:
    """Move questions from the pool of each intent."""
    for intent, texts in by_intent.items():
        order = _shuffled(sorted(texts), f"{name} {intent} held out")
        count = min(HELD_OUT, len(order) // 3)
        yield from (Question(text, intent) for text in order[:count])
        by_intent[intent] = order[count:]


def _shuffled(texts: Sequence[str], seed: str) -> list[str]:
    order = list(texts)
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable, not secret
    return order
