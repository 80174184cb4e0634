"""Write a tiny ONNX model, byte by byte, so that no test needs the onnx package.

It gives each token a row of a table; its fields are those of onnx.proto:
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import json
from pathlib import Path

from bot.matching.encoder import Vectors

_FLOAT, _INT64 = 1, 7
_LENGTH_DELIMITED = 2


def write_model(path: Path, table: Vectors, *, types: bool = True) -> None:
    """Write a model of input_ids, attention_mask and perhaps token_type_ids."""
    inputs = ["input_ids", "attention_mask", *(["token_type_ids"] if types else [])]
    gather = _text(1, "table") + _text(1, "input_ids") + _text(2, "last_hidden_state")
    weights = (
        b"".join(_number(1, size) for size in table.shape)
        + _number(2, _FLOAT)
        + _text(8, "table")
        + _bytes(9, table.astype("<f4").tobytes())
    )
    graph = (
        _bytes(1, gather + _text(4, "Gather"))
        + _text(2, "tiny")
        + _bytes(5, weights)
        + b"".join(_bytes(11, _value(name, _INT64, ["batch", "tokens"])) for name in inputs)
        + _bytes(12, _value("last_hidden_state", _FLOAT, ["batch", "tokens", "size"]))
    )
    operators = _bytes(8, _text(1, "") + _number(2, 13))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_number(1, 8) + operators + _bytes(7, graph))


def write_tokenizer(path: Path, vocabulary: list[str]) -> None:
    """Write a tokenizer of whole words."""
    ids = {word: number for number, word in enumerate(vocabulary)}
    first = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}
    written = {
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [first, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [first, {"Sequence": {"id": "A", "type_id": 0}}],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [ids["[CLS]"]], "tokens": ["[CLS]"]}
            },
        },
        "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": ids},
    }
    path.write_text(json.dumps(written), encoding="utf-8")


def _value(name: str, kind: int, shape: list[str]) -> bytes:
    sizes = b"".join(_bytes(1, _text(2, size)) for size in shape)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _LENGTH_DELIMITED) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Return a number seven bits at a time, the lowest first, as protocol buffers write it."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
