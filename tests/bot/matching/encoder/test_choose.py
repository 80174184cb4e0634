"""The choice of the encoder, with and without the extra."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bot.matching.encoder import Encoder, EncoderError
from bot.matching.encoder.choose import default_cache, load_encoder
from bot.matching.encoder.model_files import PACKAGE, packaged_files
from tests.bot.matching.encoder.fakes import VOCABULARY, silent_table
from tests.bot.matching.encoder.onnx_files import write_model, write_tokenizer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a tiny model that onnxruntime runs."""
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    made = tmp_path / "tiny-model"
    write_model(made / "model.onnx", silent_table())
    write_tokenizer(made / "tokenizer.json", VOCABULARY)
    return made


@pytest.fixture(scope="module")
def semantic(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Return the encoder of the extra."""
    if packaged_files() is None:
        pytest.skip("majlis-bot[semantic] isn't installed")
    return load_encoder(cache=tmp_path_factory.mktemp("cache"))


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a package look as if it weren't installed."""
    monkeypatch.setitem(sys.modules, name, None)


def test_static_is_static(tmp_path: Path) -> None:
    """The table is taken where it is asked for, and needs no cache."""
    assert load_encoder("static", tmp_path).name == "static"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers", PACKAGE])
def test_without_the_extra_the_table_reads(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra with a part missing is no extra."""
    without(missing, monkeypatch)
    assert load_encoder().name == "static"


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_a_folder_without_the_extra_says_how_to_get_it(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The remedy is the command."""
    (tmp_path / "model.onnx").touch()
    (tmp_path / "tokenizer.json").touch()
    without(missing, monkeypatch)
    with pytest.raises(EncoderError, match=r"pip install 'majlis-bot\[semantic\]'"):
        load_encoder(str(tmp_path))


def test_a_folders_model_encodes(folder: Path, tmp_path: Path) -> None:
    """A model is found, loaded, run and cached, from its folder alone."""
    encoder = load_encoder(str(folder), tmp_path / "cache")
    vectors = encoder.encode(["oboe yarn", "brim", "xyzzy"])
    expected = np.zeros_like(vectors)
    expected[0, [3, 4]] = 0.5**0.5
    expected[1, 5] = 1
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert encoder.name == "tiny-model"
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".npz"]


def test_a_model_without_types_of_tokens_encodes(folder: Path, tmp_path: Path) -> None:
    """Some models take two inputs only."""
    write_model(folder / "model.onnx", silent_table(), types=False)
    assert load_encoder(str(folder), tmp_path / "cache").encode(["oboe"]).any()


def test_another_model_has_another_cache(folder: Path, tmp_path: Path) -> None:
    """Vectors of one model are never taken for another's."""
    load_encoder(str(folder), tmp_path / "cache").encode(["oboe", "yarn"])
    write_model(folder / "model.onnx", np.roll(silent_table(), 1, axis=1))
    vectors = load_encoder(str(folder), tmp_path / "cache").encode(["oboe", "yarn"])
    assert vectors.argmax(axis=1).tolist() == [4, 5]
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize("broken", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_told_in_one_line(folder: Path, broken: str) -> None:
    """Whatever the libraries raise, the operator reads which files and what to do."""
    (folder / broken).write_text("{")
    with pytest.raises(EncoderError, match=r"can't be used \((.|\n)*or set MAJLIS_ENCODER=static"):
        load_encoder(str(folder))


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {}, ".cache/majlis"),
        ("linux", {"XDG_CACHE_HOME": "/tmp/x"}, "/tmp/x/majlis"),
        ("darwin", {}, "Library/Caches/majlis"),
        ("win32", {}, "AppData/Local/majlis/Cache"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/majlis/Cache"),
    ],
)
def test_the_cache_lies_where_the_system_keeps_caches(
    platform: str, environ: dict[str, str], folder: str
) -> None:
    """Backups leave it out and cleaners know it."""
    assert default_cache(environ, platform) == Path.home() / folder


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's nameless user starts all the same."""

    def homeless() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.setattr(Path, "home", homeless)
    assert default_cache({}, "linux") is None


def _cosine(encoder: Encoder, one: str, other: str) -> float:
    first, second = encoder.encode([one, other])
    return float(first @ second)


def test_the_extra_reads_word_order_and_negation(semantic: Encoder) -> None:
    """It knows what a bag of words can't, and near from far."""
    asked = "how can i reset my password"
    assert _cosine(semantic, asked, "i forgot my login") > 0.4
    assert abs(_cosine(semantic, asked, "what is the weather tomorrow")) < 0.2
    assert _cosine(semantic, "the dog bit the man", "the man bit the dog") < 0.98


def test_the_extra_gives_one_text_one_vector(semantic: Encoder, tmp_path: Path) -> None:
    """Neither case nor the texts beside it change a text's vector."""
    texts = ["Where is it held?", "why", "how do i get from the station to the conference on foot"]
    together = semantic.encode([*texts, "a phrase that is new"])
    another = load_encoder(cache=tmp_path)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(together[row], another.encode([text.lower()])[0], atol=1e-4)


def test_the_extra_is_quick_with_the_longest_message(semantic: Encoder) -> None:
    """4,096 characters of anything take a fraction of a second."""
    for text in ("word ", "x7 ", "a", "مرحبا ", "😀"):
        start = time.perf_counter()
        semantic.encode([(text * 4096)[:4096]])
        assert time.perf_counter() - start < 1


def test_loading_is_told_at_debug(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A terminal's conversation doesn't begin with a log line."""
    with caplog.at_level(logging.INFO):
        load_encoder(str(folder), folder)
    assert not caplog.messages
