"""Learning: how far a match can be trusted, from the knowledge base alone."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.evidence import Vocabulary, as_features
from bot.matching.learning import ABSENT_REFUSED, Lessons, Trial, learn, leave_out
from bot.matching.normalise import words
from bot.matching.ranker import Ranker
from bot.matching.ridge import Labels
from bot.matching.similarity import Similarity
from bot.matching.stemming import Stemmer
from tests.bot.matching.library import ENTRIES, UNANSWERED

PHRASES = [phrase for entry in ENTRIES for phrase in entry.phrases] + list(UNANSWERED)
OWNERS = [n for n, entry in enumerate(ENTRIES) for _ in entry.phrases] + [-1] * len(UNANSWERED)


class School:
    """Hold what learning takes, for phrases and the numbers of their entries."""

    def __init__(self, phrases: list[str], owners: list[int]) -> None:
        self.texts = [words(phrase) for phrase in phrases]
        self.labels: Labels = np.array(owners, np.int32)
        self.similarity = Similarity(self.texts, Stemmer("en"), None)
        stems = [self.similarity.stems(text) for text in self.texts]
        entries = int(self.labels.max()) + 1
        vocabulary = Vocabulary(stems, self.labels, entries, frozenset())
        self.ranker = Ranker(self.similarity, self.labels, vocabulary, entries)

    def learn(self) -> Lessons:
        """Return the lessons."""
        return learn(self.ranker, self.similarity, self.texts, self.labels)

    def leave_out(self, phrase: int) -> Trial:
        """Return what is made of a phrase without itself."""
        return leave_out(self.ranker, self.similarity, self.texts, self.labels, phrase)


@pytest.fixture(scope="module")
def school() -> School:
    """Return the library's phrases, ready to learn from."""
    return School(PHRASES, OWNERS)


def test_a_left_out_phrase_is_judged_by_the_others(school: School) -> None:
    """A phrase with near brothers finds its entry without itself, and isn't its own evidence."""
    number = PHRASES.index("I lost my card")
    trial = school.leave_out(number)
    assert trial.right
    assert trial.entry == OWNERS[number]
    assert trial.phrase == number
    assert trial.evidence.similarity < 0.99


def test_a_left_out_question_without_an_answer_is_never_right(school: School) -> None:
    """Whatever wins over an unanswered question is wrong."""
    trial = school.leave_out(len(PHRASES) - 1)
    assert not trial.right
    assert trial.entry >= 0


def test_confidence_is_higher_where_the_match_is_right(school: School) -> None:
    """On the trials it learnt from, right matches are surer than wrong ones on average."""
    trials = [school.leave_out(number) for number in range(len(PHRASES))]
    confidence = school.learn().confidence(as_features(trial.evidence for trial in trials))
    right = np.array([trial.right for trial in trials])
    assert confidence[right].mean() > confidence[~right].mean() + 0.2


def test_the_answer_threshold_refuses_its_share_of_absent_entries(school: School) -> None:
    """Of the questions whose entry is left out, the promised share stays below the threshold."""
    lessons = school.learn()
    sure = []
    for number in np.flatnonzero(school.labels >= 0):
        label = int(school.labels[number])
        cosines = school.similarity.cosines(school.texts[number])
        cosines[school.labels == label] = -np.inf
        best = school.ranker.rank(school.texts[number], cosines, excluded=(label,))[0]
        sure.append(float(lessons.confidence(as_features([best.evidence]))[0]))
    refused = np.mean(np.array(sure) < lessons.thresholds.answer)
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
    """A thousand phrases are learnt from by a few hundred trials."""
    phrases = [f"word{n % 50} about subject{n // 50}" for n in range(1000)]
    school = School(phrases, [n // 50 for n in range(1000)])
    asked: list[int] = []
    rank = school.ranker.rank

    class Counting(Ranker):
        """Count the rankings."""

        def __init__(self) -> None:
            pass

        def rank(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
            """Rank, and count."""
            asked.append(1)
            return rank(*args, **kwargs)  # type: ignore[arg-type]

    learn(Counting(), school.similarity, school.texts, school.labels)
    assert len(asked) <= 800
