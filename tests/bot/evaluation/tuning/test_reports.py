"""A proposal in a terminal, as JSON and as a page."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest

from bot.evaluation.tuning.as_html import as_html
from bot.evaluation.tuning.as_json import write_json
from bot.evaluation.tuning.as_text import write_text
from bot.evaluation.tuning.labels import verdict
from bot.evaluation.tuning.proposal import Proposal
from tests.bot.evaluation.tuning.library import LOWERED, SURE, asked, proposal

MIXED = (asked(0.9, right=True, count=20), asked(0.9, right=False, count=20))
UNSURE = (asked(0.7, right=True, count=31), asked(0.7, right=False, count=3))


def _text(found: Proposal) -> str:
    written = io.StringIO()
    write_text([found], written)
    return written.getvalue()


def _json(found: Proposal) -> Any:
    written = io.StringIO()
    write_json([found], written)
    (only,) = json.loads(written.getvalue())
    return only


def test_the_curve_is_drawn_in_letters() -> None:
    """What is answered, what of it is right, its interval, and the precision asked for."""
    lines = _text(proposal(*LOWERED)).split("\n")
    (live,) = (line for line in lines if line.startswith("0.60 now"))
    assert live.split() == [
        *("0.60", "now", "45.5", "%", "100.0", "%", "93", "to", "100", "%", "50"),
        "·········○········│─●",
    ]
    assert any(line.startswith("0.50 proposed") for line in lines)
    assert sum(bool(re.match(r"\d\.\d\d ", line)) for line in lines) == 20


def test_examples_are_shown_in_part() -> None:
    """Ten are enough for a look; JSON has them all."""
    text = _text(proposal(*LOWERED))
    assert "Newly answered: 50" in text
    assert text.count("→ place (0.50, right)") == 10
    assert "… and 40 more; --json has them all." in text
    assert len(_json(proposal(*LOWERED))["gained"]) == 50


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (proposal(*LOWERED), "Proposed: answer from 0.50 on (now 0.60), suggest from 0.30 on"),
        (proposal(SURE[:5]), "Too early to propose anything: 30 votes or picks are needed."),
        (proposal(*MIXED), "at no threshold are 90 % of the answers surely right"),
        (proposal(*UNSURE), "too few votes or picks to be sure of 90 %"),
        (proposal(SURE), "others would change nothing at 90 %"),
    ],
    ids=["proposed", "too early", "out of reach", "unsure", "as it is"],
)
def test_the_reason_is_said(found: Proposal, sentence: str) -> None:
    """In one sentence, whatever it is."""
    assert sentence in verdict(found)


def test_nobody_asked_anything() -> None:
    """There is no curve to draw, and nothing is divided by nothing."""
    nothing = proposal()
    assert "0 questions, 0 votes or picks" in _text(nothing)
    assert "answered" not in _text(nothing)
    assert _json(nothing)["now"]["answered"] is None
    assert "<svg" not in as_html([nothing])


def test_programs_get_every_figure() -> None:
    """The thresholds, what they give, and the whole curve."""
    found = _json(proposal(*LOWERED))
    assert (found["reason"], found["signs"], found["right"]) == ("proposed", 100, 100)
    assert found["then"]["answer"] == 0.5
    assert found["then"]["precision"]["low"] == pytest.approx(0.963, abs=0.001)
    assert len(found["curve"]) == 100
    assert found["gained"][0]["right"] is True


def test_the_page_has_curve_table_and_questions() -> None:
    """What people typed is text and no markup; colours are those of the page."""
    page = as_html([proposal(*LOWERED)])
    assert page.count("<svg") == 1
    assert "question &lt;7&gt; at 0.5" in page
    assert "Newly answered in 'en' (50)" in page
    drawing = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert not re.search(r"(fill|stroke): *#", drawing)
    assert "proposed" in drawing
