"""Hold the protocol of dividing a set to its word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.sets import (
    Row,
    divide,
    draw,
    half_of,
    language_of,
    leave_out,
    mistyped,
    questions_of,
    read_sets,
)
from tests.benchmarks.toy import INTENTS, out_of_scope, rows


def test_asks_the_test_split_where_there_is_one() -> None:
    """The training texts are the pool, all others are questions."""
    found = divide("toy", [*rows(12), *rows(3, "test", first=50)])
    assert all(len(pool) == 12 for pool in found.pool.values())
    assert len(found.questions) == 15


def test_holds_out_a_third_but_at_most_twenty_without_a_test_split() -> None:
    """Held-out questions are taken from the pool of their intent."""
    for count, held in ((12, 4), (90, 20)):
        found = divide("toy", rows(count))
        asked = {each.text for each in found.questions}
        assert len(asked) == held * len(INTENTS)
        assert all(len(pool) == count - held for pool in found.pool.values())
        assert not asked & {text for pool in found.pool.values() for text in pool}


def test_asks_nothing_that_is_taught_word_for_word() -> None:
    """A question with the words of a training text is dropped, whatever its case and spaces."""
    question = Row("Card  Question number 1", "card", "test")
    found = divide("toy", [*rows(), question, Row("where", "place", "test")])
    assert [each.text for each in found.questions] == ["where"]


def test_asks_nothing_of_an_intent_without_training_texts() -> None:
    """A question whose intent nobody can be taught is dropped."""
    found = divide("toy", [*rows(), Row("a", "card", "test"), Row("b", "unheard", "test")])
    assert [each.text for each in found.questions] == ["a"]


def test_never_teaches_what_is_out_of_scope() -> None:
    """Out-of-scope texts of every split are questions with no intent."""
    found = divide("toy", [*rows(), Row("x", "__oos__", "train"), *out_of_scope(2)])
    assert sum(each.intent is None for each in found.questions) == 3
    assert "__oos__" not in found.pool


def test_divides_the_same_whatever_the_order_of_the_lines() -> None:
    """Pool and held-out questions depend on the texts, not on their order in the file."""
    one, other = divide("toy", rows()), divide("toy", rows()[::-1])
    assert one.pool == other.pool
    assert set(one.questions) == set(other.questions)


def test_halves_share_the_pool_and_no_question() -> None:
    """Each question belongs to one half by its text, and both halves are about as large."""
    whole = divide("toy", rows(60))
    dev, report = questions_of(whole, "dev"), questions_of(whole, "report")
    assert dev.pool == report.pool == whole.pool
    assert {*dev.questions} | {*report.questions} == {*whole.questions}
    assert not {*dev.questions} & {*report.questions}
    assert all(half_of(each.text) == "dev" for each in dev.questions)
    assert 30 <= len(dev.questions) <= 70


def test_limits_in_scope_and_out_of_scope_each() -> None:
    """A limited set is a part of the whole that depends on the texts alone."""
    whole = questions_of(divide("toy", [*rows(60), *out_of_scope(40)]), "dev")
    part = questions_of(divide("toy", [*rows(60)[::-1], *out_of_scope(40)]), "dev", limit=6)
    assert [each.intent is None for each in part.questions] == [False] * 6 + [True] * 6
    assert set(part.questions) <= set(whole.questions)


def test_mistyped_questions_keep_their_intents() -> None:
    """Slips change the texts of the questions and nothing of the pool."""
    whole = divide("toy", rows())
    typed = mistyped(whole)
    assert typed.pool == whole.pool
    assert [each.intent for each in typed.questions] == [each.intent for each in whole.questions]
    assert all(a.text != b.text for a, b in zip(typed.questions, whole.questions, strict=True))


def test_draws_are_repeatable_and_nested() -> None:
    """The same seed draws the same texts, and five are among the ten; another seed differs."""
    found = divide("toy", rows(40))
    five, ten = draw(found, 5, 0), draw(found, 10, 0)
    assert ten == draw(found, 10, 0)
    assert ten != draw(found, 10, 1)
    assert len(five.texts) == 5 * len(INTENTS)
    assert all(set(five.by_label()[label]) < set(ten.by_label()[label]) for label in range(5))


def test_labels_follow_the_order_of_the_intents() -> None:
    """A drawn text's label is the place of its intent."""
    found = divide("toy", rows())
    drawn = draw(found, 0, 0)
    for text, label in zip(drawn.texts, drawn.labels, strict=True):
        assert text.startswith(found.intents[label])
    assert list(drawn.labels) == sorted(drawn.labels)


def test_leaves_out_a_fifth_of_the_intents() -> None:
    """Questions about an intent left out become out-of-scope, none is lost."""
    whole = divide("toy", rows())
    part = leave_out(whole, 0)
    (gone,) = set(whole.intents) - set(part.intents)
    assert len(part.questions) == len(whole.questions)
    for before, after in zip(whole.questions, part.questions, strict=True):
        assert after.intent == (None if before.intent == gone else before.intent)


@pytest.mark.parametrize(("name", "language"), [("xsid_ar", "ar"), ("clinc150", "en")])
def test_tells_the_language_by_the_name(name: str, language: str) -> None:
    """A name ends in its language; without one it is English."""
    assert language_of(name) == language


def test_reads_the_sets_that_are_named(tmp_path: Path) -> None:
    """A set is a JSON lines file of the folder; others are left alone."""
    for name in ("one", "two"):
        lines = [
            json.dumps({"text": row.text, "intent": row.intent, "split": row.split})
            for row in rows()
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [each.name for each in read_sets(tmp_path, ["two"])] == ["two"]
    assert [each.name for each in read_sets(tmp_path, [])] == ["one", "two"]


def test_names_the_sets_there_are(tmp_path: Path) -> None:
    """A set that isn't there is named, with those that are."""
    (tmp_path / "one.jsonl").touch()
    with pytest.raises(BenchmarkError, match=r"no three\. Sets found: one"):
        read_sets(tmp_path, ["three"])
    with pytest.raises(BenchmarkError, match="Sets found: none"):
        read_sets(tmp_path / "nowhere", [])


@pytest.mark.parametrize("line", ["no JSON", '{"text": "a"}', "[]"])
def test_names_the_line_that_is_at_fault(line: str, tmp_path: Path) -> None:
    """A broken line is reported with file and number."""
    (tmp_path / "one.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match=r"one\.jsonl:2 is not"):
        read_sets(tmp_path, [])
