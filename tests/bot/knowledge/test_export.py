"""What admins taught, written into the files as a person would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.check import check
from bot.knowledge.entry import KnowledgeBase
from bot.knowledge.exporting import Change, Export, ExportError, export, positions, write
from bot.knowledge.lessons import (
    ANSWERS,
    Content,
    NewEntry,
    NewPhrase,
    OutOfScope,
    conflict,
    settled,
    with_lessons,
)
from bot.knowledge.load import Loaded
from bot.knowledge.problems import KnowledgeError, Problem
from bot.settings import default_knowledge
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry
from tests.bot.knowledge.taught import answers, lessons, new_entry, phrases, titles

_OFFICE = """\
# The office, by Amal
topic:   "The office"   # a title

entries:
  - id: office-hours
    question: When is the office open?
    alternates:{alternates}
    answer: |
      At **nine**.
    source: {{document: handbook.md,paragraph: 1}}   # the first

  # Visitors
  - id: front-desk
    question: 'Where is the front desk?'
    answer: >-
      Visitors bring
      a pass.


order: 3
# The end
"""
_BLOCK = '\n      - open when\n      - "office"   # short'


def _export(folder: KnowledgeFolder, *contents: Content) -> Export:
    return export(folder.path, folder.seeds, lessons(*contents), default_knowledge())


def _files(folder: KnowledgeFolder) -> dict[str, bytes]:
    root = folder.path.parent
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*")}


def _merged(folder: KnowledgeFolder, *contents: Content) -> KnowledgeBase:
    """Write an export, see that it says what was merged, and return the new knowledge."""
    taught = lessons(*contents)
    merged = with_lessons(folder.load().knowledge, taught)
    write(_export(folder, *contents))
    knowledge = folder.load().knowledge
    assert _spoken(knowledge) == _spoken(merged)
    assert _export(folder, *contents).changes == ()
    assert with_lessons(knowledge, taught) is knowledge
    return knowledge


def _spoken(knowledge: KnowledgeBase) -> tuple[object, ...]:
    unanswered = {code: each for code, each in knowledge.unanswered.items() if each}
    return knowledge.entries, knowledge.topics, unanswered, knowledge.documents


def _new_text(folder: KnowledgeFolder, name: str, *contents: Content) -> str:
    """Return the new text of the file whose path ends so."""
    found = {change.name: change.new for change in _export(folder, *contents).changes}
    return found[name]


def _added(folder: KnowledgeFolder, *contents: Content) -> list[str]:
    """Return the lines that the diff adds; see that it takes none away but by a longer one."""
    lines = _export(folder, *contents).diff().splitlines()
    gone = [line[1:].rstrip("]") for line in lines if re.match(r"-(?!--)", line)]
    added = [line[1:] for line in lines if re.match(r"\+(?!\+\+)", line)]
    assert all(any(line.startswith(each) for line in added) for each in gone)
    return added


@pytest.fixture(autouse=True)
def _standing_beside_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where the folders are, so that files are named from there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def office(folder: KnowledgeFolder) -> KnowledgeFolder:
    """Return a folder with a file that a person laid out, not YAML's way."""
    return folder.raw("en/office.yaml", _OFFICE.format(alternates=_BLOCK))


def test_nothing_taught_changes_nothing(office: KnowledgeFolder) -> None:
    """Without lessons there is no diff."""
    assert _export(office) == Export()
    assert _export(office).diff() == ""


def test_exporting_writes_nothing_by_itself(office: KnowledgeFolder) -> None:
    """An export can be looked at first."""
    before = _files(office)
    _export(office, new_entry(), OutOfScope("en", "Is it raining?"))
    assert _files(office) == before


def test_a_phrase_becomes_a_line_below_the_others(office: KnowledgeFolder) -> None:
    """The comment of the last item stays where it is, and so does everything else."""
    assert _export(office, NewPhrase("en", "office-hours", "opening: when?")).diff() == (
        "--- a/knowledge/en/office.yaml\n+++ b/knowledge/en/office.yaml\n@@ -7,6 +7,7 @@\n"
        '     alternates:\n       - open when\n       - "office"   # short\n'
        "+      - 'opening: when?'\n"
        "     answer: |\n       At **nine**.\n"
        "     source: {document: handbook.md,paragraph: 1}   # the first\n"
    )


@pytest.mark.parametrize("inside", [True, False])
def test_files_are_named_as_they_can_be_opened(
    inside: bool,
    office: KnowledgeFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name is the path from the working folder, or the whole one of a file elsewhere."""
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(office.path if inside else tmp_path / "other")
    found = _export(office, NewPhrase("en", "office-hours", "opening: when?"))
    (change,) = found.changes
    assert Path(change.name).read_bytes() == change.path.read_bytes()
    name = "b/en/office.yaml" if inside else str(office.path / "en/office.yaml")
    assert found.diff().splitlines()[1] == f"+++ {name}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" []", " [b, 'c, d']"),
        (" [ ]", " [ b, 'c, d']"),
        (" [a]", " [a, b, 'c, d']"),
        (" [a, ]  # why", " [a, b, 'c, d', ]  # why"),
        ("\n      [a,\n       e]", "\n      [a,\n       e,\n       b,\n       'c, d']"),
        (
            " [\n      a, # one\n      e  # two, maybe\n    ]",
            " [\n      a, # one\n      e,  # two, maybe\n      b,\n      'c, d'\n    ]",
        ),
        (
            " [\n      a,\n      e, # two\n    ]",
            " [\n      a,\n      e, # two\n      b,\n      'c, d',\n    ]",
        ),
        (" [\n      a,\n      e,]", " [\n      a,\n      e,\n      b,\n      'c, d',]"),
        (
            " [first one, second\n      one, third, e]",
            " [first one, second\n      one, third, e, b, 'c, d']",
        ),
        (
            " [first one, second one,\n      third one, fourth one, e]",
            " [first one, second one,\n      third one, fourth one, e, b,\n      'c, d']",
        ),
        ("\n    - a\n    - e", "\n    - a\n    - e\n    - b\n    - c, d"),
        (
            "\n     -   a\n     -   >-\n        e\n        f\n",
            "\n     -   a\n     -   >-\n        e\n        f\n     -   b\n     -   c, d\n",
        ),
        ("\n      -\n        a", "\n      -\n        a\n      - b\n      - c, d"),
        ("\n      - a\n        # of a", "\n      - a\n        # of a\n      - b\n      - c, d"),
        ("\n      - a\n    # of answer", "\n      - a\n      - b\n      - c, d\n    # of answer"),
    ],
)
def test_phrases_join_a_list_in_its_own_style(
    folder: KnowledgeFolder, before: str, after: str
) -> None:
    """In brackets, wrapped, a line each, with a trailing comma or a comment: it stays like that."""
    folder.raw("en/office.yaml", _OFFICE.format(alternates=before))
    taught = (NewPhrase("en", "office-hours", "b"), NewPhrase("en", "office-hours", "c, d"))
    assert _new_text(folder, "knowledge/en/office.yaml", *taught) == _OFFICE.format(
        alternates=after
    )
    _merged(folder, *taught)


@pytest.mark.parametrize(
    ("alternates", "added"),
    [
        (_BLOCK, "    alternates:\n      - desk"),
        ("\n    - a", "    alternates:\n    - desk"),
        (" [a]", "    alternates: [desk]"),
        (" []", "    alternates:\n      - desk"),
    ],
)
def test_an_entry_without_alternates_gets_them_as_others_have_them(
    folder: KnowledgeFolder, alternates: str, added: str
) -> None:
    """They stand below the question."""
    folder.raw("en/office.yaml", _OFFICE.format(alternates=alternates))
    assert _added(folder, NewPhrase("en", "front-desk", "desk")) == added.split("\n")
    text = _new_text(folder, "knowledge/en/office.yaml", NewPhrase("en", "front-desk", "desk"))
    assert f"question: 'Where is the front desk?'\n{added}\n" in text


def test_a_new_entry_stands_below_the_others_of_its_topic(office: KnowledgeFolder) -> None:
    """It is laid out as they are, before what else the file holds."""
    taught = new_entry(answer="Park:\n\n- here\n- there", alternates=("car park", "yes"))
    text = _new_text(office, "knowledge/en/office.yaml", taught)
    head, tail = _OFFICE.format(alternates=_BLOCK).split("\n\n\norder")
    assert (
        text
        == f"""{head}

  - id: parking
    question: Where is parking?
    alternates:
      - car park
      - 'yes'
    answer: |
      Park:

      - here
      - there
    source: {{document: answers.md, paragraph: 1}}


order{tail}"""
    )
    assert _new_text(office, "seeds/answers.md", taught) == (
        "# Answers from our team\n\nPark:\n- here\n- there\n"
    )


def test_entries_without_blank_lines_between_get_none(folder: KnowledgeFolder) -> None:
    """Dashes at the margin, lists in brackets and a wide indent are kept too."""
    folder.raw(
        "en/office.yaml",
        "topic: Office\nentries:\n"
        "-   id: aa\n    question: a\n    answer: |\n        A\n"
        "-   id: bb\n    question: b\n    alternates: [c]\n    answer: |\n        B\n",
    )
    assert _added(folder, new_entry(alternates=("d", "e")))[3:] == [
        "-   id: parking",
        "    question: Where is parking?",
        "    alternates: [d, e]",
        "    answer: |",
        "        The **parking** is behind the house.",
        "    source: {document: answers.md, paragraph: 1}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{"topic": "Office", "entries": [{"id": "aa", "question": "a", "answer": "A"}]}',
        """{
  "topic": "Office",
  "entries": [
    {"id": "aa", "question": "a", "answer": "A"},
    {
      "id": "bb",
      "question": "b",
      "answer": "B"
    }
  ]
}
""",
        """topic: Office
entries:
  - {id: aa, question: a, answer: A}
  - {id: bb, question: b,
     answer: B}
""",
        "topic: Office\nentries:\n  -\n    id: aa\n    question: a\n    answer: A",
        """entries:
  - answer: |+
      A


    id: aa
    question: a
    subject: |+
      x


topic: Office
""",
        """entries:
  - id: aa
    question: >
      a
    answer: |2
        A
topic: Office
# end""",
    ],
)
def test_any_layout_that_loads_can_be_exported_to(folder: KnowledgeFolder, text: str) -> None:
    """JSON, braces and odd indents are YAML as well."""
    folder.raw("en/office.yaml", text)
    taught = (
        NewPhrase("en", "aa", "yes"),
        new_entry(answer="One\n\n- two: three"),
        new_entry("lift"),
    )
    knowledge = _merged(folder, *taught)
    assert len(knowledge.documents[ANSWERS].paragraphs) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("is_ended", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_byte_order_marks_and_a_missing_last_line_end_are_kept(
    folder: KnowledgeFolder, end: str, is_ended: bool, mark: str
) -> None:
    """Whatever editor wrote the files, they keep its ways."""
    texts = {
        "knowledge/en/office.yaml": "topic: Office\nentries:\n  - id: aa\n    question: a\n"
        "    answer: |\n      A\n    alternates:\n      - b\n",
        "knowledge/en/_unanswered.yaml": "unanswered:\n  - Who won?\n  - Is it raining?\n",
        "seeds/answers.md": "# Answers\n\nOne.\n",
    }
    for name, text in texts.items():
        written = mark + (text if is_ended else text[:-1]).replace("\n", end)
        (folder.path.parent / name).write_bytes(written.encode())
    taught = (
        NewPhrase("en", "aa", "c"),
        new_entry(answer="Two:\n- three"),
        OutOfScope("en", "How tall are you?"),
        NewPhrase("en", "aa", "is it raining"),
    )
    _merged(folder, *taught)
    for name in texts:
        written = (folder.path.parent / name).read_bytes().decode()
        assert written.startswith(mark)
        assert written.count("\n") == written.count(end)
        assert written.endswith(end) == is_ended
        assert not written.endswith(end * 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            None,
            "# Questions that people ask and that nothing here answers.\nunanswered:\n  - 'no'\n",
        ),
        ("unanswered: []\n", "unanswered: ['no']\n"),
        ("unanswered: [a]", "unanswered: [a, 'no']"),
        (
            "unanswered:\n# Price\n- a\n\n# Time\n- b\n",
            "unanswered:\n# Price\n- a\n\n# Time\n- b\n- 'no'\n",
        ),
    ],
)
def test_questions_out_of_scope_join_the_unanswered(
    office: KnowledgeFolder, before: str | None, after: str
) -> None:
    """A file is begun if there is none."""
    if before is not None:
        office.raw("en/_unanswered.yaml", before)
    taught = OutOfScope("en", "no")
    assert _new_text(office, "knowledge/en/_unanswered.yaml", taught) == after
    _merged(office, taught)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("unanswered: [a, b, c, d, x]\n", "unanswered: [a, x]\n"),
        ("unanswered: [b, x, c, d]\n", "unanswered: [x]\n"),
        ("unanswered: [b,\n  c, d]\n", "unanswered: []\n"),
        (
            "unanswered:\n  - b # 1\n  - x\n  -\n    c\n  - >-\n    d\n\n# e\n",
            "unanswered:\n  - x\n\n# e\n",
        ),
        ("unanswered:\n  # B\n  - b\n  - c\n  - d", "unanswered: []\n  # B"),
    ],
)
def test_what_an_entry_answers_leaves_the_unanswered(
    office: KnowledgeFolder, before: str, after: str
) -> None:
    """A question can't stand in both places; only its own lines go."""
    office.raw("en/_unanswered.yaml", before)
    taught = [NewPhrase("en", "office-hours", each) for each in "bcd"]
    assert _new_text(office, "knowledge/en/_unanswered.yaml", *taught) == after
    _merged(office, *taught)


def test_a_list_that_loses_all_and_wins_some_keeps_its_style(office: KnowledgeFolder) -> None:
    """The new question stands where the old one stood."""
    office.raw("en/_unanswered.yaml", "unanswered:\n  - b\n")
    taught = (NewPhrase("en", "office-hours", "b"), OutOfScope("en", "c"))
    assert _new_text(office, "knowledge/en/_unanswered.yaml", *taught) == "unanswered:\n  - c\n"


def test_a_new_topic_gets_a_file(office: KnowledgeFolder) -> None:
    """It names the schema if the folder has one, and the check finds nothing broken in it."""
    (office.path / "schema.json").write_text("{}", encoding="utf-8")
    taught = (new_entry(topic="Getting there: how"), new_entry("lift", topic="getting there: HOW"))
    text = _new_text(office, "knowledge/en/getting-there-how.yaml", *taught)
    assert text.startswith(
        "# yaml-language-server: $schema=../schema.json\ntopic: 'Getting there: how'\nentries:\n"
        "  - id: parking\n    question: Where is parking?\n    answer: |\n"
    )
    assert "paragraph: 1}\n\n  - id: lift\n" in text
    _merged(office, *taught)
    about = [problem for problem in office.problems() if "getting" in problem or ANSWERS in problem]
    assert about == []


def test_a_new_language_gets_a_folder(office: KnowledgeFolder) -> None:
    """A translation keeps its topic's name, title and order."""
    taught = (
        new_entry("front-desk", language="ar", question="أين الاستقبال؟", answer="هنا."),
        OutOfScope("ar", "من فاز؟"),
    )
    text = _new_text(office, "knowledge/ar/office.yaml", *taught)
    assert text.startswith("topic: The office\norder: 3\nentries:\n")
    assert "question: أين الاستقبال؟\n" in text
    _merged(office, *taught)


def test_documents_may_lie_elsewhere(office: KnowledgeFolder, tmp_path: Path) -> None:
    """The answers go to the folder that the settings name, even one that isn't there yet."""
    office.seeds = tmp_path / "papers" / "sources"
    _merged(office, new_entry())
    assert (tmp_path / "papers" / "sources" / ANSWERS).is_file()


def test_an_answers_document_that_swallows_paragraphs_is_refused(office: KnowledgeFolder) -> None:
    """What can't be cited isn't written."""
    office.document(ANSWERS, "# Answers\n\n```\nnever closed\n")
    with pytest.raises(ExportError, match=r"answers\.md would differ"):
        _export(office, new_entry())


def test_a_file_that_would_not_load_any_more_is_refused(
    office: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new files are read before anything is written."""
    office.raw("en/office.yaml", _OFFICE.format(alternates=_BLOCK).ljust(30_000, "#"))
    monkeypatch.setattr("bot.knowledge.yaml_file.MAX_BYTES", 30_000)
    with pytest.raises(KnowledgeError, match=r"knowledge/en/office\.yaml: is larger"):
        _export(office, new_entry())


def test_a_folder_that_does_not_load_is_refused(folder: KnowledgeFolder) -> None:
    """Its problems are to be mended first."""
    folder.raw("en/office.yaml", "topic: [")
    with pytest.raises(KnowledgeError, match="not valid YAML"):
        _export(folder, new_entry())


def test_a_file_that_changed_meanwhile_is_not_overwritten(office: KnowledgeFolder) -> None:
    """Nobody's edit gets lost, and nothing else is written either."""
    found = _export(office, new_entry())
    path = office.path / "en" / "office.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    before = _files(office)
    with pytest.raises(ExportError, match=r"office\.yaml has changed meanwhile"):
        write(found)
    assert _files(office) == before


def test_a_disk_that_fails_changes_nothing(office: KnowledgeFolder, tmp_path: Path) -> None:
    """All new texts are on disk before the first takes an old one's place."""
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    impossible = Change(tmp_path / "blocked" / "file.yaml", "file.yaml", None, "")
    found = _export(office, new_entry())
    before = _files(office)
    with pytest.raises(ExportError, match=r"Can't (read|write)"):
        write(Export((*found.changes, impossible)))
    assert _files(office) == before


def test_a_failed_replacement_leaves_no_litter(
    office: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The staged texts go when they can't take their places; exporting again goes on."""
    found = _export(office, new_entry())
    replace = Path.replace
    calls: list[Path] = []

    def failing(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        with pytest.raises(ExportError, match="No space left"):
            write(found)
    assert not [name for name in _files(office) if name.split("/")[-1].startswith(".")]
    knowledge = _merged(office, new_entry())
    assert len(knowledge.documents[ANSWERS].paragraphs) == 1


def test_rights_and_links_are_kept(office: KnowledgeFolder, tmp_path: Path) -> None:
    """A file that is a link stays one, and who may read it still may."""
    real = tmp_path / "real.yaml"
    link = office.path / "en" / "office.yaml"
    shutil.move(link, real)
    link.symlink_to(real)
    real.chmod(0o640)
    write(_export(office, new_entry()))
    assert link.is_symlink()
    assert "id: parking" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


def test_python_s_own_yaml_parser_marks_the_same_places(
    office: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where libyaml is missing, the diff is the same."""
    taught = (NewPhrase("en", "office-hours", "b 👍"), new_entry(), OutOfScope("en", "c"))
    expected = _export(office, *taught)
    monkeypatch.setattr(positions, "_LOADER", yaml.SafeLoader)
    assert _export(office, *taught) == expected


def test_the_project_s_own_files_only_gain_lines(tmp_path: Path) -> None:
    """Every entry gets a phrase and every topic an entry: nothing else changes in any file."""
    folder = KnowledgeFolder(tmp_path)
    source = default_knowledge()
    shutil.copytree(source / "en", folder.path / "en", dirs_exist_ok=True)
    knowledge = folder.load().knowledge
    taught: list[Content] = [
        NewPhrase("en", each.id, f"how: about {each.id}?") for each in knowledge.entries
    ]
    taught += [new_entry(f"new-{each.id}", topic=each.id) for each in knowledge.topics]
    taught.append(OutOfScope("en", "what is the answer to everything"))
    added = _added(folder, *taught)
    assert len([line for line in added if "'how: about" in line]) == len(knowledge.entries)
    _merged(folder, *taught)


_BASES: list[Callable[[KnowledgeFolder], Any]] = [
    lambda folder: folder.topic(entry(), desk()),
    lambda folder: folder.raw("en/office.yaml", _OFFICE.format(alternates=_BLOCK)),
    lambda folder: folder.raw(
        "en/office.yaml", _OFFICE.format(alternates=" [a,\n      b]").replace("\n", "\r\n")
    ).raw("en/_unanswered.yaml", "unanswered: [c]"),
    lambda folder: folder.raw(
        "en/office.yaml",
        '{"topic": "x", "entries": [{"id": "office-hours", "question": "q", "answer": "a"},'
        '{"id": "front-desk", "question": "r", "alternates": [], "answer": "a"}]}',
    ).document(ANSWERS, "A\n=\n\nOne\n"),
]
_CONTENTS = st.lists(
    st.builds(NewPhrase, st.just("en"), st.sampled_from(["office-hours", "front-desk"]), phrases)
    | st.builds(OutOfScope, st.just("en"), phrases)
    | st.builds(
        NewEntry,
        st.just("en"),
        st.sampled_from(["e1", "e2", "e3"]),
        st.just("office") | titles,
        phrases,
        answers,
        st.lists(phrases, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(base=st.sampled_from(_BASES), contents=_CONTENTS)
def test_whatever_is_taught_survives_the_files(
    base: Callable[[KnowledgeFolder], Any], contents: list[Content]
) -> None:
    """Exported and loaded, it's what was merged live; nothing is left to export or to forget."""
    with TemporaryDirectory() as root:
        folder = KnowledgeFolder(Path(root))
        base(folder)
        before = folder.load()
        taught = lessons(*contents)
        write(_export(folder, *contents))
        after = folder.load()
        assert _spoken(after.knowledge) == _spoken(with_lessons(before.knowledge, taught))
        assert {each.text for each in _broken(after)} <= {each.text for each in _broken(before)}
        assert _export(folder, *contents) == Export()
        assert with_lessons(after.knowledge, taught) is after.knowledge
        news = [each for each in taught if each not in settled(after.knowledge, taught)]
        assert [each.content for each in news if conflict(before.knowledge, each.content)] == []


def _broken(loaded: Loaded) -> list[Problem]:
    return [each for each in check(loaded) if each.severity == "broken"]
