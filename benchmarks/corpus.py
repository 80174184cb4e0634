"""Make knowledge of any size from public texts: real entries first, then recombined ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.phrasings import Phrasings
from benchmarks.sets import OUT_OF_SCOPE, language_of, read_rows

SENTENCES = "general_sentences.txt"
QUERIES = 500
FEWEST, MOST = 10, 50
"""Phrasings an entry."""

_SEED = "scale"
_FEWEST_WORDS = 5
_LONG = 5
_CLAUSES = 0.3
"""The share of recombined texts that take another's second half; the others exchange words."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Hold phrasings to teach and queries to ask, none of which is among them."""

    phrasings: Phrasings
    queries: tuple[str, ...]

    def write(self, path: Path) -> None:
        """Write a JSON file that `read_corpus` reads."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_corpus(path: Path) -> Corpus:
    """Return what `Corpus.write` wrote."""
    value = json.loads(path.read_text(encoding="utf-8"))
    phrasings = value["phrasings"]
    return Corpus(
        Phrasings(tuple(phrasings["texts"]), tuple(phrasings["labels"]), phrasings["language"]),
        tuple(value["queries"]),
    )


def make_corpus(folder: Path, size: int) -> Corpus:
    """Return knowledge of `size` phrasings, always the same; raises BenchmarkError."""
    chance = random.Random(_SEED)  # noqa: S311 - repeatable, not secret
    groups, sentences = _groups(folder), _sentences(folder)
    grouped = sorted(chain.from_iterable(groups))
    if min(len(grouped), len(sentences)) <= QUERIES // 2:
        message = f"{folder} has too few texts: {QUERIES // 2} of either kind are only asked."
        raise BenchmarkError(message)
    queries = [*chance.sample(grouped, QUERIES // 2), *chance.sample(sentences, QUERIES // 2)]
    asked = set(queries)
    groups = [[text for text in group if text not in asked] for group in groups]
    bases = [text for text in sentences if text not in asked]
    real = list(chain.from_iterable(_cut(group, chance) for group in groups))
    chance.shuffle(real)
    entries = chain(real, _recombined(bases, chance))
    return Corpus(_fill(entries, size, asked), tuple(queries))


def recombine(text: str, others: Sequence[str], chance: random.Random) -> str:
    """Return a text with its second half, or one or two long words, taken from other texts."""
    words = text.split()
    if chance.random() < _CLAUSES:
        other = chance.choice(others).split()
        return " ".join([*words[: len(words) // 2], *other[len(other) // 2 :]])
    places = _long_words(words)
    for place in chance.sample(places, min(len(places), chance.randint(1, 2))):
        other = chance.choice(others).split()
        words[place] = other[chance.choice(_long_words(other))]
    return " ".join(words)


def _groups(folder: Path) -> list[list[str]]:
    """Return the training texts of each intent of the English sets."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for row in read_rows(path) if language_of(path.stem) == "en" else ():
            if row.intent != OUT_OF_SCOPE:
                groups.setdefault((path.stem, row.intent), []).append(row.text)
    if not groups:
        message = f"{folder} has no English set of questions (*.jsonl)."
        raise BenchmarkError(message)
    return list(groups.values())


def _sentences(folder: Path) -> list[str]:
    try:
        lines = (folder / SENTENCES).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        message = f"{folder / SENTENCES} can't be read ({error.strerror}): one sentence a line."
        raise BenchmarkError(message) from error
    return sorted({line for line in lines if len(line.split()) >= _FEWEST_WORDS})


def _cut(texts: Iterable[str], chance: random.Random) -> Iterator[list[str]]:
    """Yield an intent's texts, shuffled, in even entries of up to a drawn size."""
    order = list(texts)
    chance.shuffle(order)
    parts = -(-len(order) // chance.randint(FEWEST, MOST))
    yield from (order[part::parts] for part in range(parts))


def _recombined(bases: Sequence[str], chance: random.Random) -> Iterator[list[str]]:
    """Yield entries without end, each of one sentence and what recombining makes of it."""
    while True:
        base = chance.choice(bases)
        size = chance.randint(FEWEST, MOST) - 1
        yield [base, *(recombine(base, bases, chance) for _ in range(size))]


def _long_words(words: Sequence[str]) -> list[int]:
    """Return the places of the words that carry content, by their length; all if none does."""
    return [n for n, word in enumerate(words) if len(word) >= _LONG] or list(range(len(words)))


def _fill(entries: Iterator[list[str]], size: int, asked: set[str]) -> Phrasings:
    """Take distinct texts, entry by entry, until there are enough."""
    texts: dict[str, int] = {}
    for label, entry in enumerate(entries):
        for text in entry:
            if text not in asked:
                texts.setdefault(text, label)
        if len(texts) >= size:
            break
    return Phrasings(tuple(texts)[:size], tuple(texts.values())[:size])
