"""A model and a tokenizer small enough to be checked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from bot.matching.encoder import Vectors
from bot.matching.encoder.transformer import Tokens

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "oboe", "yarn", "brim", "soot", "query"]
DIMENSIONS = 8


@dataclass(frozen=True, slots=True)
class FakeSplit:
    """Hold a text's tokens."""

    ids: list[int]
    special_tokens_mask: list[int]


class FakeTokenizer:
    """Split a text at blanks, after a first token of its own."""

    def encode(self, sequence: str, /) -> FakeSplit:
        """Return a text's tokens."""
        ids = [self.token_to_id(word) or 1 for word in sequence.replace(":", "").split()]
        return FakeSplit([2, *ids], [1, *(0 for _ in ids)])

    def token_to_id(self, token: str) -> int | None:
        """Return the token that is written like this."""
        return VOCABULARY.index(token) if token in VOCABULARY else None


@dataclass
class FakeModel:
    """Give each token a row of a table, whatever stands around it; `fed` is what it was given."""

    table: Vectors
    inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids")
    output: str = "last_hidden_state"
    kind: str = "tensor(int64)"
    fed: list[Mapping[str, Tokens]] = field(default_factory=list)

    def get_inputs(self) -> Sequence[Any]:
        """Return the inputs."""
        return [SimpleNamespace(name=name, type=self.kind) for name in self.inputs]

    def get_outputs(self) -> Sequence[Any]:
        """Return the output, and one that nobody wants."""
        return [SimpleNamespace(name=self.output), SimpleNamespace(name="pooler_output")]

    def run(self, output_names: Sequence[str], input_feed: Mapping[str, Any]) -> Sequence[Any]:
        """Return a row for each token, or their sum if the output is a sentence's."""
        assert output_names == [self.output]
        assert set(input_feed) == set(self.inputs)
        self.fed.append(input_feed)
        rows = self.table[input_feed["input_ids"]]
        return [rows.sum(axis=1) if self.output == "sentence_embedding" else rows]


def silent_table() -> Vectors:
    """Return a table where each known word has a direction and the other tokens have none."""
    table = np.eye(len(VOCABULARY), DIMENSIONS, dtype=np.float32)
    table[:3] = 0
    return table
