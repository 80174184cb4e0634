"""What was encoded once isn't encoded again: phrases are kept in a file, utterances in memory."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

from bot.matching.encoder import Encoder, Vectors

_log = logging.getLogger(__name__)

_MOST_PHRASES = 20_000
_MOST_UTTERANCES = 1024
_MANY = 1000
_KEY = 16


class CachedEncoder:
    """Encode with another encoder, and only what is new.

    Several texts at once are phrases: the vectors of the latest 20,000 are kept in `file`. A text
    alone is an utterance: it is remembered for a while and written nowhere. A broken file is made
    anew, and one that can't be read or written costs a line in the log and time at the next start.
    """

    def __init__(self, encoder: Encoder, file: Path | None) -> None:
        self._encoder = encoder
        self._file = file
        self._lock = Lock()
        self._phrases = _read(file, encoder.dimensions) if file else {}
        self._utterance = lru_cache(_MOST_UTTERANCES)(lambda text: encoder.encode([text])[0])

    @property
    def name(self) -> str:
        """Return what a report calls this encoder."""
        return self._encoder.name

    @property
    def quick(self) -> bool:
        """Tell whether a new text is encoded in far less than a millisecond."""
        return self._encoder.quick

    def reads(self, language: str) -> bool:
        """Tell whether the encoder is made for a language, given by its code."""
        return self._encoder.reads(language)

    @property
    def dimensions(self) -> int:
        """Return the length d of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return n x d unit rows for n texts, as the encoder itself makes them."""
        if not texts:
            return self._encoder.encode(texts)
        keys = [_key(text) for text in texts]
        if len(texts) == 1 and keys[0] not in self._phrases:
            return np.stack([self._utterance(texts[0])])
        phrases = self._with(dict(zip(keys, texts, strict=True)))
        return np.stack([phrases[key] for key in keys])

    def _with(self, texts: Mapping[bytes, str]) -> Mapping[bytes, Vectors]:
        """Return the phrases' vectors by key, after encoding and keeping those that are new."""
        known = self._phrases
        new = [key for key in texts if key not in known]
        if not new:
            return known
        if len(new) >= _MANY:
            _log.info("Reading %d new phrases, which takes a while once.", len(new))
        encoded = self._encoder.encode([texts[key] for key in new])
        with self._lock:  # another thread may have kept others meanwhile
            vectors = self._phrases | known | dict(zip(new, encoded, strict=True))
            older = [key for key in vectors if key not in texts]
            latest = [*older, *texts][-max(_MOST_PHRASES, len(texts)) :]
            phrases = {key: vectors[key] for key in latest}
            self._phrases = phrases
            self._keep()
        return phrases

    def _keep(self) -> None:
        if self._file is None:
            return
        try:
            _write(self._file, self._phrases)
        except OSError as error:
            _log.warning(
                "Phrases' vectors can't be kept in %s (%s): each start takes longer. Set "
                "MAJLIS_CACHE to a folder that can be written.",
                self._file,
                error.strerror,
            )
            self._file = None


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_KEY]


def _read(file: Path, dimensions: int) -> dict[bytes, Vectors]:
    """Return the vectors in a file by key, none where there is no good one."""
    try:
        with file.open("rb") as opened, np.load(opened) as arrays:
            keys, vectors = arrays["keys"], arrays["vectors"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, LookupError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("Phrases are encoded anew, because %s can't be read: %s", file, error)
        return {}
    whole = vectors.ndim == keys.ndim == 2 and keys.shape == (len(vectors), _KEY)  # noqa: PLR2004
    if not whole or vectors.shape[1] != dimensions or not np.isfinite(vectors).all():
        _log.warning("Phrases are encoded anew, because %s is of something else.", file)
        return {}
    return dict(zip(map(bytes, keys), vectors.astype(np.float32), strict=True))


def _write(file: Path, phrases: Mapping[bytes, Vectors]) -> None:
    """Replace a file at once: whoever reads it sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    keys = np.frombuffer(b"".join(phrases), np.uint8).reshape(-1, _KEY)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        try:
            np.savez(part, keys=keys, vectors=np.stack(list(phrases.values())))
            part.close()
            Path(part.name).replace(file)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise
