"""The one grammar of paths: what it names, what it puts there, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from complete_scenario import COMPLETE, KEYS, example, steps_of

from labelcast.scenarios.check import check
from labelcast.scenarios.nodes import Mapping, Node, Scalar
from labelcast.scenarios.paths import changeable, multiplied, placed, put, spot, value_at
from labelcast.scenarios.problems import Problems
from labelcast.scenarios.shape import Shape, shape_under
from labelcast.scenarios.spec import Scenario
from labelcast.scenarios.text import compose


def tree(text: str) -> Mapping:
    """The tree of a text without problems."""
    problems = Problems()
    root = compose(text.encode(), "any.yaml", problems)
    assert root is not None
    assert not problems.found
    return root


ROOT = tree(COMPLETE)

PLACES = [key for key in KEYS if "<number>" not in key and key[-1] != "list"]


def plain(node: Node | None) -> object:
    """A tree without its positions."""
    if isinstance(node, Mapping):
        return {key: plain(one) for key, one in node.entries.items()}
    if isinstance(node, Scalar):
        return node.text
    return None if node is None else [plain(one) for one in node.items]


def holds(found: object, wanted: object) -> bool:
    """Whether what was put is there: of a mapping its keys, of a short form what it stands for."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(name in found and holds(found[name], one) for name, one in wanted.items())
    return wanted in found.values() if isinstance(found, dict) else found == wanted


@pytest.mark.parametrize("key", PLACES, ids=".".join)
def test_every_key_has_a_path(key: tuple[str, ...]) -> None:
    """A path leads to every key of the models; what is put there stands there, and nothing else has changed but what
    must give way."""
    around: Shape = Scenario
    for step in key[:-1]:
        around = shape_under(around, step)
    assert isinstance(around, type)
    value = tree(f"x: {example(around, key[-1])}").entries["x"]
    at = spot(ROOT, ".".join(steps_of(key)))
    changed = put(ROOT, at, value)
    assert holds(plain(value_at(changed, at)), plain(value))
    section = at.steps[0]
    assert {name: plain(one) for name, one in changed.entries.items() if name != section} == {
        name: plain(one) for name, one in ROOT.entries.items() if name != section
    }


@pytest.mark.parametrize("key", PLACES, ids=".".join)
def test_every_key_may_be_placed(key: tuple[str, ...]) -> None:
    """What is placed at a key stands there alone, its alternatives are gone, all else is as it was and in its order;
    placing nothing takes the key out."""
    around: Shape = Scenario
    for step in key[:-1]:
        around = shape_under(around, step)
    assert isinstance(around, type)
    value = tree(f"x: {example(around, key[-1])}").entries["x"]
    at = spot(ROOT, ".".join(steps_of(key)))
    changed = placed(ROOT, at, value)
    assert value_at(changed, at) is value
    others = {one for group in around.alternatives if key[-1] in group for one in group} - {key[-1]}
    assert all(value_at(changed, replace(at, steps=(*at.steps[:-1], one))) is None for one in others)
    assert list(changed.entries) == list(dict.fromkeys([*ROOT.entries, at.steps[0]]))
    assert {name: one for name, one in changed.entries.items() if name != at.steps[0]} == {
        name: one for name, one in ROOT.entries.items() if name != at.steps[0]
    }
    gone = placed(changed, at, Scalar(value.mark, "~", empty=True))
    assert value_at(gone, at) is None
    assert placed(gone, at, value) == placed(placed(ROOT, at, Scalar(value.mark, "", empty=True)), at, value)


def test_what_is_placed_leaves_nothing_of_what_stood_there() -> None:
    """Put merges as a file over another; placed does not. Names beside it keep their order, on which luck hangs."""
    root = tree(COMPLETE.replace("batch: {size: 10 items}", "batch: {size: 10 items, setup: 5 min}", 1))
    at = spot(root, "stages.annotate.batch")
    three = Scalar(root.mark, "3 items")
    assert plain(value_at(put(root, at, three), at)) == {"size": "3 items", "setup": "5 min"}
    assert plain(value_at(placed(root, at, three), at)) == "3 items"
    deep = spot(root, "pools.team.headcount")
    changed = placed(root, deep, three)
    for before, after in ((root, changed), (root.entries["pools"], changed.entries["pools"])):
        assert isinstance(before, Mapping)
        assert isinstance(after, Mapping)
        assert list(before.entries) == list(after.entries)


TIME, TIERS = "stages.annotate.time", "per_label: {tiers: {50: 0.4 EUR, rest: 0.3 EUR}}"

FACTORS: list[tuple[str, str, str, object]] = [
    ("time: 30 s", TIME, "0.9", "27 s"),
    ("time: 30 s", TIME, "1.333", "39.99 s"),
    ("time: {lognormal: {median: 40 s, p95: 2 min}}", TIME, "0.5", {"lognormal": {"median": "20 s", "p95": "1 min"}}),
    ("time: {lognormal: {mean: 40 s, sigma: 0.6}}", TIME, "2", {"lognormal": {"mean": "80 s", "sigma": "0.6"}}),
    ("time: {gamma: {mean: 40 s, shape: 3}}", f"{TIME}.gamma", "2", {"mean": "80 s", "shape": "3"}),
    ("time: {uniform: {low: 1_000 ms, high: 9 s}}", f"{TIME}.uniform", "3", {"low": "3000 ms", "high": "27 s"}),
    ("rate: 100 items/week", "work.street.arrivals.rate", "1.5", "150 items/week"),
    ("sessions: 90/hour", "pools.crowd.sessions", "2", "180/hour"),
    ("sessions: 90/hour", "pools.crowd.sessions.rate", "2", "180/hour"),
    ("tasks_per_session: 9", "pools.crowd.tasks_per_session", "2", "18"),
    ("headcount: 90", "pools.team.headcount", "0.5", "45"),
    ("hourly: 20 EUR", "pools.team.pay.hourly", "1.03333333", "20.666667 EUR"),
    (
        "per_label: 0.1 EUR",
        "pools.team.pay",
        "2",
        {"hourly": "40 EUR", "per_label": "0.2 EUR", "monthly": "2 EUR", "management": "2 EUR"},
    ),
    (TIERS, "pools.team.pay.per_label", "2", {"tiers": {"50": "0.8 EUR", "rest": "0.6 EUR"}}),
    ("", "pools.team.shrinkage", "2", "0%"),
    ("", "pools.team.skill.accuracy", "0.9", "81%"),
    ("", "stages.inspect.lot.size", "2", "200 items"),
]


@pytest.mark.parametrize(("written", "path", "factor", "becomes"), FACTORS)
def test_a_factor_keeps_the_unit(written: str, path: str, factor: str, becomes: object) -> None:
    """A factor multiplies the number, or what of a distribution or a table of prices scales; a default counts as if it
    were written."""
    key = written.partition(":")[0]
    old = {"time": "time: 30 s", "per_label": "per_label: 0.1 EUR"}.get(key, written)
    assert old in COMPLETE
    root = tree(COMPLETE.replace(old, written, 1))
    at = changeable(root, path)
    assert plain(multiplied(root, at, Decimal(factor), root.mark)) == becomes


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "pools.teem.headcount",
            'no pool is named "teem" (there are: team, vendor, crowd, experts). Did you mean "team"?',
        ),
        ("stages.annotate.tme", 'stages.annotate has no key "tme". Did you mean "time"?'),
        ("pool.team", 'a scenario has no key "pool". Did you mean "pools"?'),
        ("pools.team.shrinkage.share", "pools.team.shrinkage is one value"),
        ("work.street.classes.car", "work.street.classes is one value"),
        ("pools.team", "must name one key"),
        ("pools", "must name one key"),
        ("currency", "holds for the whole run"),
        ("goals.deadline", "holds for the whole run"),
        ("work.street.backlog", "holds for the whole run"),
        ("work.street.releases.csv", "holds for the whole run"),
        ("stages.review.kind", "holds for the whole run"),
        ("pools.team.sessions", "staff stay staff"),
        ("pools.crowd.headcount", "staff stay staff"),
    ],
)
def test_what_may_not_change_is_refused(path: str, told: str) -> None:
    """A path that leads nowhere, to a whole thing, or to what holds for the whole run is refused, saying why."""
    with pytest.raises(ValueError, match=r"\.") as refused:
        changeable(ROOT, path)
    assert told in str(refused.value)


def test_putting_a_value_keeps_alternatives_apart() -> None:
    """A new distribution takes the place of the old one; a new key under a short form keeps what the form said."""
    annotate = put(ROOT, spot(ROOT, "stages.annotate.time.gamma"), tree("x: {mean: 9 s, shape: 2}").entries["x"])
    assert plain(value_at(annotate, spot(annotate, "stages.annotate.time"))) == {"gamma": {"mean": "9 s", "shape": "2"}}
    crowd = put(ROOT, spot(ROOT, "pools.crowd.sessions.patience"), tree("x: 5 min").entries["x"])
    assert plain(value_at(crowd, spot(crowd, "pools.crowd.sessions"))) == {"rate": "90/hour", "patience": "5 min"}
    problems = Problems()
    assert check(crowd, True, problems) is not None
    assert not problems.found
