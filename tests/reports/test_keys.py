"""Keys of a scenario in words."""

from __future__ import annotations

import pytest

from labelcast.reports.keys import key_words


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("work.street.backlog", "street: items at the start"),
        ("pools.team.pay.hourly", "team: price, an hour"),
        ("pools.team.skill.accuracy", "team: accuracy of people"),
        ("stages.annotate.time", "annotate: time a task"),
        ("stages.annotate.time.lognormal.median", "annotate: time a task"),
        ("stages.annotate.time.lognormal.sigma", "annotate: how far times differ"),
        ("stages.review.fraction.rest", "review: share of items"),
        ("stages.annotate.labels_per_item.majority", "annotate: labels an item"),
        ("goals.budget", "goals.budget"),
        ("pools.team.pay.hourly.more", "pools.team.pay.hourly.more"),
        ("learning rate of newcomers", "learning rate of newcomers"),
    ],
)
def test_a_key_has_words_under_its_owners_name(path: str, told: str) -> None:
    """Of what has none, the path itself."""
    assert key_words(path) == told
