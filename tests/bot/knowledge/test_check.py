"""What an author can get wrong in files that load."""

from __future__ import annotations

import pytest

from bot.knowledge.check import MAX_ANSWER
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry

_FILE = "knowledge/en/office.yaml"


def test_a_sound_knowledge_base_has_no_problems(folder: KnowledgeFolder) -> None:
    """Entries that cover all paragraphs in the words of their sources are in order."""
    assert folder.topic(entry(related=["front-desk"]), desk()).problems() == []


def test_a_phrase_of_two_entries_is_broken(folder: KnowledgeFolder) -> None:
    """Phrases that differ by case and punctuation only are the same; the later one is named."""
    folder.topic(entry(question="What's about Office-hours?"), name="first")
    folder.topic(desk(alternates=["a phrase", "whats about OFFICE hours!"]), name="second")
    (problem,) = folder.problems()
    assert problem.startswith("knowledge/en/second.yaml:7: front-desk: has the phrase 'whats about")
    assert problem.endswith("which is in 'office-hours' too. Keep it in one place.")


def test_languages_may_share_a_phrase(folder: KnowledgeFolder) -> None:
    """The same words may mean an entry in each language."""
    folder.topic(entry(), desk()).topic(entry(), language="fr")
    assert folder.problems() == []


def test_without_documents_one_line_says_so(folder: KnowledgeFolder) -> None:
    """Not each entry that cites some needs to be told of."""
    folder.topic(entry("a-b"), entry("c-d"))
    for path in folder.seeds.iterdir():
        path.unlink()
    cite = "but the entries cite some. Put them"
    assert folder.problems()[0].startswith(f"{folder.seeds}: holds no documents, {cite} there")
    folder.seeds.rmdir()
    [problem] = folder.problems()
    assert problem.startswith(f"{folder.seeds}: is missing, {cite} into such a folder")


def test_a_phrase_twice_in_one_entry_is_advice(folder: KnowledgeFolder) -> None:
    """A repetition harms nobody, but it can go."""
    (problem,) = folder.topic(entry(alternates=["opening", "Opening?"]), desk()).problems()
    assert problem.startswith(f"advice: {_FILE}:7: office-hours: has the phrase 'Opening?' twice.")


def test_a_phrase_that_is_a_negative_too_is_broken(folder: KnowledgeFolder) -> None:
    """An entry can't both mean a phrase and refuse it."""
    (problem,) = folder.topic(entry(negatives=["office hours, please"]), desk()).problems()
    assert problem.startswith(f"{_FILE}:6: office-hours: has the phrase 'office-hours please'")
    assert "which is among its negatives too" in problem


def test_a_phrase_listed_as_unanswered_is_broken(folder: KnowledgeFolder) -> None:
    """A question can't be answered by an entry and listed as without an answer."""
    folder.raw("en/_unanswered.yaml", "unanswered: [Office hours please]\n")
    (problem,) = folder.topic(entry(), desk()).problems()
    assert "which is in _unanswered.yaml too" in problem


def test_two_entries_may_refuse_the_same_phrase(folder: KnowledgeFolder) -> None:
    """Negatives are no phrases: they may be shared, and be another entry's phrase."""
    negatives = ["What does it cost?"]
    first = entry(negatives=[*negatives, "front-desk please"])
    assert folder.topic(first, desk(negatives=negatives)).problems() == []


def test_a_reference_to_no_entry_is_broken(folder: KnowledgeFolder) -> None:
    """An unknown id is named with the one that was probably meant."""
    first = entry(related=["front-desk", "frnt-desk", "zzz"], follow_ups={"why": "front-desks"})
    problems = folder.topic(first, desk()).problems()
    assert [problem.split(": ", 2)[2] for problem in problems] == [
        (
            "points at 'frnt-desk' in 'related', which no entry has as its id. "
            "Did you mean 'front-desk'?"
        ),
        "points at 'zzz' in 'related', which no entry has as its id.",
        (
            "points at 'front-desks' in 'follow_ups', which no entry has as its id. "
            "Did you mean 'front-desk'?"
        ),
    ]
    assert [problem.split(":")[1] for problem in problems] == ["13", "14", "16"]


def test_an_entry_can_not_be_related_to_itself(folder: KnowledgeFolder) -> None:
    """Nobody asks next what was just answered."""
    (problem,) = folder.topic(entry(related=["office-hours"]), desk()).problems()
    assert "points at itself in 'related'. Remove it there." in problem


def test_an_entry_without_source_is_broken(folder: KnowledgeFolder) -> None:
    """Every answer says where it comes from."""
    problems = folder.topic(entry(), desk(), entry("third", source=None)).problems()
    assert any("third: has no source. Add the line 'source:" in problem for problem in problems)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"document": "hanbook.md", "paragraph": 1}, "Did you mean 'handbook.md'?"),
        ({"document": "zzz", "paragraph": 1}, "cites 'zzz', which is not among the documents."),
        ({"document": "handbook.md", "paragraph": 3}, "cites paragraph 3 of 'handbook.md', which"),
        ({"document": "handbook.md", "paragraph": 3}, "has 2. Headings are not counted."),
    ],
)
def test_a_source_that_does_not_exist_is_broken(
    source: dict[str, object], expected: str, folder: KnowledgeFolder
) -> None:
    """A wrong document or paragraph is named with what there is instead."""
    right = {"document": "handbook.md", "paragraph": 1}
    problems = folder.topic(entry(source=[right, source]), desk()).problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"{_FILE}:11: office-hours: cites ")
    assert expected in problems[0]


def test_the_length_of_an_answer_is_measured_as_shown_in_utf_16(folder: KnowledgeFolder) -> None:
    """Markup doesn't count, a character beyond the first plane counts twice."""
    smiles = "\N{SLIGHTLY SMILING FACE}" * (MAX_ANSWER // 2)
    assert folder.topic(entry(answer=f"**{smiles}**"), desk()).problems() == []
    (problem,) = folder.topic(entry(answer=f"**{smiles}**!"), desk()).problems()
    assert "has an answer of 4,097 characters as shown. Keep it under 4,096." in problem


def test_a_draft_that_nobody_read_is_advice(folder: KnowledgeFolder) -> None:
    """A reviewed entry has lost its mark."""
    (problem,) = folder.topic(entry(review="true"), desk()).problems()
    assert problem.startswith(f"advice: {_FILE}:11: office-hours: waits for review. Read it")


def test_a_paragraph_without_entry_is_advice(folder: KnowledgeFolder) -> None:
    """A paragraph that can't be asked for is named by its number and first words."""
    folder.document("notes.txt", "One two three four five six seven eight nine ten.\n\nShort.")
    assert folder.topic(entry(), desk()).problems() == [
        (
            "advice: seeds/notes.txt: paragraph 1 ('One two three four five six seven eight…') "
            "is no entry's source. Write an entry for it."
        ),
        (
            "advice: seeds/notes.txt: paragraph 2 ('Short.') is no entry's source. "
            "Write an entry for it."
        ),
    ]


def test_a_translation_has_an_original(folder: KnowledgeFolder) -> None:
    """An id of another language that the default language lacks is broken."""
    folder.topic(entry(), desk()).topic(entry("office-hour"), language="fr")
    (problem,) = folder.problems()
    assert problem.startswith("knowledge/fr/office.yaml:3: office-hour: has an id that no entry")
    assert problem.endswith("of 'en' has. Did you mean 'office-hours'?")


def test_a_translation_may_point_at_entries_of_the_default_language(
    folder: KnowledgeFolder,
) -> None:
    """What isn't translated yet can be offered all the same."""
    folder.topic(entry(), desk()).topic(entry(related=["front-desk"]), language="fr")
    assert folder.problems() == []


def test_an_ungrounded_answer_is_one_advice_with_all_its_words(folder: KnowledgeFolder) -> None:
    """The author sees every word that the source lacks in one line."""
    answer = "The office opens **early** at nine and serves coffee."
    (problem,) = folder.topic(entry(answer=answer), desk()).problems()
    assert problem.startswith(f"advice: {_FILE}:7: office-hours: has words in its answer that its")
    assert "lacks: early, serves, coffee. Say it in the words of the paragraph" in problem


def test_excused_words_need_no_ground(folder: KnowledgeFolder) -> None:
    """A word excused in any of its forms isn't reported."""
    first = entry(answer="The office opens and serves coffee.", excused=["serving", "Coffee"])
    assert folder.topic(first, desk()).problems() == []


@pytest.mark.parametrize(
    ("excused", "expected"),
    [
        (["coffee", "Coffees"], "excuses 'Coffees' twice"),
        (["coffee", "tea"], "excuses 'tea' for nothing"),
        (["coffee", "office"], "excuses 'office' for nothing"),
        (["coffee", "the"], "excuses 'the' for nothing"),
    ],
)
def test_an_excuse_that_excuses_nothing_is_advice(
    excused: list[str], expected: str, folder: KnowledgeFolder
) -> None:
    """Excuses stay as few as possible: repeated, unused, grounded and function words can go."""
    first = entry(answer="The office opens with coffee.", excused=excused)
    (problem,) = folder.topic(first, desk()).problems()
    assert problem.startswith(f"advice: {_FILE}:13: office-hours: {expected}.")


def test_a_translation_is_not_held_against_a_document_in_another_language(
    folder: KnowledgeFolder,
) -> None:
    """An entry that cites what its original cites was checked there."""
    folder.topic(entry(), desk()).topic(
        entry(answer="Le bureau ouvre à neuf heures."), language="fr"
    )
    assert folder.problems() == []


def test_a_translation_with_a_document_of_its_own_must_be_grounded(folder: KnowledgeFolder) -> None:
    """An entry that cites a document in its own language is held against it."""
    folder.document("manuel.md", "Le bureau ouvre à neuf heures.")
    source = {"document": "manuel.md", "paragraph": 1}
    french = entry(answer="Le bureau ouvre à dix heures.", source=source)
    (problem,) = folder.topic(entry(), desk()).topic(french, language="fr").problems()
    assert "lacks: dix." in problem


def test_problems_are_sorted_by_place(folder: KnowledgeFolder) -> None:
    """An author works from top to bottom."""
    first = entry(source=None, related=["zzz"], review="true")
    problems = folder.topic(first, desk()).loaded_problems()
    assert problems == sorted(problems)
    assert len(problems) > 3
