"""From a person's document to a draft of a knowledge file."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.draft import draft
from bot.knowledge.entry import Entry
from bot.knowledge.markdown import plain
from bot.knowledge.problems import KnowledgeError
from bot.settings import default_knowledge
from tests.bot.knowledge.build import KnowledgeFolder

_HANDBOOK = """# Office handbook

Welcome to the office.

## Opening hours

From nine to five.

## Fees

A pass costs 3 * 4 dollars.

Parking is [free].

## How do I get a pass?

- Ask at the desk
- Bring a photo

## Fees

Lost passes cost more.
"""


def _folder(root: Path, name: str, text: str) -> KnowledgeFolder:
    """Return a folder whose only document is the given one."""
    folder = KnowledgeFolder(root)
    (folder.seeds / "handbook.md").unlink()
    (folder.seeds / name).write_bytes(text.encode("utf-8", "replace"))
    return folder


def _drafted(tmp_path: Path, name: str, text: str) -> tuple[Entry, ...]:
    """Draft a document and return the entries, which load, and are sound once reviewed."""
    folder = _folder(tmp_path, name, text)
    written = draft(name, text, "en")
    folder.raw("en/draft.yaml", written)
    waiting = folder.loaded_problems()
    assert all("waits for review" in problem.text for problem in waiting)
    folder.raw("en/draft.yaml", re.sub(r"(?m)^    review: true\n", "", written))
    assert folder.problems() == []
    entries = folder.load().knowledge.entries
    assert len(entries) == len(waiting)
    return entries


def test_each_paragraph_becomes_an_entry_with_its_source(tmp_path: Path) -> None:
    """Nothing of the document is left out, and every answer points at its paragraph."""
    entries = _drafted(tmp_path, "handbook.md", _HANDBOOK)
    assert [source.paragraph for each in entries for source in each.sources] == [1, 2, 3, 4, 5, 6]
    assert {source.document for each in entries for source in each.sources} == {"handbook.md"}
    assert plain(entries[0].answer) == "Welcome to the office."


def test_a_table_becomes_a_list(tmp_path: Path) -> None:
    """Its rows are items of the answer, which reads as the paragraph does."""
    table = "| Ticket | Price |\n|---|---|\n| Adults | 6 euro |\n| Children | free |"
    (entry,) = _drafted(tmp_path, "handbook.md", f"# Fees\n\n{table}\n")
    assert entry.answer == "Ticket, Price:\n- Adults: 6 euro\n- Children: free"


def test_headings_make_questions_subjects_and_ids(tmp_path: Path) -> None:
    """A heading of one paragraph is its question; where several share one, first words tell."""
    entries = _drafted(tmp_path, "handbook.md", _HANDBOOK)
    assert [each.question for each in entries] == [
        "Office handbook",
        "Opening hours",
        "Fees: A pass costs 3 * 4 dollars…",
        "Fees: Parking is [free]…",
        "How do I get a pass?",
        "Fees: Lost passes cost more…",
    ]
    assert entries[3].subject == "Fees"
    assert entries[1].id == "handbook-opening-hours"
    assert entries[5].id == "handbook-fees-lost-passes-cost"


def test_paragraphs_under_the_title_alone_are_asked_by_title_and_first_words(
    tmp_path: Path,
) -> None:
    """Questions say what they are about, without list marks and without a sentence's end."""
    text = (
        "# Handbook\n\nWe open at nine.\n\n- a\n- b\n\nBring this:\n1. A pass.\n2. A photo.\n\n"
        "When do we close?\n\n- - nested;\n"
    )
    entries = _drafted(tmp_path, "handbook.md", text)
    assert [each.question for each in entries] == [
        "Handbook: We open at nine…",
        "Handbook: a, b…",
        "Handbook: Bring this: A pass, A photo…",
        "Handbook: When do we close?",
        "Handbook: nested…",
    ]
    assert [each.id for each in entries][:2] == ["handbook-we-open-at-nine", "handbook-a-b"]


@pytest.mark.parametrize("heading", ["Rules", "Rules of the house and of its garden " * 4])
def test_questions_stay_short_and_unlike(heading: str, tmp_path: Path) -> None:
    """However long headings and paragraphs are, each question has under 80 characters."""
    long = "\n\n".join(["Everybody who comes to the house closes the door. " * 5] * 12)
    text = f"# House\n\n## {heading}\n\n{long}\n\n## {heading * 3}\n\nOne.\n"
    questions = [each.question for each in _drafted(tmp_path, "house.md", text)]
    assert max(map(len, questions)) < 80
    assert len(set(questions)) == 13
    assert all(": Everybody who comes" in each for each in questions[:-1])


def test_ids_do_not_change_when_a_paragraph_is_added(tmp_path: Path) -> None:
    """An id comes from words, so that other entries keep theirs."""
    (tmp_path / "more").mkdir()
    before = {each.id for each in _drafted(tmp_path, "handbook.md", _HANDBOOK)}
    longer = _HANDBOOK.replace("Parking", "Cash only.\n\nParking")
    after = {each.id for each in _drafted(tmp_path / "more", "handbook.md", longer)}
    assert after - before == {"handbook-fees-cash-only"}
    assert before < after


def test_paragraphs_that_begin_alike_stay_apart(tmp_path: Path) -> None:
    """Ids and questions are unique even where the words aren't."""
    entries = _drafted(tmp_path, "a.txt", "The same words.\n\nThe same words.\n\nThe same words.")
    assert [each.id.removeprefix("a-the-same-words") for each in entries] == ["", "-2", "-3"]
    assert entries[2].question == "The same words… (3)"


def test_a_number_that_is_taken_is_passed_over(tmp_path: Path) -> None:
    """A paragraph that looks like a numbered one makes the next number."""
    entries = _drafted(tmp_path, "a.txt", "Same.\n\nSame. (2)\n\nSame.")
    assert [each.question for each in entries] == ["Same…", "Same. (2)…", "Same… (3)"]
    assert [each.id for each in entries] == ["a-same", "a-same-2", "a-same-3"]


def test_documents_in_other_scripts_get_stable_ids(tmp_path: Path) -> None:
    """Where there are no Latin letters the id is a digest of the paragraph."""
    (entry,) = _drafted(tmp_path, "دليل.txt", "# ساعات العمل\n\nيفتح المكتب في التاسعة.")
    assert entry.question == "ساعات العمل"
    assert re.fullmatch("entry-[0-9a-f]{8}|[0-9a-f]{8}", entry.id)


def test_plain_text_reads_as_it_was(tmp_path: Path) -> None:
    """Signs of a text document don't become markup; its lists do."""
    text = "Write *.py and **kwargs** or [x](http://y.z) to a_b_c:\n* one _two_\n* three"
    (entry,) = _drafted(tmp_path, "a.txt", text)
    assert plain(entry.answer) == text.replace("* one", "• one").replace("* three", "• three")


def test_markup_of_markdown_stays_markup(tmp_path: Path) -> None:
    """A Markdown document's bold words are bold in the answer too."""
    (entry,) = _drafted(tmp_path, "a.md", "Some **bold** words")
    assert entry.answer == "Some **bold** words"


def test_long_lines_are_wrapped_but_make_no_lists(tmp_path: Path) -> None:
    """Breaking a line never puts a hyphen or a number in front of the next."""
    text = f"{'word ' * 18}wo - {'word ' * 18}12. {'word ' * 18}* end"
    written = draft("a.txt", text, "en")
    assert max(map(len, written.splitlines())) <= 110
    (entry,) = _drafted(tmp_path, "a.txt", text)
    assert plain(entry.answer) == text


def test_a_very_long_paragraph_is_cut_at_a_sentence(tmp_path: Path) -> None:
    """The answer fits a message, and a comment says that there is more."""
    text = "A sentence of six short words. " * 200
    assert "# The paragraph goes on" in draft("a.txt", text, "en")
    assert "# The paragraph goes on" not in draft("a.txt", text[:3000], "en")
    (entry,) = _drafted(tmp_path, "a.txt", text)
    assert 3000 < len(plain(entry.answer)) <= 3500
    assert plain(entry.answer).endswith("short words.")


@pytest.mark.parametrize("unit", ["word ", "字。", "\N{SLIGHTLY SMILING FACE}ab "])
def test_any_long_paragraph_fits_a_message(unit: str, tmp_path: Path) -> None:
    """Without sentences the cut is at a word, and wide characters count double."""
    (entry,) = _drafted(tmp_path, "a.txt", unit * 4000)
    assert 3000 < len(entry.answer.encode("utf-16-le")) // 2 <= 3600


def test_the_header_says_in_three_steps_what_to_do(tmp_path: Path) -> None:
    """A person who opens the file knows what comes next, and each entry asks for alternates."""
    lines = draft("handbook.md", _HANDBOOK, "fr").splitlines()
    assert [line[:4] for line in lines[1:4]] == ["# 1.", "# 2.", "# 3."]
    assert "into fr/ of your knowledge folder" in lines[1]
    assert lines[lines.index("    alternates: []") - 1].startswith("    # Other ways people ask")


def test_the_topic_is_the_title_cut_to_fit_or_given(tmp_path: Path) -> None:
    """What people browse by is short."""
    written = draft("a.md", f"# {'Long title ' * 20}\n\nText.", "en")
    topic = written.split("topic: ")[1].splitlines()[0]
    assert topic.startswith("Long title")
    assert topic.endswith("Long…")
    assert len(topic) <= 64
    assert "\ntopic: 'Hours: all'\n" in draft("a.md", "Text.", "en", topic=" Hours:\n all ")


def test_the_documents_of_the_project_can_be_drafted(tmp_path: Path) -> None:
    """A real document becomes a sound draft."""
    path = default_knowledge().parent / "seeds" / "001_5e85b28b48af4302.txt"
    entries = _drafted(tmp_path, path.name, path.read_text(encoding="utf-8"))
    assert len(entries) == 9
    assert entries[8].question == "Conclusion"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "", "a.md: has no paragraphs. Give a document with some text."),
        ("a.md", "# Title\n\n---\n", "a.md: has no paragraphs."),
        ("a.txt", "PK\0\3", "a.txt: is a binary file."),
        ("a.docx", "Text", "a.docx: can't be a source. Save it as text in .md or .txt."),
        ("a.txt", ("word " * 600 + "\n\n") * 700, "a.txt: is too long for one knowledge file."),
    ],
)
def test_what_can_not_become_a_draft_is_told(name: str, text: str, expected: str) -> None:
    """Empty, binary, foreign and endless documents get one clear line."""
    with pytest.raises(KnowledgeError) as caught:
        draft(name, text, "en")
    assert str(caught.value).startswith(expected)


_TEXT = st.text(
    alphabet="ab1. :\n\n#-*_`[]()\\'\"&!|>%@{},?~=+<\t\x01\x7f\x85\N{LINE SEPARATOR}\ufeffé字。ع"
    "\N{SLIGHTLY SMILING FACE}",
    max_size=120,
)


@settings(deadline=None)
@given(text=st.one_of(_TEXT, st.text(max_size=80)), name=st.sampled_from(["a.txt", "B c.MD"]))
def test_any_document_becomes_a_sound_draft_or_a_problem(text: str, name: str) -> None:
    """Whatever a document holds, its draft loads, and passes the check once reviewed."""
    text = text.encode("utf-8", "replace").decode()
    problem = ""
    with TemporaryDirectory() as root:
        try:
            _drafted(Path(root), name, text)
        except KnowledgeError as error:
            problem = str(error)
    assert "has no paragraphs" in problem or "is a binary file" in problem or not problem
