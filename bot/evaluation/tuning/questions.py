"""Hold what people asked against what they, and those who answer for them, said of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.knowledge.words import phrase_key
from bot.storage.store import Candidate, Exchange, Feedback, Heard, ReplyKind
from bot.storage.traffic import Traffic

_Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what one person asked in the same words, once or more.

    `entry` is what the matcher ranked first and `confidence` how sure it was, "" and 0 for nothing;
    `kind` is the reply that was given. `right` says whether that entry is the one that was meant,
    as far as a sign tells. `chosen` says of suggestions whether one of them was picked (True), or
    none fitted.
    """

    text: str
    language: str
    kind: ReplyKind
    entry: str
    confidence: float
    right: bool | None = None
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class _Sign:
    """Hold what was said of an asking: of its first match, and of its suggestions."""

    at: dt.datetime
    right: bool
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class _Asking:
    """Hold one asking of a question with what was said of it."""

    heard: Heard
    best: Candidate
    signs: list[_Sign] = field(default_factory=list)

    def question(self) -> Question:
        """Return it as a question; later signs overrule earlier ones."""
        heard, best = self.heard, self.best
        asked = (heard.text, heard.language, heard.kind, best.entry, best.confidence)
        signs = sorted(self.signs, key=lambda sign: sign.at, reverse=True)
        right = next((sign.right for sign in signs), None)
        chosen = next((sign.chosen for sign in signs if sign.chosen is not None), None)
        return Question(*asked, right, chosen)


def questions(traffic: Traffic) -> tuple[Question, ...]:
    """Return each person's questions, of those asked again the last that a sign tells of.

    For an entry count 👍, a picked suggestion, and a miss that an admin made a phrase of it;
    against it 👎, another suggestion picked, "None of these", and a miss answered otherwise. What
    an admin answered in one go counts once, and so do the votes of a group on one message. An
    answer of several parts tells nothing, as nobody knows which one is meant, and neither does one
    that context alone gave.
    """
    log = _Log(traffic.heard)
    for exchange, votes in _voted(traffic):
        log.add_exchange(exchange, votes)
    for miss in traffic.dismissed:
        if asking := log.find(miss.user, miss.text, miss.at):
            asking.signs.append(_Sign(miss.at, right=False, chosen=False))
    settled = {each.decision: each for each in traffic.settled}
    for each in settled.values():
        if asking := log.find(each.user, each.text, each.at):
            asking.signs.append(_Sign(each.at, right=each.entry == asking.best.entry != ""))
    return tuple(log.questions())


def _voted(traffic: Traffic) -> Iterator[tuple[Exchange, list[Feedback]]]:
    votes: defaultdict[tuple[int, int], list[Feedback]] = defaultdict(list)
    for each in traffic.feedback:
        votes[each.chat, each.message].append(each)
    for exchange in traffic.exchanges:
        yield exchange, votes[exchange.chat, exchange.answer]


class _Log:
    """Find the asking that a sign is about, by who asked it or where, and in which words."""

    def __init__(self, heard: Iterable[Heard]) -> None:
        self._askings: defaultdict[_Key, list[_Asking]] = defaultdict(list)
        self._by_person: defaultdict[tuple[str, int, str], list[_Asking]] = defaultdict(list)
        for each in heard:
            if each.kind == "chitchat" or (each.kind == "answer" and not each.candidates):
                # Neither depends on a threshold: a bare "why?" is answered without the matcher.
                continue
            best = max(each.candidates, key=lambda c: c.confidence, default=Candidate("", 0.0))
            asking, words = _Asking(each, best), phrase_key(each.text)
            for place in {each.chat, each.user}:
                self._askings[place, words].append(asking)
            self._by_person[each.language, each.user, words].append(asking)

    def find(self, place: int, text: str, at: dt.datetime) -> _Asking | None:
        """Return the last asking of a text by a person, or in a chat, before an instant."""
        before = [a for a in self._askings.get((place, phrase_key(text)), ()) if a.heard.at <= at]
        return max(before, key=lambda asking: asking.heard.at, default=None)

    def add_exchange(self, exchange: Exchange, votes: list[Feedback]) -> None:
        """Take in what an exchange tells of the asking that began it."""
        asking = self.find(exchange.chat, exchange.text, exchange.at)
        if asking is None or len(exchange.entries) != 1:
            return
        (entry,), best = exchange.entries, asking.best.entry
        if asking.heard.kind == "suggest":
            asking.signs.append(_Sign(exchange.at, right=entry == best, chosen=True))
        helpful = sum(1 if vote.vote == "helpful" else -1 for vote in votes)
        if helpful and entry == best:
            asking.signs.append(_Sign(max(vote.at for vote in votes), right=helpful > 0))

    def questions(self) -> Iterator[Question]:
        """Yield one question for each that a person asked in the same words."""
        for askings in self._by_person.values():
            told = [each for each in askings if each.signs]
            yield max(told or askings, key=lambda asking: asking.heard.at).question()
