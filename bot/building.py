"""Build editions: from the files, from what was taught, and with an encoder."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import replace

from threadpoolctl import threadpool_limits

from bot.conversation.edition import Edition, build_edition
from bot.conversation.reload import failing_tests
from bot.conversation.taught import Taught
from bot.knowledge.check import check
from bot.knowledge.lessons import with_lessons
from bot.knowledge.load import Loaded, load
from bot.knowledge.problems import KnowledgeError, Problem
from bot.matching.collisions import collisions
from bot.matching.encoder import Encoder
from bot.matching.encoder.choose import load_encoder
from bot.settings import Settings, default_knowledge


def load_knowledge(settings: Settings) -> Loaded:
    """Read the knowledge and its documents; raises KnowledgeError with every problem."""
    return load(settings.knowledge, settings.seeds, default_knowledge())


def build(
    settings: Settings, encoder: Encoder | None = None, taught: Taught | None = None
) -> Edition:
    """Read the knowledge and fit what understands it, with the settings' encoder or a given one.

    Raises KnowledgeError, and EncoderError if the encoder can't be loaded.
    """
    return _fit(load_knowledge(settings), encoder or encoder_of(settings), taught)


def build_checked(
    settings: Settings, encoder: Encoder | None = None, taught: Taught | None = None
) -> Edition:
    """Build an edition that may go live over another, with what is advised about its files.

    Raises KnowledgeError if it is broken.
    """
    loaded = load_knowledge(settings)
    problems = check(loaded)
    if broken := [each for each in problems if each.severity == "broken"]:
        raise KnowledgeError(broken)
    edition = _fit(loaded, encoder or encoder_of(settings), taught)
    return replace(edition, advice=tuple(problems))


def find_collisions(loaded: Loaded, settings: Settings) -> list[Problem]:
    """Return what the live matchers confuse or fail in, phrases and tests (seconds of work)."""
    edition = _fit(loaded, encoder_of(settings))
    return failing_tests(edition) + [
        problem
        for language, understanding in edition.understanding.items()
        for problem in collisions(loaded, understanding.matcher, language)
    ]


def encoder_of(settings: Settings) -> Encoder:
    """Load the encoder of the settings; raises EncoderError."""
    return load_encoder(settings.encoder, settings.cache)


def _fit(loaded: Loaded, encoder: Encoder, taught: Taught | None = None) -> Edition:
    """Fit an edition in one thread: for the matcher's small systems a pool costs more."""
    threadpool_limits(limits=1, user_api="blas")
    taught = taught or Taught()
    knowledge = with_lessons(loaded.knowledge, taught.lessons)
    edition = build_edition(knowledge, encoder, taught.thresholds)
    _give_back_memory()
    return edition


def _give_back_memory() -> None:
    """Return what fitting took in passing to the system, where the C library can (glibc)."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
