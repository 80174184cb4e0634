"""The cache: what it saves, what it never writes, and that nothing it meets stops the bot."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.matching.encoder import Vectors, cached
from bot.matching.encoder.cached import CachedEncoder


class CountingEncoder:
    """Encode a text by its length and first letter; `asked` is what it was asked for."""

    name = "counting"
    dimensions = 2
    quick = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def reads(self, language: str) -> bool:
        """Take every language."""
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x 2 rows."""
        self.asked += texts
        rows = [(len(text), ord((text or " ")[0])) for text in texts]
        return np.array(rows, np.float32).reshape(-1, 2)


@pytest.fixture
def inner() -> CountingEncoder:
    """Return the encoder behind the cache."""
    return CountingEncoder()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the cache keeps phrases: in a folder that isn't there yet."""
    return tmp_path / "cache" / "phrases.npz"


def test_it_encodes_as_the_encoder_does(inner: CountingEncoder, file: Path) -> None:
    """Rows come in order, each as often as it was asked for."""
    encoder = CachedEncoder(inner, file)
    texts = ["bb", "a", "bb", "", "\ud800"]
    np.testing.assert_array_equal(encoder.encode(texts), CountingEncoder().encode(texts))
    np.testing.assert_array_equal(encoder.encode(texts[::-1]), inner.encode(texts[::-1]))
    assert (encoder.name, encoder.dimensions) == ("counting", 2)
    assert encoder.encode([]).shape == (0, 2)


def test_phrases_are_encoded_once(inner: CountingEncoder, file: Path) -> None:
    """A second fit, and one after a restart, encodes only what was added."""
    CachedEncoder(inner, file).encode(["one", "two"])
    again = CachedEncoder(inner, file)
    np.testing.assert_array_equal(again.encode(["two", "three", "one"])[:, 0], [3, 5, 3])
    again.encode(["one", "two", "three"])
    again.encode(["two"])
    assert inner.asked == ["one", "two", "three"]


def test_utterances_are_remembered_but_never_written(inner: CountingEncoder, file: Path) -> None:
    """What a person writes stays in memory."""
    encoder = CachedEncoder(inner, file)
    first = encoder.encode(["my secret"])
    first[0, 0] = 99
    np.testing.assert_array_equal(encoder.encode(["my secret"])[:, 0], [9])
    assert inner.asked == ["my secret"]
    assert not file.exists()


def test_without_a_file_all_stays_in_memory(inner: CountingEncoder) -> None:
    """A user without a home has a cache until the bot stops."""
    encoder = CachedEncoder(inner, None)
    encoder.encode(["one", "two"])
    encoder.encode(["one", "two"])
    assert inner.asked == ["one", "two"]


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _scribble(file: Path) -> None:
    file.write_bytes(b"not an archive at all")


def _other_arrays(file: Path) -> None:
    np.savez(file, things=np.zeros(3))


def _one_array(file: Path) -> None:
    with file.open("wb") as opened:
        np.save(opened, np.zeros(3))


def _other_shape(file: Path) -> None:
    np.savez(file, keys=np.zeros((2, 16), np.uint8), vectors=np.zeros((2, 5), np.float32))


def _objects(file: Path) -> None:
    np.savez(file, keys=np.array([{"a": 1}]), vectors=np.zeros((1, 2)))


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "spoil",
    [_truncate, _empty, _scribble, _other_arrays, _one_array, _other_shape, _objects, _folder],
)
def test_a_broken_file_costs_a_line_and_time(
    spoil: object, inner: CountingEncoder, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever stands in the file, phrases are encoded anew."""
    CachedEncoder(inner, file).encode(["one", "two"])
    assert callable(spoil)
    spoil(file)
    encoder = CachedEncoder(inner, file)
    assert "Phrases are encoded anew, because" in caplog.text
    np.testing.assert_array_equal(encoder.encode(["one", "two"])[:, 0], [3, 3])
    assert inner.asked == ["one", "two"] * 2


def test_a_broken_file_mends_itself(inner: CountingEncoder, file: Path) -> None:
    """The next fit writes a good one."""
    file.parent.mkdir()
    _scribble(file)
    CachedEncoder(inner, file).encode(["one", "two"])
    CachedEncoder(inner, file).encode(["one", "two"])
    assert inner.asked == ["one", "two"]
    assert [path.name for path in file.parent.iterdir()] == ["phrases.npz"]


def test_a_folder_that_cant_be_written_costs_one_line(
    inner: CountingEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A read-only home stops nothing, and is told once."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    encoder = CachedEncoder(inner, tmp_path / "cache" / "phrases.npz")
    caplog.clear()
    encoder.encode(["one", "two"])
    np.testing.assert_array_equal(encoder.encode(["three", "two"])[:, 0], [5, 3])
    assert caplog.text.count("can't be kept") == 1
    assert "Set MAJLIS_CACHE to a folder that can be written" in caplog.text


def test_a_full_disk_leaves_no_half_file(
    inner: CountingEncoder, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file stays as it was, and no part of the new one remains."""
    CachedEncoder(inner, file).encode(["one", "two"])
    before = file.read_bytes()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    CachedEncoder(inner, file).encode(["three", "four"])
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["phrases.npz"]


def test_the_latest_phrases_are_kept(
    inner: CountingEncoder, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache forgets what was fitted longest ago, and never part of the present fit."""
    monkeypatch.setattr(cached, "_MOST_PHRASES", 3)
    encoder = CachedEncoder(inner, file)
    encoder.encode(["one", "two"])
    encoder.encode(["one", "three", "four"])
    encoder.encode(["one", "two", "three", "four", "five"])
    inner.asked.clear()
    encoder.encode(["six", "seven"])
    encoder.encode(["five", "six"])
    encoder.encode(["one", "two"])
    assert inner.asked == ["six", "seven", "one", "two"]


def test_a_long_wait_is_announced(
    inner: CountingEncoder, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever starts a large knowledge base for the first time learns why it takes a while."""
    caplog.set_level(logging.INFO)
    encoder = CachedEncoder(inner, file)
    encoder.encode([f"phrase {number}" for number in range(1000)])
    encoder.encode([f"phrase {number}" for number in range(1001)])
    assert caplog.messages == ["Reading 1000 new phrases, which takes a while once."]
