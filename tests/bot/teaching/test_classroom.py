"""What admins teach of a cluster: what they were shown of it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.knowledge.entry import Entry, KnowledgeBase
from bot.knowledge.lessons import NewEntry, NewPhrase, OutOfScope
from bot.storage.authors import Author
from bot.storage.lessons import MemoryLessonBook
from bot.storage.store import Miss
from bot.teaching.classroom import MOST_PHRASES, Classroom, Learnt
from bot.teaching.clusters import Cluster
from tests.bot.conversation.library import HOURS, PLACE, make_library
from tests.bot.matching.fakes import WordEncoder

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
ADA = Author("Ada")


class Live:
    """Have one knowledge base live, in which all is likeliest about its first entry."""

    def __init__(self) -> None:
        self.knowledge: KnowledgeBase = make_library((HOURS, PLACE))

    async def likeliest(self, text: str, language: str, limit: int) -> tuple[Entry, ...]:
        """Return the first entries."""
        del text, language
        return self.knowledge.entries[:limit]


@pytest.fixture
def book() -> MemoryLessonBook:
    """Return a book in which many people asked one thing in words of their own."""
    misses = [Miss(n, f"ash number {n}", "en", (), NOW) for n in range(MOST_PHRASES + 3)]
    return MemoryLessonBook(lambda: misses, lambda: NOW)


@pytest.fixture
def classroom(book: MemoryLessonBook) -> Classroom:
    """Return a classroom that publishes nothing."""

    async def publish() -> None:
        """Do nothing."""

    return Classroom(book, Live(), WordEncoder("ash"), publish)


async def _found(classroom: Classroom) -> Cluster:
    [found] = await classroom.wanted()
    assert len(found.asked) == MOST_PHRASES + 3
    return found


async def test_no_more_is_learnt_than_is_shown(
    classroom: Classroom, book: MemoryLessonBook
) -> None:
    """An entry, old or new, learns the first ways of asking, and all that was asked is settled."""
    found = await _found(classroom)
    shown = {each.text for each in found.asked[:MOST_PHRASES]}
    draft = await classroom.draft(found.asked[0].text, "en", "A tree.", found.key)
    learnt = await classroom.publish(draft, "published", ADA)
    assert isinstance(learnt, Learnt)
    assert await classroom.wanted() == ()
    await classroom.undo(learnt.number)
    await classroom.attach(found, "hours", "attached", ADA)
    await classroom.refuse(found, "refused", ADA)
    attached, refused = (each.contents for each in await book.decided())
    assert {each.text for each in attached if isinstance(each, NewPhrase)} == shown
    assert {each.text for each in refused if isinstance(each, OutOfScope)} == shown


async def test_a_new_entry_is_asked_in_the_words_shown(
    classroom: Classroom, book: MemoryLessonBook
) -> None:
    """One of them is its question, the others are its alternates."""
    found = await _found(classroom)
    draft = await classroom.draft(found.asked[0].text, "en", "A tree.", found.key)
    await classroom.publish(draft, "published", ADA)
    [[entry]] = [each.contents for each in await book.decided()]
    assert isinstance(entry, NewEntry)
    assert set(entry.alternates) == {each.text for each in found.asked[1:MOST_PHRASES]}


async def test_the_topic_of_a_draft_is_a_guess(classroom: Classroom) -> None:
    """It is that of the likeliest entry until somebody chooses."""
    draft = await classroom.draft("what is ash", "en")
    assert (draft.topic, draft.is_guess) == ("library", True)


async def test_a_draft_is_in_a_language_that_has_answers(classroom: Classroom) -> None:
    """What was asked in another becomes an entry of the default language, which is read there."""
    assert (await classroom.draft("أين أوقف سيارتي؟", "ar")).language == "en"
    assert (await classroom.draft("where is it?", "en")).language == "en"
