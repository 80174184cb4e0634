"""Name the subjects and make them.

What a subject needs is imported only where it is made: nobody else's memory should hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.subjects import Subject

OURS = ("majlis", "words", "conversation")
PEERS = ("wratio", "token_set_ratio", "fts5", "bm25s")
Makers = Mapping[str, Callable[[], Subject]]


def makers(names: Sequence[str], encoders: Sequence[str] = ()) -> Makers:
    """Return what makes each named subject, then one with each encoder; raises BenchmarkError."""
    known: dict[str, Callable[[], Subject]] = {
        "majlis": _matcher,
        "words": _words_alone,
        "conversation": _conversation,
        "wratio": partial(_fuzzy, "WRatio"),
        "token_set_ratio": partial(_fuzzy, "token_set_ratio"),
        "fts5": _fts5,
        "bm25s": _bm25s,
    }
    if wrong := [name for name in names if name not in known]:
        message = f"There is no subject {', '.join(wrong)}. There are: {', '.join(known)}."
        raise BenchmarkError(message)
    return {name: known[name] for name in names} | {
        encoder: partial(_encoded, encoder) for encoder in encoders
    }


def _matcher() -> Subject:
    from benchmarks.subjects.majlis import MatcherSubject  # noqa: PLC0415 - see above
    from bot.matching.encoder.static import load_static_encoder  # noqa: PLC0415 - see above

    return MatcherSubject("Majlis matcher", load_static_encoder())


def _words_alone() -> Subject:
    from benchmarks.subjects.majlis import MatcherSubject  # noqa: PLC0415 - see above

    return MatcherSubject("Majlis matcher, no encoder", None)


def _conversation() -> Subject:
    from benchmarks.subjects.majlis import ConversationSubject  # noqa: PLC0415 - see above
    from bot.matching.encoder.static import load_static_encoder  # noqa: PLC0415 - see above

    return ConversationSubject("Majlis conversation", load_static_encoder())


def _encoded(encoder: str) -> Subject:
    from benchmarks.subjects.encoders import read_encoder  # noqa: PLC0415 - see above
    from benchmarks.subjects.majlis import MatcherSubject  # noqa: PLC0415 - see above

    return MatcherSubject(f"Majlis matcher, {Path(encoder).name}", read_encoder(encoder))


def _fuzzy(scorer: str) -> Subject:
    from benchmarks.subjects.fuzzy import Fuzzy  # noqa: PLC0415 - see above

    return Fuzzy(scorer)


def _fts5() -> Subject:
    from benchmarks.subjects.fts5 import Fts5  # noqa: PLC0415 - see above

    return Fts5()


def _bm25s() -> Subject:
    try:
        from benchmarks.subjects.bm25 import Bm25s  # noqa: PLC0415 - see above
    except ImportError as error:
        message = "bm25s isn't installed. Run: pip install bm25s"
        raise BenchmarkError(message) from error
    return Bm25s()
