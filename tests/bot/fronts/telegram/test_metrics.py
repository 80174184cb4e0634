"""Tests of the metrics: what Prometheus reads after the front has counted."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.fronts.telegram.metrics import Metrics


@pytest.fixture
def metrics() -> Metrics:
    """Return metrics that have counted nothing."""
    return Metrics()


def read(metrics: Metrics) -> dict[str, float]:
    """Return every sample by its name and labels, as Prometheus writes them."""
    families = text_string_to_metric_families(metrics.exposition()[0].decode())
    return {
        sample.name + "".join(f"{{{name}={value}}}" for name, value in sample.labels.items()): (
            sample.value
        )
        for family in families
        for sample in family.samples
    }


def test_updates_are_counted_by_kind(metrics: Metrics) -> None:
    """Each update of a batch counts under the name that Telegram has for it."""
    metrics.taken(["message", "callback_query", "message"])
    metrics.taken([])
    found = read(metrics)
    assert found["majlis_updates_total{kind=message}"] == 2
    assert found["majlis_updates_total{kind=callback_query}"] == 1
    assert found["majlis_updates_total{kind=inline_query}"] == 0


def test_unknown_kinds_of_updates_share_a_series(metrics: Metrics) -> None:
    """However many kinds somebody makes up, Prometheus keeps one series for them."""
    before = len(read(metrics))
    metrics.taken(f"made_up_{number}" for number in range(500))
    found = read(metrics)
    assert found["majlis_updates_total{kind=other}"] == 500
    assert len(found) == before + 2  # its value, and when it began


def test_labels_of_callers_are_bounded_too(metrics: Metrics) -> None:
    """A caller that names errors without end fills "other", not the memory."""
    for number in range(500):
        metrics.failed(f"Error{number}")
    metrics.failed("Error0")
    found = read(metrics)
    errors = {name: count for name, count in found.items() if "telegram_errors_total" in name}
    assert found["majlis_telegram_errors_total{kind=Error0}"] == 2
    assert found["majlis_telegram_errors_total{kind=other}"] == 501 - sum(
        count for name, count in errors.items() if "other" not in name
    )
    assert len(errors) == 65


def test_replies_are_counted_and_timed(metrics: Metrics) -> None:
    """A reply counts by its kind, and its time falls into a bucket."""
    metrics.replied("answer", 0.02)
    metrics.replied("fallback", 90)
    found = read(metrics)
    assert found["majlis_replies_total{kind=answer}"] == 1
    assert found["majlis_replies_total{kind=fallback}"] == 1
    assert found["majlis_reply_seconds_bucket{le=0.01}"] == 0
    assert found["majlis_reply_seconds_bucket{le=0.025}"] == 1
    assert found["majlis_reply_seconds_bucket{le=60.0}"] == 1
    assert found["majlis_reply_seconds_bucket{le=+Inf}"] == 2
    assert found["majlis_reply_seconds_sum"] == pytest.approx(90.02)


def test_troubles_are_counted(metrics: Metrics) -> None:
    """Errors of Telegram, replies given up and messages over a limit each have a counter."""
    metrics.failed("RetryAfter")
    metrics.failed("Forbidden")
    metrics.failed("Forbidden")
    metrics.undeliverable()
    metrics.limited()
    metrics.limited()
    found = read(metrics)
    assert found["majlis_telegram_errors_total{kind=RetryAfter}"] == 1
    assert found["majlis_telegram_errors_total{kind=Forbidden}"] == 2
    assert found["majlis_undeliverable_total"] == 1
    assert found["majlis_limited_total"] == 2


def test_queues_are_measured(metrics: Metrics) -> None:
    """The last word about what waits and runs is what is shown."""
    metrics.waiting(7, 12.5)
    metrics.waiting(3, 2.5)
    metrics.running(4)
    found = read(metrics)
    assert found["majlis_updates_waiting"] == 3
    assert found["majlis_oldest_update_seconds"] == 2.5
    assert found["majlis_updates_running"] == 4


def test_reloads_are_counted_by_outcome(metrics: Metrics) -> None:
    """Reloads count as live or refused, from zero on, so that an alert can compare."""
    metrics.reloaded("live")
    found = read(metrics)
    assert found["majlis_reloads_total{outcome=live}"] == 1
    assert found["majlis_reloads_total{outcome=refused}"] == 0


def test_only_the_live_knowledge_is_shown(metrics: Metrics) -> None:
    """A new version takes the place of the former one."""
    metrics.knowledge("aaa")
    metrics.knowledge("bbb")
    shown = [name for name in read(metrics) if name.startswith("majlis_knowledge_info")]
    assert shown == ["majlis_knowledge_info{version=bbb}"]


def test_two_fronts_do_not_share_figures(metrics: Metrics) -> None:
    """What one front counts isn't seen in another of the same process."""
    other = Metrics()
    metrics.limited()
    assert read(metrics)["majlis_limited_total"] == 1
    assert read(other)["majlis_limited_total"] == 0


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/plain; version=0.0.4"),
        ("*/*", "text/plain; version=0.0.4"),
        ("text/plain;version=nonsense", "text/plain; version=0.0.4"),
        ("application/openmetrics-text;version=1.0.0,text/plain", "application/openmetrics-text"),
        ("application/openmetrics-text;version=nonsense", "application/openmetrics-text"),
    ],
)
def test_format_follows_the_accept_header(metrics: Metrics, accept: str, content_type: str) -> None:
    """OpenMetrics comes when asked for, whatever else the header says; else the plain text."""
    body, found = metrics.exposition(accept)
    assert found.startswith(content_type)
    assert body.endswith(b"# EOF\n") == ("openmetrics" in content_type)
