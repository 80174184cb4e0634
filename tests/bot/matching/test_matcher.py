"""The matcher: which entry an utterance means, and how sure that is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.entry import Entry
from bot.matching import matcher as module
from bot.matching.encoder import Encoder, Vectors
from bot.matching.language import Language
from bot.matching.matcher import Matcher
from tests.bot.matching.fakes import WordEncoder
from tests.bot.matching.library import ENTRIES, HOURS, LOST, UNANSWERED, english, phrased
from tests.fakes import make_entry

CHARACTERS = st.characters()


class LengthEncoder:
    """Encode a text by how many letters it has, as a stand-in for meaning."""

    name = "length"
    dimensions = 2
    quick = True

    def reads(self, language: str) -> bool:
        """Take every language."""
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a unit row for each text, zero for an empty one."""
        angles = [len(text) / 40 for text in texts]
        rows = [[np.cos(a), np.sin(a)] if a else [0.0, 0.0] for a in angles]
        return np.array(rows, np.float32).reshape(-1, 2)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Return a matcher of the library's entries."""
    return Matcher(ENTRIES, english(), UNANSWERED)


def best_of(matcher: Matcher, text: str) -> str | None:
    """Return the id of the best match."""
    best = matcher.rank(text).best
    return best.entry.id if best else None


@pytest.mark.parametrize(
    ("text", "entry"),
    [(phrase, entry.id) for entry in ENTRIES for phrase in entry.phrases],
)
def test_a_phrase_finds_its_entry(text: str, entry: str, matcher: Matcher) -> None:
    """Every phrase of an entry, said word for word, ranks it first."""
    assert best_of(matcher, text) == entry


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("at what hour does the library open", "hours"),
        ("what street is the library on", "place"),
        ("please tell me how to apply for a card", "card"),
        ("somebody stole my card", "lost"),
        ("for how many weeks can i borrow books", "loans"),
        ("my crad is lots", "lost"),
        ("adress of the libary", "place"),
        ("LOAN PERIOD OF BOOKS!!!", "loans"),
        ("openning hours", "hours"),
    ],
)
def test_other_words_and_slips_find_the_entry(text: str, entry: str, matcher: Matcher) -> None:
    """Paraphrases, misspellings and shouting rank the right entry first."""
    assert best_of(matcher, text) == entry


@pytest.mark.parametrize(
    "text", [*UNANSWERED, "How much does a library card cost?", "what is the price of a card"]
)
def test_a_question_known_to_have_no_answer_is_refused(text: str, matcher: Matcher) -> None:
    """A negative or an unanswered question doesn't reach the answer threshold."""
    best = matcher.rank(text).best
    assert best is None or best.confidence < matcher.thresholds.answer


def test_phrases_are_surer_than_questions_without_an_answer(matcher: Matcher) -> None:
    """Every phrase word for word is surer than every unanswered question."""
    surest = max(match.confidence for text in UNANSWERED for match in matcher.rank(text).matches)
    for entry in ENTRIES:
        for phrase in entry.phrases:
            assert matcher.rank(phrase).matches[0].confidence > surest


def test_unanswered_questions_lower_the_confidence() -> None:
    """A near question is less sure once it is known to have no answer."""
    asked = "how much does it cost to replace a lost card"
    without = Matcher(ENTRIES, english()).rank(asked).best
    with_it = Matcher(ENTRIES, english(), (*UNANSWERED, asked)).rank(asked).best
    assert without is not None
    assert with_it is not None
    assert with_it.evidence.score < without.evidence.score
    assert with_it.confidence < without.confidence


def test_matches_explain_themselves(matcher: Matcher) -> None:
    """A match names the phrase that is nearest, and the reading its corrections."""
    ranking = matcher.rank("I losst my card")
    assert ranking.best is not None
    assert ranking.best.phrase == "I lost my card"
    assert ranking.best.evidence.similarity == pytest.approx(1)
    assert ranking.best.evidence.uncovered == ()
    assert [(each.typed, each.read) for each in ranking.reading.corrections] == [("losst", "lost")]


def test_words_an_entry_lacks_are_named(matcher: Matcher) -> None:
    """Content that the entry's phrases don't have is uncovered."""
    best = matcher.rank("I lost my umbrella card").best
    assert best is not None
    assert best.evidence.uncovered == ("umbrella",)


@pytest.mark.parametrize("limit", [0, 1, 2, 5, 50])
def test_as_many_matches_as_asked_for_come_best_first(limit: int, matcher: Matcher) -> None:
    """At most `limit` entries come, each once, the surest first."""
    matches = matcher.rank("library card", limit).matches
    confidences = [match.confidence for match in matches]
    assert len(matches) == min(limit, len(ENTRIES))
    assert len({match.entry.id for match in matches}) == len(matches)
    assert confidences == sorted(confidences, reverse=True)


def test_only_entries_asked_among_are_considered(matcher: Matcher) -> None:
    """The best of the named entries is found though another one would win."""
    ranking = matcher.rank("I lost my card", limit=9, among={"card", "hours"})
    assert best_of(matcher, "I lost my card") == "lost"
    assert [match.entry.id for match in ranking.matches] == ["card", "hours"]


@pytest.mark.parametrize("among", [set(), {"no-such-entry"}])
def test_among_nothing_nothing_is_found(among: set[str], matcher: Matcher) -> None:
    """Without an entry to consider there is no match."""
    assert matcher.rank("I lost my card", among=among).matches == ()


@pytest.mark.parametrize("text", ["", "   ", "?!", "\U0001f600" * 5, "\ud800"])
def test_a_text_without_words_matches_nothing(text: str, matcher: Matcher) -> None:
    """Nothing said is no match."""
    assert matcher.rank(text).best is None


@pytest.mark.parametrize("text", ["\U0001f600", "a", "card ", "a\u0301", "@", "\u0639"])
def test_the_longest_message_is_ranked_quickly(text: str, matcher: Matcher) -> None:
    """4,096 characters of anything take a fraction of a second."""
    start = time.perf_counter()
    matcher.rank((text * 4096)[:4096])
    assert time.perf_counter() - start < 1


@settings(max_examples=60, deadline=None)
@given(st.text(CHARACTERS, max_size=80) | st.lists(st.sampled_from(LOST)).map(" ".join))
def test_confidence_is_a_probability(matcher: Matcher, text: str) -> None:
    """Whatever is said, confidence and coverage lie within 0 and 1."""
    for match in matcher.rank(text, limit=9).matches:
        assert 0 <= match.confidence <= 1
        assert -1e-6 <= match.evidence.coverage <= 1
        assert match.phrase in match.entry.phrases


def test_thresholds_lie_in_order(matcher: Matcher) -> None:
    """It takes at least as much to answer as to suggest."""
    assert 0 <= matcher.thresholds.suggest <= matcher.thresholds.answer <= 1


def test_ranking_is_the_same_each_time(matcher: Matcher) -> None:
    """A second matcher of the same entries gives the same matches to the digit."""
    again = Matcher(ENTRIES, english(), UNANSWERED)
    assert again.rank("a lost book").matches == matcher.rank("a lost book").matches
    assert again.thresholds == matcher.thresholds


def test_meaning_counts_where_there_is_an_encoder() -> None:
    """An encoder's cosine takes part in the similarity."""
    without = Matcher(ENTRIES, english()).rank("lost")
    with_it = Matcher(ENTRIES, english(), encoder=LengthEncoder()).rank("lost")
    assert without.best is not None
    assert with_it.best is not None
    assert with_it.best.evidence.similarity > without.best.evidence.similarity
    assert 0 <= with_it.best.confidence <= 1


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([phrased("lost", LOST[:1])], id="one entry of one phrase"),
        pytest.param([phrased("lost", LOST)], id="one entry"),
        pytest.param([phrased("lost", LOST[:1], "where is it")], id="one phrase, one negative"),
        pytest.param([make_entry("oak"), make_entry("pine")], id="no alternates"),
        pytest.param(
            [phrased("one", LOST), phrased("two", LOST[:1]), make_entry("oak")],
            id="a phrase in two entries",
        ),
        pytest.param([phrased("lost", (LOST[0], LOST[0], LOST[0]))], id="a phrase three times"),
        pytest.param([make_entry("oak", question="??"), make_entry("pine")], id="no words"),
    ],
)
@pytest.mark.parametrize("unanswered", [(), UNANSWERED[:1]])
def test_a_meagre_knowledge_can_be_matched(
    entries: Sequence[Entry], unanswered: Sequence[str]
) -> None:
    """Few phrases, repeated ones and empty ones still give probabilities."""
    matcher = Matcher(entries, Language("en"), unanswered)
    for text in ("What if I lose my library card?", "pine", "something else"):
        assert all(0 <= match.confidence <= 1 for match in matcher.rank(text).matches)
    assert 0 <= matcher.thresholds.suggest <= matcher.thresholds.answer <= 1


CAPITAL = "what is the capital of mongolia"
READS = WordEncoder(
    "library building where address street",
    "open hours opening close time",
    "card membership member lost stolen lose",
    "book books loan borrow",
    "price coffee parking director museum park",
    "capital mongolia",
)


def test_a_background_question_is_nobodys_phrase() -> None:
    """Asked word for word it is as good as a negative, and no entry shows it as its own."""
    language = replace(english(), background=(CAPITAL,))
    plain = Matcher(ENTRIES, english(), UNANSWERED, READS).rank(CAPITAL, limit=9)
    with_it = Matcher(ENTRIES, language, UNANSWERED, READS).rank(CAPITAL, limit=9)
    for before, after in zip(plain.matches, with_it.matches, strict=True):
        assert before.evidence.nearest_negative < 0.9
        assert after.evidence.nearest_negative == pytest.approx(1)
    assert all(match.phrase in match.entry.phrases for match in with_it.matches)


def test_background_takes_no_part_where_no_encoder_reads() -> None:
    """What may be about the same isn't held against a match."""
    language = replace(english(), background=(CAPITAL, HOURS[0]))
    without_it, with_it = (Matcher(ENTRIES, each, UNANSWERED) for each in (english(), language))
    for text in (CAPITAL, HOURS[0], "a lost book"):
        assert with_it.rank(text) == without_it.rank(text)


def test_background_about_the_same_is_not_held_against_a_phrase() -> None:
    """A background question that a phrase answers changes nothing."""
    language = replace(english(), background=(HOURS[0], "opening hours"))
    without_it, with_it = (
        Matcher(ENTRIES, each, UNANSWERED, READS) for each in (english(), language)
    )
    assert with_it.rank(HOURS[0]) == without_it.rank(HOURS[0])


@pytest.mark.parametrize("encoder", [None, READS])
def test_a_knowledge_without_entries_matches_nothing(encoder: Encoder | None) -> None:
    """No entries, no matches, and thresholds in order."""
    matcher = Matcher([], replace(english(), background=(CAPITAL,)), UNANSWERED, encoder)
    assert matcher.rank(CAPITAL).matches == ()
    assert 0 <= matcher.thresholds.suggest <= matcher.thresholds.answer <= 1


@pytest.mark.parametrize(
    ("encoder", "slow"),
    [
        pytest.param(None, False, id="no encoder"),
        pytest.param(WordEncoder("library card book open"), False, id="a quick one"),
        pytest.param(WordEncoder("bibliothek", quick=False), False, id="one that reads nothing"),
        pytest.param(WordEncoder("library card book open", quick=False), True, id="a slow one"),
    ],
)
def test_a_matcher_is_slow_by_an_encoder_that_is(encoder: Encoder | None, slow: bool) -> None:
    """An encoder that isn't quick makes a matcher slow if it is used at all."""
    assert Matcher(ENTRIES, english(), encoder=encoder).slow is slow


def test_very_many_phrases_make_a_matcher_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing with more phrases than a moment allows is slow, whatever reads them."""
    count = sum(len(entry.phrases) + len(entry.negatives) for entry in ENTRIES)
    for most, slow in ((count, False), (count - 1, True)):
        monkeypatch.setattr(module, "_MANY", most)
        assert Matcher(ENTRIES, english()).slow is slow


QUESTIONS = (
    "When is the library open?",
    "Where is the library?",
    "How do I get a library card?",
    "What if I lose my library card?",
    "How long can I keep a book?",
    "Are dogs allowed in the reading room?",
    "Who repairs the printers?",
    "Can children join the story hour?",
)


def small(count: int) -> Matcher:
    """Return a matcher of so many entries with one phrase each, as a newcomer writes them."""
    entries = [phrased(f"entry-{n}", (question,)) for n, question in enumerate(QUESTIONS[:count])]
    return Matcher(entries, english())


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_small_knowledge_answers_its_own_questions(count: int) -> None:
    """Every question, said word for word, is answered with its own entry."""
    matcher = small(count)
    for number, question in enumerate(QUESTIONS[:count]):
        best = matcher.rank(question).best
        assert best is not None
        assert best.entry.id == f"entry-{number}"
        assert best.confidence >= matcher.thresholds.answer


@pytest.mark.parametrize("text", ["what is the capital of France", "pizza"])
@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_small_knowledge_answers_nothing_else(count: int, text: str) -> None:
    """A question about anything else isn't answered, however few entries there are."""
    matcher = small(count)
    best = matcher.rank(text).best
    assert best is None or best.confidence < matcher.thresholds.answer
