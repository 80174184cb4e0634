"""What admins teach, merged into the knowledge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.documents import parse_document
from bot.knowledge.entry import KnowledgeBase, Source, Topic
from bot.knowledge.lessons import (
    ANSWERS,
    Conflict,
    Content,
    LessonError,
    NewEntry,
    NewPhrase,
    OutOfScope,
    conflict,
    proposed_id,
    settled,
    with_lessons,
)
from bot.knowledge.lessons.taught_text import as_paragraph, clean_answer
from bot.knowledge.markdown import plain
from tests.bot.knowledge.build import KnowledgeFolder, desk, entry
from tests.bot.knowledge.taught import answers, lessons, new_entry, texts


@pytest.fixture
def knowledge(folder: KnowledgeFolder) -> KnowledgeBase:
    """Return an office with two entries and one question that nobody answers."""
    folder.topic(entry(negatives=["What does the office cost?"]), desk())
    folder.raw("en/_unanswered.yaml", "unanswered: [Who won the cup?]\n")
    return folder.load().knowledge


def _taught(knowledge: KnowledgeBase, *contents: Content) -> KnowledgeBase:
    return with_lessons(knowledge, lessons(*contents))


def _alternates(knowledge: KnowledgeBase, entry_id: str) -> tuple[str, ...]:
    found = knowledge.entry(entry_id)
    assert found
    return found.alternates


def test_no_lessons_change_nothing(knowledge: KnowledgeBase) -> None:
    """Without lessons the very same knowledge comes back."""
    assert with_lessons(knowledge, []) is knowledge


def test_a_phrase_joins_the_alternates_of_its_entry(knowledge: KnowledgeBase) -> None:
    """What was taught comes last; the other entries stay as they are."""
    taught = _taught(knowledge, NewPhrase("en", "office-hours", "open  when\n?"))
    assert _alternates(taught, "office-hours") == ("office-hours please", "open when ?")
    assert taught.entry("front-desk") is knowledge.entry("front-desk")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (NewPhrase("en", "front-desk", "OFFICE HOURS, please!"), ("phrase", "office-hours")),
        (NewPhrase("en", "office-hours", "office hours please"), ("phrase", "office-hours")),
        (
            NewPhrase("en", "office-hours", "what does the office cost"),
            ("negative", "office-hours"),
        ),
        (NewPhrase("en", "canteen", "what is for lunch"), ("gone", "canteen")),
        (NewPhrase("de", "office-hours", "Wann offen?"), ("gone", "office-hours")),
        (new_entry("front-desk"), ("id", "front-desk")),
        (new_entry("canteen", language="de"), ("untranslated", "canteen")),
        (new_entry(question="front desk PLEASE"), ("phrase", "front-desk")),
        (OutOfScope("en", "What about front-desk?"), ("phrase", "front-desk")),
    ],
)
def test_a_conflict_names_who_is_in_the_way_and_is_left_out(
    knowledge: KnowledgeBase, content: Content, expected: tuple[str, str]
) -> None:
    """What can't be merged is told where it's taught, and never changes what is curated."""
    found = conflict(knowledge, content)
    assert found
    assert (found.kind, found.entry) == expected
    assert _taught(knowledge, content) is knowledge


def test_a_conflict_of_an_alternate_is_told_but_the_rest_is_merged(
    knowledge: KnowledgeBase,
) -> None:
    """An entry that was taught goes live without the phrases that another entry has."""
    content = new_entry(
        alternates=("front desk please", "car park", "Car park!", "Where is parking")
    )
    assert conflict(knowledge, content) == Conflict("phrase", "front-desk", "front desk please")
    assert _alternates(_taught(knowledge, content), "parking") == ("car park",)


@pytest.mark.parametrize(
    "content",
    [
        NewPhrase("en", "office-hours", "Who won the cup?"),
        NewPhrase("en", "office-hours", "opening times"),
        new_entry(),
        OutOfScope("en", "What's the weather?"),
    ],
)
def test_what_fits_in_has_no_conflict(knowledge: KnowledgeBase, content: Content) -> None:
    """An admin may answer what was unanswered before."""
    assert conflict(knowledge, content) is None


def test_an_earlier_lesson_wins(knowledge: KnowledgeBase) -> None:
    """Lessons are merged by number, whatever order they come in."""
    first, second = lessons(
        NewPhrase("en", "office-hours", "opening times"),
        NewPhrase("en", "front-desk", "Opening times?"),
    )
    taught = with_lessons(knowledge, [second, first])
    assert "opening times" in _alternates(taught, "office-hours")
    assert _alternates(taught, "front-desk") == ("front-desk please",)


def test_a_new_entry_cites_its_own_paragraph(knowledge: KnowledgeBase) -> None:
    """The answers that were taught are a document with the title of the wordings."""
    taught = _taught(knowledge, new_entry(), new_entry("lift"))
    found = taught.entry("lift")
    assert found
    assert found.sources == (Source(ANSWERS, 2),)
    document = taught.documents[ANSWERS]
    assert document.title == "Answers from our team"
    assert document.paragraph(2) == "The lift is behind the house."
    assert len(document.headings) == len(document.paragraphs)


def test_the_answers_document_is_continued(folder: KnowledgeFolder) -> None:
    """What stands in answers.md keeps its title and numbers; the same answer is cited again."""
    folder.topic(entry(), desk()).document(
        ANSWERS, "# FAQ\n\nOne.\n\nThe lift is behind the house."
    )
    taught = _taught(folder.load().knowledge, new_entry(), new_entry("lift"))
    assert taught.documents[ANSWERS].title == "FAQ"
    cited = {each.id: each.sources for each in taught.entries}
    assert (cited["parking"], cited["lift"]) == ((Source(ANSWERS, 3),), (Source(ANSWERS, 2),))


def test_topics_are_found_by_id_or_title_or_begun(knowledge: KnowledgeBase) -> None:
    """A title that nobody has used yet makes a topic, once."""
    taught = _taught(
        knowledge,
        new_entry("a1", topic="the OFFICE"),
        new_entry("a2", topic="Getting there"),
        new_entry("a3", topic="getting there"),
        new_entry("a4", topic="الوصول"),
    )
    assert {each.id: each.topic for each in taught.entries if each.id.startswith("a")} == {
        "a1": "office",
        "a2": "getting-there",
        "a3": "getting-there",
        "a4": "topic-1",
    }
    assert Topic("getting-there", "en", "Getting there") in taught.topics
    assert len(taught.topics) == 3


def test_a_translation_takes_over_its_topic(knowledge: KnowledgeBase) -> None:
    """An entry that the default language has may be taught in another one."""
    taught = _taught(
        knowledge, new_entry("front-desk", language="de", question="Wo ist der Empfang?")
    )
    found = taught.entry("front-desk", "de")
    assert found
    assert (found.language, found.topic) == ("de", "office")
    assert taught.topics_in("de") == (Topic("office", "de", "The office"),)


def test_what_is_out_of_scope_joins_the_unanswered(knowledge: KnowledgeBase) -> None:
    """It stands there once, and not at all when an entry is asked with it."""
    taught = _taught(
        knowledge,
        OutOfScope("en", "Is it raining?"),
        OutOfScope("en", "is it raining"),
        OutOfScope("en", "How tall are you?"),
        NewPhrase("en", "front-desk", "how tall are you"),
    )
    assert taught.unanswered["en"] == ("Who won the cup?", "Is it raining?")


def test_what_an_entry_answers_now_is_no_longer_unanswered(knowledge: KnowledgeBase) -> None:
    """A person's lesson is newer than the file."""
    taught = _taught(knowledge, NewPhrase("en", "front-desk", "who won the cup"))
    assert taught.unanswered["en"] == ()


def test_the_version_depends_on_what_was_merged_alone(knowledge: KnowledgeBase) -> None:
    """Replicas that merged the same lessons have the same version."""
    phrase, other = NewPhrase("en", "front-desk", "a"), NewPhrase("en", "front-desk", "b")
    version = _taught(knowledge, phrase).version
    assert version.startswith(f"{knowledge.version}+")
    again = lessons(OutOfScope("en", "who won the cup"), phrase)[1:]
    assert with_lessons(knowledge, again).version == version
    assert _taught(knowledge, phrase, other).version != version


def test_lessons_that_the_files_have_are_settled(knowledge: KnowledgeBase) -> None:
    """So are those that a person decided otherwise; what is still news stays."""
    there = lessons(
        NewPhrase("en", "office-hours", "Office hours please"),
        NewPhrase("en", "canteen", "front-desk please"),
        NewPhrase("en", "office-hours", "What does the office cost"),
        new_entry("front-desk"),
        new_entry(question="What about front desk?"),
        OutOfScope("en", "WHO WON THE CUP"),
        OutOfScope("en", "front-desk please"),
    )
    news = lessons(
        NewPhrase("en", "office-hours", "Who won the cup?"),
        NewPhrase("en", "canteen", "lunch"),
        new_entry(),
        OutOfScope("en", "Is it raining?"),
    )
    assert settled(knowledge, [*there, *news]) == tuple(there)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"question": " \n"}, "question is empty"),
        ({"question": "?!"}, "no letters or digits"),
        ({"question": "a" * 501}, "501 characters"),
        ({"alternates": ("ok", "👍")}, "alternate has no letters"),
        ({"topic": "t" * 65}, "65 characters"),
        ({"answer": "\n\n"}, "answer is empty"),
        ({"answer": "***"}, "no letters or digits"),
        ({"answer": "👍" + "a" * 4095}, "4,097 characters"),
        ({"id": "Not An Id"}, "'Not An Id'"),
        ({"id": "x"}, "'x'"),
        ({"id": "ok\n"}, "small letters"),
        ({"language": "English"}, "two- or three-letter code"),
    ],
)
def test_what_cannot_be_taught_is_refused_with_a_reason(
    parts: dict[str, object], reason: str
) -> None:
    """The message says what is wrong, so that an admin can mend it."""
    with pytest.raises(LessonError, match=reason):
        new_entry(**({"entry_id": parts.pop("id")} if "id" in parts else {}), **parts)  # type: ignore[arg-type]


def test_every_kind_of_lesson_is_checked() -> None:
    """Phrases and questions out of scope are held to what files can have."""
    with pytest.raises(LessonError, match="empty"):
        NewPhrase("en", "office-hours", "")
    with pytest.raises(LessonError, match="language"):
        OutOfScope("EN", "a")


@pytest.mark.parametrize(
    ("question", "taken", "expected"),
    [
        ("What's the price of a day pass?", [], "price-day-pass"),
        ("What's the price of a day pass?", ["price-day-pass"], "price-day-pass-2"),
        ("Smørrebrød für Łukasz?", [], "smorrebrod-fur-lukasz"),
        ("متى تفتحون؟", ["entry-1"], "entry-2"),
        ("x?", [], "entry-x-1"),
        ("Who are you?", [], "who-are-you"),
        ("donau" * 20, [], ("donau" * 20)[:32]),
    ],
)
def test_an_id_is_proposed_from_the_content_words(
    question: str, taken: list[str], expected: str
) -> None:
    """It is a slug of Latin letters, numbered where it is taken or has no words."""
    assert proposed_id(question, taken) == expected


@given(question=st.text(), number=st.integers(0, 3))
def test_a_proposed_id_is_always_valid_and_free(question: str, number: int) -> None:
    """Whatever is asked, the file format takes the id, and asking again gives it again."""
    taken: set[str] = set()
    for _ in range(number):
        taken.add(proposed_id(question, taken))
    found = proposed_id(question, taken)
    assert found not in taken
    assert found == proposed_id(question, frozenset(taken))
    assert NewEntry("en", found, "t", "q", "a").id == found


@given(texts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A lesson that is read back is the lesson that was kept."""
    try:
        answer = clean_answer(text)
        lesson = OutOfScope("en", text)
    except LessonError:
        return
    assert clean_answer(answer) == answer
    assert OutOfScope("en", lesson.text) == lesson


@given(answers)
def test_an_answer_is_one_paragraph_with_all_its_words(answer: str) -> None:
    """Headings, rules, lists and fences of an answer never split its paragraph."""
    paragraph = as_paragraph(clean_answer(answer))
    document = parse_document(ANSWERS, f"# Answers\n\nFirst.\n\n{paragraph}\n\nLast.\n")
    assert document.paragraphs == ("First.", paragraph, "Last.")
    letters = [each for each in plain(clean_answer(answer)) if each.isalnum()]
    assert letters == [each for each in paragraph if each.isalnum()]
