"""Write tables and put them in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.matching import measure
from benchmarks.scale import Start
from benchmarks.sets import divide
from benchmarks.table import README, markdown, matching_table, start_table, write_into
from tests.benchmarks.toy import Parrot, rows

PLACES = ("matching", "scale", "start")


def test_writes_markdown_with_figures_on_the_right() -> None:
    """The first columns are aligned left, all others right."""
    assert markdown(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | --: |\n| x | 1 |\n"


def test_every_row_has_a_cell_for_each_column() -> None:
    """Figures that couldn't be had are dashes."""
    lines = matching_table([measure(Parrot(), divide("toy", rows()))]).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith("| toy | parrot | 100.0 ± 0.0 |")


def test_rounds_seconds_and_parts_thousands() -> None:
    """A start is told in seconds."""
    assert start_table(Start(3462, 0.051, 1.2, 1.251)).endswith("| 3,462 | 0.05 | 1.20 | 1.25 |\n")


def test_puts_a_table_between_its_markers(tmp_path: Path) -> None:
    """What stood there goes, everything else stays."""
    readme = tmp_path / "README.md"
    text = "a\n<!-- table: x -->\nold\n<!-- end of table: x -->\nb\n"
    readme.write_text(text, encoding="utf-8")
    for table in ("| new |\n", "| \\1 newer |\n"):
        write_into(readme, "x", table)
    assert readme.read_text(encoding="utf-8") == text.replace("old", "\n| \\1 newer |\n")


def test_says_which_markers_are_missing(tmp_path: Path) -> None:
    """Without markers nothing is written."""
    readme = tmp_path / "README.md"
    readme.write_text("a\n", encoding="utf-8")
    with pytest.raises(BenchmarkError, match="<!-- table: x -->"):
        write_into(readme, "x", "| new |\n")


@pytest.mark.parametrize("name", PLACES)
def test_the_readme_has_a_place_for_every_table(name: str, tmp_path: Path) -> None:
    """The commands' tables find their markers."""
    copy = tmp_path / "README.md"
    copy.write_text(README.read_text(encoding="utf-8"), encoding="utf-8")
    write_into(copy, name, "| figure |\n")
    assert "| figure |" in copy.read_text(encoding="utf-8")
