"""The report for a terminal, and for a pipe."""

from __future__ import annotations

import io

from bot.evaluation.as_text import write_text
from bot.evaluation.report import Report
from bot.evaluation.trial import Found, Trial
from tests.bot.evaluation.library import MIXED, case_of, make_trial, report_of
from tests.bot.evaluation.test_progress import Terminal


def written(report: Report) -> str:
    """Return what is written to a pipe."""
    stream = io.StringIO()
    write_text(report, stream)
    return stream.getvalue()


def test_the_figures_come_as_plain_aligned_lines() -> None:
    """A pipe gets a line a row, without colours, lines or spaces at the end."""
    text = written(report_of(*MIXED))
    lines = text.splitlines()
    assert lines[0] == (
        "6 utterances, 2 of them out of scope, asked of 6 entries (version v1). Each utterance was "
        "the first message of a chat."
    )
    assert lines[1] == (
        "In 'en' the bot answers from a confidence of 0.60 on and suggests from 0.30 on."
    )
    assert lines[2] == "Half of the replies came within 1.0 ms, 99 % within 1.0 ms."
    assert "answered rightly                           1 of 4  25.0 %   4.6 to 69.9 %" in lines
    assert "answered all the same           1 of 2  50.0 %  9.5 to 90.5 %" in lines
    assert "0.60  'en' answers     50.0 %          33.3 %         50.0 %" in lines
    assert "0.7 to 0.8        1  70.0 %    0.0 %" in lines
    assert not any(line.endswith(" ") for line in lines)
    assert "\x1b" not in text


def test_confusions_false_answers_and_silence_are_listed() -> None:
    """Each names the entries, the utterance, the phrase and the confidence."""
    lines = written(report_of(*MIXED)).splitlines()
    start = lines.index("Wrong answers")
    assert lines[start:] == [
        "Wrong answers",
        "  hours → place (1)",
        "    is <it> open & where  (like 'phrase of place', 0.70)",
        "",
        "False answers",
        "  tour (1)",
        "    price of a tour  (like 'phrase of tour', 0.65)",
        "",
        "Not answered",
        "  place: the place  (offered; first: card 0.40)",
        "  place: hm  (silent; first: -)",
    ]


def test_a_follow_up_has_no_phrase_to_show() -> None:
    """It is said to be one."""
    found = (Found("place", "", 0.95),)
    text = written(report_of(Trial(case_of("and where", "hours"), "answer", found, found, 1.0)))
    assert "and where  (as a follow-up, 0.95)" in text


def test_empty_lists_and_shares_of_nothing_are_left_out() -> None:
    """Without false answers there is no such heading; a share of nothing is a dash."""
    text = written(report_of(make_trial("hours", "answer", "hours")))
    assert "Wrong answers" not in text
    assert "Not answered" not in text
    assert "0 of 0" in text
    assert written(report_of(make_trial("hours", "silent"))).count("Nothing matched") == 1


def test_long_lists_are_cut() -> None:
    """After twenty, the number of the others is told, and where they are."""
    text = written(report_of(*[make_trial("hours", "silent")] * 23))
    assert text.endswith("  … and 3 more; --format json has them all.\n")


def test_a_terminal_gets_colours_and_its_own_width() -> None:
    """Nothing runs over the edge."""
    terminal = Terminal()
    write_text(report_of(*MIXED), terminal)
    assert "\x1b[1m" in terminal.getvalue()
    assert "Wrong answers" in terminal.getvalue()
