"""Why a reply was given: the figures kept with it, which are put into words when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from bot.conversation.findings import Finding, Outcome
from bot.conversation.messages import Answer, Reply, SmallTalk
from bot.matching.match import Evidence, Match, Thresholds
from bot.matching.reading import Correction
from bot.storage.store import Candidate

_LONGEST = 200
_MOST = 8
_LONG = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """Name the entry that matched best, the phrase of it that did, and how sure that was (0-1).

    `strange` are the words of the question that the entry's phrases don't have.
    """

    entry: str
    phrase: str
    confidence: float
    evidence: Evidence
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Say what came of one question of a message, and by what; see `Finding`.

    `entry` is the id of the entry that answered, if any. `best` is missing where no phrase had
    anything to do with the question, or none was looked for (`matched` says which).
    """

    question: str
    outcome: Outcome
    entry: str = ""
    wish: str = ""
    read_as: str = ""
    matched: bool = False
    corrections: tuple[Correction, ...] = ()
    thresholds: Thresholds | None = None
    best: Guess | None = None
    runner_up: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold a reason for each question of a message; none for small talk and pressed buttons."""

    answered: bool
    reasons: tuple[Reason, ...] = ()


_KEPT = TypeAdapter(Explanation)


def explain(reply: Reply, findings: Sequence[Finding]) -> str:
    """Return why a reply was given, as short JSON to be kept with it."""
    heard = () if isinstance(reply, SmallTalk) else findings
    explanation = Explanation(isinstance(reply, Answer), tuple(map(_reason, heard)))
    return _KEPT.dump_json(explanation, exclude_defaults=True).decode()


def explanation_of(kept: str) -> Explanation | None:
    """Return what `explain` kept, or None for the text that earlier versions kept instead."""
    try:
        return _KEPT.validate_json(kept)
    except ValidationError:
        return None


def _reason(finding: Finding) -> Reason:
    ranking = finding.ranking
    matches = ranking.matches if ranking else ()
    return Reason(
        _short(finding.question),
        finding.outcome,
        finding.entry.id if finding.entry else "",
        finding.wish or "",
        _short(finding.read_as),
        ranking is not None,
        ranking.reading.corrections[:_MOST] if ranking else (),
        finding.thresholds,
        _guess(matches[0], ranking.reading.words) if ranking and matches else None,
        Candidate(matches[1].entry.id, matches[1].confidence) if len(matches) > 1 else None,
    )


def _guess(match: Match, words: Sequence[str]) -> Guess:
    evidence = replace(match.evidence, uncovered=())
    strange = tuple(_spelt(stem, words) for stem in match.evidence.uncovered[:_MOST])
    return Guess(match.entry.id, match.phrase, match.confidence, evidence, strange)


def _spelt(stem: str, words: Sequence[str]) -> str:
    """Return the word that a stem was made of; stemming may change its last letter ("happi")."""
    beginnings = (stem, stem[:-1]) if len(stem) >= _LONG else (stem,)
    found = (word for start in beginnings for word in words if word.startswith(start))
    return _short(stem if stem in words else next(found, stem))


def _short(text: str) -> str:
    """Return the beginning of a text, without halves of surrogate pairs, which JSON can't have."""
    return text[:_LONGEST].encode(errors="replace").decode()
