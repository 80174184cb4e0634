"""From a folder to a knowledge base, or to everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import load as load_module
from bot.knowledge.documents import Document, read_documents
from bot.knowledge.entry import Source
from bot.knowledge.load import load
from bot.knowledge.problems import KnowledgeError
from bot.settings import default_knowledge
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry

_HEAD = "topic: Office\nentries:\n  - id: office-hours\n"
_ENTRY = f"{_HEAD}    question: When is the office open?\n    answer: At nine.\n"


def test_an_entry_keeps_all_its_parts(folder: KnowledgeFolder) -> None:
    """Every key of a file arrives in the entry, with its type."""
    written = entry(
        negatives=["What does it cost?"],
        related=["front-desk"],
        subject=" the office ",
        facet="when",
        follow_ups={"who": "front-desk"},
        excused=["nine"],
        review="true",
        review_by="2030-01-31",
    )
    knowledge = folder.topic(written, desk()).load().knowledge
    loaded = knowledge.entry("office-hours")
    assert loaded is not None
    assert (loaded.topic, loaded.language, loaded.subject) == ("office", "en", "the office")
    assert loaded.sources == (Source("handbook.md", 1),)
    assert loaded.follow_ups == (("who", "front-desk"),)
    assert (loaded.review, loaded.review_by) == (True, dt.date(2030, 1, 31))
    assert loaded.phrases == ("What about office-hours?", "office-hours please")
    assert (loaded.negatives, loaded.related) == (("What does it cost?",), ("front-desk",))
    assert (loaded.facet, loaded.excused) == ("when", ("nine",))


def test_a_source_may_be_one_or_several(folder: KnowledgeFolder) -> None:
    """One mapping and a list of them are both sources."""
    sources = [{"document": "handbook.md", "paragraph": number} for number in (1, 2)]
    loaded = folder.topic(entry(source=sources), entry("other")).load().knowledge.entries
    assert [len(each.sources) for each in loaded] == [2, 1]


def test_entries_and_topics_keep_the_order_of_the_files(folder: KnowledgeFolder) -> None:
    """Files come by name, entries as they were written."""
    folder.topic(entry("zebra"), entry("ant"), name="b-file").topic(entry("middle"), name="a-file")
    knowledge = folder.load().knowledge
    assert [each.id for each in knowledge.entries] == ["middle", "zebra", "ant"]
    assert [each.id for each in knowledge.topics] == ["a-file", "b-file"]


_WRONG = {
    "unknown key": (_ENTRY + "    alternate: [x]\n", 6, "Did you mean 'alternates'?"),
    "capital key": (
        _ENTRY + "    Source: x\n",
        6,
        "key 'Source'. Did you mean 'source'?",
    ),
    "key like no other": (_ENTRY + "    zzzz: x\n", 6, "Known keys: alternates, answer,"),
    "key of another place": (
        _ENTRY + "    entries: []\n",
        6,
        "'entries'. It belongs to another part: give the line as many spaces",
    ),
    "no answer": (_HEAD + "    question: x\n", 3, "lacks 'answer'. Add the line 'answer: …'."),
    "empty answer": (_HEAD + "    question: x\n    answer:\n", 5, "in 'answer': write one text"),
    "blank question": (_HEAD + "    answer: x\n    question: ' '\n", 5, "nothing, or too little"),
    "bad id": (_ENTRY.replace("office-hours", "Office Hours"), 3, "'Office Hours' as 'id'"),
    "one-letter id": (_ENTRY.replace("office-hours", "o"), 3, "too little, in 'id'"),
    "id is a list": (_ENTRY.replace("office-hours", "[o]"), 3, "in 'id': write one text"),
    "a colon in an item": (
        _ENTRY + "    alternates:\n      - where: is it\n",
        7,
        "makes something else of it: 'where: is it'",
    ),
    "an item that is a comment": (
        _ENTRY + "    alternates:\n      - #books\n",
        7,
        "a text that begins with # needs quotes around it",
    ),
    "items without spaces": (
        _ENTRY + "    alternates:\n      -where is it\n",
        6,
        "The space after '-' is missing.",
    ),
    "alternates as text": (_ENTRY + "    alternates: x\n", 6, "write a list here"),
    "list in a list": (
        _ENTRY + "    alternates:\n      - a\n      - [b]\n",
        8,
        "write one text here",
    ),
    "paragraph as word": (
        _ENTRY + "    source:\n      document: a.md\n      paragraph: one\n",
        8,
        "in 'paragraph': write a whole number",
    ),
    "paragraph 0": (_ENTRY + "    source: {document: a.md, paragraph: 0}\n", 6, "count from 1"),
    "second source": (
        _ENTRY + "    source:\n      - {document: a.md, paragraph: 1}\n      - {document: a.md}\n",
        8,
        "lacks 'paragraph'",
    ),
    "source as text": (_ENTRY + "    source: a.md\n", 6, "{document: name.md, paragraph: 1}"),
    "unknown facet": (
        _ENTRY + "    facet: whey\n",
        6,
        "'whey' in 'facet'. Use one of 'what',",
    ),
    "follow-up of no facet": (
        _ENTRY + "    follow_ups: {whey: x-y}\n",
        6,
        "'whey' in 'follow_ups'. Use",
    ),
    "review perhaps": (_ENTRY + "    review: perhaps\n", 6, "write true or false"),
    "a wrong day": (_ENTRY + "    review_by: 2024-13-45\n", 6, "write a day as YYYY-MM-DD"),
    "a number as day": (_ENTRY + "    review_by: 20240131\n", 6, "write a day as YYYY-MM-DD"),
    "long title": (_ENTRY.replace("Office", "O" * 65), 1, "over 64 characters in 'topic'"),
    "no entries": ("topic: Office\nentries: []\n", 2, "nothing, or too little, in 'entries'"),
    "entries as mapping": ("topic: Office\nentries: {a: b}\n", 2, "write a list here"),
    "entry as text": ("topic: Office\nentries:\n  - open at nine\n", 3, "write keys and values"),
    "list at the top": ("- a\n", 1, "Begin with 'topic:' and 'entries:'"),
    "nothing at all": ("", 1, "is empty, or has no lines such as 'key: value'"),
    "broken YAML": ("topic: [", 1, "is not valid YAML"),
}


@pytest.mark.parametrize("case", _WRONG)
def test_a_wrong_file_gets_one_line_with_place_and_remedy(
    case: str, folder: KnowledgeFolder
) -> None:
    """Each fault has exactly one problem, at its own line, that says how to mend it."""
    content, line, remedy = _WRONG[case]
    problems = folder.raw("en/office.yaml", content).problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"knowledge/en/office.yaml:{line}: ")
    assert remedy in problems[0]


def test_a_problem_names_its_entry_or_the_number_of_one_without_id(folder: KnowledgeFolder) -> None:
    """An author finds the entry even if its id is what is missing."""
    problems = folder.topic(entry(answer=None), entry(id=None)).problems()
    assert [problem.split(": ")[1] for problem in problems] == ["office-hours", "entry 2"]


def test_all_problems_of_all_files_come_at_once(folder: KnowledgeFolder) -> None:
    """One run reports every fault: of YAML, of shapes, of ids, of documents, of names."""
    folder.raw("en/broken.yaml", "topic: [").raw("en/shape.yaml", "topic: A\nentries: x\n")
    folder.raw("en/forgotten.yml", _ENTRY).raw("en/My Topic.yaml", _ENTRY)
    folder.raw("en/_wordings.yaml", "halp: Hello\n").topic(entry(), entry(), name="twice")
    (folder.seeds / "old.txt").write_bytes("café".encode("latin-1"))
    text = "\n".join(folder.problems())
    for fault in (
        "en/broken.yaml:1: is not valid YAML",
        "en/shape.yaml:2: has a wrong value in 'entries'",
        "en/forgotten.yml: ends in .yml. Rename it",
        "en/My Topic.yaml: has a name that can't be used",
        "en/_wordings.yaml:1: has the unknown key 'halp'",
        "office-hours: has the id of the entry at knowledge/en/My Topic.yaml:3",
        "seeds/old.txt:1: is not UTF-8 text",
    ):
        assert fault in text, text


def test_an_id_may_come_back_in_another_language_only(folder: KnowledgeFolder) -> None:
    """The second entry of an id names the place of the first."""
    folder.topic(entry()).topic(entry(), name="more").topic(entry(), language="ar")
    (problem,) = folder.problems()
    assert "office-hours: has the id of the entry at knowledge/en/more.yaml:3" in problem


def test_a_folder_that_is_none_is_the_only_problem(tmp_path: Path) -> None:
    """A wrong --knowledge is told as such."""
    folder = KnowledgeFolder(tmp_path)
    shutil.rmtree(folder.path)
    (problem,) = folder.problems()
    assert problem.endswith(
        "is not a folder. Give the folder that holds en/ with your knowledge files."
    )


@pytest.mark.parametrize("name", ["office.yaml", "en/_notes.yaml", "drafts/office.txt"])
def test_a_folder_without_topics_says_where_they_belong(name: str, folder: KnowledgeFolder) -> None:
    """Files outside of a language's folder don't count, and one is told where they do."""
    (problem,) = folder.raw(name, _ENTRY).problems()
    assert problem == "knowledge: holds no entries. Add a file such as en/topic.yaml."


@pytest.mark.parametrize(
    ("name", "advice"),
    [("pt-br", ": pt."), ("EN", ": en."), ("zh_Hant", ": zh."), ("English", ", such as en.")],
)
def test_a_folder_that_is_named_by_no_code_is_told_once(
    name: str, advice: str, folder: KnowledgeFolder
) -> None:
    """Files that would be passed over in silence are a problem, with the name to give."""
    folder.topic(entry()).raw(f"{name}/office.yaml", _ENTRY).raw(f"{name}/more.yml", _ENTRY)
    assert folder.raw(f"{name}/_wordings.yaml", "a: b\n").problems() == [
        (
            f"knowledge/{name}: holds knowledge files, but is no language's folder: "
            f"name it by its two- or three-letter code{advice}"
        )
    ]


def test_the_default_folder_may_hold_what_is_generic(folder: KnowledgeFolder) -> None:
    """Wordings of no particular subject are no language, and neither are documents."""
    shutil.copytree(default_knowledge() / "generic", folder.path / "generic")
    shutil.copytree(folder.seeds, folder.path / "seeds")
    folder.topic(entry(), desk())
    assert folder.problems() == []


@pytest.mark.parametrize("name", ["en/.#office.yaml", "en/._office.yaml", "en/.office.yml"])
def test_hidden_files_are_passed_over(name: str, folder: KnowledgeFolder) -> None:
    """What editors and systems put beside a file breaks nothing and changes no version."""
    version = folder.topic(entry(), desk()).load().knowledge.version
    folder.raw(name, b"\0\5\x16").raw(".trash/office.yaml", b"\0")
    (folder.path / "en" / ".#desk.yaml").symlink_to("author@host.1")
    (folder.seeds / "._handbook.md").write_bytes(b"\0\5\x16")
    assert folder.problems() == []
    assert folder.load().knowledge.version == version


@pytest.mark.parametrize("name", ["en/_old.yaml", "en/old.yaml", "../seeds/old.md"])
def test_a_link_to_nowhere_is_one_problem(name: str, folder: KnowledgeFolder) -> None:
    """A file that can't be read is told by its name, whoever reads it first."""
    (folder.topic(entry(), desk()).path / name).symlink_to("nowhere")
    (problem,) = folder.problems()
    place = "seeds/old.md" if "seeds" in name else f"knowledge/{name}"
    assert problem.startswith(f"{place}: can't be read (No such file or directory).")


def test_a_file_that_vanishes_while_it_is_read_is_a_problem(
    folder: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the listing and the last reading anything may go."""
    folder.topic(entry(), desk()).raw("en/_notes.yaml", "a: b\n")

    def read_and_remove(seeds: Path) -> dict[str, Document]:
        (folder.path / "en" / "_notes.yaml").unlink()
        return read_documents(seeds)

    monkeypatch.setattr(load_module, "read_documents", read_and_remove)
    (problem,) = folder.problems()
    assert problem.startswith("knowledge/en/_notes.yaml: can't be read (No such file")


@pytest.mark.parametrize("name", ["knowledge", "knowledge/en", "seeds"])
def test_a_folder_that_can_not_be_read_is_a_problem(
    name: str, folder: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is closed to the reader is told as such."""
    folder.topic(entry(), desk())
    closed, iterdir = folder.path.parent / name, Path.iterdir

    def refuse_closed(path: Path) -> Iterator[Path]:
        if path == closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refuse_closed)
    assert f"{name}: can't be read (Permission denied). Check that it is a readable folder." in (
        folder.problems()
    )


def test_small_talk_without_a_reply_is_told(folder: KnowledgeFolder) -> None:
    """Every kind of small talk needs its wording, and the missing ones are named at once."""
    theirs = (default_knowledge() / "en" / "_wordings.yaml").read_text(encoding="utf-8")
    kept = [line for line in theirs.splitlines() if not line.startswith(("  praise", "  doubt"))]
    line = kept.index("small_talk:") + 1
    phrases = (default_knowledge() / "en" / "_phrases.yaml").read_text(encoding="utf-8")
    folder.topic(entry(), desk()).raw("en/_phrases.yaml", phrases)
    folder.raw("en/_wordings.yaml", "\n".join(kept))
    with pytest.raises(KnowledgeError) as caught:
        load(folder.path, folder.seeds)
    assert [str(each) for each in caught.value.problems] == [
        (
            f"knowledge/en/_wordings.yaml:{line}: lacks 'praise', 'doubt' in 'small_talk'. "
            "Add a line 'kind: …' for each."
        )
    ]


def test_wordings_are_missed_without_a_fallback(folder: KnowledgeFolder) -> None:
    """A folder on its own needs wordings and phrases of its own."""
    folder.topic(entry())
    with pytest.raises(Exception, match=r"_phrases\.yaml: is missing"):
        load(folder.path, folder.seeds)


def test_own_wordings_win_over_the_fallback(folder: KnowledgeFolder) -> None:
    """A knowledge folder may speak in its own words, and says only what is to be different."""
    folder.topic(entry()).raw("en/_wordings.yaml", "buttons:\n  source: Whence\n")
    folder.raw("de/_wordings.yaml", "start: Hallo\n").raw("ar/_wordings.yaml", "start: Ahlan\n")
    folder.raw("en/_phrases.yaml", "small_talk:\n  thanks: [ta]\n")
    knowledge = folder.load().knowledge
    english, german, arabic = (knowledge.wordings_in(code) for code in ("en", "de", "ar"))
    assert (english.buttons.source, english.buttons.share) == ("Whence", "Share")
    assert (german.start, german.buttons.share) == ("Hallo", "Share")
    assert (arabic.start, arabic.buttons.share) == ("Ahlan", "مشاركة")
    small_talk = knowledge.phrases_in("en").small_talk
    assert small_talk["thanks"] == ["ta"]
    assert "hello" in small_talk["greeting"]


def test_a_language_without_wordings_is_served_by_the_fallback(folder: KnowledgeFolder) -> None:
    """A knowledge base without English still has something to say around its answers."""
    knowledge = folder.topic(entry(), language="sw").load().knowledge
    assert knowledge.default_language == "sw"
    assert knowledge.wordings_in("sw") == knowledge.wordings["en"]
    assert knowledge.phrases_in("sw") == knowledge.phrases["en"]


def test_problems_of_the_default_folder_are_told_once(folder: KnowledgeFolder) -> None:
    """A folder that is its own fallback doesn't report everything twice."""
    folder.topic(entry()).raw("en/_wordings.yaml", "a: [").raw("en/_phrases.yaml", "a: [")
    with pytest.raises(Exception, match="is not valid YAML") as caught:
        load(folder.path, folder.seeds, folder.path)
    assert str(caught.value).count("_wordings.yaml") == 1


def test_unanswered_questions_are_read_by_language(folder: KnowledgeFolder) -> None:
    """The questions no entry answers come with the knowledge, where there are some."""
    folder.topic(entry()).raw("en/_unanswered.yaml", "unanswered: [what is love]\n")
    assert folder.load().knowledge.unanswered == {"en": ("what is love",)}


def _change_entry(folder: KnowledgeFolder) -> None:
    folder.topic(entry(answer="Other."))


def _change_document(folder: KnowledgeFolder) -> None:
    folder.document("handbook.md", "Other.")


def _change_wordings(folder: KnowledgeFolder) -> None:
    path = default_knowledge() / "en" / "_wordings.yaml"
    folder.raw("en/_wordings.yaml", path.read_bytes())


@pytest.mark.parametrize("change", [_change_entry, _change_document, _change_wordings])
def test_the_version_changes_with_anything_the_bot_could_say(
    change: Any, folder: KnowledgeFolder
) -> None:
    """The same bytes have the same version, others another."""
    before = folder.topic(entry()).load().knowledge.version
    assert folder.load().knowledge.version == before
    change(folder)
    assert folder.load().knowledge.version != before


def test_a_problem_points_at_a_part_of_an_entry(folder: KnowledgeFolder) -> None:
    """Whoever checks an entry further gets the line of each of its parts."""
    loaded = folder.raw("en/office.yaml", _ENTRY + "    alternates:\n      - a\n      - b\n").load()
    (only,) = loaded.knowledge.entries
    problem = loaded.problem(only, "is odd.", "alternates", 1, advice=True)
    assert str(problem) == "knowledge/en/office.yaml:8: office-hours: is odd."
    assert problem.severity == "advice"


def test_the_knowledge_of_the_project_loads() -> None:
    """What Majlis comes with is in order."""
    folder = default_knowledge()
    knowledge = load(folder, folder.parent / "seeds").knowledge
    assert len(knowledge.documents) >= 3
    assert len(knowledge.entries) > 60
