"""Measure how well the knowledge answers: what `majlis eval` does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.conversation.edition import Edition
from bot.evaluation.as_html import as_html, chart_fault
from bot.evaluation.as_json import write_json
from bot.evaluation.as_text import write_text
from bot.evaluation.asking import ask
from bot.evaluation.case import Case, EvaluationError
from bot.evaluation.cases import read_cases, verify
from bot.evaluation.cross_validation import left_out_cases, try_left_out
from bot.evaluation.limits import Limits, check_measurable, missed
from bot.evaluation.progress import followed
from bot.evaluation.report import Report, make_report
from bot.settings import Settings

Build = Callable[[Settings], Edition]
_MISSED = 1
_WRONG_USAGE = 2


def measure(args: argparse.Namespace, settings: Settings, build: Build) -> int:
    """Measure and report; return 1 if a limit is missed, 2 for what can't be measured."""
    limits = Limits(args.fail_under, args.max_wrong, args.max_false)
    if fault := _usage_fault(args) or (chart_fault() if args.html else ""):
        return _refuse(fault)
    try:
        report = _measure(args, settings, build, limits)
    except EvaluationError as error:
        return _refuse(str(error))
    write = write_json if args.format == "json" else write_text
    write(report, sys.stdout)
    if args.html and (fault := _write_page(report, args.html)):
        return _refuse(fault)
    faults = list(missed(report, limits))
    sys.stderr.writelines(f"majlis eval: {fault}\n" for fault in faults)
    return _MISSED if faults else 0


def _measure(args: argparse.Namespace, settings: Settings, build: Build, limits: Limits) -> Report:
    if args.cross_validate:
        edition = build(settings)
        cases = left_out_cases(edition.knowledge)
        check_measurable(cases, limits)
        trials = [try_left_out(edition, case) for case in _followed(cases)]
        return make_report("cross-validation", edition, trials)
    # What is wrong with the files is said before the seconds of work on the edition.
    cases = read_cases(args.files, args.split, args.lang)
    check_measurable(cases, limits)
    edition = build(settings)
    verify(cases, edition.knowledge)
    trials = [ask(edition, case) for case in _followed(cases)]
    return make_report("utterances", edition, trials)


def _followed(cases: Sequence[Case]) -> Iterable[Case]:
    return followed(cases, "Asking", sys.stderr)


def _write_page(report: Report, path: Path) -> str:
    """Write the page; return what kept it from being written, if anything."""
    page = as_html(report)
    try:
        path.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        return f"can't write {path} ({error.strerror}). Check the folder."
    return ""


def _usage_fault(args: argparse.Namespace) -> str:
    if args.cross_validate and (args.files or args.split or args.lang):
        return "--cross-validate asks the knowledge's own phrases: leave FILE, --split, --lang out."
    if not args.cross_validate and not args.files:
        return (
            "give files or folders of utterances, such as tests/utterances, or --cross-validate "
            "to try the knowledge's own phrases."
        )
    return ""


def _refuse(fault: str) -> int:
    sys.stderr.write(f"majlis eval: {fault}\n")
    return _WRONG_USAGE
