"""What the teaching room shows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.fronts.telegram.keyboards import PAGE_SIZE, picking
from bot.fronts.telegram.render import render, shorten
from bot.fronts.telegram.screens import Screen, plain_screen
from bot.fronts.telegram.teaching.buttons import button, keyboard
from bot.fronts.telegram.texts import fill
from bot.knowledge.entry import Entry, KnowledgeBase, Topic
from bot.knowledge.lessons import Conflict
from bot.knowledge.markdown import escape
from bot.knowledge.wordings import ButtonWordings, TeachingWordings
from bot.teaching.classroom import MOST_PHRASES, Draft, Learnt
from bot.teaching.clusters import Cluster

KIND = "teaching"
"""The kind of all these screens in logs and figures."""

_CLUSTERS, _SAMPLE = 5, 200


def list_page(
    found: Sequence[Cluster], page: int, words: TeachingWordings, turns: ButtonWordings
) -> Screen:
    """Return a page of clusters, each with a numbered button."""
    if not found:
        return plain_screen(words.no_misses, KIND)
    page = min(page, (len(found) - 1) // _CLUSTERS)
    first = page * _CLUSTERS
    shown = list(enumerate(found[first : first + _CLUSTERS], first + 1))
    lines = [_line(words, cluster, n) for n, cluster in shown]
    count = _times(sum(len(each.misses) for each in found), words)
    subjects = fill(words.subjects, count=str(len(found))) if len(found) > 1 else words.one_subject
    text = fill(words.misses, subjects=subjects, count=count).strip() + "\n" + "\n".join(lines)
    numbers = [button(str(number), "cluster", cluster.key) for number, cluster in shown]
    turning = []
    if page:
        turning.append(button(turns.previous, "list", page - 1))
    if first + _CLUSTERS < len(found):
        turning.append(button(turns.next, "list", page + 1))
    return Screen(render(text), keyboard(numbers, turning), kind=KIND)


def cluster_page(cluster: Cluster, likeliest: Sequence[Entry], words: TeachingWordings) -> Screen:
    """Return the wordings of a cluster with all that can be done about it."""
    key, left = cluster.key, len(cluster.asked) - MOST_PHRASES
    samples = samples_of(cluster) + (f"\n- … (+{left})" if left > 0 else "")
    head = fill(words.cluster, people=str(cluster.people)).strip()
    listed, rows = picking(likeliest, lambda label, each: button(label, "attach", key, each.id))
    text = f"{head}\n{samples}\n\n{words.cluster_ask}{listed}"
    return Screen(
        render(text),
        keyboard(
            *rows,
            [button(words.button_search, "search", key), button(words.button_new, "new", key)],
            [
                button(words.button_out_of_scope, "refuse", key),
                button(words.button_ignore, "ignore", key),
            ],
            [button(words.button_list, "list")],
        ),
        kind=KIND,
    )


def found_page(entries: Sequence[Entry], key: int, words: TeachingWordings) -> Screen:
    """Return what a search found, to attach a cluster to."""
    listed, rows = picking(entries, lambda label, each: button(label, "attach", key, each.id))
    text = f"{words.found}{listed}" if entries else words.found_nothing
    cancel = [button(words.button_cancel, "cancel")]
    return Screen(render(text), keyboard(*rows, cancel), kind=KIND)


def asking_page(text: str, words: TeachingWordings) -> Screen:
    """Return a question to the admin, who may cancel."""
    return Screen(render(text), keyboard([button(words.button_cancel, "cancel")]), kind=KIND)


def topics_page(topics: Sequence[Topic], words: TeachingWordings) -> Screen:
    """Return the topics to choose from."""
    rows = [[button(each.title, "topic", 0, each.id)] for each in topics[: 2 * PAGE_SIZE]]
    cancel = [button(words.button_cancel, "cancel")]
    return Screen(render(words.ask_topic), keyboard(*rows, cancel), kind=KIND)


def draft_page(draft: Draft, knowledge: KnowledgeBase, words: TeachingWordings) -> Screen:
    """Return a new entry as it would be published."""
    titles = {each.id: each.title for each in knowledge.topics_in(draft.language)}
    topic = escape(titles.get(draft.topic, draft.topic))
    text = fill(
        words.draft,
        question=escape(draft.question),
        answer=draft.answer,
        topic=fill(words.topic_guessed, topic=topic) if draft.is_guess else topic,
    )
    rows = (
        [button(words.button_publish, "publish")],
        [button(words.button_question, "question"), button(words.button_topic, "topics")],
        [button(words.button_cancel, "cancel")],
    )
    return Screen(render(text), keyboard(*rows), kind=KIND)


def done_page(text: str, number: int, words: TeachingWordings) -> Screen:
    """Return what was decided, with the way to take it back."""
    row = [button(words.button_undo, "undo", number), button(words.button_list, "list")]
    return Screen(render(text), keyboard(row), kind=KIND)


def back_page(text: str, words: TeachingWordings) -> Screen:
    """Return a text with the way back to the list."""
    return Screen(render(text), keyboard([button(words.button_list, "list")]), kind=KIND)


def outcome_page(
    learnt: Learnt | Conflict, text: str, knowledge: KnowledgeBase, words: TeachingWordings
) -> Screen:
    """Return a text on what was learnt, or which entry has it already."""
    if isinstance(learnt, Learnt):
        return done_page(text, learnt.number, words)
    entry = knowledge.entry(learnt.entry, knowledge.default_language)
    holder = escape(entry.question if entry else learnt.entry)
    return back_page(fill(words.taken, text=escape(learnt.text), entry=holder), words)


def samples_of(cluster: Cluster) -> str:
    """Return the wordings of a cluster that can be taught, as Markdown lines."""
    return "\n".join(f"- {_sample(each.text)}" for each in cluster.asked[:MOST_PHRASES])


def _line(words: TeachingWordings, cluster: Cluster, number: int) -> str:
    line = fill(
        words.cluster_line,
        number=str(number),
        text=_sample(cluster.asked[0].text),
        times=_times(len(cluster.misses), words),
        people=str(cluster.people),
    )
    return f"- {line}"


def _times(count: int, words: TeachingWordings) -> str:
    return words.once if count == 1 else fill(words.times, count=str(count))


def _sample(text: str) -> str:
    return escape(shorten(" ".join(text.split()), _SAMPLE))
