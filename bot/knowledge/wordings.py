"""The fixed texts of one language, as `_wordings.yaml` holds them: a closed set of keys."""

from __future__ import annotations

from typing import Annotated, Literal, LiteralString, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_MISSING_KINDS: LiteralString = "missing_kinds"
"""The type of the error for small talk that is incomplete; its context names the `kinds`."""

SmallTalkKind = Literal[
    "greeting",
    "thanks",
    "goodbye",
    "who_are_you",
    "are_you_human",
    "what_can_you_do",
    "how_are_you",
    "praise",
    "insult",
    "agreement",
    "doubt",
]


def _complete(texts: dict[SmallTalkKind, str]) -> dict[SmallTalkKind, str]:
    """Refuse small talk that leaves a kind without a reply."""
    if missing := [kind for kind in get_args(SmallTalkKind) if kind not in texts]:
        kinds = ", ".join(f"'{kind}'" for kind in missing)
        raise PydanticCustomError(_MISSING_KINDS, "lacks {kinds}", {"kinds": kinds})
    return texts


class _Closed(BaseModel):
    """Refuse unknown keys and change after construction."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CommandWordings(_Closed):
    """Describe each command in the menu, at most 256 characters each."""

    start: Text
    help: Text
    topics: Text
    about: Text
    privacy: Text
    language: Text
    why: Text
    reload: Text
    versions: Text
    stats: Text
    tune: Text
    misses: Text


class ButtonWordings(_Closed):
    """Label the buttons; each fits a phone's half width."""

    source: Text
    share: Text
    copy_text: Text
    copy_link: Text
    whole_answer: Text
    none_of_these: Text
    topics: Text
    back: Text
    next: Text
    previous: Text
    helpful: Text
    not_helpful: Text
    as_in_telegram: Text


class TeachingWordings(_Closed):
    """Hold what admins read while they teach; labels of buttons fit a phone's half width."""

    misses: Text
    no_misses: Text
    cluster_line: Text
    one_subject: Text
    subjects: Text
    once: Text
    times: Text
    cluster: Text
    cluster_ask: Text
    search: Text
    found: Text
    found_nothing: Text
    ask_answer: Text
    ask_question: Text
    ask_topic: Text
    draft: Text
    topic_guessed: Text
    attached: Text
    published: Text
    done: Text
    out_of_scope: Text
    ignored: Text
    undone: Text
    refused: Text
    taken: Text
    gone: Text
    nothing_drafted: Text
    cancelled: Text
    button_search: Text
    button_new: Text
    button_out_of_scope: Text
    button_ignore: Text
    button_undo: Text
    button_list: Text
    button_publish: Text
    button_question: Text
    button_topic: Text
    button_cancel: Text


class OperatorWordings(_Closed):
    """Hold what people who ask for a person read, and the operators who answer them."""

    opened: Text
    already_open: Text
    joined: Text
    nobody_yet: Text
    out_of_reach: Text
    closed: Text
    hoping: Text
    found: Text
    not_passed_on: Text
    card: Text
    card_topic: Text
    card_quotes: Text
    ended_by_operator: Text
    ended_by_person: Text
    over: Text
    already_over: Text
    blocked: Text
    not_answered: Text
    only_admins: Text
    privacy: Text
    button_ask: Text
    button_hope: Text
    button_end: Text
    button_close: Text
    button_teach: Text


class ReportWordings(_Closed):
    """Hold what admins read of the figures; `picture_…` stand in a picture, so without Markdown."""

    title: Text
    digest: Text
    nothing: Text
    questions: Text
    shares: Text
    votes: Text
    small_talk: Text
    languages: Text
    handover: Text
    handover_wait: Text
    before: Text
    most_asked: Text
    most_missed: Text
    weak: Text
    weak_confidence: Text
    weak_suggested: Text
    weak_not_helpful: Text
    entry_line: Text
    miss_line: Text
    weak_line: Text
    review: Text
    review_line: Text
    button_week: Text
    button_month: Text
    picture_questions: Text
    picture_answered: Text
    picture_suggested: Text
    picture_missed: Text
    picture_votes: Text
    picture_helpful: Text
    picture_not_helpful: Text
    picture_no_votes: Text
    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)]


class VersionWordings(_Closed):
    """Hold what admins read of versions of the knowledge; labels fit a phone's half width."""

    regressed: Text
    failing: Text
    failing_as_before: Text
    differing: Text
    difference: Text
    lost: Text
    lost_anyway: Text
    advice: Text
    more: Text
    suggestion: Text
    small_talk: Text
    silence: Text
    rolled_back: Text
    nothing_earlier: Text
    listed: Text
    line: Text
    from_files: Text
    somebody: Text
    live: Text
    button_anyway: Text
    button_back: Text
    button_undo: Text


class TuningWordings(_Closed):
    """Hold what admins read of the thresholds; labels of buttons fit a phone's half width."""

    asked: Text
    now: Text
    proposed: Text
    too_early: Text
    unsure: Text
    out_of_reach: Text
    as_it_is: Text
    applied: Text
    reset: Text
    button_apply: Text
    button_reset: Text


class ExplainingWordings(_Closed):
    """Hold what admins read of why a reply was given: what it came down to, then the details."""

    chosen: Text
    small_talk: Text
    answered: Text
    followed: Text
    offered: Text
    unsure: Text
    vague: Text
    nothing_more: Text
    nothing_of_kind: Text
    nothing_alike: Text
    other_language: Text
    entry: Text
    context: Text
    spelling: Text
    phrase: Text
    runner_up: Text
    thresholds: Text
    strange_words: Text
    unanswerable: Text
    figures: Text


class Wordings(_Closed):
    """Hold what the bot says outside its answers, in Markdown.

    Braces name what is filled in: `{parts}`, `{title}`, `{name}`, `{added}` and so on. A text is
    used as it stands otherwise.
    """

    start: Text
    help: Text
    help_admins: Text
    help_terminal: Text
    unknown_command: Text
    about: Text
    description: Text
    short_description: Text
    commands: CommandWordings
    buttons: ButtonWordings
    teaching: TeachingWordings
    report: ReportWordings
    operators: OperatorWordings
    versions: VersionWordings
    tuning: TuningWordings
    explaining: ExplainingWordings
    suggestions: Text
    fallback: Text
    fallback_dismissed: Text
    unclear: Text
    exhausted: Text
    unanswered: Text
    topics: Text
    topic: Text
    cited: Text
    taught_title: Text
    source: Text
    source_gone: Text
    no_source: Text
    thanks_helpful: Text
    thanks_not_helpful: Text
    stale_button: Text
    nothing_to_explain: Text
    reload_done: Text
    reload_unchanged: Text
    reload_refused: Text
    reload_added: Text
    reload_changed: Text
    reload_removed: Text
    unsupported: Text
    slow_down: Text
    privacy: Text
    privacy_admins: Text
    private_only: Text
    mydata: Text
    nothing_kept: Text
    forgotten: Text
    language_name: Text
    language: Text
    language_chosen: Text
    only_language: Text
    small_talk: Annotated[dict[SmallTalkKind, Text], AfterValidator(_complete)]


class Phrases(_Closed):
    """Hold what people type that isn't about an entry, as `_phrases.yaml` lists it.

    `small_talk` lists wordings by kind. `follow_ups` lists, by facet, the bare questions that ask
    for that facet of the last entry's subject ("where", "how often"); `more` and `another` ask for
    more about it. `pronouns` are the words that stand for the last subject, `expletives` beginnings
    in which such a word stands for nothing ("is there a…"), `openers` those that tie a message to
    the one before ("and", "what about"). `fillers` carry no meaning ("please").
    `question_words` begin a question, `requests` ("tell") may; `joints` may stand between two
    questions in one message.
    """

    small_talk: dict[SmallTalkKind, list[Text]]
    follow_ups: dict[
        Literal["what", "why", "where", "when", "who", "how", "example", "gain", "effect"],
        list[Text],
    ]
    more: list[Text]
    another: list[Text]
    pronouns: list[Text]
    expletives: list[Text] = []
    openers: list[Text]
    fillers: list[Text]
    question_words: list[Text]
    requests: list[Text]
    joints: list[Text]


class Unanswered(_Closed):
    """List questions that no entry answers, as `_unanswered.yaml` holds them."""

    unanswered: list[Text]
