"""Transformers: what is done around the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.matching.encoder import EncoderError
from bot.matching.encoder.model_files import ModelFiles
from bot.matching.encoder.transformer import OnnxEncoder
from tests.bot.matching.encoder.fakes import (
    DIMENSIONS,
    VOCABULARY,
    FakeModel,
    FakeTokenizer,
    silent_table,
)

FILES = ModelFiles("tiny", Path("model.onnx"), "{}")
OBOE, YARN, BRIM, QUERY = map(VOCABULARY.index, ("oboe", "yarn", "brim", "query"))


def encoder(model: FakeModel | None = None, **changes: str) -> OnnxEncoder:
    """Return an encoder of the fake model, by default the silent one."""
    files = FILES if not changes else replace(FILES, **changes)  # type: ignore[arg-type]
    return OnnxEncoder(model or FakeModel(silent_table()), FakeTokenizer(), files)


def expected(*directions: int) -> list[float]:
    """Return the unit vector between some directions."""
    vector = np.zeros(DIMENSIONS)
    vector[list(directions)] = len(directions) ** -0.5
    return [float(each) for each in vector]


def test_a_row_is_the_mean_of_the_tokens() -> None:
    """What fills up the shorter of two texts takes no part."""
    vectors = encoder().encode(["oboe yarn", "brim"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [expected(OBOE, YARN), expected(BRIM)], atol=1e-6)


def test_a_model_may_say_a_text_with_its_first_token() -> None:
    """Pooling by cls takes the token that stands before all words, whatever the words are."""
    table = silent_table()
    tiny = encoder(FakeModel(table), pooling="cls")
    table[VOCABULARY.index("[CLS]"), 0] = 1
    np.testing.assert_allclose(tiny.encode(["oboe", "yarn brim"]), [expected(0)] * 2, atol=1e-6)


def test_a_model_may_say_a_text_with_its_strongest_signals() -> None:
    """Pooling by max takes the highest number in each place, and none from what fills up."""
    table = silent_table() - 1
    table[0] = 9
    model = FakeModel(table)
    vectors = encoder(model, pooling="max").encode(["oboe yarn", "oboe brim soot soot"])
    assert vectors[0, OBOE] == pytest.approx(vectors[0, YARN])
    assert vectors[0, OBOE] > vectors[0, BRIM]


def test_a_model_that_pools_itself_is_taken_at_its_word() -> None:
    """The output sentence_embedding needs no pooling, whatever the folder says."""
    model = FakeModel(silent_table(), output="sentence_embedding")
    vectors = encoder(model, pooling="lasttoken").encode(["oboe yarn", "brim"])
    np.testing.assert_allclose(vectors, [expected(OBOE, YARN), expected(BRIM)], atol=1e-6)


def test_an_unknown_pooling_is_refused_by_name() -> None:
    """A model that would be misread isn't read at all."""
    with pytest.raises(EncoderError, match="by lasttoken, which isn't supported"):
        encoder(pooling="lasttoken")


@pytest.mark.parametrize("kind", ["tensor(int64)", "tensor(int32)"])
def test_a_model_gets_what_it_asks_for(kind: str) -> None:
    """Some models take no types of tokens, some take numbers of half the width."""
    model = FakeModel(silent_table(), inputs=("input_ids", "attention_mask"), kind=kind)
    encoder(model).encode(["oboe"])
    assert set(model.fed[-1]) == {"input_ids", "attention_mask"}
    assert model.fed[-1]["input_ids"].dtype == kind[7:12]


@pytest.mark.parametrize(
    "model",
    [
        FakeModel(silent_table(), inputs=("input_ids", "pixel_values")),
        FakeModel(silent_table(), kind="tensor(float)"),
    ],
    ids=["another input", "another type"],
)
def test_a_model_that_wants_something_else_is_refused(model: FakeModel) -> None:
    """A model of pictures gets no text."""
    with pytest.raises(EncoderError, match=r"tiny takes (pixel_values|input_ids)"):
        encoder(model)


@pytest.mark.parametrize("text", ["", "   ", "😀", "xyzzy plugh"])
def test_nothing_known_makes_a_zero_row(text: str) -> None:
    """A text of nothing or of unknown pieces is zero, and disturbs no neighbour."""
    vectors = encoder().encode(["oboe", text, "yarn"])
    nothing = [0.0] * DIMENSIONS
    np.testing.assert_allclose(vectors, [expected(OBOE), nothing, expected(YARN)], atol=1e-6)


def test_no_texts_make_no_rows() -> None:
    """An empty knowledge base can be encoded."""
    assert encoder().encode([]).shape == (0, DIMENSIONS)


def test_a_prompt_stands_before_each_text() -> None:
    """A model that was trained with a prompt gets it, and a prompt alone is still nothing."""
    model = FakeModel(silent_table())
    vectors = encoder(model, prompt="query: ").encode(["oboe", "xyzzy", ""])
    assert model.fed[-1]["input_ids"].tolist() == [[2, QUERY, OBOE]]
    assert vectors.any(axis=1).tolist() == [True, False, False]


def test_what_all_texts_share_says_nothing() -> None:
    """Two texts that differ are far apart, though the model puts all texts side by side."""
    table = silent_table()
    table[:, 0] = 5
    one, other = encoder(FakeModel(table)).encode(["oboe", "yarn"])
    assert float(one @ other) < 0.6
    crowded = table[[OBOE, YARN]] / np.linalg.norm(table[[OBOE, YARN]], axis=1, keepdims=True)
    assert float(crowded[0] @ crowded[1]) > 0.9


def test_texts_of_like_length_go_together() -> None:
    """No portion has more than 512 tokens, filled-up ones too, and rows keep their order."""
    model = FakeModel(silent_table())
    tiny = encoder(model)
    model.fed.clear()
    texts = [
        "oboe " * (1 + number % 60) + ("yarn" if number % 2 else "brim") for number in range(99)
    ]
    together = tiny.encode(texts)
    assert 5 < len(model.fed) < 20
    assert max(each["input_ids"].size for each in model.fed) <= 512
    for number, text in enumerate(texts):
        np.testing.assert_allclose(together[number], tiny.encode([text])[0], atol=1e-6)


def test_a_text_longer_than_a_portion_is_read_alone() -> None:
    """A tokenizer that doesn't cut stops nothing."""
    assert encoder().encode(["oboe " * 2000, "yarn"]).any(axis=1).all()
