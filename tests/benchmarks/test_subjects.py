"""Ask every subject about a toy knowledge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.phrasings import Phrasings
from benchmarks.subjects import Ranked, Subject
from benchmarks.subjects.catalogue import OURS, PEERS, makers
from benchmarks.subjects.encoders import PhraseMemory, read_encoder
from benchmarks.subjects.fts5 import Fts5
from benchmarks.subjects.fuzzy import Fuzzy
from benchmarks.subjects.majlis import ConversationSubject, judged
from bot.conversation.messages import Answer, Answered, Fallback, Suggestions
from bot.matching.encoder import EncoderError, Vectors
from tests.bot.matching import library
from tests.fakes import make_entry

LIBRARY = (library.HOURS, library.PLACE, library.CARD, library.LOST, library.LOANS)
PHRASINGS = Phrasings(
    tuple(chain.from_iterable(LIBRARY)),
    tuple(label for label, phrases in enumerate(LIBRARY) for _ in phrases),
)


@pytest.fixture(scope="module", params=[*OURS, *PEERS])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    """Yield each subject, taught about a library."""
    if request.param == "bm25s":
        pytest.importorskip("bm25s")
    made = makers([request.param])[request.param]()
    made.build(PHRASINGS)
    yield made
    if isinstance(made, Fts5):
        made.close()


@pytest.mark.parametrize(("text", "label"), [("Where is the library?", 1), ("I lost my card", 3)])
def test_knows_what_it_was_taught(subject: Subject, text: str, label: int) -> None:
    """Every subject gives a phrase its own label and accepts it."""
    ranked = subject.rank(text)
    assert ranked.label == label
    assert ranked.score >= subject.threshold


@pytest.mark.parametrize("text", ["", "???", "zzqx"])
def test_survives_what_says_nothing(subject: Subject, text: str) -> None:
    """A text without a known word is answered with no confidence."""
    assert subject.rank(text).score < subject.threshold


def test_forgets_what_it_was_taught_before() -> None:
    """Building again replaces the phrasings and the threshold."""
    for peer in (Fuzzy("WRatio"), Fuzzy("token_set_ratio")):
        peer.build(PHRASINGS)
        before = peer.threshold
        peer.build(Phrasings(("open the window", "shut the door"), (4, 9)))
        assert peer.rank("shut the door please").label == 9
        assert peer.threshold != before


def test_a_peers_threshold_refuses_most_about_what_is_left_out() -> None:
    """At most three in ten phrases pass when their whole entry is left out."""
    peer = Fuzzy("token_set_ratio")
    peer.build(PHRASINGS)
    passed = 0
    for text, label in zip(PHRASINGS.texts, PHRASINGS.labels, strict=True):
        others = [each for each in zip(*_columns(), strict=True) if each[1] != label]
        other = Fuzzy("token_set_ratio")
        other.build(Phrasings(tuple(t for t, _ in others), tuple(n for _, n in others)))
        passed += other.rank(text).score >= peer.threshold
    assert 0 < passed <= 0.3 * len(PHRASINGS.texts)


def test_an_answer_with_one_entry_names_it() -> None:
    """Only an answer with exactly one entry can be right."""
    one, other = (Answered(make_entry(f"entry-{n}"), 0.8) for n in (7, 8))
    assert judged(Answer("en", "…", (one,))) == Ranked(7, 1.0)
    assert judged(Answer("en", "…", (one, other))) == Ranked(None, 1.0)


def test_suggestions_name_the_first_and_are_no_answer() -> None:
    """Suggestions stay below the threshold, silence far below."""
    offered = Answered(make_entry("entry-7"), 0.4)
    ranked = judged(Suggestions("en", "…", (offered,)))
    assert ranked.label == 7
    assert ranked.score < ConversationSubject.threshold
    assert judged(Fallback("en", "…", "unknown")).label is None


def test_names_the_subjects_there_are() -> None:
    """An unknown subject is refused with the names of all."""
    with pytest.raises(BenchmarkError, match=r"no subject elastic\. There are: majlis"):
        makers(["elastic", "fts5"])


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    """A folder must hold a static table or a transformer."""
    with pytest.raises(EncoderError, match=re.escape(str(tmp_path))):
        read_encoder(str(tmp_path))


def test_encodes_a_phrase_once_and_a_question_each_time() -> None:
    """Draws share the vectors of their phrases; the time of a question is never saved."""
    memory = PhraseMemory(inner := CountingEncoder())
    first = memory.encode(["a", "bb", "a"])
    again = memory.encode(["bb", "ccc", "a"])
    assert first[:, 0].tolist() == [1, 2, 1]
    assert again[:, 0].tolist() == [2, 3, 1]
    memory.encode(["a"])
    memory.encode(["a"])
    assert inner.encoded == ["a", "bb", "ccc", "a", "a"]


class CountingEncoder:
    """Encode a text as its length and note that it was asked to."""

    name = "counting"
    dimensions = 1
    quick = True

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def reads(self, language: str) -> bool:
        """Take every language."""
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the lengths."""
        self.encoded += texts
        return np.array([[len(text)] for text in texts], np.float32)


def _columns() -> tuple[tuple[str, ...], tuple[int, ...]]:
    return PHRASINGS.texts, PHRASINGS.labels
