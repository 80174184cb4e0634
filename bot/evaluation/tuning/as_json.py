"""Write proposals as JSON for programs.

A list with an object a language. The keys are stable; shares and confidences are between 0 and 1,
and null of nothing:

- `language`, `target` (the precision asked for), `reason` ("proposed", "too early", "unsure",
  "out of reach", "as it is"), `questions`, `signs`, `right` (their numbers)
- `now`, and `then` where something is proposed: `answer` and `suggest` (thresholds), `answered`,
  `suggested`, `refused` (shares of the questions) and `precision`: `share`, `low`, `high` (its 95 %
  interval), `signs`
- `curve`: for each `threshold` from 0.01 to 1 in steps of 0.01 `answered` and `precision`
- `gained` and `lost`: questions with `text`, `entry`, `confidence`, `right`
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

from bot.evaluation.as_json import rounded
from bot.evaluation.tuning.estimates import Point
from bot.evaluation.tuning.proposal import Outlook, Proposal
from bot.evaluation.tuning.questions import Question


def write_json(proposals: Sequence[Proposal], stream: TextIO) -> None:
    """Write proposals as a JSON list."""
    # Escapes, so that no terminal's or pipe's encoding can stand in the way.
    stream.write(json.dumps(rounded([as_json(each) for each in proposals]), indent=2) + "\n")


def as_json(proposal: Proposal) -> dict[str, object]:
    """Return a proposal as the module's docstring says."""
    return {
        "language": proposal.language,
        "target": proposal.target,
        "reason": proposal.reason,
        "questions": proposal.questions,
        "signs": proposal.signs,
        "right": proposal.right,
        "now": _outlook(proposal.now),
        "then": _outlook(proposal.then) if proposal.then else None,
        "curve": [{"threshold": each.threshold, **_point(each)} for each in proposal.curve],
        "gained": [_question(each) for each in proposal.gained],
        "lost": [_question(each) for each in proposal.lost],
    }


def _outlook(outlook: Outlook) -> dict[str, object]:
    shares = {"suggested": outlook.suggested.share, "refused": outlook.refused.share}
    return asdict(outlook.thresholds) | _point(outlook.point) | shares


def _point(point: Point) -> dict[str, object]:
    return {"answered": point.answered.share, "precision": asdict(point.precision)}


def _question(question: Question) -> dict[str, object]:
    keys = ("text", "entry", "confidence", "right")
    return {key: getattr(question, key) for key in keys}
