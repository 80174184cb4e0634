"""What people said of the replies, held against what they asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.evaluation.tuning.questions import Question, questions
from bot.storage.store import Candidate, Exchange, Feedback, Heard, Miss, ReplyKind, Vote
from bot.storage.traffic import Settled, Traffic

START = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
ANN, BEN, GROUP = 1, 2, -5
RANKED = (Candidate("place", 0.7), Candidate("hours", 0.2))


def _at(minutes: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def _heard(kind: ReplyKind = "answer", minutes: int = 0, user: int = ANN, chat: int = 0) -> Heard:
    return Heard(chat or user, user, "Where is it?", "en", kind, RANKED, _at(minutes))


def _shown(
    *entries: str, minutes: int = 0, user: int = ANN, chat: int = 0, text: str = "Where is it?"
) -> Exchange:
    return Exchange(chat or user, 10, 11, entries, _at(minutes), user, text)


def _vote(vote: Vote, minutes: int = 1, user: int = ANN, chat: int = 0) -> Feedback:
    return Feedback(chat or user, 11, user, "place", vote, _at(minutes))


def _dismissal(minutes: int = 1) -> Miss:
    return Miss(ANN, "where is it", "en", (), _at(minutes), "dismissed")


def _only(traffic: Traffic) -> Question:
    (only,) = questions(traffic)
    return only


def test_a_question_without_a_sign_tells_nothing() -> None:
    """It has its best match and how sure that was."""
    asked = _only(Traffic((_heard(),), (_shown("place"),)))
    assert asked == Question("Where is it?", "en", "answer", "place", 0.7)


@pytest.mark.parametrize(("vote", "right"), [("helpful", True), ("not_helpful", False)])
def test_a_vote_is_about_the_answer(vote: Vote, right: bool) -> None:
    """👍 says that the entry is right, 👎 that it isn't."""
    traffic = Traffic((_heard(),), (_shown("place"),), (_vote(vote),))
    assert _only(traffic).right is right


@pytest.mark.parametrize(("picked", "right"), [("place", True), ("hours", False)])
def test_a_picked_suggestion_is_what_was_meant(picked: str, right: bool) -> None:
    """Picking the first confirms it, picking another refutes it; either way suggestions helped."""
    traffic = Traffic((_heard("suggest"),), (_shown(picked, minutes=1),))
    assert (_only(traffic).right, _only(traffic).chosen) == (right, True)


def test_none_of_these_speaks_against_the_first() -> None:
    """Case and punctuation make no difference in finding what it was about."""
    traffic = Traffic((_heard("suggest"),), (_shown(minutes=1),), dismissed=(_dismissal(),))
    assert (_only(traffic).right, _only(traffic).chosen) == (False, False)


def test_suggestions_left_alone_tell_nothing() -> None:
    """They were shown, and that is all."""
    asked = _only(Traffic((_heard("suggest"),), (_shown(),)))
    assert (asked.right, asked.chosen) == (None, None)


def test_a_vote_overrules_the_pick_before_it() -> None:
    """What looked right by its title turned out not to be."""
    traffic = Traffic(
        (_heard("suggest"),), (_shown("place", minutes=1),), (_vote("not_helpful", 2),)
    )
    assert (_only(traffic).right, _only(traffic).chosen) == (False, True)


@pytest.mark.parametrize(("entry", "right"), [("place", True), ("hours", False), ("", False)])
def test_an_answered_miss_tells_whose_phrase_it_was(entry: str, right: bool) -> None:
    """Taught as a phrase of the first match it was right, else wrong."""
    settled = Settled(1, ANN, "Where is it?", entry, _at(1))
    assert _only(Traffic((_heard("fallback"),), settled=(settled,))).right is right


def test_nothing_matched_is_never_right() -> None:
    """An answered miss without any match doesn't confirm it."""
    settled = Settled(1, ANN, "Where is it?", "", _at(1))
    heard = replace(_heard("fallback"), candidates=())
    assert _only(Traffic((heard,), settled=(settled,))).right is False


def test_what_was_answered_in_one_go_counts_once() -> None:
    """Of two people's misses with one decision, one has the sign."""
    heard = (_heard("fallback"), _heard("fallback", user=BEN))
    settled = tuple(Settled(1, user, "Where is it?", "place", _at(1)) for user in (ANN, BEN))
    told = [each.right for each in questions(Traffic(heard, settled=settled))]
    assert sorted(told, key=str) == [None, True]


def test_an_answer_of_several_parts_tells_nothing() -> None:
    """Nobody knows which part a vote is about."""
    traffic = Traffic((_heard(),), (_shown("place", "hours"),), (_vote("not_helpful"),))
    assert _only(traffic).right is None


def test_an_answer_by_context_tells_nothing_of_the_match() -> None:
    """The entry shown isn't the one that the matcher ranked first."""
    traffic = Traffic((_heard(),), (_shown("hours"),), (_vote("helpful"),))
    assert _only(traffic).right is None


def test_asked_again_it_counts_once_as_last_voted() -> None:
    """The latest asking without a vote doesn't hide the one before that has one."""
    traffic = Traffic(
        (_heard(), replace(_heard(minutes=5), candidates=(Candidate("hours", 0.9),))),
        (_shown("place"),),
        (_vote("helpful", minutes=9),),
    )
    assert (_only(traffic).entry, _only(traffic).right) == ("place", True)


def test_the_same_words_of_two_people_are_two_questions() -> None:
    """Each counts."""
    assert len(questions(Traffic((_heard(), _heard(user=BEN))))) == 2


def test_a_group_has_one_voice_for_a_message() -> None:
    """The majority counts, whoever asked; a draw says nothing."""
    heard, shown = _heard(chat=GROUP), _shown("place", chat=GROUP)
    votes = [_vote("helpful", user=user, chat=GROUP) for user in (3, 4)]
    against = _vote("not_helpful", user=5, chat=GROUP)
    assert _only(Traffic((heard,), (shown,), (*votes, against))).right is True
    assert _only(Traffic((heard,), (shown,), (votes[0], against))).right is None


def test_somebody_elses_pick_in_a_group_counts() -> None:
    """The exchange has who pressed; the question is found by its chat."""
    shown = _shown("place", minutes=1, user=BEN, chat=GROUP)
    assert _only(Traffic((_heard("suggest", chat=GROUP),), (shown,))).right is True


def test_what_depends_on_no_threshold_is_left_out() -> None:
    """Small talk, and a bare follow-up that is answered without the matcher."""
    bare = replace(_heard(), text="why?", candidates=())
    assert questions(Traffic((_heard("chitchat"), bare))) == ()


def test_a_sign_about_nothing_known_is_passed_over() -> None:
    """The question may be past its retention."""
    shown = _shown("place", text="gone")
    assert questions(Traffic((), (shown,), (_vote("helpful"),), (_dismissal(),))) == ()
