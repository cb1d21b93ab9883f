"""Acceptance sampling: lots that are accepted or sent back as a whole."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flows import NO, YES, annotate, backlog, items, line_of, people, rows, simulate
from lines import constant, logit
from scipy import stats

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.line import Line, Lot, Segment, Stage

KEEN = {"sensitivity": 1.0, "false_alarm": 0.0}
"""Rejects just what is wrong."""

EVEN = {"yes": 0.5, "no": 0.5}
"""Class shares of a segment of which half is yes."""


def inspect(lot: Lot, **more: object) -> Stage:
    """Ten seconds an item; what is rejected goes back to annotate, once."""
    ways = {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"}
    parts = {"rounds": 1, "lot": lot, **more}
    return Stage("inspect", "inspect", (("judges", 1.0),), constant(10), ways, **parts)  # type: ignore[arg-type]


def lots(count: int, lot: Lot, says: dict[str, float], judges: int = 1, **more: object) -> Line:
    """One annotator, 60 s an item, who says one thing; all is yes; judges who see what is wrong."""
    team = people("annotators", skill_mean=0.0, class_effects=says)
    stages = (annotate(to="inspect"), inspect(lot, **more))
    return line_of(count, stages, team, people("judges", judges, **KEEN))


def drawn(seed: int, count: int, round_: int = 0) -> list[int]:
    """The items of one segment by their draws for the sample of a round, the lowest first."""
    at = where(Purpose.LOT, name_key("inspect 0"), round_)
    luck = [uniform(stream(seed, 0), subject(name_key("items"), item), at) for item in range(count)]
    return [int(item) for item in np.argsort(luck)]


def test_an_accepted_lot_goes_on_together() -> None:
    """Three items, labelled at 60, 120 and 180 s, are a lot; the two with the lowest draws are inspected, 10 s each, in
    order of coming, from 180 to 200 s. Nothing is wrong: all three are delivered at 200 s. The inspected items waited
    for the lot, not for labels or a hand-off."""
    first, second = sorted(drawn(1, 3)[:2])
    log = simulate(lots(3, Lot(3, 2, 0), YES))
    columns = ("item", "enqueued_at", "consensus_ms", "ready_at", "started_at", "finished_at", "outcome")
    assert rows(log, *columns, stage="inspect") == [
        (first, 60.0 * (first + 1), 0.0, 180.0, 180.0, 190.0, "accepted"),
        (second, 60.0 * (second + 1), 0.0, 180.0, 190.0, 200.0, "accepted"),
    ]
    assert items(log, "lot", "delivered_at") == [(1, 200.0)] * 3


def test_a_rejected_lot_goes_back_as_a_whole_and_comes_as_a_new_one() -> None:
    """As above, all labels wrong, one return: the lot is rejected at 200 s and all three go back; their author labels
    them anew until 380 s, wrong again; the second lot is sampled by the draws of round 1, rejected at 400 s, and
    delivered, since there is no round left."""
    log = simulate(lots(3, Lot(3, 2, 0), NO))
    assert rows(log, "item", "round", "started_at", stage="annotate") == [
        (0, 0, 0.0),
        (0, 1, 200.0),
        (1, 0, 60.0),
        (1, 1, 260.0),
        (2, 0, 120.0),
        (2, 1, 320.0),
    ]
    for round_, begin in ((0, 180.0), (1, 380.0)):
        first, second = sorted(drawn(1, 3, round_)[:2])
        again = dataclasses.replace(log, tasks=log.tasks[log.tasks["round"] == round_])
        assert rows(again, "item", "started_at", "outcome", stage="inspect") == [
            (first, begin, "rejected"),
            (second, begin + 10.0, "rejected"),
        ]
    assert items(log, "lot", "delivered_at", "final_label") == [(2, 400.0, "no")] * 3


def mixed(seed: int, accept: int) -> Line:
    """Five items of which about half are no, all said to be yes."""
    line = lots(0, Lot(5, 3, accept), YES)
    return dataclasses.replace(line, segments=backlog(5, classes=EVEN))


def test_what_is_found_wrong_goes_back_in_any_case() -> None:
    """Five items that are all said to be yes, three inspected, of which (by the seed) one is no: with none allowed all
    five go back; with one allowed the lot is accepted, that one alone goes back, and the others are delivered. A wrong
    item that is not in the sample is not found."""
    for seed in range(1, 50):
        truth = [one for (one,) in items(simulate(mixed(seed, 1), seed), "truth")]
        found = [item for item in sorted(drawn(seed, 5)[:3]) if truth[item] == "no"]
        if len(found) == 1 and truth.count("no") == 2:
            break
    for accept, back in ((1, found), (0, [0, 1, 2, 3, 4])):
        log = simulate(mixed(seed, accept), seed)
        again = dataclasses.replace(log, tasks=log.tasks[log.tasks["round"] == 1])
        assert [item for (item,) in rows(again, "item", stage="annotate")] == back
        inspected = rows(log, "item", "outcome", stage="inspect")[:3]
        assert {item for item, outcome in inspected if outcome == "rejected"} >= set(found)
        at_once = [item for item, (at,) in enumerate(items(log, "delivered_at")) if at == 330.0]
        assert at_once == [item for item in range(5) if item not in back]


def test_a_lot_that_does_not_fill_goes_after_its_wait() -> None:
    """Four items, lots of three that wait for 150 s at most: the fourth item comes at 240 s and is inspected alone,
    from 390 s, as its lot's only item; a sample larger than the lot is the lot."""
    log = simulate(lots(4, Lot(3, 3, 0, wait_s=150.0), YES))
    assert rows(log, "item", "ready_at", "started_at", stage="inspect") == [
        (0, 180.0, 180.0),
        (1, 180.0, 190.0),
        (2, 180.0, 200.0),
        (3, 390.0, 390.0),
    ]
    assert items(log, "lot") == [(1,), (1,), (1,), (2,)]


def test_the_wait_of_a_full_lot_closes_no_other() -> None:
    """Lots of two that wait for 130 s: items come at 60, 120 and 180 s; the first lot is full at 120 s, and its wait,
    over at 190 s, concerns nobody; item 2 goes at 310 s."""
    log = simulate(lots(3, Lot(2, 2, 0, wait_s=130.0), YES))
    assert [ready for (ready,) in rows(log, "ready_at", stage="inspect")] == [120.0, 120.0, 310.0]


def test_segments_have_lots_of_their_own() -> None:
    """Two items of a segment and one of another, lots of two: the single one waits."""
    segments = tuple(Segment(name, backlog=n, classes={"yes": 1.0, "no": 0.0}) for name, n in (("a", 1), ("b", 2)))
    log = simulate(dataclasses.replace(lots(0, Lot(2, 1, 0, wait_s=1000.0), YES), segments=segments))
    assert items(log, "segment", "lot") == [("a", 2), ("b", 1), ("b", 1)]


def test_what_waits_for_a_lot_waits_in_the_next_task() -> None:
    """Items that were not inspected go on when their lot is accepted; what they waited for it counts in their next
    task, as waiting for others."""
    ways = {"accepted": "tidy", "rejected": "annotate", "exhausted": "deliver"}
    tidy = Stage("tidy", "work", (("judges", 1.0),), constant(5), {"done": "deliver"})
    team = people("annotators", class_effects=YES)
    stages = (annotate(to="inspect"), dataclasses.replace(inspect(Lot(2, 1, 0)), next=ways), tidy)
    log = simulate(line_of(2, stages, team, people("judges", **KEEN)))
    seen = drawn(1, 2)[0]
    asked = [130.0 if item == seen else 60.0 * (item + 1) for item in range(2)]
    assert rows(log, "enqueued_at", "consensus_ms", "ready_at", stage="tidy") == [(at, 0.0, 130.0) for at in asked]


@pytest.mark.verify
@pytest.mark.parametrize("accept", [0, 1, 2])
def test_the_operating_characteristic_is_hypergeometric(accept: int) -> None:
    """Lots of 30, samples of 8, a perfect inspector, labels wrong with chance 0.12: a lot with D wrong labels is
    accepted with the hypergeometric chance of at most c among 8 of 30. Over 500 lots, by D and in all: the number
    accepted lies within four standard errors of the sum of these chances (false alarm 6e-5 each; the seed is fixed).
    Source: ISO 2859-1; Montgomery, Introduction to Statistical Quality Control, type-A OC curve."""
    team = people("annotators", 20, skill_mean=logit(0.88))
    stages = (annotate(1.0, to="inspect"), inspect(Lot(30, 8, accept), rounds=0))
    line = line_of(0, stages, team, people("judges", 20, **KEEN), segments=backlog(500 * 30, classes=EVEN))
    log = simulate(line)
    wrong = log.items["final_label"].astype(str) != log.items["truth"].astype(str)
    faults = wrong.groupby(log.items["lot"]).sum()
    found = log.tasks.query("stage == 'inspect'").merge(log.items[["item", "lot"]], on="item")
    accepted = (found["outcome"] == "rejected").groupby(found["lot"]).sum() <= accept
    assert len(faults) == len(accepted) == 500
    chances = stats.hypergeom.cdf(accept, 30, faults.to_numpy(), 8)
    groups = [np.ones(500, bool), *(faults.to_numpy() == d for d in range(1, 8))]
    for group in groups:
        p = chances[group]
        assert abs(accepted.to_numpy()[group].sum() - p.sum()) <= 4 * np.sqrt((p * (1 - p)).sum()) + 1e-9


def test_every_law_holds_with_errors_on_both_sides() -> None:
    """Random labels, inspectors who miss and mistake, two returns, lots that wait: all is delivered in the end."""
    for seed in range(3):
        team, judges = people("annotators", 4, skill_mean=1.0), people("judges", 3, sensitivity=0.8, false_alarm=0.1)
        stages = (annotate(to="inspect"), inspect(Lot(7, 3, 0, wait_s=300.0), rounds=2))
        log = simulate(line_of(60, stages, team, judges), seed)
        assert log.items["delivered_at"].notna().all()
        assert (log.tasks["round"] > 0).any()
