"""How the labels of an item become one, and how many are asked for."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flows import NO, TRULY_YES, YES, backlog, items, line_of, people, rows, simulate
from lines import constant, logit

from labelcast.sim.line import Consensus, Line, Pool, Stage

Voter = tuple[str, float]
"""What someone says of every item, and the skill that they have by name."""


def voting(rule: Consensus, *voters: Voter, k: int = 3, count: int = 1, shares: dict[str, float] | None = None) -> Line:
    """A pool for each voter, who says what they say; whoever of the first pools is free goes first. 60 s a label, and
    90 s for an adjudicator, who says no."""
    pools = [
        Pool(f"{place}", 1, "always", skill_mean=skill, class_effects=YES if says == "yes" else NO)
        for place, (says, skill) in enumerate(voters)
    ]
    stage = Stage(
        "annotate",
        "annotate",
        tuple((pool.name, 1 / len(pools)) for pool in pools),
        constant(60),
        {"labelled": "deliver", "tied": "adjudicate"},
        labels_per_item=k,
        consensus=rule,
        route="prefer",
    )
    judge = Stage("adjudicate", "adjudicate", (("judge", 1.0),), constant(90), {"decided": "deliver"})
    parts = {"segments": backlog(count, classes=shares or TRULY_YES)}
    return line_of(0, (stage, judge), *pools, people("judge", skill_mean=0.0, class_effects=NO), **parts)


def trace(line: Line) -> list[tuple[object, ...]]:
    return rows(simulate(line), "stage", "replica", "pool", "enqueued_at", "started_at", "finished_at", "label")


def test_the_majority_wins() -> None:
    """Three labels at once, yes, no, no: no, at 60 s."""
    line = voting(Consensus("majority"), ("yes", 3.0), ("no", 1.0), ("no", 1.0))
    assert trace(line) == [
        ("annotate", 0, "0", 0.0, 0.0, 60.0, "yes"),
        ("annotate", 1, "1", 0.0, 0.0, 60.0, "no"),
        ("annotate", 2, "2", 0.0, 0.0, 60.0, "no"),
    ]
    assert items(simulate(line), "delivered_at", "final_label") == [(60.0, "no")]


def test_a_tie_goes_to_the_adjudicator() -> None:
    """Two labels, yes and no: the item is tied at 60 s, and the adjudicator's no is final at 150 s."""
    line = voting(Consensus("majority"), ("yes", 3.0), ("no", 1.0), k=2)
    assert trace(line)[2] == ("adjudicate", 0, "judge", 60.0, 60.0, 150.0, "no")
    assert items(simulate(line), "delivered_at", "final_label") == [(150.0, "no")]


def test_skills_weigh() -> None:
    """Skills 3 against 1 + 1: yes, though two say no. With 1.9 against 2: no. Nothing is ever tied: equal weights go to
    the lowest replica."""
    for first, final in ((3.0, "yes"), (1.9, "no"), (2.0, "yes")):
        line = voting(Consensus("weighted"), ("yes", first), ("no", 1.0), ("no", 1.0))
        log = simulate(line)
        assert len(log.tasks) == 3
        assert items(log, "delivered_at", "final_label") == [(60.0, final)]


def test_of_equal_weights_the_lowest_replica_wins_whichever_comes_first() -> None:
    """Yes by somebody who takes twice as long, no by somebody as skilled: yes, whose replica is 0, though no came
    first."""
    line = voting(Consensus("weighted"), ("yes", 2.0), ("no", 2.0), k=2)
    slow = dataclasses.replace(line.pools[0], speed=2.0)
    log = simulate(dataclasses.replace(line, pools=(slow, *line.pools[1:])))
    assert rows(log, "replica", "finished_at", "label") == [(0, 120.0, "yes"), (1, 60.0, "no")]
    assert items(log, "final_label") == [("yes",)]


def test_labels_are_asked_for_until_one_leads() -> None:
    """Lead 2 of at most 4: yes and no come at 60 s, so a third label is asked for and is yes at 120 s; yes leads by
    one, and the fourth is yes at 180 s: 3 to 1. Each is asked for when the last came, by someone new."""
    line = voting(Consensus("lead", lead=2, most=4), ("yes", 1.0), ("no", 1.0), ("yes", 1.0), ("yes", 1.0))
    assert trace(line) == [
        ("annotate", 0, "0", 0.0, 0.0, 60.0, "yes"),
        ("annotate", 1, "1", 0.0, 0.0, 60.0, "no"),
        ("annotate", 2, "2", 60.0, 60.0, 120.0, "yes"),
        ("annotate", 3, "3", 120.0, 120.0, 180.0, "yes"),
    ]
    assert items(simulate(line), "final_label") == [("yes",)]


def test_two_labels_that_agree_lead_by_two() -> None:
    """Lead 2: yes, yes at 60 s suffice."""
    line = voting(Consensus("lead", lead=2, most=4), ("yes", 1.0), ("yes", 1.0), ("no", 1.0))
    assert [row[2] for row in trace(line)] == ["0", "1"]


def test_no_more_labels_than_the_most() -> None:
    """Lead 2 of at most 3: yes, no, no leads by one only, and is what counts. Of at most 4: yes, no, no, yes is tied
    at 180 s and adjudicated by 270 s; the item waited for that since its first label, at 60 s, all of it for other
    labels."""
    voters: tuple[Voter, ...] = (("yes", 1.0), ("no", 1.0), ("no", 1.0), ("yes", 1.0))
    log = simulate(voting(Consensus("lead", lead=2, most=3), *voters))
    assert items(log, "delivered_at", "final_label") == [(120.0, "no")]
    log = simulate(voting(Consensus("lead", lead=2, most=4), *voters))
    columns = ("enqueued_at", "ready_at", "consensus_ms", "started_at", "finished_at")
    assert rows(log, *columns, stage="adjudicate") == [(60.0, 180.0, 120.0, 180.0, 270.0)]
    assert items(log, "final_label") == [("no",)]


def test_labels_are_asked_for_until_the_posterior_is_sure() -> None:
    """By Bayes: 80% of the segment are yes, everyone is right with chance 0.8. One no leaves 0.8 x 0.2 = 0.16 for yes
    and 0.2 x 0.8 = 0.16 for no: even. Two: 0.032 and 0.128, no with 0.8. Three: 0.0064 and 0.1024, no with 0.941.
    With a threshold of 0.9 the third no settles it, with 0.95 a fourth (0.985) is needed. One yes alone is 0.64 to
    0.04, yes with 0.941: enough for 0.9; for 0.95 it takes two (0.985)."""
    shares = {"yes": 0.8, "no": 0.2}
    for says, threshold, needed in (("no", 0.9, 3), ("no", 0.95, 4), ("yes", 0.9, 1), ("yes", 0.95, 2)):
        rule = Consensus("posterior", threshold=threshold, most=7)
        log = simulate(voting(rule, *[(says, logit(0.8))] * 7, k=1, shares=shares))
        assert rows(log, "replica", "enqueued_at", "label") == [(n, 60.0 * n, says) for n in range(needed)]
        assert items(log, "final_label") == [(says,)]


def test_at_the_most_the_posterior_decides_as_it_is() -> None:
    """Two labels at most, no and no: with 0.8 against 0.2 no is the more probable one, sure or not, and nothing is
    tied. One label at most: 0.16 each, and of equal ones the first class counts, yes."""
    shares = {"yes": 0.8, "no": 0.2}
    for most, final in ((2, "no"), (1, "yes")):
        rule = Consensus("posterior", threshold=0.95, most=most)
        log = simulate(voting(rule, *[("no", logit(0.8))] * 3, k=1, shares=shares))
        assert len(log.tasks) == most
        assert items(log, "delivered_at", "final_label") == [(60.0 * most, final)]


def test_the_posterior_trusts_the_skilled_more() -> None:
    """Even classes. Someone right with chance 0.99 says yes, two with chance 0.6 say no: 0.99 x 0.4 x 0.4 = 0.1584
    against 0.01 x 0.6 x 0.6 = 0.0036, yes with 0.978."""
    voters: tuple[Voter, ...] = (("yes", logit(0.99)), ("no", logit(0.6)), ("no", logit(0.6)))
    shares = {"yes": 0.5, "no": 0.5}
    for threshold, needed in ((0.97, 3), (0.98, 4)):
        rule = Consensus("posterior", threshold=threshold, most=4)
        log = simulate(voting(rule, *voters, ("yes", 1.0), k=3, shares=shares))
        assert len(log.tasks) == needed
        assert items(log, "final_label") == [("yes",)]


def deciding(rule: Consensus, k: int, right: float, count: int, workers: int) -> Line:
    """Items of two classes, everyone right with the same chance, all labels in a second each."""
    ways = {"labelled": "deliver", "tied": "deliver"}
    stage = Stage("annotate", "annotate", (("team", 1.0),), constant(1), ways, labels_per_item=k, consensus=rule)
    segments = backlog(count, classes={"yes": 0.5, "no": 0.5})
    return line_of(0, (stage,), people("team", workers, skill_mean=logit(right)), segments=segments)


def accuracy(line: Line) -> float:
    table = simulate(line).items
    return float((table["final_label"].astype(str) == table["truth"].astype(str)).mean())


@pytest.mark.parametrize("k", [1, 3, 5])
def test_the_majority_of_independent_labels_is_binomial(k: int) -> None:
    """Items all of one difficulty, workers right with chance 0.7: the majority of k is right with the chance of more
    than k / 2 successes in k. Of 1,500 items, within four standard errors (false alarm 6e-5; the seed is fixed)."""
    chance = sum(math.comb(k, n) * 0.7**n * 0.3 ** (k - n) for n in range(k // 2 + 1, k + 1))
    share = accuracy(deciding(Consensus("majority"), k, 0.7, 1500, k))
    assert abs(share - chance) < 4 * (chance * (1 - chance) / 1500) ** 0.5


@pytest.mark.parametrize("rule", [Consensus("lead", 2, most=40), Consensus("posterior", threshold=0.8, most=40)])
def test_a_lead_of_two_is_the_gamblers_ruin(rule: Consensus) -> None:
    """Labels come in pairs; a pair agrees with chance a = 0.7^2 + 0.3^2, and then it is right with chance 0.49 / a.
    So there are 2 / a labels an item, with variance 4 (1 - a) / a^2. With even classes a posterior of 0.8 is the same
    rule: a lead of one is 0.7, of two 0.49 / a = 0.845. 800 items, four standard errors (false alarm 6e-5; fixed
    seed)."""
    line = deciding(rule, 2, 0.7, 800, 40)
    a = 0.49 + 0.09
    log = simulate(line)
    labels = log.tasks.groupby("item").size()
    assert set(labels % 2) == {0}
    assert abs(labels.mean() - 2 / a) < 4 * (4 * (1 - a) / a**2 / 800) ** 0.5
    right = (log.items["final_label"].astype(str) == log.items["truth"].astype(str)).mean()
    chance = 0.49 / a
    assert abs(right - chance) < 4 * (chance * (1 - chance) / 800) ** 0.5


def test_one_label_needs_no_rule() -> None:
    """k = 1: majority and weighted are one and the same, row for row."""
    a = simulate(deciding(Consensus("majority"), 1, 0.7, 50, 2))
    b = simulate(deciding(Consensus("weighted"), 1, 0.7, 50, 2))
    assert a.tasks.equals(b.tasks)
    assert a.items.equals(b.items)
