"""Who is reviewed and by whom, and where rejected items go."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from flows import NO, TRULY_YES, annotate, backlog, items, line_of, people, review, rows, simulate
from lines import constant

from labelcast.sim.line import Learning, Line, Pool, Segment, Stage

STRICT = {"sensitivity": 1.0, "false_alarm": 1.0}
"""Rejects everything."""

KEEN = {"sensitivity": 1.0, "false_alarm": 0.0}
"""Rejects just what is wrong."""

WRONG = {"skill_mean": 0.0, "class_effects": NO}
"""Always wrong where all is yes."""


def reviewed(count: int, team: Pool, judges: Pool, **more: Any) -> Line:
    """Annotate 60 s, review 10 s; `more` is of the review."""
    return line_of(count, (annotate(by=team.name, to="review"), review(by=judges.name, **more)), team, judges)


def test_tenure_says_how_much_is_reviewed() -> None:
    """The first two tasks of each author are reviewed, of later ones none. Two annotators, six items: worker 0 labels
    0, 2, 4 and worker 1 the others, both in step. The reviewer takes items 0 and 1 from 60 s and 2 and 3 from 120 s,
    and 4 and 5 pass at 180 s."""
    line = reviewed(6, people("team", 2), people("judges", **KEEN), fraction=0.0, tenure_fractions=((2, 1.0),))
    log = simulate(line)
    assert rows(log, "item", "started_at", "finished_at", stage="review") == [
        (0, 60.0, 70.0),
        (1, 70.0, 80.0),
        (2, 120.0, 130.0),
        (3, 130.0, 140.0),
    ]
    assert items(log, "delivered_at")[4:] == [(180.0,), (180.0,)]


def test_the_first_step_that_is_not_reached_counts() -> None:
    """Steps of one task (all) and three (none), then all: of one author's five items 0, 3 and 4 are reviewed. Who
    begins with two tasks behind them is at the third from the start, so only item 0 of theirs passes."""
    steps = ((1, 1.0), (3, 0.0))
    for experience, seen in ((0, [0, 3, 4]), (2, [1, 2, 3, 4])):
        team = people("team", learning=Learning(experience=experience))
        log = simulate(reviewed(5, team, people("judges", **KEEN), tenure_fractions=steps))
        assert [item for (item,) in rows(log, "item", stage="review")] == seen


def test_tenure_is_the_authors_of_the_label_that_counts() -> None:
    """Three labels, yes of the new worker and no, no of two who know the job: the label is no, and no tenure step of
    the new worker's matters. Were the label the new worker's, it would be reviewed."""
    for says, reviews in ((NO, 0), ({"yes": 100.0}, 1)):
        new = Pool("new", 1, "always", skill_mean=0.0, class_effects={"yes": 100.0})
        old = Pool("old", 2, "always", skill_mean=0.0, class_effects=says, learning=Learning(experience=50))
        ways = {"labelled": "review", "tied": "review"}
        shares = (("new", 0.4), ("old", 0.6))
        stage = Stage("annotate", "annotate", shares, constant(60), ways, labels_per_item=3, route="prefer")
        judge = review(by="judges", fraction=0.0, tenure_fractions=((50, 1.0),))
        log = simulate(line_of(1, (stage, judge), new, old, people("judges", sensitivity=0.0)))
        assert len(rows(log, "item", stage="review")) == reviews


def test_each_segment_has_its_fraction() -> None:
    """Of street all is reviewed, of night nothing, of the rest 30%: of 3,000 within four standard errors (false alarm
    6e-5; the seed is fixed)."""
    segments = tuple(Segment(name, backlog=3000, classes=TRULY_YES) for name in ("street", "night", "rest"))
    line = dataclasses.replace(
        reviewed(
            0,
            people("team", 9),
            people("judges", **KEEN),
            fraction=0.3,
            segment_fractions={"street": 1.0, "night": 0.0},
        ),
        segments=segments,
    )
    log = simulate(line)
    counts = log.tasks.query("stage == 'review'").merge(log.items, on="item")["segment"].value_counts()
    assert counts["street"] == 3000
    assert counts["night"] == 0
    assert abs(counts["rest"] / 3000 - 0.3) < 4 * (0.21 / 3000) ** 0.5


def test_who_is_reviewed_is_drawn_once() -> None:
    """Half of the items are reviewed, and rejected three times: an item is reviewed in all four rounds or in none."""
    log = simulate(reviewed(40, people("team", 4), people("judges", 4, **STRICT), fraction=0.5))
    counts = log.tasks.query("stage == 'review'").groupby("item").size()
    assert 8 < len(counts) < 32
    assert set(counts) == {4}


def test_a_second_review_is_by_another_person() -> None:
    """Two reviewers at both stages, one item: annotated by 60 s, reviewed by reviewer 0 (idle as long as the other)
    until 70 s, and a second time by reviewer 1 until 80 s, though reviewer 0 has the lower number."""
    stages = (annotate(to="review"), review(to="second"), review(name="second"))
    log = simulate(line_of(1, stages, people("annotators"), people("reviewers", 2, **KEEN)))
    assert rows(log, "stage", "worker", "started_at", "finished_at", "outcome") == [
        ("annotate", 0, 0.0, 60.0, "done"),
        ("review", 0, 60.0, 70.0, "accepted"),
        ("second", 1, 70.0, 80.0, "accepted"),
    ]


def test_no_one_reviews_twice_even_if_the_item_must_wait() -> None:
    """Three items, one reviewer who could do all and another who is busy elsewhere never: with a single person the
    second review never happens, until the horizon."""
    stages = (annotate(to="review"), review(to="second"), review(name="second"))
    line = line_of(3, stages, people("annotators"), people("reviewers", 1, **KEEN), horizon_s=1000.0)
    log = simulate(line)
    assert [start for (start,) in rows(log, "started_at", stage="second")] == [None] * 3
    assert items(log, "delivered_at") == [(None,)] * 3


def test_rework_goes_to_its_author_or_to_anyone() -> None:
    """Three items, two annotators, who take 0 and 1 at once and 2 (worker 0) at 60 s; every review rejects, one return.
    To the author: item 1, reviewed from 70 to 80 s, goes to worker 1; item 0, rejected at 70 s, waits for worker 0,
    who is free at 120 s, though worker 1 is idle from 60 s. To anyone: worker 1 takes item 0 at 70 s until 130 s, and
    worker 0 item 1 at 120 s."""
    for by, expected in (
        ("author", [(0, 0, 120.0), (1, 1, 80.0), (2, 0, 180.0)]),
        ("anyone", [(0, 1, 70.0), (1, 0, 120.0), (2, 1, 130.0)]),
    ):
        line = reviewed(3, people("team", 2), people("judges", **STRICT), rounds=1)
        stage = dataclasses.replace(line.stages[0], rework_by=by)  # type: ignore[arg-type]
        log = simulate(dataclasses.replace(line, stages=(stage, line.stages[1])))
        again = log.tasks[log.tasks["round"] == 1]
        log = dataclasses.replace(log, tasks=again)
        assert rows(log, "item", "worker", "started_at", stage="annotate") == expected


def test_the_author_of_several_labels_is_the_lowest_replica() -> None:
    """Two labels an item, both no, by a slow and a fast worker, so that the second replica's comes first: the rejected
    label goes back to the slow one, whose replica is the lower."""
    slow = Pool("slow", 1, "always", speed=2.0, skill_mean=0.0, class_effects=NO)
    fast = Pool("fast", 1, "always", skill_mean=0.0, class_effects=NO)
    ways = {"labelled": "review", "tied": "review"}
    shares = (("slow", 0.5), ("fast", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(60), ways, labels_per_item=2, route="prefer")
    log = simulate(line_of(1, (stage, review(by="judges", rounds=1)), slow, fast, people("judges", **KEEN)))
    assert rows(log, "stage", "round", "replica", "pool", "enqueued_at", "ready_at", "finished_at") == [
        ("annotate", 0, 0, "slow", 0.0, 0.0, 120.0),
        ("annotate", 0, 1, "fast", 0.0, 0.0, 60.0),
        ("review", 0, 0, "judges", 60.0, 120.0, 130.0),
        ("annotate", 1, 0, "slow", 130.0, 130.0, 250.0),
        ("review", 1, 0, "judges", 250.0, 250.0, 260.0),
    ]


@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_so_many_returns_and_no_more(rounds: int) -> None:
    """An annotator who is always wrong, a reviewer who always sees it: one item is rejected rounds + 1 times, goes back
    `rounds` times, 70 s a round, and is then adjudicated, 90 s, and right."""
    judge = review(by="judges", next={"accepted": "deliver", "rejected": "annotate", "exhausted": "adjudicate"})
    last = Stage("adjudicate", "adjudicate", (("experts", 1.0),), constant(90), {"decided": "deliver"})
    stages = (annotate(by="team", to="review"), dataclasses.replace(judge, rounds=rounds), last)
    pools = (people("team", **WRONG), people("judges", **KEEN), people("experts"))
    log = simulate(line_of(1, stages, *pools))
    assert rows(log, "round", "outcome", stage="review") == [(n, "rejected") for n in range(rounds + 1)]
    assert rows(log, "round", "label", stage="annotate") == [(n, "no") for n in range(rounds + 1)]
    assert items(log, "delivered_at", "final_label") == [(70.0 * (rounds + 1) + 90.0, "yes")]


def test_returns_count_over_the_whole_line() -> None:
    """Two reviews, the first of which lets all pass and the second rejects all, two returns at the first and one at the
    second: one return is used up at the second, the other is left unused, as the first never rejects."""
    first = review(by="blind", to="second", rounds=2)
    second = review(by="strict", name="second", rounds=1)
    pools = (people("annotators"), people("blind", sensitivity=0.0, false_alarm=0.0), people("strict", **STRICT))
    log = simulate(line_of(1, (annotate(to="review"), first, second), *pools))
    assert rows(log, "stage", "round", "outcome") == [
        ("annotate", 0, "done"),
        ("review", 0, "accepted"),
        ("second", 0, "rejected"),
        ("annotate", 1, "done"),
        ("review", 1, "accepted"),
        ("second", 1, "rejected"),
    ]


def test_a_rework_round_takes_one_label() -> None:
    """Three labels at first; the return takes one, by the author whose label was rejected, and it alone counts."""
    team = people("team", 3, **WRONG)
    stages = (annotate(by="team", to="review", labels_per_item=3), review(by="judges", rounds=1))
    log = simulate(line_of(1, stages, team, people("judges", **KEEN)))
    assert rows(log, "round", "replica", "worker", stage="annotate") == [(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 0)]


def test_reviewers_miss_and_mistake_as_often_as_said() -> None:
    """4,000 items of which half the labels are wrong, a typical reviewer with sensitivity 0.8 and false alarm 0.1:
    shares of rejected wrong and right labels within four standard errors (false alarm 6e-5 each; the seed is
    fixed)."""
    team, judges = people("team", 20, skill_mean=0.0), people("judges", 20, sensitivity=0.8, false_alarm=0.1)
    line = reviewed(4000, team, judges, rounds=0)
    log = simulate(dataclasses.replace(line, segments=backlog(4000, classes={"yes": 0.5, "no": 0.5})))
    table = log.tasks.query("stage == 'review'").merge(log.items, on="item")
    right = table["final_label"].astype(str) == table["truth"].astype(str)
    for wrong_ones, chance in ((~right, 0.8), (right, 0.1)):
        share = (table.loc[wrong_ones, "outcome"] == "rejected").mean()
        assert abs(share - chance) < 4 * (chance * (1 - chance) / wrong_ones.sum()) ** 0.5
