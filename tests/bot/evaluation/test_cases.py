"""Reading utterances from files and folders."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.evaluation.case import Case, EvaluationError
from bot.evaluation.cases import read_cases, verify
from tests.bot.conversation.library import make_library
from tests.bot.evaluation.library import case_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, the current one, named `.` in messages."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, *lines: object) -> Path:
    """Write a file of the current folder; what is no text becomes a JSON line."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path


def faults(*paths: Path, split: str | None = None) -> list[str]:
    """Return the problems with which reading fails."""
    with pytest.raises(EvaluationError) as caught:
        read_cases(paths, split)
    return [str(problem) for problem in caught.value.problems]


def _closed(path: Path) -> Iterator[Path]:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.usefixtures("folder")
class TestYaml:
    """A mapping from entry ids to utterances."""

    def test_each_utterance_is_a_case_with_its_line(self) -> None:
        """Utterances keep their order, and point at where they stand."""
        path = write("a.yaml", "hours:", "- when", "- 7:30 ok?", "place: [where, 'no']")
        assert read_cases([path]) == [
            Case("when", "hours", "a.yaml", 2),
            Case("7:30 ok?", "hours", "a.yaml", 3),
            Case("where", "place", "a.yaml", 4),
            Case("no", "place", "a.yaml", 4),
        ]

    @pytest.mark.parametrize("key", ["__oos__", "out_of_scope"])
    def test_a_key_may_stand_for_out_of_scope(self, key: str) -> None:
        """Beside entries, one key holds what none answers."""
        path = write("a.yaml", "hours: [when]", f"{key}: [parrots]")
        assert [case.entry for case in read_cases([path])] == ["hours", None]

    @pytest.mark.parametrize("name", ["_out_of_scope.yaml", "_out_of_scope_near.yml"])
    def test_a_file_may_be_out_of_scope_by_its_name(self, name: str) -> None:
        """Its keys are headings, even where they are named like entries."""
        path = write(name, "near: [parrots]", "hours: [when do parrots sleep]")
        assert [case.entry for case in read_cases([path])] == [None, None]

    def test_the_language_is_that_of_the_command(self) -> None:
        """YAML says no language of its own."""
        (case,) = read_cases([write("a.yaml", "hours: [wann]")], language="de")
        assert case.language == "de"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", "a.yaml: holds no utterances. Write an entry's id"),
            ("- when", "a.yaml: holds no utterances."),
            ("hours: when", "a.yaml:1: hours: has no list of utterances. Write each on a line"),
            ("x: [a]\nhours: []", "a.yaml:2: hours: has no list of utterances."),
            ("hours:\n- a\n- b: c", "a.yaml:3: hours: has an utterance that is no text. Quote it"),
            ("hours:\n- ' '", "a.yaml:2: hours: has an utterance that is no text."),
            ("hours: [", "a.yaml:1: is not valid YAML"),
        ],
    )
    def test_what_cannot_be_read_is_named_with_its_line(self, text: str, expected: str) -> None:
        """Each fault says where it is and how to mend it."""
        (fault,) = faults(write("a.yaml", text))
        assert fault.startswith(expected)


@pytest.mark.usefixtures("folder")
class TestJsonLines:
    """One object a line."""

    def test_each_line_is_a_case(self) -> None:
        """Languages and splits may be given; blank lines and unknown keys do no harm."""
        path = write(
            "a.jsonl",
            {"text": "when", "entry": "hours"},
            "",
            {"text": "wo", "intent": "place", "lang": "de", "split": "test", "more": 1},
        )
        assert read_cases([path], language="en") == [
            Case("when", "hours", "a.jsonl", 1, "en"),
            Case("wo", "place", "a.jsonl", 3, "de", "test"),
        ]

    @pytest.mark.parametrize("entry", [None, "__oos__", "out_of_scope"])
    @pytest.mark.parametrize("key", ["entry", "intent"])
    def test_null_and_two_words_are_out_of_scope(self, key: str, entry: str | None) -> None:
        """No entry is expected."""
        (case,) = read_cases([write("a.jsonl", {"text": "parrots", key: entry})])
        assert case.entry is None

    def test_a_file_that_is_out_of_scope_needs_no_entries(self) -> None:
        """By its name, all of it is out of scope."""
        path = write("_out_of_scope.jsonl", {"text": "parrots"}, {"text": "x", "entry": "near"})
        assert [case.entry for case in read_cases([path])] == [None, None]

    def test_an_entry_wins_over_an_intent(self) -> None:
        """Where both are given the first is meant."""
        (case,) = read_cases([write("a.jsonl", {"text": "x", "intent": "a", "entry": "b"})])
        assert case.entry == "b"

    def test_a_split_leaves_the_others_out(self) -> None:
        """What names no split belongs to all of them."""
        path = write(
            "a.jsonl",
            {"text": "one", "entry": "a", "split": "train"},
            {"text": "two", "entry": "a", "split": "test"},
            {"text": "three", "entry": "a"},
        )
        assert [case.text for case in read_cases([path], split="test")] == ["two", "three"]

    def test_an_unknown_split_is_told_the_known_ones(self) -> None:
        """A split that no line has is an error."""
        path = write("a.jsonl", {"text": "one", "entry": "a", "split": "train"})
        assert faults(path, split="tset") == [
            "--split tset: no utterance is of it. Give one of: train."
        ]

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("{", "a.jsonl:2: is not a JSON line ("),
            ("[" * 100_000, "a.jsonl:2: is not a JSON line ("),
            ("[1]", "a.jsonl:2: is not an object."),
            ({"entry": "a"}, 'a.jsonl:2: has no "text". Give the utterance'),
            ({"text": " ", "entry": "a"}, 'a.jsonl:2: has no "text".'),
            ({"text": "x"}, 'a.jsonl:2: has no "entry". Give the id'),
            ({"text": "x", "entry": 1}, 'a.jsonl:2: has an "entry" that is neither'),
            ({"text": "x", "entry": "a", "lang": 1}, 'a.jsonl:2: has a "lang" that is neither'),
            ({"text": "x", "entry": "a", "split": 1}, 'a.jsonl:2: has a "split" that is neither'),
        ],
    )
    def test_what_cannot_be_read_is_named_with_its_line(self, line: object, expected: str) -> None:
        """Each fault says where it is and how to mend it."""
        (fault,) = faults(write("a.jsonl", {"text": "x", "entry": "a"}, line))
        assert fault.startswith(expected)

    def test_an_empty_file_and_one_that_is_no_text_are_faults(self) -> None:
        """Nothing to ask is said, and so are bytes in another encoding."""
        assert faults(write("a.jsonl", ""))[0].startswith("a.jsonl: holds no utterances.")
        Path("b.jsonl").write_bytes(b'{"text": "\xff"}')
        assert faults(Path("b.jsonl"))[0].startswith("b.jsonl:1: is not UTF-8 text.")

    def test_a_line_separator_inside_a_text_ends_no_line(self) -> None:
        """Only a line feed does."""
        path = Path("a.jsonl")
        path.write_text('{"text": "one\u2028two", "entry": "a"}', encoding="utf-8")
        assert [case.text for case in read_cases([path])] == ["one\u2028two"]


@pytest.mark.usefixtures("folder")
class TestPaths:
    """Files and folders."""

    def test_a_folder_is_read_by_name_and_in_depth(self) -> None:
        """Only files of utterances are read, those of its folders too."""
        for name in ("u/b.yaml", "u/a.yml", "u/de/c.yaml", "u/_out_of_scope.yaml"):
            write(name, "hours: [when]")
        write("u/d.jsonl", {"text": "x", "entry": "a"})
        Path("u/loop").symlink_to(Path("u").resolve())
        for name in ("u/_known_failures.yaml", "u/notes.md", "u/.hidden.yaml", "u/_x.jsonl"):
            write(name, "never: [read]")
        assert [case.file for case in read_cases([Path("u")])] == [
            "u/_out_of_scope.yaml",
            "u/a.yml",
            "u/b.yaml",
            "u/d.jsonl",
            "u/de/c.yaml",
        ]

    def test_a_file_that_is_named_is_read_whatever_its_name(self) -> None:
        """The underscore counts in folders alone, and no file is read twice."""
        path = write("_known_failures.yaml", "hours: [when]")
        assert len(read_cases([path, path])) == 1

    def test_every_path_that_leads_nowhere_is_named(self) -> None:
        """Missing files, empty folders and other kinds of files are told at once."""
        Path("empty").mkdir()
        paths = [Path("gone.yaml"), Path("empty"), write("notes.md", "x")]
        assert faults(*paths) == [
            "gone.yaml: doesn't exist. Check the path.",
            "empty: holds no .yaml or .jsonl file. Name another folder.",
            "notes.md: is neither .yaml nor .jsonl. Rename it, or name another file.",
        ]

    def test_a_path_that_cannot_be_followed_is_a_fault(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A name that is too long, or a folder that is closed, is no traceback."""
        long = Path(f"{'x' * 300}.yaml")
        assert faults(long) == [f"{long}: can't be read (File name too long). Check the path."]
        Path("closed").mkdir()
        monkeypatch.setattr(Path, "iterdir", _closed)
        (fault,) = faults(Path("closed"))
        assert fault.startswith("closed: can't be read (Permission denied).")

    def test_the_faults_of_all_files_are_told_at_once(self) -> None:
        """The message shows the first twenty, and how many more there are."""
        first = write("a.yaml", "hours: when")
        second = write("b.jsonl", *["x"] * 24)
        with pytest.raises(EvaluationError) as caught:
            read_cases([first, second])
        lines = str(caught.value).splitlines()
        assert lines[0].startswith("a.yaml:1: hours:")
        assert lines[1].startswith("b.jsonl:1: is not a JSON line")
        assert (len(lines), lines[-1]) == (21, "… and 5 more problems like these.")


def test_entries_of_the_knowledge_are_verified() -> None:
    """What the knowledge has, and what is out of scope, may be asked."""
    verify([case_of("when", "hours"), case_of("parrots")], make_library())


def test_unknown_entries_are_named_once_with_the_likely_one() -> None:
    """The first line of each is told, with an id that may be meant, or what to do."""
    cases = [
        case_of("a", "huors"),
        Case("b", "huors", "cases.yaml", 7),
        Case("c", "xyzzy", "other.jsonl", 3),
    ]
    with pytest.raises(EvaluationError) as caught:
        verify(cases, make_library())
    assert [str(problem) for problem in caught.value.problems] == [
        "cases.yaml:1: 'huors' is no entry of the knowledge. Did you mean 'hours'?",
        (
            "other.jsonl:3: 'xyzzy' is no entry of the knowledge. Give the id of an entry, or "
            "__oos__ if none answers it."
        ),
    ]
