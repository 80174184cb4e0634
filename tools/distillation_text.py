"""Text to distil an encoder on: sentences, and what can be made from them.

Parts of sentences teach what a word says on its own, sentences with a word exchanged teach rare
words the company of frequent ones, and single words give a place to words no sentence has.
"""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

FREQUENT = 2000
"""Words in more sentences than this are never exchanged."""

_LONGEST = 20
_LONG_SENTENCE = 7
_SHORTEST_CUT = 4
_WINDOW = (2, 5)
_QUOTED = re.compile(r'"([^"]+)"')


def sentences_of(files: Iterable[Path]) -> list[str]:
    """Return the lines of UTF-8 files that are not empty."""
    lines = (line.strip() for path in files for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def common_words(path: Path) -> list[str]:
    """Return the first part of the packaged word list: words up to the first empty line."""
    return gzip.decompress(path.read_bytes()).decode().split("\n\n")[0].split()


def wordnet_examples(folder: Path) -> list[str]:
    """Return the example sentences of WordNet's four data files, 2-20 words each, sorted."""
    found: set[str] = set()
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{kind}").read_text("latin-1").splitlines():
            found.update(text.strip() for text in _QUOTED.findall(line.partition("|")[2]))
    return sorted(text for text in found if 1 < len(text.split()) <= _LONGEST)


def frequencies(sentences: Iterable[str]) -> Counter[str]:
    """Count the sentences that each word stands in."""
    return Counter(word for sentence in sentences for word in set(_tokens(sentence)))


def windows(sentences: Sequence[str], rng: random.Random) -> list[str]:
    """Return both halves and two random windows of 2-5 words of each sentence, sorted."""
    cut: set[str] = set()
    for tokens in map(_tokens, sentences):
        if len(tokens) < _SHORTEST_CUT:
            continue
        half = len(tokens) // 2
        cut |= {" ".join(tokens[:half]), " ".join(tokens[half:])}
        for _ in range(2):
            size = rng.randint(_WINDOW[0], min(_WINDOW[1], len(tokens) - 1))
            start = rng.randint(0, len(tokens) - size)
            cut.add(" ".join(tokens[start : start + size]))
    return sorted(cut)


def exchanged(
    sentences: Sequence[str], words: Sequence[str], counts: Counter[str], rng: random.Random
) -> list[str]:
    """Return the sentences with one or two of their rarer words exchanged for any words."""
    changed: set[str] = set()
    for tokens in map(_tokens, sentences):
        places = [place for place, word in enumerate(tokens) if counts[word] < FREQUENT]
        count = 1 + (len(tokens) > _LONG_SENTENCE)
        for place in rng.sample(places, min(len(places), count)):
            tokens[place] = rng.choice(words)
        if places:
            changed.add(" ".join(tokens))
    return sorted(changed)


def _tokens(sentence: str) -> list[str]:
    return sentence.rstrip(" ?.!").split()
