"""An edition: one version of the knowledge with all that was built from it, swapped as a whole."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.conversation.follow_ups import FollowUps
from bot.conversation.questions import Splitter
from bot.knowledge.entry import Entry, KnowledgeBase, primary_language
from bot.knowledge.function_words import function_words
from bot.knowledge.wordings import SmallTalkKind
from bot.matching.background import background
from bot.matching.encoder import Encoder
from bot.matching.language import Language
from bot.matching.match import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.normalise import words
from bot.matching.small_talk import SmallTalkRecogniser
from bot.matching.speller import WordList, read_word_list

_BEFORE: frozenset[SmallTalkKind] = frozenset({"greeting", "thanks", "how_are_you"})
_AFTER: frozenset[SmallTalkKind] = frozenset({"thanks"})
_TUNED, _DIGITS = "+t", 8
_LATIN = ("LATIN",)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Hold what it takes to understand one language.

    `scripts` are those in which its phrases are written; somebody may have taught it some in
    another than its own. `subject_words` are those with which a message names what it is about.
    """

    scripts: frozenset[str]
    matcher: Matcher
    small_talk: SmallTalkRecogniser[SmallTalkKind]
    follow_ups: FollowUps
    split: Splitter
    function_words: frozenset[str]
    subject_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edition:
    """Hold a knowledge base and how to understand questions about it, by language.

    `courtesies` are the small talk of languages that the bot speaks without having entries in them.
    """

    knowledge: KnowledgeBase
    understanding: Mapping[str, Understanding]
    courtesies: Mapping[str, SmallTalkRecogniser[SmallTalkKind]] = field(default_factory=dict)

    @property
    def slow(self) -> bool:
        """Tell whether understanding a message may take over 10 ms."""
        return any(each.matcher.slow for each in self.understanding.values())

    def language(self, tag: str | None) -> str:
        """Return the language of the knowledge that an IETF tag such as `de-AT` asks for."""
        code = primary_language(tag)
        return code if code in self.understanding else self.knowledge.default_language

    def candidates(self, text: str, tag: str | None) -> tuple[str, ...]:
        """Return the languages a text may be in by its scripts, the likeliest first.

        Empty where the knowledge has no language in any of them. Names keep their own script: a
        question in Arabic about ISOJ may be either's.
        """
        wanted = self.language(tag)
        scripts = scripts_of(text)
        if not scripts:
            return (wanted,)
        ordered = dict.fromkeys((wanted, *self.knowledge.languages))
        return tuple(each for each in ordered if self.understanding[each].scripts & set(scripts))

    def courtesy(self, text: str, tag: str | None) -> str:
        """Return the language in which to say that a text is in none that is understood.

        It is that of the person's app, else the one of the text's script. Somebody whose app is in
        a language that the bot doesn't speak isn't taken for a neighbour who writes the same way.
        """
        wanted, code = self.knowledge.language_for(tag), primary_language(tag)
        if code not in {"", wanted}:
            return wanted
        written = scripts_of(text)[:1]
        for each in (wanted, *self.knowledge.spoken):
            if scripts_of(self.knowledge.wordings_in(each).fallback)[:1] == written:
                return each
        return wanted


def build_edition(
    knowledge: KnowledgeBase,
    encoder: Encoder | None = None,
    thresholds: Mapping[str, Thresholds] | None = None,
) -> Edition:
    """Fit everything that a knowledge base's languages need (up to seconds of work).

    `thresholds` take the place of the fitted ones, by language; the version depends on them.
    """
    chosen = thresholds or {}
    languages = {
        language: _understanding(knowledge, language, encoder, chosen.get(language))
        for language in knowledge.languages
    }
    no_slips = read_word_list(knowledge.default_language)
    courtesies = {
        code: _small_talk(knowledge, code, no_slips)
        for code in knowledge.spoken
        if code not in languages and code in knowledge.phrases
    }
    version = tuned_version(knowledge.version, chosen)
    live = replace(knowledge, version=version) if chosen else knowledge
    return Edition(live, languages, courtesies)


def tuned_version(version: str, thresholds: Mapping[str, Thresholds]) -> str:
    """Return a version of the knowledge with these thresholds in place of what it had chosen."""
    plain = version.partition(_TUNED)[0]
    if not thresholds:
        return plain
    parts = [f"{name} {each.answer} {each.suggest}" for name, each in sorted(thresholds.items())]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{plain}{_TUNED}{digest[:_DIGITS]}"


def scripts_of(text: str) -> tuple[str, ...]:
    """Return the scripts of a text's letters ("LATIN", "ARABIC"…), the most used first."""
    if text.isascii():
        return _LATIN if any(map(str.isalpha, text)) else ()
    scripts = Counter(
        unicodedata.name(letter, "").partition(" ")[0]
        for letter in unicodedata.normalize("NFKC", text)
        if letter.isalpha()
    )
    return tuple(script for script, _ in scripts.most_common())


def _small_talk(
    knowledge: KnowledgeBase, code: str, word_list: WordList
) -> SmallTalkRecogniser[SmallTalkKind]:
    phrases = knowledge.phrases_in(code)
    return SmallTalkRecogniser(phrases.small_talk, _BEFORE, _AFTER, word_list, phrases.fillers)


def _scripts(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the script that each phrase is mostly written in."""
    for entry in entries:
        for phrase in (entry.question, *entry.alternates):
            yield from scripts_of(phrase)[:1]


def _understanding(
    knowledge: KnowledgeBase, code: str, encoder: Encoder | None, thresholds: Thresholds | None
) -> Understanding:
    entries = tuple(entry for entry in knowledge.entries if entry.language == code)
    word_list: WordList = read_word_list(code)
    phrases, unanswered = knowledge.phrases_in(code), knowledge.unanswered.get(code, ())
    language = Language(
        code,
        word_list,
        function_words(code),
        tuple(phrases.fillers),
        tuple(phrases.question_words),
        background(code),
    )
    return Understanding(
        scripts=frozenset(_scripts(entries)),
        matcher=Matcher(entries, language, unanswered, encoder, thresholds),
        small_talk=_small_talk(knowledge, code, word_list),
        follow_ups=FollowUps(phrases, word_list),
        split=Splitter(phrases),
        function_words=language.function_words,
        subject_words=frozenset(word for entry in entries for word in words(entry.subject))
        - language.function_words,
    )
