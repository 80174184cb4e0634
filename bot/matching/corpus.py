"""All that a matcher compares utterances with, read and encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.entry import Entry
from bot.matching.background import far_from
from bot.matching.encoder import Encoder, Vectors
from bot.matching.language import Language
from bot.matching.normalise import normalise, words
from bot.matching.reading import Words
from bot.matching.ridge import Labels

_TASTE = 200


@dataclass(frozen=True, slots=True)
class Corpus:
    """Hold n texts: the phrases of the entries in order, the negatives, background questions.

    `labels` are the numbers of their entries, -1 for those without one; the first `own` texts are
    the knowledge base's. `meanings` are n unit rows where an encoder reads the language.
    """

    texts: tuple[Words, ...]
    labels: Labels
    own: int
    meanings: Vectors | None = None


def labelled(entries: Sequence[Entry], unanswered: Sequence[str]) -> tuple[list[str], Labels]:
    """Return all phrases in the order of the entries, then the negatives, and their labels.

    A negative counts once, however often it is given: it must not stand by when it is left out.
    """
    found = [(phrase, n) for n, entry in enumerate(entries) for phrase in entry.phrases]
    negatives = [*(phrase for entry in entries for phrase in entry.negatives), *unanswered]
    found += [(phrase, -1) for phrase in {normalise(each): each for each in negatives}.values()]
    return [phrase for phrase, _ in found], np.array([n for _, n in found], np.int32)


def build_corpus(
    texts: Sequence[Words], labels: Labels, language: Language, encoder: Encoder | None
) -> Corpus:
    """Encode the texts of a knowledge base, and add the background questions that are far from it.

    Without an encoder that reads the language there is no telling how far they are: none is added.
    """
    if encoder is None or not (encoder.reads(language.code) and _most_read(encoder, texts)):
        return Corpus(tuple(texts), labels, len(texts))
    others = [tuple(words(question)) for question in language.background]
    meanings = encode(encoder, [*texts, *others])
    own, theirs = meanings[: len(texts)], meanings[len(texts) :]
    far = far_from(own[: np.count_nonzero(labels >= 0)], theirs)
    theirs[: len(far)] = theirs[far]
    return Corpus(
        (*texts, *(others[place] for place in far)),
        np.append(labels, np.full(len(far), -1, np.int32)),
        len(texts),
        meanings[: len(texts) + len(far)],
    )


def encode(encoder: Encoder, texts: Sequence[Words]) -> Vectors:
    """Return unit rows for texts given as words."""
    return encoder.encode([" ".join(text) for text in texts])


def _most_read(encoder: Encoder, texts: Sequence[Words]) -> bool:
    """Tell whether an encoder reads most of a sample of the texts."""
    read = np.count_nonzero(encode(encoder, texts[:_TASTE]).any(axis=1))
    return bool(read * 2 >= min(_TASTE, len(texts)))
