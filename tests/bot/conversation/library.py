"""A library's knowledge with a matcher that does as it is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from bot.conversation.edition import Edition, Understanding
from bot.conversation.follow_ups import FollowUps
from bot.conversation.questions import Splitter
from bot.conversation.verbatim import Verbatim
from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry, KnowledgeBase, Topic
from bot.knowledge.function_words import function_words
from bot.knowledge.wordings import Phrases, SmallTalkKind, Wordings
from bot.matching.match import Evidence, Match, Ranking, Thresholds
from bot.matching.matcher import Matcher
from bot.matching.normalise import normalise, words
from bot.matching.reading import Reading
from bot.matching.small_talk import SmallTalkRecogniser
from bot.matching.speller import WordList
from tests.fakes import make_entry, make_wordings

START = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
EXPIRY = dt.timedelta(minutes=30)
THRESHOLDS = Thresholds(answer=0.6, suggest=0.3)

HOURS = make_entry(
    "hours",
    topic="library",
    question="When is the library open?",
    answer="The library is open **daily**.",
    subject="the library",
    facet="when",
    related=("card", "place", "gone"),
)
PLACE = make_entry(
    "place",
    topic="library",
    question="Where is the library?",
    answer="The library is in Oak Street.",
    subject="the library",
    facet="where",
    follow_ups=(("who", "card"),),
)
TOUR = make_entry(
    "tour",
    topic="library",
    question="Can I see an example of an old book in the library?",
    answer="The library shows a Bible.",
    subject="the library",
    facet="example",
)
CARD = make_entry(
    "card",
    topic="cards",
    question="How do I get a library card?",
    answer="Ask for a library card at the desk.",
    subject="a library card",
    facet="how",
    related=("lost", "children"),
)
LOST = make_entry(
    "lost",
    topic="cards",
    question="Why was my library card blocked?",
    answer="A lost library card is blocked.",
    subject="a library card",
    facet="why",
)
CHILDREN = make_entry(
    "children",
    topic="cards",
    question="Where do children read?",
    answer="Children read in the *garden room*.",
    subject="the children's room",
    facet="where",
)
ENTRIES = (HOURS, PLACE, TOUR, CARD, LOST, CHILDREN)


def make_phrases(**changes: object) -> Phrases:
    """Return what people type, in short."""
    fields: dict[str, object] = {
        "small_talk": {
            "greeting": ["hi", "hello"],
            "thanks": ["thanks", "thank you"],
            "who_are_you": ["who are you"],
            "goodbye": ["bye"],
        },
        "follow_ups": {
            "what": ["what is it"],
            "why": ["why", "why is that"],
            "where": ["where", "where is it"],
            "when": ["when", "how often"],
            "who": ["who", "who goes there"],
            "how": ["how"],
            "example": ["give me an example", "for example"],
            "gain": ["what do they learn"],
            "effect": ["so what"],
        },
        "more": ["more", "tell me more"],
        "another": ["another", "another one"],
        "pronouns": ["it", "they", "that place"],
        "openers": ["and", "what about", "and what about"],
        "fillers": ["please", "can you tell me"],
        "question_words": ["where", "when", "why", "how", "who", "what", "is", "can"],
        "requests": ["tell", "give"],
        "joints": ["and", "also", "&"],
    }
    return Phrases.model_validate(fields | changes)


def make_library(  # noqa: PLR0913 - what a test may want to change
    entries: tuple[Entry, ...] = ENTRIES,
    *,
    version: str = "v1",
    phrases: Phrases | None = None,
    wordings: Mapping[str, Wordings] | None = None,
    documents: Mapping[str, Document] | None = None,
    default_language: str = "en",
) -> KnowledgeBase:
    """Return the library's knowledge, or other entries in its frame."""
    topics = dict.fromkeys((entry.topic, entry.language) for entry in entries)
    return KnowledgeBase(
        entries=entries,
        topics=tuple(Topic(name, code, f"{name.title()} ({code})") for name, code in topics),
        wordings=wordings or {default_language: make_wordings(unanswered="Nothing on: *{parts}*")},
        phrases={default_language: phrases or make_phrases()},
        unanswered={},
        documents=documents or {},
        version=version,
        default_language=default_language,
    )


class ScriptedMatcher(Matcher):
    """Give each text the confidences of a script; a text word for word like a phrase gets 0.95.

    `script` maps a normalised text to confidences by entry id. An entry doesn't know the words of
    `strange`. `asked` holds what was ranked.
    """

    def __init__(
        self,
        entries: tuple[Entry, ...],
        script: Mapping[str, Mapping[str, float]] | None = None,
        strange: Collection[str] = (),
    ) -> None:
        self._entries = entries
        self._script = {normalise(text): each for text, each in (script or {}).items()}
        self._strange = frozenset(strange)
        self.thresholds = THRESHOLDS
        self.slow = False
        self.asked: list[str] = []

    def rank(
        self,
        text: str,
        limit: int = 3,
        among: Collection[str] | None = None,
        leaving_out: str | None = None,
    ) -> Ranking:
        """Return what the script has for a text, whatever is left out."""
        said = normalise(text)
        self.asked.append(said)
        same = {e.id: 0.95 for e in self._entries for p in e.phrases if normalise(p) == said}
        found = self._script.get(said, same)
        matches = [
            self._match(entry, found[entry.id], said, entry.id in same)
            for entry in self._entries
            if entry.id in found and (among is None or entry.id in among)
        ]
        ordered = sorted(matches, key=lambda match: -match.confidence)[:limit]
        return Ranking(Reading(tuple(words(text))), tuple(ordered))

    def _match(self, entry: Entry, sure: float, said: str, same: bool) -> Match:  # type: ignore[override]
        uncovered = tuple(word for word in said.split() if word in self._strange)
        evidence = Evidence(sure, 0.1, 1.0 if same else sure, 1.0, 0.0, uncovered=uncovered)
        return Match(entry, entry.question, sure, evidence)


def make_edition(
    knowledge: KnowledgeBase | None = None,
    script: Mapping[str, Mapping[str, float]] | None = None,
    strange: Collection[str] = (),
) -> Edition:
    """Return an edition of one language that understands by a script."""
    base = knowledge or make_library()
    phrases = base.phrases_in("en")
    before: frozenset[SmallTalkKind] = frozenset({"greeting", "thanks"})
    after: frozenset[SmallTalkKind] = frozenset({"thanks"})
    understanding = Understanding(
        script="LATIN",
        matcher=ScriptedMatcher(base.entries, script, strange),
        small_talk=SmallTalkRecogniser(
            phrases.small_talk, before, after, WordList(), phrases.fillers
        ),
        follow_ups=FollowUps(phrases, WordList()),
        split=Splitter(phrases),
        function_words=function_words("en"),
        subject_words=frozenset(word for entry in base.entries for word in words(entry.subject))
        - function_words("en"),
    )
    return Edition(base, {"en": understanding}, Verbatim(base.entries, {"en": "LATIN"}))


class Clock:
    """Tell the time that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        """Return the time set."""
        return self.now
