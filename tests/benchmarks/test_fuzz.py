"""Odd updates and odd knowledge, as far as a test has time for them."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.__main__ import main
from benchmarks.fuzz import fuzz
from benchmarks.odd_updates import OddUpdates
from bot.knowledge.check import check
from bot.knowledge.load import load
from bot.knowledge.problems import KnowledgeError, Problem
from bot.settings import default_knowledge

_ENTRY = {
    "id": "oak",
    "question": "How fast does an oak grow?",
    "alternates": ["oak growth"],
    "answer": "Slowly.",
    "source": {"document": "trees.txt", "paragraph": 1},
}
_ODD = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.dates(),
        st.sampled_from((*_ENTRY, "{", "*a", "&a x", "!!python/object:os.system", "10" * 400)),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from((*_ENTRY, "facet", "related", "x")) | st.text(), inner)
    ),
    max_leaves=6,
)
_FUZZ = settings(
    max_examples=200,
    derandomize=True,
    deadline=2_000,  # milliseconds for any one of them
    suppress_health_check=list(HealthCheck),
    database=None,
)


def test_the_same_seed_makes_the_same_updates() -> None:
    """What a run finds can be found again."""
    one, same, other = (
        json.dumps(list(islice(OddUpdates(seed, ["oak?"], ["oak"]), 200))) for seed in (1, 1, 2)
    )
    assert one == same != other


def test_odd_updates_come_to_no_exception() -> None:
    """A small run reaches every kind of verdict and finds nothing."""
    found = fuzz(2_000, seed=5)
    assert found.updates == 2_000
    assert not found.failures
    assert {"passed over", "answer", "fallback", "press", "inline", "page"} <= set(found.kinds)


def test_the_command_prints_its_findings(capsys: pytest.CaptureFixture[str]) -> None:
    """One command, one page of figures, and code 0 where nothing was found."""
    assert main(["fuzz", "--updates", "200", "--seed", "3"]) == 0
    assert "exceptions: 0" in capsys.readouterr().out


def _try(folder: Path, content: bytes) -> None:
    """Load a knowledge folder with one file; KnowledgeError with problems is all it may raise."""
    (folder / "knowledge" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / "seeds" / "trees.txt").write_text("Trees\n\nOaks grow slowly.\n", encoding="utf-8")
    (folder / "knowledge" / "en" / "trees.yaml").write_bytes(content)
    problems: tuple[Problem, ...] | None = None
    try:
        check(load(folder / "knowledge", folder / "seeds", default_knowledge()))
    except KnowledgeError as error:
        problems = error.problems
    assert problems is None or (problems and all(each.text for each in problems))


@_FUZZ
@given(
    odd=st.dictionaries(st.sampled_from((*_ENTRY, "negatives", "related", "follow_ups")), _ODD),
    top=st.dictionaries(st.sampled_from(("topic", "order", "entries", "x")), _ODD, max_size=2),
)
def test_odd_values_are_problems_of_the_knowledge(
    tmp_path_factory: pytest.TempPathFactory, odd: dict[str, object], top: dict[str, object]
) -> None:
    """Whatever stands in an entry, it loads or every problem is listed."""
    file = {"topic": "Trees", "entries": [_ENTRY | odd]} | top
    written = yaml.safe_dump(file, allow_unicode=True).encode(errors="surrogatepass")
    _try(tmp_path_factory.getbasetemp() / "values", written)


@_FUZZ
@given(
    at=st.integers(0, 250),
    length=st.integers(0, 30),
    instead=st.binary(max_size=12) | st.text(alphabet="{}[]:-#&*!|>'\"%@` \n\tx0").map(str.encode),
)
@example(at=0, length=0, instead=b"[" * 100_000)
@example(at=0, length=0, instead=b"a: &a [*a, *a]\n")
def test_spoilt_files_are_problems_of_the_knowledge(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int, instead: bytes
) -> None:
    """A file with some bytes replaced by others loads, or every problem is listed."""
    sound = yaml.safe_dump({"topic": "Trees", "entries": [_ENTRY]}).encode()
    spoilt = sound[:at] + instead + sound[at + length :]
    _try(tmp_path_factory.getbasetemp() / "bytes", spoilt)
