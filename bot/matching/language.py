"""What the matcher knows of a language besides the knowledge base."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.matching.normalise import words
from bot.matching.speller import WordList


@dataclass(frozen=True, slots=True)
class Language:
    """Hold the words of a language that mean the same in every knowledge base.

    `function_words` carry no content ("the", "where"), `fillers` no meaning at all ("please").
    `question_words` tell what is asked for ("where", "how much"). `background` are questions about
    anything else.
    """

    code: str
    word_list: WordList = field(default_factory=WordList)
    function_words: frozenset[str] = frozenset()
    fillers: tuple[str, ...] = ()
    question_words: tuple[str, ...] = ()
    background: tuple[str, ...] = ()

    @property
    def words(self) -> WordList:
        """Return the word list with the words of the others: none of them is a slip."""
        texts = (*self.function_words, *self.fillers, *self.question_words)
        said = {word for text in texts for word in words(text)}
        return replace(self.word_list, others=self.word_list.others.union(said))
