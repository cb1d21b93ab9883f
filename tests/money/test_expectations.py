"""Expectations on the command line: what is read, what is refused and how, and what holds of runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from lines import constant, full, queue

from labelcast.scenarios.expectations import Chance, Expectation, expectation
from labelcast.sim.errors import ScenarioRefused
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Contract, Goal, Line, Window
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.replicate import Runs


def line(*goals: Goal) -> Line:
    return replace(queue(1, 100.0, 10, constant(60.0)), goals=goals)


def runs_of(of: Line | None = None, **kpis: Sequence[float]) -> Runs:
    table = pd.DataFrame({name: np.asarray(values, np.float64) for name, values in kpis.items()})
    return Runs(of or line(), 1, 0.95, table.rename_axis("replication"), pd.DataFrame(), [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on_time >= 90%", ("on_time", ">=", 90.0, "%", None)),
        ("on_time>=0.9", ("on_time", ">=", 0.9, "", None)),
        ("  cost <= 60_000 EUR ", ("cost", "<=", 60_000.0, "EUR", None)),
        ("cost<6e4EUR", ("cost", "<", 60_000.0, "EUR", None)),
        ("wait_h.annotate > 1.5 h", ("wait_h.annotate", ">", 1.5, "h", None)),
        ("utilisation.vendor-b <= 85 %", ("utilisation.vendor-b", "<=", 85.0, "%", None)),
        ("alpha >= -0.1", ("alpha", ">=", -0.1, "", None)),
        ("throughput_per_week >= 100 items/week", ("throughput_per_week", ">=", 100.0, "items/week", None)),
        ("P(accuracy >= 97%) >= 80%", ("accuracy", ">=", 97.0, "%", Chance(">=", 0.8))),
        ("P( finish_days < 10 days ) > 0.5", ("finish_days", "<", 10.0, "days", Chance(">", 0.5))),
        ("P(cost > 5 EUR) <= 5%", ("cost", ">", 5.0, "EUR", Chance("<=", 0.05))),
    ],
)
def test_forms_that_are_read(text: str, expected: tuple[object, ...]) -> None:
    """A KPI, a relation, a number and perhaps a unit; or the chance of that."""
    found = expectation(text)
    assert (found.kpi, found.relation, found.value, found.unit, found.chance) == expected
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "", "cost", "cost = 5", "cost == 5", "cost >= ", ">= 5", "cost >= five", "cost >= 5 >= 4", "cost >= 1__0",
        "cost >= 1,000 EUR", "cost >= _5", "P(cost >= 5)", "P(cost) >= 80%", "P(cost >= 5 >= 80%", "cost >= nan",
        "cost >= 5 EUR EUR", "p(cost >= 5) >= 80%", "cost => 5",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_form(text: str) -> None:
    """Whatever is no expectation is refused, with examples of what is."""
    with pytest.raises(ScenarioRefused, match='must read like "on_time >= 90%"'):
        expectation(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("acuracy >= 97%", 'no KPI is named "acuracy". Did you mean "accuracy"?'),
        ("wait_h.anotate <= 1 h", 'Did you mean "wait_h.annotate"?'),
        ("qqqq <= 1", 'no KPI is named "qqqq". There are: cost, '),
        ("accuracy >= 97", "accuracy lies between 0% and 100%, but got 97. Did you mean 97%?"),
        ("accuracy >= 970%", "lies between 0% and 100%, but got 970%."),
        ("accuracy >= 5 EUR", 'accuracy is a share, but got "EUR". Write it in %, as in 90%.'),
        ("cost <= 5 USD", 'cost is in EUR, but got "USD".'),
        ("cost <= 5%", 'cost is in EUR, but got "%".'),
        ("cost <= 9.000 EUR", "might be 9_000 EUR or 9 EUR"),
        ("finish_days <= 2 weeks", 'finish_days is in days, but got "weeks".'),
        ("alpha >= 80%", 'alpha has no unit, but got "%".'),
        ("P(accuracy >= 97%) >= 80", "a chance lies between 0% and 100%, but got 80. Did you mean 80%?"),
        ("P(accuracy >= 97%) >= 800%", "a chance lies between 0% and 100%, but got 800%."),
        ("P(acuracy >= 97%) >= 80%", 'Did you mean "accuracy"?'),
        ("P(p_accuracy >= 50%) >= 80%", 'p_accuracy is a chance itself. Write "p_accuracy >= ...".'),
        ("p_deadline >= 50%", 'p_deadline needs a goal for it in queue, or write "P(finish_days ...) >= ...".'),
    ],
)
def test_mistakes_are_told_before_the_run(text: str, words: str) -> None:
    """An unknown KPI, another unit, or a share out of range is refused with the expectation and how to mend it."""
    with pytest.raises(ScenarioRefused) as refused:
        expectation(text, line(Goal("accuracy", ">=", 0.9)))
    assert str(refused.value).startswith(f'--assert "{text}": ')
    assert words in str(refused.value)


def test_every_kpi_of_a_run_can_be_expected() -> None:
    """What the engine's runs are measured by is known before the run, name by name, and nothing else is."""
    of = full(4)
    of = replace(of, pools=tuple(replace(pool, contract=Contract(hourly=1_000_000)) for pool in of.pools))
    log = run(Plan.of(of), 1, 0)
    measured = set(kpis(log, ledger(log, {pool.name: pool.contract for pool in of.pools})))
    with pytest.raises(ScenarioRefused) as refused:
        expectation("qqqq >= 1", of)
    told = str(refused.value).partition("There are: ")[2].removesuffix(".")
    assert set(told.split(", ")) == measured


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("cost <= 20 EUR", True), ("cost < 20 EUR", False), ("cost >= 20", True), ("cost > 20", False),
        ("cost > 19.99", True), ("accuracy >= 75%", True), ("accuracy > 0.75", False), ("accuracy <= 74%", False),
        ("finish_days < 3 day", True), ("finish_days > 3 days", False),
    ],
)  # fmt: skip
def test_a_plain_claim_is_on_the_mean(text: str, holds: bool) -> None:
    """The mean is compared as written, strictly or not, in the unit of the KPI."""
    runs = runs_of(cost=[10.0, 20.0, 30.0], accuracy=[0.5, 0.75, 1.0], finish_days=[1.0, 2.0, 3.0])
    assert expectation(text, runs.line).holds(runs) is holds
    assert (": holds: " if holds else ": does not hold: ") in expectation(text).report(runs)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("P(cost <= 20 EUR) >= 50%", True), ("P(cost <= 20 EUR) > 50%", False), ("P(cost < 20 EUR) >= 50%", False),
        ("P(cost < 20 EUR) <= 25%", True), ("P(accuracy >= 75%) >= 75%", True), ("P(accuracy > 75%) >= 75%", False),
        ("P(finish_days <= 9 days) >= 75%", True), ("P(finish_days <= 9 days) > 75%", False),
        ("P(finish_days > 9 days) >= 25%", True),
    ],
)  # fmt: skip
def test_a_chance_is_the_share_of_replications(text: str, holds: bool) -> None:
    """Each replication meets the claim or not, strictly or not; one that never finishes misses every deadline."""
    runs = runs_of(cost=[10.0, 20.0, 30.0, 40.0], accuracy=[0.5, 0.75, 0.8, 1.0], finish_days=[1.0, 2.0, 3.0, math.inf])
    assert expectation(text, runs.line).holds(runs) is holds


def test_the_chance_of_a_goal_can_be_expected() -> None:
    """p_deadline is the share of the runs that meet the goal, told with its interval."""
    runs = runs_of(line(Goal("finish_days", "<=", 2.0)), finish_days=[1.0, 2.0, 3.0, math.inf])
    assert expectation("p_deadline >= 50%", runs.line).holds(runs)
    assert not expectation("p_deadline > 50%", runs.line).holds(runs)
    assert expectation("p_deadline > 50%").report(runs) == (
        "p_deadline > 50%: does not hold: p_deadline is 50% (95% interval 15.0039% to 84.9961%)."
    )


def test_the_chance_of_a_window_can_be_expected() -> None:
    """p_ready is the share of the runs that are ready by the window's date; ready_days is a KPI like any."""
    of = replace(line(), windows=(Window("april", 2 * 86_400.0, 10),))
    runs = runs_of(of, **{"ready_days.april": [1.0, 2.0, 3.0, math.inf]})
    assert expectation("p_ready.april >= 50%", of).holds(runs)
    assert not expectation("p_ready.april > 50%", of).holds(runs)
    assert expectation("p_ready.april > 50%", of).report(runs) == (
        "p_ready.april > 50%: does not hold: p_ready.april is 50% (95% interval 15.0039% to 84.9961%)."
    )
    assert expectation("P(ready_days.april <= 3 days) >= 75%", of).holds(runs)
    with pytest.raises(ScenarioRefused, match=r"p_ready\.april is a chance itself"):
        expectation("P(p_ready.april >= 50%) >= 80%", of)
    with pytest.raises(ScenarioRefused, match=r'Did you mean "p_ready\.april"'):
        expectation("p_ready.apirl >= 50%", of)
    unknown = runs_of(of, **{"ready_days.april": [1.0, math.nan]})
    assert not expectation("p_ready.april >= 0%", of).holds(unknown)
    assert "ready_days.april could not be computed in 1 of 2" in expectation("p_ready.april >= 0%").report(unknown)


def test_what_no_replication_gives_is_withheld() -> None:
    """A KPI of the line that these runs lack is withheld, and so are its chances: no claim on it holds."""
    runs = runs_of(cost=[1.0, 2.0])
    for text in ("accuracy >= 0%", "P(accuracy >= 0%) >= 0%"):
        assert not expectation(text, runs.line).holds(runs)
        assert "is withheld, because no replication gives accuracy." in expectation(text).report(runs)


WITHHELD: Mapping[str, Mapping[str, Sequence[float]]] = {
    "cost": {"cost": [1.0, math.nan], "finish_days": [1.0, 1.0]},
    "finish_days": {"cost": [1.0, 1.0], "finish_days": [1.0, math.inf]},
}


@pytest.mark.parametrize("kpi", list(WITHHELD))
@pytest.mark.parametrize("relation", [">=", "<=", ">", "<"])
def test_of_a_withheld_mean_no_claim_holds(kpi: str, relation: str) -> None:
    """Where a replication could not be computed or never finished there is no mean, and neither a claim nor its
    opposite holds."""
    runs = runs_of(**WITHHELD[kpi])
    claim = expectation(f"{kpi} {relation} 1", runs.line)
    assert not claim.holds(runs)
    why = "could not be computed in 1 of 2" if kpi == "cost" else "1 of 2 replications never finished"
    assert f"{kpi} is withheld, because" in claim.report(runs)
    assert why in claim.report(runs)


def test_of_a_withheld_chance_no_claim_holds() -> None:
    """A chance over replications of which one could not be computed is withheld, whatever is claimed of it."""
    runs = runs_of(cost=[1.0, math.nan])
    for relation in (">=", "<="):
        assert not expectation(f"P(cost <= 5 EUR) {relation} 50%", runs.line).holds(runs)


def test_reports_say_what_was_found() -> None:
    """The mean with its interval, the share with its count, and one replication without an interval."""
    runs = runs_of(cost=[10.0, 20.0, 30.0], accuracy=[0.5, 0.75, 1.0])
    assert expectation("cost <= 1_000 EUR").report(runs) == (
        "cost <= 1_000 EUR: holds: the mean of cost is 20 EUR (95% interval -4.84138 EUR to 44.8414 EUR)."
    )
    assert expectation("P(accuracy >= 75%) >= 80%").report(runs) == (
        "P(accuracy >= 75%) >= 80%: does not hold: 2 of 3 replications meet accuracy >= 75%, 66.6667%."
    )
    assert "(one replication gives no interval)" in expectation("cost <= 5 EUR").report(runs_of(cost=[10.0]))


def test_an_expectation_checks_itself_at_the_latest_when_it_is_asked() -> None:
    """One that was read without a line is refused by the runs."""
    for text, words in (
        ("cost <= 5 USD", "cost is in EUR"),
        ("p_deadline >= 5%", "needs a goal"),
        ("cst <= 5", '"cost"'),
    ):
        claim = expectation(text)
        assert isinstance(claim, Expectation)
        for ask in (claim.holds, claim.report):
            with pytest.raises(ScenarioRefused, match=words):
                ask(runs_of(cost=[1.0]))
