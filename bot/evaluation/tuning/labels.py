"""Words and figures that the proposal's three forms have in common."""

from __future__ import annotations

from bot.evaluation.labels import percent
from bot.evaluation.tuning.estimates import Estimate
from bot.evaluation.tuning.proposal import ENOUGH, Outlook, Proposal
from bot.evaluation.tuning.questions import Question
from bot.matching.match import Thresholds


def about(proposal: Proposal) -> str:
    """Return a sentence on how much is known."""
    asked = _counted(proposal.questions, "question", "questions")
    signs = _counted(proposal.signs, "vote or pick", "votes or picks")
    right = f", {proposal.right:,} of them for the first match" if proposal.signs else ""
    return f"In '{proposal.language}': {asked}, {signs} from people{right}."


def verdict(proposal: Proposal) -> str:
    """Return a sentence on what is proposed, or why nothing is."""
    target = f"{100 * proposal.target:g} %"
    if proposal.then:
        return _proposed(proposal.now.thresholds, proposal.then.thresholds, target)
    match proposal.reason:
        case "too early":
            return f"Too early to propose anything: {ENOUGH} votes or picks are needed."
        case "unsure":
            return (
                "Nothing is proposed: the answers seem right often enough, but there are too few "
                f"votes or picks to be sure of {target}."
            )
        case "out of reach":
            return (
                f"Nothing is proposed: at no threshold are {target} of the answers surely right. "
                "Teach what is missing, wait for more votes, or ask for a lower --precision."
            )
        case _:
            return f"The thresholds are fine: others would change nothing at {target}."


def _proposed(now: Thresholds, then: Thresholds, target: str) -> str:
    return (
        f"Proposed: answer from {then.answer:.2f} on (now {now.answer:.2f}), suggest from "
        f"{then.suggest:.2f} on (now {now.suggest:.2f}), so that {target} of the answers are "
        "surely right."
    )


def outlook_row(name: str, outlook: Outlook) -> tuple[str, ...]:
    """Return the cells of a row on what thresholds give."""
    thresholds = outlook.thresholds
    shares = (outlook.point.answered, outlook.suggested, outlook.refused)
    precision = outlook.point.precision
    return (
        f"{thresholds.answer:.2f}, {thresholds.suggest:.2f}  {name}",
        *(percent(each.share) for each in shares),
        percent(precision.share),
        bounds(precision),
    )


def bounds(estimate: Estimate) -> str:
    """Return between which percentages the true share lies."""
    return f"{100 * estimate.low:.0f} to {100 * estimate.high:.0f} %" if estimate.signs else "-"


def example(question: Question) -> str:
    """Return what was asked, which entry would answer it, and what a sign says of that."""
    sign = {True: ", right", False: ", wrong", None: ""}[question.right]
    text = " ".join(question.text.split())
    return f"{text} → {question.entry} ({question.confidence:.2f}{sign})"


def _counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"
