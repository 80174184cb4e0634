"""Leaving a phrase out: it is tried as if the knowledge hadn't got it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.knowledge.entry import Entry
from bot.matching.encoder import Encoder
from bot.matching.encoder.static import StaticEncoder, load_static_encoder
from bot.matching.match import Evidence, Ranking
from bot.matching.matcher import Matcher
from tests.bot.matching.library import ENTRIES, HOURS, LOST, UNANSWERED, english, phrased

# Of these phrases every word is in another phrase too: a matcher without one knows the same words.
KNOWN_BY_OTHERS = (
    "When is the library open?",
    "How do I get a library card?",
    "how can I apply for membership",
    "my card is lost",
    "I lost my card",
    "how long is the loan of a book",
)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Return a matcher of the library's entries."""
    return Matcher(ENTRIES, english(), UNANSWERED)


@pytest.fixture(scope="module")
def static() -> StaticEncoder:
    """Return the packaged encoder."""
    return load_static_encoder()


@pytest.fixture(scope="module", params=[False, True], ids=["letters", "meaning"])
def either(request: pytest.FixtureRequest, static: StaticEncoder) -> Encoder | None:
    """Return no encoder, and the packaged one."""
    return static if request.param else None


def without(phrase: str) -> list[Entry]:
    """Return the library's entries without a phrase."""
    kept = [(each, [p for p in each.phrases if p != phrase]) for each in ENTRIES]
    return [replace(each, question=p[0], alternates=tuple(p[1:])) for each, p in kept]


def evidence_of(ranking: Ranking) -> dict[str, Evidence]:
    """Return the evidence for each entry."""
    return {match.entry.id: match.evidence for match in ranking.matches}


@pytest.mark.parametrize("phrase", KNOWN_BY_OTHERS)
def test_leaving_a_phrase_out_ranks_as_if_it_were_not_there(
    phrase: str, either: Encoder | None
) -> None:
    """The best entry is that of a matcher built without the phrase, and so is the evidence."""
    matcher = Matcher(ENTRIES, english(), UNANSWERED, either)
    lacking = Matcher(without(phrase), english(), UNANSWERED, either)
    found = matcher.rank(phrase, limit=9, leaving_out=phrase)
    expected = lacking.rank(phrase, limit=9)
    assert found.matches[0].entry.id == expected.matches[0].entry.id
    assert found.matches[0].phrase == expected.matches[0].phrase
    parts = evidence_of(expected)
    for entry, evidence in evidence_of(found).items():
        assert evidence.score == pytest.approx(parts[entry].score, abs=0.1)
        assert evidence.margin == pytest.approx(parts[entry].margin, abs=0.1)
        assert evidence.similarity == pytest.approx(parts[entry].similarity, abs=0.1)
        assert evidence.nearest_negative == pytest.approx(parts[entry].nearest_negative, abs=0.1)
        assert evidence.coverage == pytest.approx(parts[entry].coverage, abs=0.1)
        assert evidence.uncovered == parts[entry].uncovered


@pytest.mark.parametrize("phrase", [phrase for each in ENTRIES for phrase in each.phrases])
def test_any_phrase_can_be_left_out(phrase: str, static: StaticEncoder) -> None:
    """Also with words that only it has a phrase finds the entry that it finds where it is new."""
    matcher = Matcher(ENTRIES, english(), UNANSWERED, static)
    lacking = Matcher(without(phrase), english(), UNANSWERED, static)
    found, expected = matcher.rank(phrase, leaving_out=phrase).best, lacking.rank(phrase).best
    assert found is not None
    assert expected is not None
    assert found.entry.id == expected.entry.id
    assert found.phrase != phrase


def test_a_left_out_phrase_does_not_vouch_for_itself(matcher: Matcher) -> None:
    """It is less sure than with itself, and its own words are missing from the entry."""
    phrase = "is the library open on Sunday"
    known, left_out = matcher.rank(phrase).best, matcher.rank(phrase, leaving_out=phrase).best
    assert known is not None
    assert left_out is not None
    assert known.evidence.similarity == pytest.approx(1)
    assert left_out.evidence.similarity < 1
    assert left_out.confidence < known.confidence
    assert known.evidence.uncovered == ()
    assert "sunday" in left_out.evidence.uncovered


@pytest.mark.parametrize("phrase", ["no phrase at all", "MY CARD IS LOST", "", None])
@pytest.mark.parametrize("text", ["my card is lost", "what is the price of a coffee"])
def test_leaving_out_what_is_no_phrase_changes_nothing(
    text: str, phrase: str | None, matcher: Matcher
) -> None:
    """A phrase is left out as it is written; any other text leaves nothing out."""
    assert matcher.rank(text, leaving_out=phrase) == matcher.rank(text)


def test_a_phrase_is_left_out_once(matcher: Matcher) -> None:
    """The next utterance is ranked with every phrase again."""
    before = matcher.rank("my card is lost")
    matcher.rank("my card is lost", leaving_out="my card is lost")
    assert matcher.rank("my card is lost") == before


@pytest.mark.parametrize("negative", [UNANSWERED[1], "what is the price of a card"])
def test_a_negative_can_be_left_out(negative: str, matcher: Matcher) -> None:
    """Without the question that has no answer a match scores higher."""
    known, left_out = matcher.rank(negative).best, matcher.rank(negative, leaving_out=negative).best
    assert known is not None
    assert left_out is not None
    assert known.evidence.nearest_negative == pytest.approx(1)
    assert left_out.evidence.nearest_negative < 1
    assert left_out.evidence.score > known.evidence.score


def test_a_phrase_of_two_entries_is_left_out_of_both() -> None:
    """Neither entry is near by a phrase that doesn't count."""
    entries = [phrased("one", (*LOST, HOURS[0])), phrased("two", HOURS)]
    matches = Matcher(entries, english()).rank(HOURS[0], leaving_out=HOURS[0]).matches
    assert len(matches) == 2
    assert all(match.evidence.similarity < 1 for match in matches)
    assert HOURS[0] not in {match.phrase for match in matches}


def test_the_only_phrase_of_an_entry_can_be_left_out() -> None:
    """The entry stays, with nothing for it."""
    entries = [phrased("lost", LOST[:1]), phrased("hours", HOURS)]
    ranking = Matcher(entries, english()).rank(LOST[0], leaving_out=LOST[0])
    evidence = evidence_of(ranking)["lost"]
    assert (evidence.score, evidence.similarity, evidence.coverage) == (0, 0, 0)
    assert all(0 <= match.confidence <= 1 for match in ranking.matches)


def test_the_only_phrase_of_all_can_be_left_out() -> None:
    """With nothing left to compare with, nothing speaks for the one entry."""
    ranking = Matcher([phrased("lost", LOST[:1])], english()).rank(LOST[0], leaving_out=LOST[0])
    assert [match.evidence.score for match in ranking.matches] == [0]


def test_right_matches_are_surer_than_wrong_ones(either: Encoder | None) -> None:
    """Of phrases left out those that find their entry are surer, on average, than absent ones."""
    matcher = Matcher(ENTRIES, english(), UNANSWERED, either)
    right: list[float] = []
    wrong: list[float] = []
    for entry in ENTRIES:
        others = {other.id for other in ENTRIES} - {entry.id}
        for phrase in entry.phrases:
            best = matcher.rank(phrase, leaving_out=phrase).best
            absent = matcher.rank(phrase, among=others).best
            assert best is not None
            assert absent is not None
            (right if best.entry is entry else wrong).append(best.confidence)
            wrong.append(absent.confidence)
    assert np.mean(right) > np.mean(wrong) + 0.1
