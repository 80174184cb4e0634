"""Check the knowledge made for measuring at scale."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from benchmarks.corpus import MOST, QUERIES, SENTENCES, make_corpus, read_corpus, recombine
from benchmarks.errors import BenchmarkError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small English set, a German one and general sentences."""
    path = tmp_path_factory.mktemp("data")
    for name, word in (("shop", "order"), ("xsid_de", "wecker")):
        rows = [
            {"text": f"{word} {n} of kind {n % 7}", "intent": str(n % 7), "split": "train"}
            for n in range(600)
        ]
        (path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    sentences = [f"sentence {n} about the thing called {n * 7}" for n in range(600)]
    (path / SENTENCES).write_text("\n".join(sentences), encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [100, 2000])
def test_has_exactly_as_many_distinct_phrasings_as_wished(folder: Path, size: int) -> None:
    """Sizes beyond the real texts are filled with recombined ones."""
    corpus = make_corpus(folder, size)
    assert len(set(corpus.phrasings.texts)) == len(corpus.phrasings.labels) == size
    assert max(map(len, corpus.phrasings.by_label().values())) <= MOST


def test_asks_nothing_that_is_taught(folder: Path) -> None:
    """Queries and phrasings have no text in common."""
    corpus = make_corpus(folder, 2000)
    assert len(corpus.queries) == QUERIES
    assert not set(corpus.queries) & set(corpus.phrasings.texts)


def test_is_always_the_same_and_english(folder: Path) -> None:
    """The same folder gives the same knowledge; sets in other languages stay out."""
    corpus = make_corpus(folder, 2000)
    assert corpus == make_corpus(folder, 2000)
    assert not any("wecker" in text for text in corpus.phrasings.texts)


def test_reads_what_it_writes(folder: Path, tmp_path: Path) -> None:
    """A corpus goes through a file unchanged."""
    corpus = make_corpus(folder, 50)
    corpus.write(tmp_path / "corpus.json")
    assert read_corpus(tmp_path / "corpus.json") == corpus


def test_recombined_texts_are_made_of_words_of_both() -> None:
    """A recombined text brings no word that neither text has."""
    for seed in range(20):
        made = recombine("one two three four", ["five six seven"], random.Random(seed))
        assert set(made.split()) <= {"one", "two", "three", "four", "five", "six", "seven"}


def test_says_what_the_folder_lacks(tmp_path: Path) -> None:
    """Without sets or sentences the error names what is missing."""
    with pytest.raises(BenchmarkError, match="no English set"):
        make_corpus(tmp_path, 10)
    row = {"text": "a b c", "intent": "i", "split": "train"}
    (tmp_path / "one.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(BenchmarkError, match=SENTENCES):
        make_corpus(tmp_path, 10)
    (tmp_path / SENTENCES).write_text("one two three four five", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="too few texts"):
        make_corpus(tmp_path, 10)
