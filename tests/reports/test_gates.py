"""What gates let through is told for each of them, from the closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lines import exponential, queue
from scipy import stats

from labelcast.reports.gates import gate_lines
from labelcast.sim.line import Gold, Line, Lot, SamplePlan, Switching
from labelcast.sim.schemes import scheme
from labelcast.sim.switching import WHOLE


def line() -> Line:
    """One pool, one stage, no gate."""
    return queue(2, 1000.0, 10, exponential(60.0))


def test_gold_is_told_by_the_binomial() -> None:
    """Of 20 gold answers 7 wrong are below 70%: who is right in 60% is found out with the binomial's chance."""
    plan = line()
    stage = replace(plan.stages[0], gold=Gold(share=0.1, ban_below=0.7, after=20))
    (told,) = gate_lines(replace(plan, stages=(stage, *plan.stages[1:])))
    chance = 100 * stats.binom.sf(6, 20, 0.4)
    assert "sent home for 7 or more wrong" in told
    assert f"{chance:.3g}% of those right in 60%" in told


def test_lots_are_told_by_the_binomial() -> None:
    """A lot of which 5% are wrong is accepted with the binomial's chance of at most one of 20."""
    plan = line()
    stage = replace(plan.stages[0], kind="inspect", lot=Lot(size=200, sample=20, accept=1))
    told = list(gate_lines(replace(plan, stages=(stage, *plan.stages[1:]))))
    assert f"{100 * stats.binom.cdf(1, 20, 0.05):.3g}% with 5% wrong" in told[0]
    assert "is the most that is left" in told[1]


def test_switching_is_told_beside_the_single_plan() -> None:
    """What the plans do together is told after what the normal one does alone, with the scheme's own numbers."""
    plan = line()
    lot = Lot(200, 20, 1, switching=Switching(SamplePlan(32, 1), SamplePlan(8, 0)))
    stage = replace(plan.stages[0], kind="inspect", lot=lot)
    told = list(gate_lines(replace(plan, stages=(stage, *plan.stages[1:]))))
    assert told[:2] == list(gate_lines(replace(plan, stages=(replace(stage, lot=replace(lot, switching=None)),))))
    found = scheme(lot, np.array(0.05))
    accepted, whole = 100 * float(found.accepted), 100 * float(found.severities[WHOLE])
    assert f", {accepted:.3g}% / {whole:.3g}% / {float(found.inspected):.3g} with 5%," in told[2]
    assert f"{100 * scheme(lot, np.linspace(0, 1, 501)).outgoing.max():.3g}% wrong is the most" in told[3]


def test_a_line_without_gates_says_nothing() -> None:
    """Nothing is told of what is not there."""
    assert list(gate_lines(line())) == []


@pytest.mark.parametrize("below", [0.5, 0.7, 0.75, 1.0])
def test_who_is_told_to_fail_would_fail(below: float) -> None:
    """The least number wrong that is told is the first whose share of right answers is below the rule."""
    plan = line()
    for after in (1, 7, 10, 20):
        stage = replace(plan.stages[0], gold=Gold(share=0.1, ban_below=below, after=after))
        (told,) = gate_lines(replace(plan, stages=(stage, *plan.stages[1:])))
        least = int(told.split(" or more wrong")[0].split()[-1])
        assert (after - least) / after < below
        assert (after - least + 1) / after >= below
