"""Files written by people, well or badly or with ill intent."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.yaml_file import MAX_BYTES, YamlFile, read_yaml

_BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
_HOSTILE: dict[str, tuple[str | bytes, str, str]] = {
    "alias bomb": (_BOMB, ":1:", "a text may not begin with &"),
    "anchor": ("topic: &x Hours\n", ":1:", "is not YAML that Majlis reads: "),
    "alias": ("a: 1\ntopic: *x\n", ":2:", "a text may not begin with *. Put quotes"),
    "python tag": ("a: !!python/object/apply:os.system [ls]\n", ":1:", "may not begin with !"),
    "local tag": ("a: 1\nb: !secret x\n", ":2:", "may not begin with !"),
    "50 MB": (b"a" * 50_000_000, ": ", "is larger than 2 MB. Split it"),
    "many values": ("- a\n" * 400_000, ":100000:", "holds over 100,000 values"),
    "binary": (b"\x00\x01\x02\xff", ": ", "is a binary file"),
    "control character": ("a: 1\nb: \x07\n", ":2:", "holds the control character '\\x07'"),
    "latin-1": ("a: 1\nb: café\n".encode("latin-1"), ":2:", "is not UTF-8 text. Save the file as"),
    "utf-16": ("a: 1\n".encode("utf-16"), ":1:", "is not UTF-8 text"),
    "utf-16 without mark": ("a: 1\n".encode("utf-16-le"), ": ", "is a binary file"),
    "key twice": ("a: 1\nb: 2\na: 3\n", ":3:", "'a' twice (first in line 1). Keep one"),
    "nested lists": ("[" * 500_000, ":1:", "is nested over 12 levels"),
    "nested mappings": ("{a: " * 300_000, ":1:", "is nested over 12 levels"),
    "nested block": ("- " * 500_000, ":1:", "is nested over 12 levels"),
    "unclosed bracket": ("a: [x, y\nb: z\n", ":1:", "what begins with [ or { here isn't whole"),
    "unclosed quote": ('a: "x\n', ":1:", "begins with a quote and never ends"),
    "bad indentation": ("a: 1\n  b: 2\n", ":2:", "begins with 2 spaces, line 1 above it with 0"),
    "tab": ("a:\n\t- b\n", ":2:", "begins with a tab. Put plain spaces"),
    "colon in text": ("a: what: this\n", ":1:", "Put quotes around it: 'what: this'"),
    "several documents": ("a: 1\n---\nb: 2\n", ":2:", "holds a second document"),
    "list as key": ("[a, b]: c\n", ":1:", "has a list or mapping as a key"),
    "unknown version": ("%YAML 9.9\n---\na: 1\n", ":1:", "is not valid YAML"),
    "wrong escape": ('a: "\\ud800"\n', ":1:", "means something else"),
}


def _read(tmp_path: Path, content: str | bytes) -> YamlFile:
    path = tmp_path / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path, "en/file.yaml")


@pytest.mark.parametrize("case", _HOSTILE)
def test_hostile_or_broken_files_get_one_clear_problem_within_a_second(
    case: str, tmp_path: Path
) -> None:
    """Whatever a file holds, reading it ends soon with one line that says what to do."""
    content, place, remedy = _HOSTILE[case]
    start = time.process_time()
    file = _read(tmp_path, content)
    assert time.process_time() - start < 1
    assert file.value is None
    assert len(file.problems) == 1
    assert str(file.problems[0]).startswith(f"en/file.yaml{place}")
    assert remedy in str(file.problems[0])


def test_the_largest_file_let_in_is_read_within_a_second(tmp_path: Path) -> None:
    """A file just within the limits takes no longer than a refused one."""
    start = time.process_time()
    file = _read(tmp_path, "a: |\n" + "  text\n" * (MAX_BYTES // 7 - 1))
    assert time.process_time() - start < 1
    assert file.problems == ()


@pytest.mark.parametrize(
    "written", ["yes", "No", "on", "2024", "1_000", "0x1f", "12:30", "1.5", "2024-01-31", "=", "<<"]
)
def test_scalars_are_read_as_the_text_they_show(written: str, tmp_path: Path) -> None:
    """A phrase such as `yes` or `12:30` needs no quotes to stay what it is."""
    assert _read(tmp_path, f"phrase: {written}\n").value == {"phrase": written}


def test_an_impossible_date_is_text_too(tmp_path: Path) -> None:
    """A date that no calendar has can't break the reading."""
    assert _read(tmp_path, "day: 2024-13-45\n").value == {"day": "2024-13-45"}


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_nothing_is_read_as_nothing(written: str, tmp_path: Path) -> None:
    """A key without a value has the value None."""
    assert _read(tmp_path, f"answer: {written}\n").value == {"answer": None}


@pytest.mark.parametrize("content", ["", "\n\n", "# a comment\n", "---\n"])
def test_a_file_without_a_value_is_no_problem_of_yaml(content: str, tmp_path: Path) -> None:
    """An empty file reads as nothing; whoever expects more says so."""
    file = _read(tmp_path, content)
    assert (file.value, file.problems) == (None, ())


def test_a_byte_order_mark_and_windows_lines_are_accepted(tmp_path: Path) -> None:
    """Files saved by Notepad read like any other."""
    file = _read(tmp_path, b"\xef\xbb\xbftopic: A\r\nentries:\r\n- b\r\n")
    assert file.value == {"topic": "A", "entries": ["b"]}


def test_each_part_knows_its_line(tmp_path: Path) -> None:
    """A part's line is that of its key or item; an unknown part has the line around it."""
    file = _read(tmp_path, "topic: A\nentries:\n  - id: b\n    alternates:\n      - c\n      - d\n")
    assert file.line(("entries", 0, "alternates", 1)) == 6
    assert file.line(("entries", 0, "alternates", 9)) == 4
    assert file.line(("entries", 0, "answer")) == 3
    assert file.line(()) == 1


def test_the_line_of_an_unreadable_file_is_zero(tmp_path: Path) -> None:
    """A file that couldn't be built has no lines to name."""
    assert _read(tmp_path, "a: [").line(("a",)) == 0


def test_all_repeated_keys_are_reported_at_once(tmp_path: Path) -> None:
    """Each second key is a problem of its own."""
    file = _read(tmp_path, "a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [problem.line for problem in file.problems] == [2, 3]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    """A file that isn't there is named with the reason."""
    (problem,) = read_yaml(tmp_path / "none.yaml", "en/none.yaml").problems
    assert str(problem).startswith("en/none.yaml: can't be read (No such file")


def test_a_folder_or_pipe_named_like_a_file_is_a_problem(tmp_path: Path) -> None:
    """What isn't a regular file is refused without waiting for it."""
    paths = [tmp_path / "folder.yaml"]
    paths[0].mkdir()
    if sys.platform != "win32":
        paths.append(tmp_path / "pipe.yaml")
        os.mkfifo(paths[1])
    for path in paths:
        (problem,) = read_yaml(path, "x.yaml").problems
        assert "is not a file" in problem.text


@settings(deadline=None)
@given(content=st.binary(max_size=200))
def test_no_bytes_raise(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reading any bytes ends in a value or in problems, never in an exception."""
    file = _read(tmp_path_factory.mktemp("bytes"), content)
    assert file.value is None or not file.problems


@settings(deadline=None)
@given(content=st.text(alphabet="ab :-[]{}#&*!|>'\"%@`?,\n\t~<=", max_size=60))
def test_no_text_raises(content: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Text full of YAML's signs is read or refused, never a traceback."""
    file = _read(tmp_path_factory.mktemp("text"), content)
    assert all(problem.text for problem in file.problems)
