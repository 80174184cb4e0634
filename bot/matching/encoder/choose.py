"""Which encoder the bot reads meaning with: the one place that decides."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.matching.encoder import Encoder
from bot.matching.encoder.cached import CachedEncoder
from bot.matching.encoder.model_files import files_in, packaged_files
from bot.matching.encoder.static import load_static_encoder
from bot.matching.encoder.transformer import load_transformer

STATIC = "static"
"""The setting that asks for the static table even where the extra is installed."""

_log = logging.getLogger(__name__)


def load_encoder(setting: str = "", cache: Path | None = None) -> Encoder:
    """Return the encoder of a setting: `static`, a model's folder, or empty for the best there is.

    That is the transformer of `majlis-bot[semantic]` if it is installed, else the static table.
    Nothing is ever downloaded. A transformer keeps phrases' vectors in the folder `cache`, by
    default the system's for caches. Raises EncoderError.
    """
    if setting == STATIC:
        return load_static_encoder()
    files = files_in(Path(setting)) if setting else packaged_files()
    if files is None:
        return load_static_encoder()
    encoder = load_transformer(files)
    _log.debug("Meaning is read by %s.", encoder.name)
    folder = cache or default_cache(os.environ, sys.platform)
    return CachedEncoder(encoder, folder and folder / f"phrases-{files.fingerprint()[:16]}.npz")


def default_cache(environ: Mapping[str, str], platform: str) -> Path | None:
    """Return the system's folder for what can be made again, None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "majlis" / "Cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "majlis"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "majlis"
