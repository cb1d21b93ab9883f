"""Inspection that switches: the chain of its standing against the rules played lot by lot, and cases by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from labelcast.sim.inspection import outgoing, process_acceptance
from labelcast.sim.line import Lot, SamplePlan, Switching
from labelcast.sim.schemes import scheme
from labelcast.sim.switching import NORMAL, NUMBERS, REDUCED, TIGHTENED, WHOLE, tighter

PLANS = (
    Lot(200, 20, 1, switching=Switching(SamplePlan(32, 1), SamplePlan(8, 0))),
    Lot(60, 20, 0, switching=Switching(SamplePlan(32, 0), None, 1)),
    Lot(500, 50, 3, switching=Switching(SamplePlan(50, 2), SamplePlan(20, 1), 12)),
)


def played(lot: Lot, share: float, lots: int, seed: int) -> dict[str, float]:
    """Shares of lots by severity, and of those accepted by a sample: the rules in the standard's own words, with lists
    of verdicts where the chain has numbers."""
    luck, rules = np.random.default_rng(seed), lot.switching
    assert rules is not None
    severity, verdicts, score = "normal", list[bool](), 0
    found = dict.fromkeys(("normal", "tightened", "reduced", "whole", "accepted"), 0)
    own = {"normal": SamplePlan(lot.sample, lot.accept), "tightened": rules.tightened, "reduced": rules.reduced}
    for _ in range(lots):
        found[severity] += 1
        plan, switch = own.get(severity), None
        if plan is None:
            verdicts.append(True)
            switch = "tightened" if len(verdicts) == rules.screened else None
        else:
            wrong = luck.binomial(plan.sample, share)
            good = bool(wrong <= plan.accept)
            verdicts.append(good)
            found["accepted"] += good
            if severity == "normal":
                step = {1: 0, 2: 1, 3: 2, 5: 3}[lot.accept] if lot.accept > 1 else lot.accept
                score = score + (3 if lot.accept > 1 else 2) if wrong <= step else 0
                if verdicts[-5:].count(False) == 2:
                    switch = "tightened"
                elif score >= 30 and rules.reduced is not None:
                    switch = "reduced"
            elif severity == "tightened":
                if len(verdicts) >= 5 and all(verdicts[-5:]):
                    switch = "normal"
                elif verdicts.count(False) == 5:
                    switch = "whole"
            elif not good:
                switch = "normal"
        if switch is not None:
            severity, verdicts, score = switch, [], 0
    return {name: many / lots for name, many in found.items()}


@pytest.mark.parametrize("lot", PLANS)
@pytest.mark.parametrize("share", [0.003, 0.02, 0.06])
def test_the_chain_is_the_rule_played(lot: Lot, share: float) -> None:
    """Eight games of 20,000 lots: each share lies within five standard errors of the games' mean, and a thousandth
    for what is rare (false alarm below 1e-2 each by the t of 7 degrees; seeds are fixed)."""
    games = [played(lot, share, 20_000, seed) for seed in range(8)]
    found = scheme(lot, np.array(share))
    names = ("normal", "tightened", "reduced", "whole", "accepted")
    for name, exact in zip(names, (*found.severities.tolist(), float(found.accepted)), strict=True):
        values = [game[name] for game in games]
        assert abs(np.mean(values) - exact) <= 5 * np.std(values, ddof=1) / np.sqrt(8) + 1e-3


def test_without_faults_inspection_is_reduced_for_ever_and_of_nothing_right_never_sampled_for_long() -> None:
    """Nothing wrong: always reduced, or normal where there is no such plan. All wrong: from tightened five lots lead to
    so many that are inspected as a whole, and back; none is accepted."""
    shares = np.array([0.0, 1.0])
    for lot, where in ((PLANS[0], REDUCED), (PLANS[1], NORMAL)):
        assert scheme(lot, shares).severities[0] == pytest.approx(np.eye(4)[where])
    for lot in PLANS:
        assert lot.switching is not None
        n = lot.switching.screened
        bad = scheme(lot, shares)
        assert bad.severities[1] == pytest.approx([0.0, 5 / (5 + n), 0.0, n / (5 + n)])
        assert bad.accepted == pytest.approx([1.0, 0.0])
        assert bad.outgoing == pytest.approx([0.0, 0.0])


def test_tightened_and_whole_by_hand() -> None:
    """All samples are of one item, none may be wrong, so every sampled lot passes with the same chance p: so many are
    accepted and looked at; and of tightened lots and those inspected as a whole the numbers are in a ratio that is
    found by hand."""
    lot = Lot(1000, 1, 0, switching=Switching(SamplePlan(1, 0), SamplePlan(1, 0)))
    p = 0.9
    found = scheme(lot, np.array(1 - p))
    assert found.accepted == pytest.approx(p * (1 - found.severities[WHOLE]))
    assert found.inspected == pytest.approx(1 + 999 * found.severities[WHOLE])
    ratio = _entries_of_whole(p)
    assert found.severities[WHOLE] / found.severities[TIGHTENED] == pytest.approx(ratio)


def _entries_of_whole(p: float) -> float:
    """Lots inspected as a whole by lots inspected as tightened, by hand. A run ends in five accepted lots with chance
    a = p^5, or in a rejected one after r lots on average; the fifth rejected one discontinues, and five lots later all
    begins anew. A spell that begins at tightened has (1 - (1 - a)^5) / a runs on average."""
    a = p**5
    lots_a_run = (1 - a) / (1 - p)  # 1 + p + .. + p^4: lots until one is rejected, five at most
    runs = (1 - (1 - a) ** 5) / a
    return 5 * (1 - a) ** 5 / (runs * lots_a_run)


def test_equal_plans_that_are_never_discontinued_are_the_single_plan() -> None:
    """With three plans alike, a lot that is sampled is accepted as by the one plan; where hardly any is screened, the
    outgoing quality is the single plan's."""
    lot, shares = Lot(200, 20, 2), np.array([0.001, 0.01, 0.05, 0.1])
    one = SamplePlan(20, 2)
    same = Lot(200, 20, 2, switching=Switching(one, one))
    found = scheme(same, shares)
    sampled = 1 - found.severities[:, WHOLE]
    assert found.accepted == pytest.approx(sampled * process_acceptance(lot, shares))
    lots = stats.binom.pmf(np.arange(201), 200, shares[:, None])
    assert found.outgoing == pytest.approx(sampled * (lots @ outgoing(lot, np.arange(201))))
    assert found.inspected == pytest.approx(20 * sampled + 200 * (1 - sampled))


def test_a_scheme_is_stricter_on_bad_lots_and_kinder_to_good_ones() -> None:
    """The point of the standard: against the normal plan alone, more wrong labels are held back from a bad process, and
    fewer items are inspected of a good one; severities are shares that sum to one."""
    lot = PLANS[0]
    found = scheme(lot, np.array([0.005, 0.08]))
    alone = process_acceptance(lot, np.array([0.005, 0.08]))
    assert found.severities.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert found.inspected[0] < 20
    assert found.accepted[1] < alone[1]


def test_one_step_tighter() -> None:
    """Of the standard's acceptance numbers, the one before; of others, the next below; 0 and 1 are themselves."""
    assert [tighter(number) for number in NUMBERS] == [0, 1, 1, 2, 3, 5, 7, 10, 14, 21, 30]
    assert [tighter(number) for number in (4, 6, 60)] == [3, 5, 44]


def test_a_lot_with_one_plan_has_no_scheme() -> None:
    """It is an error to ask."""
    with pytest.raises(ValueError, match="nothing to switch"):
        scheme(Lot(), np.array(0.1))
