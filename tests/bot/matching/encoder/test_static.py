"""The static encoder: a small table made here, and the packaged one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.matching.encoder import Encoder
from bot.matching.encoder.static import StaticEncoder, load_static_encoder

PIECES = ["card", "##s", "lost", "play", "##ing", "dont", "p"]


@pytest.fixture
def small() -> StaticEncoder:
    """Return an encoder of seven pieces, each along a direction of its own."""
    table = (np.eye(7) * 100).astype(np.int8)
    scales = np.full(7, 0.01, np.float16)
    return StaticEncoder(table, scales, {piece: row for row, piece in enumerate(PIECES)})


@pytest.fixture(scope="module")
def packaged() -> StaticEncoder:
    """Return the encoder that ships."""
    return load_static_encoder()


def _cosine(encoder: Encoder, one: str, other: str) -> float:
    first, second = encoder.encode([one, other])
    return float(first @ second)


def test_a_word_is_taken_apart_by_its_longest_pieces(small: StaticEncoder) -> None:
    """`play` wins over `p`; the rest of the word is read as inner pieces."""
    assert small.rows("playing cards") == [3, 4, 0, 1]


def test_a_word_with_an_unknown_part_is_left_out_whole(small: StaticEncoder) -> None:
    """Half a word says nothing about the word."""
    assert small.rows("cardx lost") == [2]


def test_case_marks_and_apostrophes_make_no_difference(small: StaticEncoder) -> None:
    """Every way of writing a word reads as the same pieces."""
    assert small.rows("LÓST, don\u2019t!") == small.rows("lost dont") == [2, 5]


def test_a_row_is_the_normalised_sum_of_its_pieces(small: StaticEncoder) -> None:
    """Two pieces weigh alike; the vector has length one."""
    (vector,) = small.encode(["lost card"])
    expected = np.zeros(7)
    expected[[0, 2]] = 0.5**0.5
    assert vector.dtype == np.float32
    np.testing.assert_allclose(vector, expected, rtol=1e-5)


def test_nothing_known_makes_a_zero_row(small: StaticEncoder) -> None:
    """Empty, unknown, symbols and other scripts are zero, and disturb no neighbour."""
    vectors = small.encode(["", "lost", "xyz", "😀 ?!", "مرحبا", "card"])
    assert np.linalg.norm(vectors, axis=1).round(5).tolist() == [0, 1, 0, 0, 0, 1]


def test_no_texts_make_no_rows(small: StaticEncoder) -> None:
    """An empty knowledge base can be encoded."""
    assert small.encode([]).shape == (0, small.dimensions)


def test_opposite_pieces_cancel_to_a_zero_row() -> None:
    """A sum of zero is returned as it is, not as not-a-number."""
    table = np.array([[100, 0], [-100, 0]], np.int8)
    encoder = StaticEncoder(table, np.ones(2, np.float16), {"yes": 0, "no": 1})
    assert encoder.encode(["yes no"]).tolist() == [[0, 0]]


def test_many_texts_encode_as_each_alone(packaged: StaticEncoder) -> None:
    """Texts are encoded in portions; where a portion ends does not show."""
    texts = [f"question {number} about the meeting" if number % 7 else "" for number in range(2100)]
    together = packaged.encode(texts)
    for number in (0, 1, 1023, 1024, 2099):
        np.testing.assert_allclose(together[number], packaged.encode([texts[number]])[0], atol=1e-6)


def test_the_packaged_table_knows_near_from_far(packaged: StaticEncoder) -> None:
    """Words of one meaning are nearer than words of another, with no letter in common."""
    asked = "how can i reset my password"
    assert _cosine(packaged, asked, "i forgot my login") > 0.3
    assert _cosine(packaged, asked, "what is the weather tomorrow") < 0.2


def test_a_spelling_of_a_contraction_does_not_change_its_meaning(packaged: StaticEncoder) -> None:
    """The table has rows for contractions without their apostrophe."""
    assert packaged.rows("don't") == packaged.rows("dont")
    assert len(packaged.rows("can't")) == 1


def test_the_packaged_files_stay_small() -> None:
    """Table, scales and vocabulary take 8 MB at most."""
    folder = Path(load_static_encoder.__code__.co_filename).parent
    assert sum((folder / name).stat().st_size for name in
               ("table.npy", "scales.npy", "vocab.txt")) <= 8_000_000  # fmt: skip


def test_a_very_long_word_is_not_read(packaged: StaticEncoder) -> None:
    """A word of 4,096 letters is noise."""
    assert not packaged.encode(["a" * 4096]).any()


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """A table with another number of rows than the vocabulary raises, naming the folder."""
    np.save(tmp_path / "table.npy", np.zeros((2, 4), np.int8))
    np.save(tmp_path / "scales.npy", np.zeros(2, np.float16))
    (tmp_path / "vocab.txt").write_text("one\n")
    with pytest.raises(ValueError, match="1 pieces, but table"):
        load_static_encoder(tmp_path)
