"""majlis draft: the way in for a person's own documents."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
import yaml

from bot.cli import draft
from bot.knowledge.problems import KnowledgeError
from bot.settings import Settings


def _run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    draft.add(parser.add_subparsers())
    return draft.run(parser.parse_args(["draft", *map(str, arguments)]), Settings())


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a document with one paragraph."""
    path = tmp_path / "handbook.md"
    path.write_text("# Handbook\n\nOpen at nine, café too.\n", encoding="utf-8")
    return path


def test_a_draft_is_printed(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an option the draft goes to standard output."""
    assert _run(document) == 0
    written = yaml.safe_load(capsys.readouterr().out)
    assert written["topic"] == "Handbook"
    assert written["entries"][0]["source"] == {"document": "handbook.md", "paragraph": 1}


def test_topic_and_language_can_be_given(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The title is the author's if there is one, and the hints name the language's folder."""
    assert _run(document, "--topic", "Hours", "--language", "fr") == 0
    written = capsys.readouterr().out
    assert "\ntopic: Hours\n" in written
    assert "into fr/" in written


@pytest.mark.parametrize(
    ("language", "advice"),
    [("Deutsch", ", such as en."), ("pt-br", ": pt."), ("EN", ": en."), ("", ", such as en.")],
)
def test_a_language_is_given_by_its_code(
    language: str, advice: str, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line, as no folder of that name would be read."""
    assert _run(document, "--language", language) == 2
    assert capsys.readouterr() == (
        "",
        (
            f"majlis: --language can't be {language!r}: "
            f"name it by its two- or three-letter code{advice}\n"
        ),
    )


def test_a_draft_is_written_to_a_new_file(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --output it is said what was written, and what is to be done next."""
    assert _run(document, "--output", tmp_path / "new.yaml") == 0
    assert "Open at nine, café too." in (tmp_path / "new.yaml").read_text(encoding="utf-8")
    said = capsys.readouterr().out
    assert said.startswith(f"Wrote {tmp_path / 'new.yaml'}. Next: ")
    assert said.endswith(": majlis check\n")


def test_a_draft_in_a_language_folder_is_checked_with_that_knowledge(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command to go on with can be copied."""
    (tmp_path / "mine" / "en").mkdir(parents=True)
    assert _run(document, "--output", tmp_path / "mine" / "en" / "new.yaml") == 0
    assert capsys.readouterr().out.endswith(f": majlis --knowledge {tmp_path / 'mine'} check\n")


def test_an_existing_file_is_never_overwritten(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line; the file stays as it was."""
    path = tmp_path / "old.yaml"
    path.write_text("mine", encoding="utf-8")
    assert _run(document, "--output", path) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert capsys.readouterr().err == (
        f"majlis: {path} exists already. Give another --output, or remove it.\n"
    )


def test_a_file_that_can_not_be_written_is_told(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing folder is one line, not a traceback."""
    assert _run(document, "--output", tmp_path / "none" / "new.yaml") == 2
    assert "(No such file or directory). Check the folder." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("none.md", None, "none.md: can't be read (No such file or directory)"),
        ("a.txt", b"\0\1\2", "a.txt: is a binary file"),
        ("a.txt", "café".encode("latin-1"), "a.txt:1: is not UTF-8 text"),
        ("a.txt", b"", "a.txt: has no paragraphs"),
        ("a.txt", b"%PDF-1.4 \xe2\xe3", "a.txt: is a binary file"),
        ("a.pdf", b"%PDF-1.4", "a.pdf: can't be a source. Save it as text in .md or .txt."),
        ("a.pdf", b"%PDF-1.4 \xe2\xe3", "a.pdf: can't be a source. Save it as text in .md"),
    ],
)
def test_a_document_that_can_not_become_a_draft_is_told(
    name: str, content: bytes | None, expected: str, tmp_path: Path
) -> None:
    """The error has one line that names the document and the remedy."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(KnowledgeError) as caught:
        _run(tmp_path / name)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
