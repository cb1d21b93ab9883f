"""Rollbacks: delivered items that come back to be labelled anew."""

from __future__ import annotations

import dataclasses

from flows import NO, TRULY_YES, annotate, items, line_of, people, review, rows, simulate

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.line import Epoch, Line, Relabel, Segment

STRICT = {"sensitivity": 1.0, "false_alarm": 1.0}
"""Rejects everything."""


def rolled(count: int, *relabels: Relabel, team: int = 1, **more: object) -> Line:
    """Annotate, 60 s, and deliver; rollbacks on their dates."""
    return line_of(count, (annotate(**more),), people("annotators", team), relabels=relabels)  # type: ignore[arg-type]


def test_what_was_delivered_since_goes_back() -> None:
    """Items 0, 1 and 2 are delivered at 60, 120 and 180 s; at 200 s those delivered since 120 s go back: items 1 and
    2 are labelled anew, as rounds of their own, from 200 and 260 s, and delivered at 260 and 320 s. The run goes on
    until then."""
    log = simulate(rolled(3, Relabel(200.0, "annotate", since_s=120.0)))
    assert rows(log, "item", "round", "enqueued_at", "started_at", "finished_at", "outcome") == [
        (0, 0, 0.0, 0.0, 60.0, "done"),
        (1, 0, 0.0, 60.0, 120.0, "done"),
        (1, 1, 200.0, 200.0, 260.0, "done"),
        (2, 0, 0.0, 120.0, 180.0, "done"),
        (2, 1, 200.0, 260.0, 320.0, "done"),
    ]
    assert items(log, "delivered_at") == [(60.0,), (260.0,), (320.0,)]
    assert log.provenance.ended_at == 320_000


def test_what_is_under_way_is_left_alone() -> None:
    """At 100 s item 0 is delivered and item 1 under way: only item 0 goes back, and waits, ahead of new work, until
    120 s."""
    log = simulate(rolled(3, Relabel(100.0, "annotate")))
    assert sorted(rows(log, "started_at", "item", "round")) == [
        (0.0, 0, 0),
        (60.0, 1, 0),
        (120.0, 0, 1),
        (180.0, 2, 0),
    ]


def test_the_run_waits_for_a_rollback_that_is_to_come() -> None:
    """All is delivered at 60 s and a rollback stands for 1,000 s: the run goes on until it, and to its end at 1,060 s;
    one that finds nothing ends the run on its date; one after the horizon is none."""
    assert simulate(rolled(1, Relabel(1000.0, "annotate"))).provenance.ended_at == 1_060_000
    assert simulate(rolled(1, Relabel(1000.0, "annotate", since_s=61.0))).provenance.ended_at == 1_000_000
    line = dataclasses.replace(rolled(1, Relabel(1000.0, "annotate")), horizon_s=900.0)
    assert simulate(line).provenance.ended_at == 60_000


def test_each_rollback_counts_what_its_share_says() -> None:
    """Half of 400 items: those whose draw is below one half, and no other; of a segment only its own."""
    log = simulate(rolled(400, Relabel(1e6, "annotate", share=0.5), team=20))
    at = where(Purpose.RELABEL, 0, 0)
    luck = [uniform(stream(1, 0), subject(name_key("items"), item), at) for item in range(400)]
    again = log.tasks.loc[log.tasks["round"] == 1, "item"].tolist()
    assert again == [item for item in range(400) if luck[item] < 0.5]
    assert abs(len(again) - 200) < 4 * 10
    segments = (Segment("a", backlog=3, classes=TRULY_YES), Segment("b", backlog=2, classes=TRULY_YES))
    line = dataclasses.replace(rolled(0, Relabel(1e6, "annotate", segment="b")), segments=segments)
    counted = simulate(line)
    assert counted.tasks.loc[counted.tasks["round"] == 1, "item"].tolist() == [3, 4]


def test_a_rollback_of_nothing_changes_nothing_but_the_end() -> None:
    """Share nought: the same items and tasks; only that the run waits for the date."""
    plain, none = simulate(rolled(9)), simulate(rolled(9, Relabel(1000.0, "annotate", share=0.0)))
    assert none.tasks.equals(plain.tasks)
    assert none.items.equals(plain.items)
    assert none.provenance.ended_at == 1_000_000


def test_a_rollback_starts_afresh() -> None:
    """Two labels an item, reviews that reject all, one return. At 1,000 s the item comes back as round 2: two labels
    again, not one, and one return again."""
    stages = (annotate(to="review", labels_per_item=2), review(by="judges", rounds=1))
    pools = (people("annotators", 2), people("judges", **STRICT))
    log = simulate(line_of(1, stages, *pools, relabels=(Relabel(1000.0, "annotate"),)))
    assert rows(log, "stage", "round", "replica", "started_at", "finished_at") == [
        ("annotate", 0, 0, 0.0, 60.0),
        ("annotate", 0, 1, 0.0, 60.0),
        ("review", 0, 0, 60.0, 70.0),
        ("annotate", 1, 0, 70.0, 130.0),
        ("review", 1, 0, 130.0, 140.0),
        ("annotate", 2, 0, 1000.0, 1060.0),
        ("annotate", 2, 1, 1000.0, 1060.0),
        ("review", 2, 0, 1060.0, 1070.0),
        ("annotate", 3, 0, 1070.0, 1130.0),
        ("review", 3, 0, 1130.0, 1140.0),
    ]
    assert items(log, "delivered_at") == [(1140.0,)]


def test_items_may_go_back_twice_and_to_any_stage() -> None:
    """Rollbacks at 200 s to annotate and at 400 s to review: labelled by 60 s and reviewed by 70, again by 260 and
    270 s, and only reviewed from 400 to 410 s, with the label that it has."""
    stages = (annotate(to="review"), review(by="judges", rounds=1))
    pools = (people("annotators"), people("judges", false_alarm=0.0))
    relabels = (Relabel(200.0, "annotate"), Relabel(400.0, "review"))
    log = simulate(line_of(1, stages, *pools, relabels=relabels))
    assert rows(log, "stage", "round", "started_at", "finished_at") == [
        ("annotate", 0, 0.0, 60.0),
        ("review", 0, 60.0, 70.0),
        ("annotate", 1, 200.0, 260.0),
        ("review", 1, 260.0, 270.0),
        ("review", 2, 400.0, 410.0),
    ]


def test_a_rollback_mends_what_a_drift_has_spoilt() -> None:
    """From 100 s on everyone is wrong, from 300 s on right again: items delivered at 60, 120, .. 300 s. Whose task
    began after 100 s is wrong, items 2, 3 and 4; a rollback of what was delivered since 130 s makes them right, at
    360, 420 and 480 s."""
    well, ill = people("annotators"), people("annotators", skill_mean=0.0, class_effects=NO)
    epochs = (Epoch(100.0, pools=(ill,)), Epoch(300.0, pools=(well,)))
    line = dataclasses.replace(rolled(5), epochs=epochs)
    assert [label for (label,) in items(simulate(line), "final_label")] == ["yes", "yes", "no", "no", "no"]
    mended = simulate(dataclasses.replace(line, relabels=(Relabel(300.0, "annotate", since_s=130.0),)))
    assert items(mended, "delivered_at", "final_label")[2:] == [(360.0, "yes"), (420.0, "yes"), (480.0, "yes")]


def test_a_full_line_takes_items_back_in_any_case() -> None:
    """At most one item in the line: two items, delivered at 60 and 120 s. At 90 s item 0 comes back although item 1 is
    inside, and both are delivered."""
    log = simulate(dataclasses.replace(rolled(2, Relabel(90.0, "annotate")), wip=1))
    assert rows(log, "item", "round", "started_at") == [(0, 0, 0.0), (0, 1, 120.0), (1, 0, 60.0)]
