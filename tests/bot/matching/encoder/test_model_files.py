"""A transformer's folder: what is read from it, and what is said where it lacks something."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.matching.encoder import EncoderError
from bot.matching.encoder.model_files import MOST_TOKENS, files_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the least that a model needs."""
    made = tmp_path / "tiny-model"
    made.mkdir()
    (made / "model.onnx").write_bytes(b"model")
    (made / "tokenizer.json").write_text("{}")
    return made


def say(folder: Path, name: str, value: object) -> None:
    """Write a JSON file of a model's folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def test_a_model_and_a_tokenizer_are_enough(folder: Path) -> None:
    """Without a word about its use a model is pooled by the mean, without a prompt."""
    files = files_in(folder)
    assert (files.name, files.model, files.tokenizer) == ("tiny-model", folder / "model.onnx", "{}")
    assert (files.pooling, files.prompt, files.longest) == ("mean", "", MOST_TOKENS)


@pytest.mark.parametrize(
    ("present", "taken"),
    [
        (["onnx/model.onnx", "onnx/model_O4.onnx"], "onnx/model.onnx"),
        (["onnx/model_qint8.onnx", "onnx/model_quantized.onnx"], "onnx/model_qint8.onnx"),
        (["onnx/model.onnx", "model.onnx"], "model.onnx"),
    ],
)
def test_the_plainest_export_is_taken(folder: Path, present: list[str], taken: str) -> None:
    """Hubs keep several exports in a folder of their own; there the name decides."""
    (folder / "model.onnx").unlink()
    (folder / "onnx").mkdir()
    for name in present:
        (folder / name).write_bytes(b"model")
    assert files_in(folder).model == folder / taken


@pytest.mark.parametrize(
    ("settings", "pooling"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, "mean"),
        ({"pooling_mode_max_tokens": True, "word_embedding_dimension": 384}, "max"),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, "mean_sqrt_len"),
        ({"pooling_mode_cls_token": True, "pooling_mode_max_tokens": True}, "cls and max"),
        ({"pooling_mode": "lasttoken"}, "lasttoken"),
        ({}, "mean"),
    ],
)
def test_pooling_is_what_the_folder_says(
    folder: Path, settings: dict[str, object], pooling: str
) -> None:
    """Older folders have a flag for each kind, newer ones a name."""
    say(folder, "1_Pooling/config.json", settings)
    assert files_in(folder).pooling == pooling


def test_modules_say_where_pooling_is_described(folder: Path) -> None:
    """The list of a model's layers leads to the pooling, wherever it lies."""
    layer = "sentence_transformers.models."
    say(
        folder,
        "modules.json",
        [
            {"path": "", "type": f"{layer}Transformer"},
            {"path": "pool", "type": f"{layer}Pooling"},
            {"path": "2_Normalize", "type": f"{layer}Normalize"},
        ],
    )
    say(folder, "pool/config.json", {"pooling_mode_cls_token": True})
    assert files_in(folder).pooling == "cls"
    say(folder, "modules.json", [{"path": "2_Dense", "type": f"{layer}Dense"}])
    assert files_in(folder).pooling == "Dense"


@pytest.mark.parametrize(
    ("settings", "prompt"),
    [
        ({"prompts": {"query": "query: ", "document": "passage: "}}, "query: "),
        ({"prompts": {"sts": "a: ", "query": "b: "}, "default_prompt_name": "sts"}, "a: "),
        ({"prompts": {"document": "passage: "}}, ""),
        ({"prompts": None}, ""),
        ([], ""),
    ],
)
def test_the_prompt_is_a_questions(folder: Path, settings: object, prompt: str) -> None:
    """Phrases and utterances are questions both; a model's own default comes first."""
    say(folder, "config_sentence_transformers.json", settings)
    assert files_in(folder).prompt == prompt


@pytest.mark.parametrize(("said", "longest"), [(64, 64), (8192, MOST_TOKENS), (None, MOST_TOKENS)])
def test_a_text_is_cut_where_the_model_ends(folder: Path, said: int | None, longest: int) -> None:
    """A model that reads a book still gets a short text."""
    say(folder, "sentence_bert_config.json", {"max_seq_length": said})
    assert files_in(folder).longest == longest


@pytest.mark.parametrize(
    ("missing", "remedy"),
    [("model.onnx", "optimum-cli export onnx"), ("tokenizer.json", "Copy it")],
)
def test_a_missing_file_is_named_with_its_remedy(folder: Path, missing: str, remedy: str) -> None:
    """Whoever copied half a folder learns which half."""
    (folder / missing).unlink()
    with pytest.raises(EncoderError, match=rf"tiny-model has no {missing}\..*{remedy}"):
        files_in(folder)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    """A typing error in the setting is seen at the start."""
    with pytest.raises(EncoderError, match=r"there is no folder .*nowhere\. Give the full path"):
        files_in(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_json_is_named(folder: Path, content: bytes) -> None:
    """Half a download doesn't end in a traceback."""
    (folder / "modules.json").write_bytes(content)
    with pytest.raises(EncoderError, match=r"modules\.json can't be read"):
        files_in(folder)


def test_a_tokenizer_that_is_no_text_is_named(folder: Path) -> None:
    """Bytes in the place of the tokenizer are a broken copy."""
    (folder / "tokenizer.json").write_bytes(b"\xff\xfe")
    with pytest.raises(EncoderError, match=r"tokenizer\.json can't be read"):
        files_in(folder)


def test_the_fingerprint_knows_all_that_makes_a_vector(folder: Path) -> None:
    """Weights, weights beside them, and use: another one of any is another fingerprint."""
    files = files_in(folder)
    prints = {files.fingerprint(), replace(files, prompt="query: ").fingerprint()}
    prints.add(replace(files, pooling="cls").fingerprint())
    prints.add(replace(files, tokenizer="[]").fingerprint())
    (folder / "model.onnx_data").write_bytes(b"weights")
    prints.add(files.fingerprint())
    (folder / "model.onnx").write_bytes(b"another")
    prints.add(files.fingerprint())
    assert len(prints) == 6
    assert files.fingerprint() == files_in(folder).fingerprint()


def test_the_fingerprint_of_what_cant_be_read_is_refused(folder: Path) -> None:
    """A folder in the place of the model is told as such."""
    files = files_in(folder)
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").mkdir()
    with pytest.raises(EncoderError, match=r"model\.onnx can't be read"):
        files.fingerprint()
