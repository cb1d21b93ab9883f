"""Comparisons: exact where the truth is known, refused where pairs do not match, and told no louder than they are."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant, exponential, full, queue
from scipy import stats

from labelcast.scenarios.compare import DECISION, FAMILY_LEVEL, MORE, compare
from labelcast.scenarios.tolerance import Tolerance
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.line import Arrivals, Contract, Line, Tier
from labelcast.sim.replicate import Runs, replicate


def runs_of(name: str, kpis: Mapping[str, Sequence[float]], level: float = 0.95) -> Runs:
    """Runs of a line of that name, with these values of each KPI over the replications."""
    line = replace(queue(1, 100.0, 10, constant(60.0)), name=name)
    table = pd.DataFrame({kpi: np.asarray(values, np.float64) for kpi, values in kpis.items()})
    return Runs(line, 1, level, table.rename_axis("replication"), pd.DataFrame(), [])


def by_label(name: str, price: int) -> Line:
    """Forty items, by a pool that is paid `price` micro-units a label."""
    line = queue(2, 4000.0, 40, exponential(120.0), name=name)
    return replace(line, pools=(replace(line.pools[0], contract=Contract(per_label=(Tier(None, price),))),))


def row(table: pd.DataFrame, kpi: str) -> pd.Series:
    return table[table["kpi"] == kpi].iloc[0]


def test_a_line_does_not_differ_from_itself() -> None:
    """The same line under another name: every difference is exactly zero, none differs, and the sentence says so."""
    pools = tuple(replace(pool, contract=Contract(hourly=17_333_333)) for pool in full().pools)
    line = full(8, pools=pools)
    runs = [replicate(line, 4, processes=1), replicate(replace(line, name="again"), 4, processes=1)]
    found = compare(runs, besides=MORE)
    table = found.differences
    assert table["kpi"].tolist() == [*DECISION, *MORE]
    assert (table[["mean", "low", "high", "low_all", "high_all"]] == 0.0).all(axis=None)
    assert (found.best[["low", "high"]] == 0.0).all(axis=None)
    assert found.best["among"].all()
    assert [one.kind for one in found.standings] == ["efficient", "efficient"]
    assert (table["p_value"] == 1.0).all()
    assert not table["differs"].any()
    assert found.baseline == "full"
    assert found.verdicts == ("again against full: cost, finish and accuracy came out the same in every run.",)


def test_a_planted_price_is_found_exactly() -> None:
    """Ten cents more on each of forty labels are four euros more in every run, and nothing else differs."""
    found = compare(
        [replicate(by_label(name, price), 4, processes=1) for name, price in (("a", 400_000), ("b", 500_000))],
        besides=MORE,
    )
    table = found.differences
    cost = row(table, "cost")
    assert (cost["mean"], cost["low"], cost["high"], cost["p_value"]) == (4.0, 4.0, 4.0, 0.0)
    assert set(table[table["differs"]]["kpi"]) == {"cost", "cost_per_correct_label"}
    assert found.verdicts == (
        "b costs 4.0 EUR more than a (in every run); finish and accuracy came out the same in every run.",
    )


def test_equal_differences_are_sure_in_any_binary_fraction() -> None:
    """A difference of 0.1 in each of three runs has no spread, though the rounded mean of three 0.1 is not 0.1."""
    found = compare([runs_of("a", {"cost": [0.0] * 3}), runs_of("b", {"cost": [0.1] * 3})])
    assert row(found.differences, "cost")[["mean", "low", "high", "p_value"]].tolist() == [0.1, 0.1, 0.1, 0.0]
    assert found.verdicts == ("b costs 0.10 EUR more than a (in every run).",)


def test_differences_are_scenario_less_baseline_with_scipys_numbers() -> None:
    """Each row is scipy's paired test of the scenario against the other; Holm goes over all KPIs of all pairs, and the
    differences are those rows that are against the first."""
    rng = np.random.default_rng(11)
    runs = [
        runs_of(name, {"cost": rng.normal(at, 3.0, 9), "accuracy": rng.normal(right, 0.01, 9)})
        for name, at, right in (("a", 100.0, 0.9), ("b", 96.0, 0.907), ("c", 103.0, 0.89))
    ]
    found = compare(runs)
    table = found.pairs
    assert table[["scenario", "against", "kpi"]].apply(tuple, axis=1).tolist() == [
        ("b", "a", "cost"), ("b", "a", "accuracy"), ("c", "a", "cost"), ("c", "a", "accuracy"),
        ("c", "b", "cost"), ("c", "b", "accuracy"),
    ]  # fmt: skip
    by_name = {each.line.name: each for each in runs}
    p_values = []
    for number, (scenario, against, kpi) in enumerate(
        zip(table["scenario"], table["against"], table["kpi"], strict=True)
    ):
        x, y = by_name[scenario].kpis[kpi], by_name[against].kpis[kpi]
        test = stats.ttest_rel(x, y)
        interval, wide = (test.confidence_interval(level) for level in (0.95, 1 - FAMILY_LEVEL / 6))
        assert table[["low_all", "high_all"]].iloc[number].tolist() == pytest.approx([wide.low, wide.high], rel=1e-9)
        expected = (np.mean(x - y), interval.low, interval.high, test.pvalue)
        assert table[["mean", "low", "high", "p_value"]].iloc[number].tolist() == pytest.approx(expected, rel=1e-9)
        p_values.append(test.pvalue)
    ordered = np.argsort(p_values)
    stepped = np.maximum.accumulate(np.sort(p_values) * np.arange(6, 0, -1)).clip(max=1)
    assert (stepped < 1).all(), "adjusted to 1, all corrections look alike"
    assert table["adjusted_p"].to_numpy()[ordered] == pytest.approx(stepped, rel=1e-9)
    assert table["differs"].tolist() == (table["adjusted_p"] < FAMILY_LEVEL).tolist()
    assert found.differences.equals(table.iloc[:4].drop(columns="against"))


def test_the_correction_takes_back_what_one_test_would_claim() -> None:
    """A difference at p = 3% alone is none among six; the sentence then claims none."""
    rng = np.random.default_rng(2)
    noise = rng.normal(size=10)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    shift = float(stats.t.isf(0.015, 9)) / math.sqrt(10)  # p is exactly 3%
    six = (*DECISION, "rework_rate", "cycle_time_h")
    calm = {kpi: np.zeros(10) + 5 for kpi in six}
    moved = {kpi: 5 + rng.normal(size=10) for kpi in six} | {"cost": 5 + noise + shift}
    found = compare([runs_of("a", calm), runs_of("b", moved)], six)
    cost = row(found.differences, "cost")
    assert cost["p_value"] == pytest.approx(0.03)
    assert cost["low"] > 0
    assert not cost["differs"]
    assert "costs" not in found.verdicts[0]
    assert "no difference in cost larger than 1.6 EUR" in found.verdicts[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda runs: replace(runs, seed=2), "one seed, but got a: 1, b: 2"),
        (lambda runs: replace(runs, level=0.9), "one level of confidence, but got a: 95%, b: 90%"),
        (lambda runs: replace(runs, kpis=runs.kpis.iloc[:2]), "one number of replications, but got a: 3, b: 2"),
        (lambda runs: replace(runs, line=replace(runs.line, currency="USD")), "one currency, but got a: EUR, b: USD"),
        (lambda runs: replace(runs, line=replace(runs.line, name="a")), '2 scenarios are named "a"'),
    ],
)
def test_what_cannot_be_paired_is_refused(change: object, words: str) -> None:
    """Another seed, level, number or currency, or one name twice, is refused in words."""
    runs = [runs_of(name, {"cost": [1.0, 2.0, 3.0]}) for name in "ab"]
    assert callable(change)
    with pytest.raises(ScenarioRefused) as refused:
        compare([runs[0], change(runs[1])])
    assert [words in problem for problem in refused.value.problems] == [True]


def test_all_refusals_come_at_once() -> None:
    """Two mismatches are two problems."""
    a, b = (runs_of(name, {"cost": [1.0, 2.0]}) for name in "ab")
    with pytest.raises(ScenarioRefused) as refused:
        compare([a, replace(b, seed=9, line=replace(b.line, currency="USD"))])
    assert len(refused.value.problems) == 2


def test_one_replication_claims_nothing() -> None:
    """A single pair has a difference, but neither interval nor p-value, and its sentence claims nothing."""
    found = compare([runs_of("a", {"cost": [10.0]}), runs_of("b", {"cost": [90.0]})])
    cost = row(found.differences, "cost")
    assert cost["mean"] == 80.0
    assert cost[["low", "high", "p_value", "adjusted_p"]].isna().all()
    assert not cost["differs"]
    assert found.verdicts[0].endswith("so nothing is claimed.")


def test_what_never_finished_is_not_compared() -> None:
    """Where runs never finish, finish is withheld, and the sentence says in how many runs of which."""
    runs = [
        runs_of("a", {"cost": [1.0, 2.0, 4.0], "finish_days": [3.0, 4.0, 5.0]}),
        runs_of("b", {"cost": [1.0, 2.0, 4.0], "finish_days": [3.0, math.inf, math.inf]}),
    ]
    found = compare(runs)
    assert math.isnan(row(found.differences, "finish_days")["mean"])
    assert not row(found.differences, "finish_days")["differs"]
    assert "2 of 3 runs of b and 0 of 3 of a had not delivered everything" in found.verdicts[0]
    assert "earlier" not in found.verdicts[0]
    assert "later" not in found.verdicts[0]


def test_withheld_costs_do_not_weaken_what_is_known() -> None:
    """A KPI that is withheld does not count among Holm's tests, and the sentence says that it could not be computed."""
    rng = np.random.default_rng(5)
    runs = [
        runs_of(name, {"cost": [math.nan] * 8, "accuracy": rng.normal(at, 0.01, 8)})
        for name, at in (("a", 0.8), ("b", 0.9))
    ]
    found = compare(runs)
    accuracy = row(found.differences, "accuracy")
    assert accuracy["adjusted_p"] == accuracy["p_value"]
    assert accuracy["differs"]
    assert found.verdicts[0].startswith("b is ")
    assert "cost could not be computed in every run" in found.verdicts[0]


def test_a_stream_of_work_is_compared_over_one_horizon() -> None:
    """Where items arrive until the horizon nothing ever ends: cost is claimed, finish is not, throughput takes its
    place; of other horizons the comparison is refused."""
    stream = replace(queue(2, 4000.0, 40, exponential(120.0)), horizon_s=86_400.0)
    stream = replace(stream, segments=(replace(stream.segments[0], arrivals=Arrivals(4000.0, "always")),))
    lines = [
        replace(stream, name=name, pools=(replace(stream.pools[0], contract=Contract(hourly=wage)),))
        for name, wage in (("a", 20_000_000), ("b", 30_000_000))
    ]
    runs = [replicate(line, 5, processes=1) for line in lines]
    assert np.isinf(runs[0].kpis["finish_days"]).any()
    found = compare(runs)
    assert found.pairs["kpi"].tolist() == ["cost", "accuracy", "throughput_per_week"]
    assert found.criteria == ("cost", "throughput_per_week", "accuracy")
    assert 479 < row(found.differences, "cost")["mean"] <= 480
    assert found.verdicts[0].startswith("b costs 479.9")
    assert found.verdicts[0].endswith("; accuracy and throughput came out the same in every run.")
    assert [(one.kind, one.by) for one in found.standings] == [("efficient", ()), ("dominated", ("a",))]
    longer = replicate(replace(lines[1], horizon_s=2 * 86_400.0), 5, processes=1)
    with pytest.raises(ScenarioRefused, match="must have one horizon, because items arrive until then"):
        compare([runs[0], longer])


def test_what_was_left_undone_has_no_cost_to_compare() -> None:
    """Where runs of a project did not finish, cost is none of the whole work: no claim, no best, no place."""
    runs = [
        runs_of("a", {"cost": [1.0, 2.0, 4.0], "finish_days": [3.0, 4.0, 5.0], "accuracy": [0.9, 0.8, 0.9]}),
        runs_of("b", {"cost": [9.0, 9.5, 9.9], "finish_days": [3.0, math.inf, 4.0], "accuracy": [0.9, 0.8, 0.9]}),
    ]
    found = compare(runs)
    assert math.isnan(row(found.differences, "cost")["mean"])
    assert not found.best[found.best["kpi"] == "cost"]["among"].any()
    assert [one.kind for one in found.standings] == ["efficient", "withheld"]
    assert "so neither finish nor cost is compared" in found.verdicts[0]
    assert "costs" not in found.verdicts[0]


def test_what_is_too_small_to_matter_is_told_as_the_same() -> None:
    """A surely dearer scenario whose whole interval lies within the margin is the same in cost; dominance follows."""
    rng = np.random.default_rng(4)
    luck = rng.normal(100.0, 10.0, 20)
    runs = [
        runs_of("a", {"cost": luck, "finish_days": luck / 10}),
        runs_of("b", {"cost": luck + rng.normal(1.0, 0.2, 20), "finish_days": luck / 10 - 1}),
    ]
    strict, lenient = compare(runs), compare(runs, same={"cost": Tolerance("cost", 0.05, relative=True)})
    assert [one.kind for one in strict.standings] == ["efficient", "efficient"]
    assert "b costs" in strict.verdicts[0]
    assert [one.kind for one in lenient.standings] == ["dominated", "efficient"]
    assert (
        "cost to within 5.0 EUR is the same" in lenient.verdicts[0] or "cost to within 5.1 EUR" in lenient.verdicts[0]
    )
    assert lenient.pairs.equals(strict.pairs)


def test_a_first_look_widens_what_is_claimed() -> None:
    """With replications added by their precision, spread among the first is not forgotten."""
    rng = np.random.default_rng(6)
    noise = np.concatenate([rng.normal(0, 5, 30), rng.normal(0, 1, 70)])
    runs = [runs_of("a", {"cost": np.zeros(100)}), runs_of("b", {"cost": noise})]
    fixed, looked = (row(compare(runs, first=first).differences, "cost") for first in (None, 30))
    assert looked["high"] - looked["low"] > 1.3 * (fixed["high"] - fixed["low"])
    assert looked["p_value"] >= fixed["p_value"]


levels = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


@settings(deadline=None, derandomize=True)
@given(st.lists(levels, min_size=2, max_size=6))
def test_the_frontier_is_the_set_that_nobody_dominates(points: list[tuple[int, int, int]]) -> None:
    """For all sets of plans whose cost, finish and accuracy are the same in every run: dominated are just those that
    another is as good as in all three and better than in one, and by whom."""
    runs = [
        runs_of(f"plan-{place}", {"cost": [cost] * 3, "finish_days": [finish] * 3, "accuracy": [right / 4] * 3})
        for place, (cost, finish, right) in enumerate(points)
    ]
    found = compare(runs).standings
    good = [(-cost, -finish, right) for cost, finish, right in points]
    for place, one in enumerate(good):
        over = [
            f"plan-{other}"
            for other, each in enumerate(good)
            if each != one and all(a >= b for a, b in zip(each, one, strict=True))
        ]
        assert (found[place].kind, list(found[place].by)) == (("dominated", over) if over else ("efficient", []))


NUMBER = r"[\d,]+(?:\.\d+)?"
CLAIM = re.compile(
    rf"costs (?P<mean>{NUMBER}) EUR (?P<way>more|less) than base "
    rf"\((?:in every run|(?:95% interval )(?P<near>{NUMBER}) to (?P<far>{NUMBER}))\)"
)
BOUND = re.compile(rf"no difference in cost larger than (?P<bound>{NUMBER}) EUR")


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


costs = st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 40_000)), min_size=2, max_size=6)
shifts = st.sampled_from([0, 1, 100, 10_000, -1_000_000])


@settings(deadline=None, derandomize=True)
@given(costs, shifts, st.sampled_from([1, 8, 1024]))
def test_sentences_claim_no_more_than_the_numbers(pairs: list[tuple[int, int]], shift: int, over: int) -> None:
    """For all costs: a difference is claimed only if it stands, with its direction and an interval no narrower than
    the computed one; where none is claimed, the bound told is no smaller than the interval's."""
    base, other = ([pair[side] / over for pair in pairs] for side in (0, 1))
    found = compare([runs_of("base", {"cost": base}), runs_of("b", {"cost": [cost + shift for cost in other]})])
    cost, sentence = row(found.differences, "cost"), found.verdicts[0]
    claim, bound = CLAIM.search(sentence), BOUND.search(sentence)
    ends = sorted(abs(Decimal(float(cost[end]))) for end in ("low", "high"))
    assert (claim is not None) == cost["differs"], sentence
    if claim is not None:
        assert (claim["way"] == "more") == (cost["mean"] > 0)
        assert (claim["near"] is None) == (cost["low"] == cost["high"])
        if claim["near"] is not None:
            assert number(claim["near"]) <= ends[0] + Decimal("1e-9")
            assert number(claim["far"]) >= ends[1] - Decimal("1e-9")
            assert number(claim["near"]) <= number(claim["mean"]) <= number(claim["far"])
    elif bound is not None:
        assert number(bound["bound"]) >= ends[1] - Decimal("1e-9")
    else:
        assert sentence == "b against base: cost came out the same in every run."
        assert base == [cost + shift for cost in other]


@pytest.mark.verify
def test_the_chance_of_any_false_difference_is_the_family_level() -> None:
    """Of 3,000 comparisons (seed 1) of six KPIs that differ in nothing, those that claim any difference lie in the 99%
    binomial interval around 1 - (1 - 5%/6)^6 = 4.9%, which Holm gives for independent tests."""
    rng, trials = np.random.default_rng(1), 3_000
    alarms, six = 0, (*DECISION, "rework_rate", "cycle_time_h")
    for _ in range(trials):
        a, b = rng.normal(size=(2, len(six), 8))
        runs = [runs_of(name, dict(zip(six, values, strict=True))) for name, values in (("a", a), ("b", b))]
        alarms += bool(compare(runs, six).differences["differs"].any())
    chance = 1 - (1 - FAMILY_LEVEL / len(six)) ** len(six)
    low, high = stats.binom.interval(0.99, trials, chance)
    assert low <= alarms <= high
