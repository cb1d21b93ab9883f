"""Lots that are inspected more or less severely, as those before them were accepted or rejected."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flows import NO, YES, annotate, backlog, items, line_of, people, review, rows, simulate
from lines import WEEK, constant

from labelcast.sim.line import Epoch, Line, Lot, Pool, Relabel, Release, SamplePlan, Segment, Stage, Switching
from labelcast.sim.log import Log

KEEN = {"sensitivity": 1.0, "false_alarm": 0.0}
"""Rejects just what is wrong."""

STRICT = Lot(4, 2, 0, switching=Switching(SamplePlan(3, 0), SamplePlan(1, 0), screened=2))
"""Of four items two are inspected; three if tightened, one if reduced, all where inspection is discontinued."""


def inspect(lot: Lot, rounds: int = 0, seconds: float = 1.0) -> Stage:
    """What is rejected goes back to annotate, so often."""
    ways = {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"}
    return Stage("inspect", "inspect", (("judges", 1.0),), constant(seconds), ways, rounds=rounds, lot=lot)


def line(many: int, lot: Lot, *between: Stage, rounds: int = 0, seconds: float = 1.0) -> Line:
    """One annotator, a minute an item, who is always wrong: all is yes, they say no."""
    first = annotate(to=between[0].name if between else "inspect")
    team, judges = people("annotators", skill_mean=0.0, class_effects=NO), people("judges", **KEEN)
    return line_of(many, (first, *between, inspect(lot, rounds, seconds)), team, judges, horizon_s=8 * WEEK)


def scripted(lot: Lot, wrong: list[int]) -> Line:
    """Lots of which, one after the other, so many of the first items are wrong: at dates of its own the annotator
    begins to say no, and yes again. Their judge is done with a lot before the next one is full."""
    plan = line(lot.size * len(wrong), lot)
    says = [item < many for many in wrong for item in range(lot.size)]
    epochs = [
        Epoch(60.0 * n - 30.0, pools=tuple(_saying(pool, NO if says[n] else YES) for pool in plan.pools))
        for n in range(1, len(says))
        if says[n] != says[n - 1]
    ]
    pools = tuple(_saying(pool, NO if says[0] else YES) for pool in plan.pools)
    return dataclasses.replace(plan, pools=pools, epochs=tuple(epochs))


def _saying(pool: Pool, says: dict[str, float]) -> Pool:
    return dataclasses.replace(pool, class_effects=says) if pool.name == "annotators" else pool


def seen(log: Log) -> list[int]:
    """How many items of each lot are inspected; lots begin at moments of their own."""
    found: dict[object, int] = {}
    for (ready,) in rows(log, "ready_at", stage="inspect"):
        found[ready] = found.get(ready, 0) + 1
    return [found[ready] for ready in sorted(found)]  # type: ignore[type-var]


def severities(verdicts: str, lot: Lot = STRICT) -> str:
    """How many items are inspected of lots that are all right (A) or all wrong (R)."""
    script = [lot.size if one == "R" else 0 for one in verdicts.replace(" ", "")]
    return "".join(str(many) for many in seen(simulate(scripted(lot, script))))


def test_two_of_five_lots_tighten_inspection() -> None:
    """Two rejected lots at the ends of five do, and two in a row; two at the ends of six do not, and after the latter a
    third one within five does."""
    assert severities("RAAAR A") == "222223"
    assert severities("ARR A") == "2223"
    assert severities("RAAAAR AA") == "22222222"
    assert severities("RAAAAR AR A") == "222222223"


def test_five_accepted_lots_in_a_row_make_it_normal_again() -> None:
    """Four do not, and a rejected lot breaks the row; after that, what was rejected before is forgotten: one rejected
    lot alone does not tighten."""
    assert severities("RR AAAAA A") == "22333332"
    assert severities("RR AAAA R AAAAA A") == "2233333333332"
    assert severities("RR AAAAA RAAAA A") == "2233333222222"


def test_five_rejected_lots_since_it_was_tightened_discontinue_it() -> None:
    """They need not follow each other. Then two lots are inspected as a whole, whatever they are, and inspection is
    tightened as if it had just begun to be: four rejected lots do not end it, and five accepted ones make it normal."""
    assert severities("RR RRRRR AR RRRR AAAAA A") == "2233333443333333332"
    assert severities("RR RARARARAR RR A") == "22333333333443"
    assert severities("RR RRRR AAAAA RR RRRR A") == "223333333332233333"


def test_fifteen_accepted_lots_reduce_it_and_one_rejected_makes_it_normal() -> None:
    """Each adds 2 to a score that must reach 30; a rejected lot makes it nought. After the rejection of a lot that was
    inspected little, the next one is normal, and two rejected ones tighten: that one does not count."""
    lots = 15 * "A"
    assert severities(lots + "AAR A") == 15 * "2" + "1112"
    assert severities(14 * "A" + "R" + lots + "A") == 30 * "2" + "1"
    assert severities(lots + "R RA A" + "R A") == 15 * "2" + "122223"
    assert severities(lots + "R" + lots + "A") == 15 * "2" + "1" + 15 * "2" + "1"


def test_it_is_not_reduced_where_there_is_no_plan_for_that() -> None:
    """Forty accepted lots change nothing."""
    assert severities(40 * "A", dataclasses.replace(STRICT, switching=Switching(SamplePlan(3, 0)))) == 40 * "2"


def test_a_lot_that_is_just_accepted_breaks_the_score() -> None:
    """All three items of a lot are inspected and two may be wrong: a lot adds 3 if one step tighter, at most one wrong,
    it were accepted too; one with two wrong is accepted, and the score begins anew. Ten lots reduce inspection."""
    lot = Lot(3, 3, 2, switching=Switching(SamplePlan(3, 1), SamplePlan(1, 0)))
    assert seen(simulate(scripted(lot, [1] * 10 + [0]))) == [3] * 10 + [1]
    assert seen(simulate(scripted(lot, [0] * 9 + [2] + [1] * 10 + [0]))) == [3] * 20 + [1]
    assert seen(simulate(scripted(lot, [2] * 30))) == [3] * 30


def test_acceptance_numbers_are_those_of_the_severity() -> None:
    """Of lots of three all are inspected under normal inspection, and one wrong is accepted. Reduced, one is inspected
    and may be wrong: nothing is rejected any more. Tightened, none may be wrong: lots with one wrong are rejected, five
    of them, and the next is inspected as a whole; where one may be wrong there too, five lots make it normal again."""
    lot = Lot(3, 3, 1, switching=Switching(SamplePlan(2, 0), SamplePlan(1, 1), screened=1))
    assert seen(simulate(scripted(lot, [1] * 15 + [3, 3, 3]))) == [3] * 15 + [1, 1, 1]
    assert seen(simulate(scripted(lot, [3, 3, 0, 3, 3, 3, 3, 3, 0, 0]))) == [3, 3] + [2] * 6 + [3, 2]
    four, bad = Lot(4, 2, 1, switching=Switching(SamplePlan(3, 2), screened=1)), [4, 4, *[2] * 5, 0]
    assert seen(simulate(scripted(four, bad))) == [2, 2] + [3] * 5 + [2]
    strict = dataclasses.replace(four, switching=Switching(SamplePlan(3, 0), screened=1))
    assert seen(simulate(scripted(strict, bad))) == [2, 2] + [3] * 5 + [4]


def test_of_a_lot_that_is_inspected_as_a_whole_only_the_wrong_go_back() -> None:
    """After seven lots that were wrong, a lot with one wrong item of four: it goes back alone, all others having been
    looked at, and being right."""
    plan = scripted(STRICT, [4] * 7 + [1])
    stages = (plan.stages[0], dataclasses.replace(plan.stages[1], rounds=1))
    epochs = sorted([*plan.epochs, Epoch(28 * 60.0 + 10.0, stages=stages)], key=lambda epoch: epoch.at_s)
    log = simulate(dataclasses.replace(plan, epochs=tuple(epochs)))
    found = rows(log, "item", "round", "outcome", stage="inspect")[-5:]
    assert found[0] == (28, 0, "rejected")
    assert found[2:] == [(item, 0, "accepted") for item in (29, 30, 31)]
    assert [row for row in rows(log, "item", "round", stage="annotate") if row[1] == 1] == [(28, 1)]
    assert [at for (at,) in items(log, "delivered_at")[-3:]] == [32 * 60.0 + 4.0] * 3


def test_a_lot_that_has_grown_beyond_its_size_is_inspected_as_a_whole_too() -> None:
    """Three items of the eighth lot wait when lots become of two: with the next item it is closed, of four. Three are
    found wrong, more than a lot has, and go back; the one that is right is delivered."""
    plan = scripted(STRICT, [4] * 7 + [3])
    stages = (plan.stages[0], inspect(dataclasses.replace(STRICT, size=2), 1))
    epochs = sorted([*plan.epochs, Epoch(31 * 60.0 + 10.0, stages=stages)], key=lambda epoch: epoch.at_s)
    log = simulate(dataclasses.replace(plan, epochs=tuple(epochs)))
    found = rows(log, "item", "outcome", stage="inspect")
    assert {row for row in found if row[0] >= 28} >= {(28, "rejected"), (30, "rejected"), (31, "accepted")}
    assert [row for row in rows(log, "item", "round", stage="annotate") if row[1] == 1] == [(28, 1), (29, 1), (30, 1)]
    assert items(log, "delivered_at")[31] == (32 * 60.0 + 4.0,)


def test_segments_have_a_standing_of_their_own() -> None:
    """Three lots of each, all wrong: of each segment the first two are inspected as normal, the third is not."""
    segments = tuple(Segment(name, backlog=12, classes={"yes": 1.0, "no": 0.0}) for name in ("a", "b"))
    log = simulate(dataclasses.replace(line(0, STRICT), segments=segments))
    assert seen(log) == [2, 2, 3, 2, 2, 3]


def released(plan: Line, *at: float, many: int = 2) -> Line:
    """The line, with so many items at each of these dates, and none before."""
    return dataclasses.replace(plan, segments=backlog(0, releases=tuple(Release(one, many) for one in at)))


PAIR = Lot(2, 1, 0, switching=Switching(SamplePlan(2, 0)))


def test_lots_that_come_again_switch_nothing() -> None:
    """Two items are rejected, come again after their rework, are rejected again, and delivered. Of the next two, the
    first time is the second rejection on original inspection: only their second time is tightened."""
    log = simulate(released(line(0, PAIR, rounds=1), 0.0, 3600.0))
    assert seen(log) == [1, 1, 1, 2]
    assert [turn for (turn,) in rows(log, "round", stage="inspect")] == [0, 1, 0, 1, 1]


def test_work_that_a_review_sent_back_is_new_to_an_inspection() -> None:
    """Every item has been through rework when it comes to be inspected: the third lot is tightened all the same."""
    again = dataclasses.replace(
        review(1.0, by="judges", to="inspect"),
        rounds=1,
        next={"accepted": "inspect", "rejected": "annotate", "exhausted": "inspect"},
    )
    plan = released(line(0, PAIR, again, rounds=1), 0.0, 3600.0, 7200.0)
    judges = people("others", **KEEN)
    stages = (*plan.stages[:2], dataclasses.replace(plan.stages[2], pools=(("others", 1.0),)))
    log = simulate(dataclasses.replace(plan, pools=(*plan.pools, judges), stages=stages))
    assert {turn for (turn,) in rows(log, "round", stage="inspect")} == {1}
    assert seen(log) == [1, 1, 2]


def test_what_a_rollback_brings_back_is_new() -> None:
    """The two items of a lot that came twice are delivered, and sent back an hour later: their third lot is the second
    that is rejected on original inspection, and the fourth is tightened."""
    plan = released(line(0, PAIR, rounds=1), 0.0)
    log = simulate(dataclasses.replace(plan, relabels=(Relabel(3600.0, "annotate", 1.0),)))
    assert [turn for (turn,) in rows(log, "round", stage="annotate")] == [0, 1, 2, 3, 0, 1, 2, 3]
    assert seen(log) == [1, 1, 1, 2]


def test_half_a_lot_that_comes_again_is_new() -> None:
    """Lots of two: of the first, item 0 comes again with one that is new, at about the same time: a lot that is not for
    the most part resubmitted counts, and is the second rejected one."""
    plan = released(line(0, dataclasses.replace(PAIR, size=1, sample=1), rounds=1), 0.0, many=1)
    segments = backlog(0, releases=(Release(0.0, 1), Release(100.0, 1), Release(3600.0, 2)))
    grown = Epoch(90.0, stages=(plan.stages[0], inspect(PAIR, 1)))
    log = simulate(dataclasses.replace(plan, segments=segments, epochs=(grown,)))
    lots = rows(log, "ready_at", "item", "round", stage="inspect")
    assert lots[0][2] == 0
    assert seen(log)[:3] == [1, 1, 2]


def test_lots_closed_before_a_switch_do_not_count_after_it() -> None:
    """Eight lots, all wrong, are full before the second is judged: two verdicts tighten inspection, and the other six,
    of lots that were not inspected so, do not discontinue it. A lot that comes when all are judged is tightened."""
    lot = Lot(3, 1, 0, switching=Switching(SamplePlan(2, 0)))
    plan = line(0, lot, seconds=1500.0)
    late = backlog(24, releases=(Release(40_000.0, 3),))
    assert seen(simulate(dataclasses.replace(plan, segments=late))) == [1] * 8 + [2]


def shaky(lot: Lot, many: int = 600, **more: float) -> Line:
    """Annotators who err, judges who err, rework, and items of two segments."""
    stages = (annotate(30.0, to="inspect"), inspect(lot, 1, 9.0))
    segments = tuple(Segment(name, backlog=many // 2, classes={"yes": 0.5, "no": 0.5}) for name in ("a", "b"))
    team = people("annotators", 5, **{"skill_mean": 2.0, **more})
    return line_of(0, stages, team, people("judges", 3, sensitivity=0.9, false_alarm=0.02), segments=segments)


def test_three_plans_that_are_one_change_nothing() -> None:
    """The law of the neutral setting: where the plans of all severities are that of normal inspection, and inspection
    is not discontinued, the log is that without switching, row for row; with other plans it is not."""
    lot = Lot(6, 3, 0, 3600.0)
    plain = simulate(shaky(lot, 1200, skill_mean=4.0))
    one = SamplePlan(3, 0)
    for rules, same in (
        (Switching(one, one), True),
        (Switching(SamplePlan(4, 0), one), False),
        (Switching(one, SamplePlan(2, 0)), False),
    ):
        log = simulate(shaky(dataclasses.replace(lot, switching=rules), 1200, skill_mean=4.0))
        assert log.tasks.equals(plain.tasks) == same
        assert log.items.equals(plain.items) or not same


@pytest.mark.parametrize("seed", range(6))
def test_engines_agree_on_many_switches(seed: int) -> None:
    """Six hundred items in small lots, plans and skills drawn: `simulate` compares both engines row for row. Lots are
    inspected in more than two ways."""
    luck = np.random.default_rng(seed)
    size, accept = int(luck.integers(2, 6)), int(luck.integers(0, 3))
    sample = min(size, accept + 1)
    switching = Switching(SamplePlan(size, accept), SamplePlan(1, 0), int(luck.integers(1, 6)))
    log = simulate(shaky(Lot(size, sample, accept, 600.0, switching), skill_mean=float(luck.uniform(0.5, 2.5))), seed)
    assert log.items["delivered_at"].notna().all()
