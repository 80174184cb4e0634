"""Source documents: what counts as a paragraph, and under which heading."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.knowledge.documents import parse_document, read_documents
from bot.knowledge.problems import KnowledgeError
from bot.settings import default_knowledge


def _paragraphs(text: str) -> list[str]:
    return list(parse_document("a.md", text).paragraphs)


def test_paragraphs_stand_between_blank_lines_and_headings() -> None:
    """A heading ends a paragraph and isn't one; lines of a paragraph are joined."""
    document = parse_document("a.md", "# Title\nOne\n  goes on.\n \t\nTwo.\n## Part ##\nThree.")
    assert document.paragraphs == ("One goes on.", "Two.", "Three.")
    assert document.headings == ("Title", "Title", "Part")
    assert document.title == "Title"


def test_paragraphs_are_counted_from_one() -> None:
    """There is no paragraph 0, and none after the last."""
    document = parse_document("a.md", "One.\n\nTwo.")
    found = [document.paragraph(number) for number in (-1, 0, 1, 2, 3)]
    assert found == [None, None, "One.", "Two.", None]


def test_a_document_without_heading_has_its_name_as_title() -> None:
    """Plain text is called what its file is called."""
    document = parse_document("opening-hours.txt", "Nine to five.")
    assert (document.title, document.headings) == ("opening-hours", ("",))


def test_underlined_headings_are_headings() -> None:
    """Both of Markdown's ways to write a heading count."""
    document = parse_document("a.md", "Title\n=====\n\nOne.\n\nPart\n---\nTwo.")
    assert (document.title, document.headings) == ("Title", ("Title", "Part"))
    assert document.paragraphs == ("One.", "Two.")


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "________", "...", "| --- |"])
def test_rules_are_no_paragraphs(rule: str) -> None:
    """A run without letters or digits can't be anybody's source."""
    assert _paragraphs(f"One.\n\n{rule}\n\nTwo.") == ["One.", "Two."]


def test_list_items_keep_their_lines() -> None:
    """A list is one paragraph and still reads as a list."""
    text = "Bring:\n- a pass\n  or two\n* a pen\n2. time"
    assert _paragraphs(text) == ["Bring:\n- a pass or two\n* a pen\n2. time"]


@pytest.mark.parametrize(
    "table",
    [
        "| Ticket | Price | Days |\n|---|:--:|--:|\n| Adults | 6 euro | daily |\n|Children|free||",
        "Ticket | Price | Days\n --- | --- | ---\nAdults: | 6 euro | daily\nChildren | | free",
    ],
)
def test_rows_of_a_table_become_list_items(table: str) -> None:
    """A table is one paragraph that a phone can show: a line a row, without bars and rule."""
    shown = "Ticket, Price, Days:\n- Adults: 6 euro, daily\n- Children: free"
    assert _paragraphs(f"# Tickets\n\n{table}\n\nAfter.") == [shown, "After."]


def test_a_table_may_stand_below_a_sentence_or_have_no_column_names() -> None:
    """What comes before it stays before it, and an escaped bar is part of a cell."""
    assert _paragraphs("Fees.\n| A |\n| - |\n| x \\| y |") == ["Fees. A:\n- x | y"]
    assert _paragraphs("|  |  |\n|--|--|\n| a | b |\n|  |  |") == ["- a: b"]


@pytest.mark.parametrize("text", ["a | b", "a | b\n| c |", "|---|\na | b", "a\n|---|"])
def test_bars_alone_make_no_table(text: str) -> None:
    """Without a row of names above its rule there is none."""
    assert _paragraphs(text) == [text.replace("\n", " ")]


def test_fenced_code_is_text_without_headings() -> None:
    """A comment in code is no heading, a blank line in it no end."""
    assert _paragraphs("```sh\n# comment\n\nmake\n```\n\nAfter.") == ["# comment make", "After."]


@pytest.mark.parametrize("text", ["#hash tag", "####### seven", "5 # of them", "C# is #1"])
def test_number_signs_within_text_make_no_heading(text: str) -> None:
    """Only one to six signs and a space begin a heading."""
    assert _paragraphs(text) == [text]


def test_only_text_documents_of_a_folder_are_read(tmp_path: Path) -> None:
    """Files of other kinds may lie beside the documents."""
    for name in ("b.txt", "a.md", "C.TXT", "picture.png", "notes.yaml"):
        (tmp_path / name).write_text("One.", encoding="utf-8")
    assert list(read_documents(tmp_path)) == ["C.TXT", "a.md", "b.txt"]


def test_a_missing_folder_has_no_documents(tmp_path: Path) -> None:
    """Whether documents are needed is for others to say."""
    assert read_documents(tmp_path / "none") == {}


def test_a_byte_order_mark_is_no_part_of_the_title(tmp_path: Path) -> None:
    """Documents saved by Notepad read like any other."""
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf# Title\r\n\r\nOne.\r\n")
    document = read_documents(tmp_path)["a.md"]
    assert (document.title, document.paragraphs) == ("Title", ("One.",))


def test_every_document_that_is_not_text_is_reported(tmp_path: Path) -> None:
    """Wrong encodings and binary files come as problems, all at once."""
    (tmp_path / "a.txt").write_bytes("café".encode("latin-1"))
    (tmp_path / "b.txt").write_bytes(b"PK\x00\x03")
    (tmp_path / "c.txt").write_text("One.", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_documents(tmp_path)
    first, second = map(str, caught.value.problems)
    assert first == f"{tmp_path.name}/a.txt:1: is not UTF-8 text. Save the file as UTF-8."
    assert second.startswith(f"{tmp_path.name}/b.txt: is a binary file.")


@pytest.mark.parametrize(
    "part", ["# ", "- ", "a\n", "a ", "\n\n", "=\n", "```\n", "#  #", "|-", "|-\n"]
)
def test_hostile_documents_are_split_within_a_second(part: str) -> None:
    """Two hundred thousand signs cost no more than their reading."""
    start = time.process_time()
    parse_document("a.md", part * (200_000 // len(part)))
    assert time.process_time() - start < 1


def test_the_documents_of_the_project_have_their_paragraphs() -> None:
    """The three documents that Majlis comes with hold 7, 9 and 6 paragraphs; more may be there."""
    documents = read_documents(default_knowledge().parent / "seeds")
    assert {name: len(each.paragraphs) for name, each in documents.items()}.items() >= {
        ("000_b2a92cf86cd01747.txt", 7),
        ("001_5e85b28b48af4302.txt", 9),
        ("002_288647a102524993.txt", 6),
    }
