"""A sentence transformer as an encoder: unlike the static table it reads words in their order.

It runs on onnxruntime in one thread. Texts of like length go together, a few hundred tokens at
once: two to three times as fast as each alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.encoder import EncoderError, Vectors
from bot.matching.encoder.model_files import ModelFiles, everyday

Tokens = NDArray[np.int64]
"""Rows of tokens, or of 1 for each token and 0 for what fills a row up."""

_TOKENS_AT_ONCE = 512
_UNKNOWN = ("[UNK]", "<unk>")
_POOLED = "sentence_embedding"
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
_TYPES: Mapping[str, type[np.integer[Any]]] = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_ONLY_ERRORS = 3
_TINY = 1e-9


class Model(Protocol):
    """What is used of an onnxruntime session."""

    def get_inputs(self) -> Sequence[Any]:
        """Return the inputs, each with a `name` and a `type`."""

    def get_outputs(self) -> Sequence[Any]:
        """Return the outputs, each with a `name`."""

    def run(self, output_names: Sequence[str], input_feed: Mapping[str, Any]) -> Sequence[Any]:
        """Return the outputs of these names."""


class Split(Protocol):
    """What is used of a text that the tokenizers library has split."""

    @property
    def ids(self) -> list[int]:
        """Return the tokens."""

    @property
    def special_tokens_mask(self) -> list[int]:
        """Return 1 for each token that stands for no part of the text, such as the first."""


class Tokenizer(Protocol):
    """What is used of a tokenizer of the tokenizers library."""

    def encode(self, sequence: str, /) -> Split:
        """Return a text's tokens."""

    def token_to_id(self, token: str) -> int | None:
        """Return the token that is written like this."""


class OnnxEncoder:
    """Encode with a model, its tokenizer and how the files say that they are used.

    Many models crowd all texts into a narrow cone. What everyday sentences have in common is taken
    from each vector, so that cosines spread as those of words and letters do. Raises EncoderError
    if the model can't be used like this.
    """

    quick = False

    def __init__(self, model: Model, tokenizer: Tokenizer, files: ModelFiles) -> None:
        self.name = files.name
        self._model = model
        self._tokenizer = tokenizer
        self._prompt = files.prompt
        self._languages = files.languages
        self._types = {each.name: _type(files, each) for each in model.get_inputs()}
        outputs = [each.name for each in model.get_outputs()]
        self._output = _POOLED if _POOLED in outputs else outputs[0]
        self._pool = _as_it_is if self._output == _POOLED else _pooling(files)
        self._unknown = {tokenizer.token_to_id(piece) for piece in _UNKNOWN}
        self._unsaid = self._known(tokenizer.encode(files.prompt.rstrip()))
        self._common = self._vectors([each.ids for each in self._split(everyday())]).mean(axis=0)

    @property
    def dimensions(self) -> int:
        """Return the length d of a vector."""
        return len(self._common)

    def reads(self, language: str) -> bool:
        """Tell whether the model was trained on a language; a folder's is taken at its word."""
        return not self._languages or language in self._languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x d unit rows; a row is zero where a text has no known piece."""
        split = self._split(texts)
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        read = [row for row, each in enumerate(split) if self._known(each) > self._unsaid]
        for rows in _together(read, [len(each.ids) for each in split]):
            vectors[rows] = _unit(self._vectors([split[row].ids for row in rows]) - self._common)
        return vectors

    def _split(self, texts: Sequence[str]) -> list[Split]:
        # encode_batch would start threads of its own.
        return [self._tokenizer.encode(self._prompt + text) for text in texts]

    def _known(self, text: Split) -> int:
        """Return how many pieces of a text the model knows."""
        pieces = zip(text.ids, text.special_tokens_mask, strict=True)
        return sum(not special and piece not in self._unknown for piece, special in pieces)

    def _vectors(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Return the unit vectors of texts given as tokens, as the model makes them."""
        tokens = np.zeros((len(texts), max(map(len, texts))), np.int64)
        mask = np.zeros_like(tokens)
        for row, text in enumerate(texts):
            tokens[row, : len(text)] = text
            mask[row, : len(text)] = 1
        values = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": tokens * 0}
        feed = {name: values[name].astype(kind) for name, kind in self._types.items()}
        (found,) = self._model.run([self._output], feed)
        return _unit(self._pool(found.astype(np.float32), mask))


def load_transformer(files: ModelFiles) -> OnnxEncoder:
    """Load a model and its tokenizer; raises EncoderError saying what is missing or broken."""
    try:
        import onnxruntime  # noqa: PLC0415 - only the extra brings it
        import tokenizers  # noqa: PLC0415
    except ImportError as error:
        message = (
            f"MAJLIS_ENCODER: a transformer needs onnxruntime and tokenizers ({error}). "
            "Install them: pip install 'majlis-bot[semantic]'."
        )
        raise EncoderError(message) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ONLY_ERRORS
    try:
        tokenizer = tokenizers.Tokenizer.from_str(files.tokenizer)
        tokenizer.no_padding()
        tokenizer.enable_truncation(files.longest)
        session = onnxruntime.InferenceSession(
            files.model, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # neither library has a narrower one
        message = (
            f"MAJLIS_ENCODER: the model or the tokenizer of {files.model} can't be used ({error}). "
            "Install or copy their files again, or set MAJLIS_ENCODER=static."
        )
        raise EncoderError(message) from error
    return OnnxEncoder(session, tokenizer, files)


def _type(files: ModelFiles, asked: Any) -> type[np.integer[Any]]:  # noqa: ANN401 - as in Model
    """Return what an input's numbers are; raises EncoderError for one that isn't of texts."""
    if asked.name in _INPUTS and asked.type in _TYPES:
        return _TYPES[asked.type]
    message = (
        f"MAJLIS_ENCODER: {files.name} takes {asked.name} as {asked.type}, which texts don't give. "
        "Take a sentence transformer's encoder."
    )
    raise EncoderError(message)


def _together(rows: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the rows in portions of like length."""
    portion: list[int] = []
    for row in sorted(rows, key=lengths.__getitem__):
        if portion and (len(portion) + 1) * lengths[row] > _TOKENS_AT_ONCE:
            yield portion
            portion = []
        portion.append(row)
    if portion:
        yield portion


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, _TINY)).astype(np.float32)
    return unit


def _pooling(files: ModelFiles) -> Callable[[Vectors, Tokens], Vectors]:
    if files.pooling in _POOLINGS:
        return _POOLINGS[files.pooling]
    message = (
        f"MAJLIS_ENCODER: {files.name} makes one vector of a text by {files.pooling}, which isn't "
        f"supported. Take a model that does so by {', '.join(_POOLINGS)}, or export this one with "
        f"its output {_POOLED}."
    )
    raise EncoderError(message)


def _as_it_is(vectors: Vectors, mask: Tokens) -> Vectors:  # noqa: ARG001 - as the ones below
    return vectors


def _first(vectors: Vectors, mask: Tokens) -> Vectors:  # noqa: ARG001
    first: Vectors = vectors[:, 0]
    return first


def _mean(vectors: Vectors, mask: Tokens) -> Vectors:
    # Unit rows are made of it: the sum has the mean's direction.
    total: Vectors = np.einsum("ntd,nt->nd", vectors, mask.astype(np.float32))
    return total


def _max(vectors: Vectors, mask: Tokens) -> Vectors:
    highest: Vectors = np.where(mask[:, :, None] > 0, vectors, -np.inf).max(axis=1)
    return highest


_POOLINGS: Mapping[str, Callable[[Vectors, Tokens], Vectors]] = {
    "cls": _first,
    "mean": _mean,
    "mean_sqrt_len": _mean,
    "max": _max,
}
