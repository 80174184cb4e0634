"""Learning: how far a match can be trusted, from the knowledge base alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pytest

from bot.knowledge.stemming import Stemmer
from bot.matching.evidence import Vocabulary, as_features
from bot.matching.features import Floats
from bot.matching.learning import ABSENT_REFUSED, Lessons, learn
from bot.matching.match import Evidence
from bot.matching.normalise import words
from bot.matching.question_kinds import QuestionKinds
from bot.matching.ranker import Candidate, Ranker
from bot.matching.ridge import Labels
from bot.matching.similarity import Similarity
from tests.bot.matching.library import ENTRIES, UNANSWERED

PHRASES = [phrase for entry in ENTRIES for phrase in entry.phrases] + list(UNANSWERED)
OWNERS = [n for n, entry in enumerate(ENTRIES) for _ in entry.phrases] + [-1] * len(UNANSWERED)


class CountingRanker(Ranker):
    """Count the rankings it is asked for."""

    asked = 0

    def rank(
        self,
        words: Sequence[str],
        cosines: Floats,
        limit: int = 1,
        excluded: Collection[int] = (),
        own: int | None = None,
    ) -> list[Candidate]:
        """Rank, and count."""
        self.asked += 1
        return super().rank(words, cosines, limit, excluded, own)


class School:
    """Hold what learning takes, for phrases and the numbers of their entries."""

    def __init__(self, phrases: list[str], owners: list[int]) -> None:
        self.texts = [words(phrase) for phrase in phrases]
        self.labels: Labels = np.array(owners, np.int32)
        stem = Stemmer("en")
        similarity = Similarity(self.texts, stem, None)
        stems = [similarity.stems(text) for text in self.texts]
        entries = int(self.labels.max()) + 1
        vocabulary = Vocabulary(stems, self.labels, entries, frozenset())
        kinds = QuestionKinds(self.texts, self.labels, entries, ["where", "how"], stem)
        self.ranker = CountingRanker(similarity, self.labels, vocabulary, kinds, entries)

    def learn(self) -> Lessons:
        """Return the lessons."""
        return learn(self.ranker, self.texts, self.labels)

    def without(self, phrase: int) -> Candidate:
        """Return who wins for a phrase without itself."""
        label = int(self.labels[phrase])
        cosines = next(self.ranker.between([phrase]))
        cosines[phrase] = -np.inf
        return self.ranker.rank(self.texts[phrase], cosines, own=label)[0]

    def without_entry(self, phrase: int) -> Candidate:
        """Return who wins for a phrase without its whole entry."""
        label = int(self.labels[phrase])
        cosines = next(self.ranker.between([phrase]))
        cosines[self.labels == label] = -np.inf
        return self.ranker.rank(self.texts[phrase], cosines, excluded=(label,))[0]


@pytest.fixture(scope="module")
def school() -> School:
    """Return the library's phrases, ready to learn from."""
    return School(PHRASES, OWNERS)


def confidences(lessons: Lessons, evidence: list[Evidence]) -> list[float]:
    """Return how sure the lessons are of each evidence."""
    return [float(each) for each in lessons.confidence(as_features(evidence))]


def test_confidence_is_higher_where_the_match_is_right(school: School) -> None:
    """On left-out phrases, right matches are surer than wrong ones on average."""
    winners = [school.without(number) for number in range(len(PHRASES))]
    sure = np.array(confidences(school.learn(), [each.evidence for each in winners]))
    right = np.array([each.entry == owner for each, owner in zip(winners, OWNERS, strict=True)])
    assert right.any()
    assert not right.all()
    assert sure[right].mean() > sure[~right].mean() + 0.15


def test_the_answer_threshold_refuses_its_share_of_absent_entries(school: School) -> None:
    """Of the questions whose entry is left out, the promised share stays below the threshold."""
    lessons = school.learn()
    absent = [school.without_entry(int(n)).evidence for n in np.flatnonzero(school.labels >= 0)]
    refused = np.mean([sure < lessons.thresholds.answer for sure in confidences(lessons, absent)])
    assert refused == pytest.approx(ABSENT_REFUSED, abs=0.05)


def test_lessons_are_the_same_each_time(school: School) -> None:
    """Learning twice gives the same thresholds."""
    assert school.learn().thresholds == school.learn().thresholds


@pytest.mark.parametrize(
    ("phrases", "owners"),
    [
        pytest.param(["a lost card"], [0], id="a lone phrase"),
        pytest.param(["a lost card", "a card that is lost"], [0, 0], id="a lone entry"),
        pytest.param(["a lost card", "opening hours"], [0, -1], id="a lone negative"),
        pytest.param(["a lost card", "opening hours"], [0, 1], id="lone phrases"),
    ],
)
def test_too_little_to_learn_from_still_gives_thresholds(
    phrases: list[str], owners: list[int]
) -> None:
    """Where a kind of question is missing, the thresholds are still in order."""
    thresholds = School(phrases, owners).learn().thresholds
    assert 0 <= thresholds.suggest <= thresholds.answer <= 1


def test_a_sample_is_enough_of_many_phrases() -> None:
    """More phrases than a sample holds are learnt from by no more rankings."""
    school = School([f"word{n % 50} about subject{n // 50}" for n in range(1000)],
                    [n // 50 for n in range(1000)])  # fmt: skip
    school.learn()
    assert 100 < school.ranker.asked < 1000
