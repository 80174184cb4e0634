"""An edition: one version of the knowledge with all that was built from it, swapped as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.conversation.follow_ups import FollowUps
from bot.conversation.questions import Splitter
from bot.conversation.verbatim import Verbatim
from bot.knowledge.entry import KnowledgeBase, primary_language
from bot.knowledge.function_words import function_words
from bot.knowledge.problems import Problem
from bot.knowledge.wordings import SmallTalkKind
from bot.matching.background import background
from bot.matching.encoder import Encoder
from bot.matching.language import Language
from bot.matching.match import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.normalise import words
from bot.matching.scripts import main_script, scripts_of
from bot.matching.small_talk import SmallTalkRecogniser
from bot.matching.speller import WordList, read_word_list

_BEFORE: frozenset[SmallTalkKind] = frozenset({"greeting", "thanks", "how_are_you"})
_AFTER: frozenset[SmallTalkKind] = frozenset({"thanks"})
_TUNED, _DIGITS = "+t", 8


@dataclass(frozen=True, slots=True)
class Understanding:
    """Hold what it takes to understand one language.

    `script` is the one of most of its letters. `subject_words` are those with which a message names
    what it is about.
    """

    script: str
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
    `verbatim` knows what somebody taught in other scripts than the language's. `advice` is for the
    author of its files, where they were checked.
    """

    knowledge: KnowledgeBase
    understanding: Mapping[str, Understanding]
    verbatim: Verbatim
    courtesies: Mapping[str, SmallTalkRecogniser[SmallTalkKind]] = field(default_factory=dict)
    advice: tuple[Problem, ...] = ()

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
        return tuple(each for each in ordered if self.understanding[each].script in scripts)

    def courtesy(self, text: str, tag: str | None) -> str:
        """Return the language in which to say that there is no answer to a text.

        Of those that the bot speaks it is one in the text's script, best that of the person's app.
        Somebody whose app is in a language that the bot doesn't speak gets the default language:
        they may be a neighbour who writes the same way.
        """
        wanted, code = self.knowledge.language_for(tag), primary_language(tag)
        if code not in {"", wanted}:
            return wanted
        written = main_script(text)
        alike = (
            each
            for each in (wanted, *self.knowledge.spoken)
            if main_script(self.knowledge.wordings_in(each).fallback) == written
        )
        return next(alike, wanted)


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
    scripts = {code: each.script for code, each in languages.items()}
    return Edition(live, languages, Verbatim(knowledge.entries, scripts), courtesies)


def tuned_version(version: str, thresholds: Mapping[str, Thresholds]) -> str:
    """Return a version of the knowledge with these thresholds in place of what it had chosen."""
    plain = version.partition(_TUNED)[0]
    if not thresholds:
        return plain
    parts = [f"{name} {each.answer} {each.suggest}" for name, each in sorted(thresholds.items())]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{plain}{_TUNED}{digest[:_DIGITS]}"


def _small_talk(
    knowledge: KnowledgeBase, code: str, word_list: WordList
) -> SmallTalkRecogniser[SmallTalkKind]:
    phrases = knowledge.phrases_in(code)
    return SmallTalkRecogniser(phrases.small_talk, _BEFORE, _AFTER, word_list, phrases.fillers)


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
        script=main_script("".join(entry.question for entry in entries)),
        matcher=Matcher(entries, language, unanswered, encoder, thresholds),
        small_talk=_small_talk(knowledge, code, word_list),
        follow_ups=FollowUps(phrases, word_list),
        split=Splitter(phrases),
        function_words=language.function_words,
        subject_words=frozenset(word for entry in entries for word in words(entry.subject))
        - language.function_words,
    )
