"""The gate: try an edition before it goes live, on its own tests and on what people really asked.

It stays shut for what would be worse than before: a test that fails, unless the live edition fails
it too, and a question that an entry answered which would now neither answer it nor be offered,
because it is gone, too. Where the answer only becomes a suggestion, the entry is one tap away: new
entries bring that about between neighbours, so it is told, and shuts the gate only if it befalls
more than a tenth of what was answered. A question may be lost whose answer somebody found
unhelpful, or that the new files name among those without an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.conversation.edition import Edition
from bot.conversation.reload.asking import Outcome, outcome_of
from bot.knowledge.entry import KnowledgeBase, UtteranceTest
from bot.knowledge.problems import Problem
from bot.matching.normalise import normalise
from bot.storage.asked import Asked

_TOLERATED = 0.1
_NAMES = {"answer": "an answer from", "suggest": "suggestions", "chitchat": "small talk"}


@dataclass(frozen=True, slots=True)
class Failing:
    """Hold a test that fails and what its utterance gets; `known`: the live edition fails it."""

    test: UtteranceTest
    after: Outcome
    known: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a question that would be answered differently, with the ids that the new files have.

    `lost`: nothing leads to the entry that answered it any more, and nobody wanted that. `demoted`:
    that entry would only be offered.
    """

    question: str
    before: Outcome
    after: Outcome
    lost: bool = False
    demoted: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """Hold what the gate found: of so many `answered` before among those `asked`, what differs.

    `outcomes` are those of the new edition, by question.
    """

    failing: tuple[Failing, ...] = ()
    differences: tuple[Difference, ...] = ()
    asked: int = 0
    answered: int = 0
    outcomes: Mapping[Asked, Outcome] = field(default_factory=dict, compare=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what keeps the edition from going live; without people's own words."""
        return (*self._failing(), *self._lost(), *self._demoted())

    def _failing(self) -> Iterator[Problem]:
        for each in self.failing:
            if not each.known:
                test = each.test
                text = f"'{test.text}' gets {described(each.after)}. Mend the entry or the test."
                yield Problem(test.file, test.line, test.entry or "out_of_scope", text)

    def _lost(self) -> Iterator[Problem]:
        lost = Counter(each.before.entries[0] for each in self.differences if each.lost)
        for entry, count in lost.items():
            text = f"would no longer answer {_counted(count)} that people asked."
            yield Problem("", 0, entry, text)

    def _demoted(self) -> Iterator[Problem]:
        demoted = sum(each.demoted for each in self.differences)
        if demoted > self.answered * _TOLERATED:
            text = f"of {_counted(self.answered)} that were answered, {demoted} would only get "
            yield Problem("", 0, "", f"{text}suggestions.")


def replay(
    edition: Edition, asked: Iterable[Asked], known: Mapping[Asked, Outcome]
) -> dict[Asked, Outcome]:
    """Return what an edition makes of questions, as far as it isn't known (milliseconds each)."""
    return {
        each: known[each] if each in known else outcome_of(edition, each.text, each.language)
        for each in asked
    }


def try_out(old: Edition, new: Edition, before: Mapping[Asked, Outcome]) -> Trial:
    """Hold an edition against its tests, and against what the live one made of questions."""
    after = replay(new, before, {})
    ids, silent = _new_ids(old.knowledge, new.knowledge), _wanted_silence(new.knowledge)
    compared = [(each, outcome.renamed(ids), after[each]) for each, outcome in before.items()]
    differences = [
        _difference(each, was, now, may_be_lost=each.disliked or normalise(each.text) in silent)
        for each, was, now in compared
        if not was.is_like(now)
    ]
    differences.sort(key=lambda each: (not each.lost, not each.demoted))
    answered = sum(each.kind == "answer" for each in before.values())
    return Trial(failing(new, old), tuple(differences), len(before), answered, after)


def failing(edition: Edition, live: Edition | None = None) -> tuple[Failing, ...]:
    """Return the tests of an edition that it fails, those first that aren't known to fail."""
    known = {(test.text, test.entry) for test in live.knowledge.tests} if live else set()
    found: list[Failing] = []
    for test in edition.knowledge.tests:
        after = outcome_of(edition, test.text, test.language)
        if not _passes(test, after):
            is_known = live is not None and (test.text, test.entry) in known
            found.append(Failing(test, after, is_known and not _passes_in(live, test)))
    return tuple(sorted(found, key=lambda each: each.known))


def failing_tests(edition: Edition) -> list[Problem]:
    """Return the tests of an edition that it fails, as advice for its author."""
    problems = Trial(failing(edition)).problems
    return [replace(each, severity="advice") for each in problems]


def described(outcome: Outcome) -> str:
    """Return what a person gets, in words for the operator."""
    if outcome.kind == "answer":
        return f"an answer from {', '.join(outcome.entries)}"
    return _NAMES.get(outcome.kind, "no answer")


def _passes_in(edition: Edition | None, test: UtteranceTest) -> bool:
    return edition is None or _passes(test, outcome_of(edition, test.text, test.language))


def _passes(test: UtteranceTest, outcome: Outcome) -> bool:
    if test.entry is None:
        return outcome.kind != "answer"
    return outcome.kind == "answer" and test.entry in outcome.entries


def _difference(asked: Asked, before: Outcome, after: Outcome, *, may_be_lost: bool) -> Difference:
    missing = before.kind == "answer" and after.kind != "answer" and not may_be_lost
    offered = after.kind == "suggest" and not set(before.entries).isdisjoint(after.entries)
    return Difference(asked.text, before, after, missing and not offered, missing and offered)


def _new_ids(old: KnowledgeBase, new: KnowledgeBase) -> dict[str, str]:
    """Return the new ids of the entries that have the same question as before, by the old ones."""
    ids = {(entry.language, entry.question): entry.id for entry in new.entries}
    same = ((entry.id, ids.get((entry.language, entry.question))) for entry in old.entries)
    return {before: now for before, now in same if now is not None}


def _wanted_silence(knowledge: KnowledgeBase) -> frozenset[str]:
    """Return the questions, normalised, that the files name as having no answer."""
    named = [
        *(negative for entry in knowledge.entries for negative in entry.negatives),
        *(each for listed in knowledge.unanswered.values() for each in listed),
        *(test.text for test in knowledge.tests if test.entry is None),
    ]
    return frozenset(map(normalise, named))


def _counted(count: int) -> str:
    return "1 question" if count == 1 else f"{count} questions"
