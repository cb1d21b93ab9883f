"""One key at several values: what is read, which plans it makes, and that the best is the best."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from labelcast.reports.reading import read
from labelcast.reports.sweep import best_sentences, sweep_json, sweep_text
from labelcast.reports.sweep_figure import positions, sweep_figure
from labelcast.scenarios.compare import Comparison, compare
from labelcast.scenarios.load import load
from labelcast.scenarios.sweep import Sweep, read_sweep, swept
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.replicate import Runs, replicate

LOTS = """
labelcast: 1
name: lots
start: 2027-01-04T00:00
currency: EUR
work:
  images: {backlog: 60 items, classes: {yes: 100%}, difficulty: {spread: 0}}
pools:
  team: {headcount: 1, calendar: always, speed: {spread: 0}, skill: {accuracy: 95%}, pay: {hourly: 36 EUR}}
stages:
  annotate:
    pools: [team]
    time: 30 s
    batch: {size: 5 items, setup: 18 s, together: yes}
"""
"""A person does 60 items in batches, whose results go on together."""

SIZES = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60)

REVIEWED = """
labelcast: 1
name: reviewed
start: 2027-01-04T09:00
currency: EUR
work:
  images: {backlog: 400 items, classes: {a: 50%, b: 50%}}
pools:
  team: {headcount: 4, calendar: always, skill: {accuracy: 80%}, pay: {hourly: 20 EUR}}
  judges: {headcount: 2, calendar: always, reviewing: {sensitivity: 90%, false_alarm: 2%}, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], time: {lognormal: {median: 60 s, p95: 150 s}}}
  review:
    pools: [judges]
    fraction: 25%
    time: {lognormal: {median: 30 s, p95: 60 s}}
    on_reject: {to: annotate, rounds: 2, then: deliver}
"""


def written(folder: Path, text: str) -> Path:
    """The scenario in a file."""
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def run(path: Path, sweep: Sweep, many: int) -> list[Runs]:
    """Each of its plans."""
    return [replicate(line, many, seed=1, processes=1) for line in swept(path, None, sweep).lines]


def test_the_best_size_is_that_of_the_square_root_and_of_enumeration(tmp_path: Path) -> None:
    """Batches of b of n items, t each, with a set-up of s, are done at (b t + s), 2 (b t + s), .., so that an item is
    delivered after (b t + s) (n / b + 1) / 2 on average, which is least at b = sqrt(n s / t) (the economic lot): 6 of
    60 items of 30 s with 18 s. The time by item is t + s / b. Enumeration: each size written into the file."""
    path = written(tmp_path, LOTS)
    sweep = read_sweep(f"stages.annotate.batch.size={','.join(map(str, SIZES))} items")
    runs = run(path, sweep, 2)
    found = compare(runs, ("cycle_time_h", "active_min_per_item"))
    by_hand, cycle = {}, {}
    for size, each in zip(SIZES, runs, strict=True):
        other = written(tmp_path, LOTS.replace("size: 5 items", f"size: {size} items"))
        by_hand[size] = replicate(load(other), 2, seed=1, processes=1).kpis["cycle_time_h"].mean()
        cycle[size] = each.kpis["cycle_time_h"].mean()
        assert cycle[size] * 3600 == pytest.approx((size * 30 + 18) * (60 / size + 1) / 2)
        assert each.kpis["active_min_per_item"].mean() * 60 == pytest.approx(30 + 18 / size)
    assert cycle == by_hand
    assert min(by_hand, key=lambda size: by_hand[size]) == 6 == round(math.sqrt(60 * 18 / 30))
    told = list(best_sentences(read(runs), found, ("cycle_time_h", "active_min_per_item")))
    assert told[0].startswith("Cycle time is surely lowest at size 6 items (")
    assert told[1].startswith("Active time by item is surely lowest at size 60 items (")


@pytest.fixture(scope="module")
def curve(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sweep, list[Runs], Comparison]:
    """Reviews of none to all of the items."""
    path = written(tmp_path_factory.mktemp("curve"), REVIEWED)
    sweep = read_sweep("stages.review.fraction=0%, 25%, 50%, 100%")
    runs = run(path, sweep, 20)
    return path, sweep, runs, compare(runs)


def test_more_review_is_righter_and_dearer(curve: tuple[Path, Sweep, list[Runs], Comparison]) -> None:
    """The curve of quality against cost: both rise with the fraction, each step surely, and all four are on the
    frontier; what is reviewed is the fraction, 4 standard errors of 8,000 items."""
    _, sweep, runs, found = curve
    pairs = found.pairs.set_index(["scenario", "against", "kpi"])
    for less, more in zip(sweep.values, sweep.values[1:], strict=False):
        for kpi in ("accuracy", "cost"):
            row = pairs.loc[sweep.plan(more), sweep.plan(less), kpi]
            assert row["mean"] > 0
            assert row["differs"]
    assert [one.kind for one in found.standings] == ["efficient"] * 4
    shares = [each.kpis["reviewed_share.review"].mean() for each in runs]
    assert shares == pytest.approx([0.0, 0.25, 0.5, 1.0], abs=4 * math.sqrt(0.25 / 8000))


def test_the_values_are_plans_of_the_file(curve: tuple[Path, Sweep, list[Runs], Comparison]) -> None:
    """The plan at 25% is the file itself, number by number, and is known for it; the others are the file with that
    value written in."""
    path, sweep, runs, _ = curve
    assert swept(path, None, sweep).base == 1
    assert replicate(load(path), 20, seed=1, processes=1).kpis.equals(runs[1].kpis)
    half = written(path.parent / "..", REVIEWED.replace("fraction: 25%", "fraction: 50%"))
    assert replicate(load(half), 20, seed=1, processes=1).kpis.equals(runs[2].kpis)
    assert swept(path, None, read_sweep("stages.review.fraction=0%,10%")).base is None


def test_what_is_told(curve: tuple[Path, Sweep, list[Runs], Comparison]) -> None:
    """Sentences name the best of each, the table has a row a value, verdicts are those of the comparison, JSON has the
    key and its values, and the picture is one."""
    _, sweep, runs, found = curve
    text = sweep_text(runs, found, sweep, ("cost", "accuracy", "agreement"))
    lines = text.splitlines()
    assert lines[0].startswith("Cost is surely lowest at fraction 0% (")
    assert lines[1].startswith("Accuracy is surely highest at fraction 100% (")
    head = next(line for line in lines if line.startswith("stages.review.fraction"))
    assert head.split() == [
        "stages.review.fraction",
        "cost,",
        "EUR",
        "accuracy,",
        "%",
        "agreement",
        "of",
        "labels,",
        "%",
    ]
    assert [line.split()[0] for line in lines[lines.index(head) + 2 :][:4]] == list(sweep.values)
    assert all(verdict.replace("\N{MINUS SIGN}", "-") in lines for verdict in found.verdicts)
    told = sweep_json(runs, found, sweep)
    assert (told["over"], told["values"]) == ("stages.review.fraction", list(sweep.values))
    assert [one["scenario"] for one in told["scenarios"]] == [sweep.plan(value) for value in sweep.values]
    assert sweep_figure(runs, sweep, ("cost", "accuracy")).count("<svg") == 1


def test_values_that_may_be_as_good_are_named(tmp_path: Path) -> None:
    """Where the key matters to nothing all are the same; where plans are near each other none is surely best."""
    path = written(tmp_path, REVIEWED)
    same = read_sweep("goals.budget=1_000 EUR,2_000 EUR")
    runs = run(path, same, 3)
    told = list(best_sentences(read(runs), compare(runs), ("cost",)))
    assert told[0].startswith("Cost is the same at all values (")
    near = read_sweep("stages.review.fraction=24%,25%,26%,100%")
    runs = run(path, near, 5)
    told = list(best_sentences(read(runs), compare(runs), ("accuracy", "cost")))
    assert "may be as good" in told[1]
    assert "fraction 100%" not in told[1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.b=1,2 h, 3 items", Sweep("a.b", ("1 items", "2 h", "3 items"))),
        ("a.b=0,5_0, first", Sweep("a.b", ("0", "5_0", "first"))),
        ("a.b=0,12.5,25%", Sweep("a.b", ("0%", "12.5%", "25%"))),
        (" stages.review.fraction = 0% , 5% ", Sweep("stages.review.fraction", ("0%", "5%"))),
        ("a.b=7 h..10 h", Sweep("a.b", ("7 h", "7.5 h", "8 h", "8.5 h", "9 h", "9.5 h", "10 h"))),
        ("a.b=1 items..3 items", Sweep("a.b", ("1 items", "2 items", "3 items"))),
    ],
)
def test_lists_and_ranges_are_read(text: str, found: Sweep) -> None:
    """Values as a file would write them, one by one or from end to end; no value twice."""
    assert read_sweep(text) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stages.review.fraction", "must be a key and its values"),
        ("a.b=5", 'needs two values or more, but got "5"'),
        ("a.b=5,,6", "needs two values or more"),
        ("a.b=5,6,5", 'values must be different, but "5" is there twice'),
        ("a.b=7 h..1 h", "low < high must hold"),
    ],
)
def test_what_is_no_sweep_is_refused(text: str, told: str) -> None:
    """The rule, what was found, and how to mend it."""
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        read_sweep(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stages.review.fraction=10%,200%", "plan.yaml with stages.review.fraction=200%"),
        ("stages.review.fraction=10%,10.0%", 'values must be different, but "10%" and "10.0%" are the same plan'),
        ("stages.review.fracton=10%,20%", "fracton"),
    ],
)
def test_values_that_the_file_cannot_have_are_refused(tmp_path: Path, text: str, told: str) -> None:
    """Before anything is run, with the key and the value."""
    with pytest.raises(ScenarioRefused) as refused:
        swept(written(tmp_path, REVIEWED), None, read_sweep(text))
    assert any(told in problem for problem in refused.value.problems)


def test_numbers_of_one_unit_stand_at_their_numbers() -> None:
    """Else values stand side by side."""
    assert positions(Sweep("a", ("1 item", "5 items", "2_000 items"))) == ([1.0, 5.0, 2000.0], "items")
    assert positions(Sweep("a", ("0%", "12.5%"))) == ([0.0, 12.5], "%")
    assert positions(Sweep("a", ("first", "due", "last"))) == ([0.0, 1.0, 2.0], "")
    assert positions(Sweep("a", ("30 min", "1 h"))) == ([0.0, 1.0], "")
