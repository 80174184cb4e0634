"""Check a knowledge base that loads: what an author can get wrong beyond the shape of a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.knowledge.did_you_mean import did_you_mean
from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry, KnowledgeBase, Source
from bot.knowledge.ground import Grounding
from bot.knowledge.load import Loaded
from bot.knowledge.markdown import plain
from bot.knowledge.problems import Problem
from bot.knowledge.repeats import repeated_phrases

MAX_ANSWER = 4096
"""The longest message Telegram takes, in UTF-16 code units."""
_FIRST_WORDS = 8


def check(loaded: Loaded, today: dt.date | None = None) -> list[Problem]:
    """Return every problem that load() doesn't report, sorted by place.

    `today` is when days of review are past, by default the present day in UTC.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    knowledge = loaded.knowledge
    problems = [*_uncovered(knowledge), *_tests(knowledge), *_no_documents(loaded)]
    for language in knowledge.languages:
        problems += repeated_phrases(loaded, language)
        grounding = Grounding(language, knowledge.documents)
        for entry in knowledge.entries:
            if entry.language == language:
                problems += _references(loaded, entry)
                problems += _sources(loaded, entry)
                problems += _answer(loaded, entry)
                problems += _ground(loaded, entry, grounding)
                problems += _review(loaded, entry, day)
    return sorted(problems)


def _references(loaded: Loaded, entry: Entry) -> Iterator[Problem]:
    knowledge = loaded.knowledge
    ids = [each.id for each in knowledge.entries]
    places: list[tuple[str, str | int, str]] = [
        *(("related", number, other) for number, other in enumerate(entry.related)),
        *(("follow_ups", facet, other) for facet, other in entry.follow_ups),
    ]
    for key, part, other in places:
        if other == entry.id:
            text = f"points at itself in '{key}'. Remove it there."
            yield loaded.problem(entry, text, key, part)
        elif knowledge.entry(other, entry.language) is None:
            text = f"points at '{other}' in '{key}', which no entry has as its id."
            yield loaded.problem(entry, text + did_you_mean(other, ids), key, part)
    if knowledge.entry(entry.id) is None:
        text = f"has an id that no entry of '{knowledge.default_language}' has."
        known = [each.id for each in knowledge.entries if each.language != entry.language]
        yield loaded.problem(entry, text + did_you_mean(entry.id, known), "id")


def _review(loaded: Loaded, entry: Entry, today: dt.date) -> Iterator[Problem]:
    if entry.review_by is not None and entry.review_by < today:
        text = (
            f"was to be looked at by {entry.review_by}. See whether the answer is still right, and "
            "give 'review_by' a later day."
        )
        yield loaded.problem(entry, text, "review_by", advice=True)


def _sources(loaded: Loaded, entry: Entry) -> Iterator[Problem]:
    if not entry.sources:
        text = "has no source. Add the line 'source: {document: …, paragraph: …}'."
        yield loaded.problem(entry, text, "id")
    for number, source in enumerate(entry.sources):
        text = _source_fault(source, loaded.knowledge)
        if text and loaded.knowledge.documents:
            yield loaded.problem(entry, text, "source", number)


def _no_documents(loaded: Loaded) -> Iterator[Problem]:
    knowledge, seeds = loaded.knowledge, loaded.seeds
    if not knowledge.documents and any(entry.sources for entry in knowledge.entries):
        there = seeds.is_dir()
        text = (
            f"{'holds no documents' if there else 'is missing'}, but the entries cite some. "
            f"Put them {'there' if there else 'into such a folder'}, or name their folder after "
            "--seeds or in MAJLIS_SEEDS."
        )
        yield Problem(str(seeds), 0, "", text)


def _source_fault(source: Source, knowledge: KnowledgeBase) -> str:
    document = knowledge.documents.get(source.document)
    if document is None:
        guess = did_you_mean(source.document, knowledge.documents)
        return f"cites '{source.document}', which is not among the documents.{guess}"
    if document.paragraph(source.paragraph) is None:
        last = len(document.paragraphs)
        return (
            f"cites paragraph {source.paragraph} of '{source.document}', which has {last}. "
            "Headings are not counted."
        )
    return ""


def _answer(loaded: Loaded, entry: Entry) -> Iterator[Problem]:
    length = len(plain(entry.answer).encode("utf-16-le")) // 2
    if length > MAX_ANSWER:
        text = f"has an answer of {length:,} characters as shown. Keep it under {MAX_ANSWER:,}."
        yield loaded.problem(entry, text, "answer")
    if entry.review:
        text = "waits for review. Read it, then remove the line 'review: true'."
        yield loaded.problem(entry, text, "review", advice=True)


def _ground(loaded: Loaded, entry: Entry, grounding: Grounding) -> Iterator[Problem]:
    """Yield what an answer says beyond its sources, and excuses that excuse nothing."""
    knowledge = loaded.knowledge
    is_cited = entry.sources and not any(_source_fault(each, knowledge) for each in entry.sources)
    if not is_cited or _is_translation(knowledge, entry):
        return
    missing = grounding.ungrounded(entry)
    excused: set[str] = set()
    for number, phrase in enumerate(entry.excused):
        stems = set(grounding.stems(phrase))
        if not stems & missing.keys() - excused:
            reason = "twice" if stems and stems <= excused else "for nothing"
            text = f"excuses '{phrase}' {reason}. Remove it from 'excused'."
            yield loaded.problem(entry, text, "excused", number, advice=True)
        excused |= stems
    if words := [word for stem, word in missing.items() if stem not in excused]:
        text = (
            f"has words in its answer that its source lacks: {', '.join(words)}. "
            "Say it in the words of the paragraph, or list them under 'excused'."
        )
        yield loaded.problem(entry, text, "answer", advice=True)


def _is_translation(knowledge: KnowledgeBase, entry: Entry) -> bool:
    """Tell entries that cite what their original cites: its language isn't theirs."""
    original = knowledge.entry(entry.id, knowledge.default_language)
    return original is not None and original is not entry and original.sources == entry.sources


def _tests(knowledge: KnowledgeBase) -> Iterator[Problem]:
    """Yield the tests that wait for an entry that isn't there."""
    ids = [each.id for each in knowledge.entries]
    for test in knowledge.tests:
        if test.entry is not None and knowledge.entry(test.entry, test.language) is None:
            text = f"is tested by '{test.text}', but no entry has it as its id."
            guess = did_you_mean(test.entry, ids)
            yield Problem(test.file, test.line, test.entry, text + guess, "advice")


def _uncovered(knowledge: KnowledgeBase) -> Iterator[Problem]:
    cited = {source for entry in knowledge.entries for source in entry.sources}
    for document in knowledge.documents.values():
        for number, paragraph in enumerate(document.paragraphs, 1):
            if Source(document.name, number) not in cited:
                yield _uncovered_paragraph(document, number, paragraph)


def _uncovered_paragraph(document: Document, number: int, paragraph: str) -> Problem:
    words = paragraph.split()
    beginning = " ".join(words[:_FIRST_WORDS]) + ("…" if len(words) > _FIRST_WORDS else "")
    text = f"paragraph {number} ('{beginning}') is no entry's source. Write an entry for it."
    return Problem(f"seeds/{document.name}", 0, "", text, "advice")
