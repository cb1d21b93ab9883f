"""Where an item goes after an outcome: by chance, in loops, and through work that gives no label."""

from __future__ import annotations

import dataclasses

import pytest
from flows import annotate, items, line_of, people, review, rows, simulate
from lines import ALWAYS, constant

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.line import Calendar, Line, Stage
from labelcast.sim.log import Log


def cleaning(count: int, again: float, **more: object) -> Line:
    """Items are cleaned, 10 s, as often as chance says, then delivered."""
    ways = {"done": (("clean", again), ("deliver", 1.0 - again))}
    stage = Stage("clean", "work", (("cleaners", 1.0),), constant(10), ways)
    return line_of(count, (stage,), people("cleaners"), **more)


def test_a_loop_is_walked_with_a_fresh_draw_at_each_visit() -> None:
    """One cleaner, ten seconds a task, four items at the start. The draw of visit v of item i, whose place is 256 v in
    the replica's field, sends the item back if it is below 1/2: with seed 2 items 0 and 1 come once, 2 twice and 3 four
    times. Who is sent back waits behind those who wait already, so the cleaner takes 0, 1, 2, 3, 2, 3, 3, 3."""
    for item, visits in enumerate((1, 1, 2, 4)):
        luck = [_luck(2, item, visit) for visit in range(visits)]
        assert [u < 0.5 for u in luck] == [True] * (visits - 1) + [False]
    log = simulate(cleaning(4, 0.5), seed=2)
    seen = sorted(rows(log, "started_at", "finished_at", "item", "enqueued_at", "outcome", "label"))
    assert seen == [
        (0.0, 10.0, 0, 0.0, "done", None),
        (10.0, 20.0, 1, 0.0, "done", None),
        (20.0, 30.0, 2, 0.0, "done", None),
        (30.0, 40.0, 3, 0.0, "done", None),
        (40.0, 50.0, 2, 30.0, "done", None),
        (50.0, 60.0, 3, 40.0, "done", None),
        (60.0, 70.0, 3, 60.0, "done", None),
        (70.0, 80.0, 3, 70.0, "done", None),
    ]
    assert items(log, "delivered_at") == [(10.0,), (20.0,), (50.0,), (80.0,)]


def test_a_loop_has_no_more_visits_than_draws() -> None:
    """Visits beyond the 256 that have draws of their own would use the draws of others: the run stops instead, also
    where an item passes a review that does not look at it, and so has no task."""
    ways = (("review", 1.0), ("deliver", 0.0))
    passed = review(fraction=0.0, next={"accepted": ways, "rejected": "annotate", "exhausted": "deliver"})
    line = line_of(1, (annotate(to="review"), passed), people("annotators"), people("reviewers"))
    with pytest.raises(AssertionError):
        simulate(line)


def _luck(seed: int, item: int, visit: int) -> float:
    """The draw of a visit of an item to the first stage of kind work."""
    at = where(Purpose.NEXT, name_key("work 0"), 0, 256 * visit)
    return uniform(stream(seed, 0), subject(name_key("items"), item), at)


def test_chances_of_zero_and_one_are_never_and_always() -> None:
    """A way whose chance is nought is never taken, one whose chance is one always."""
    never = simulate(cleaning(200, 0.0))
    assert len(never.tasks) == 200
    always = simulate(cleaning(1, 1.0, horizon_s=101.0))
    assert rows(always, "started_at")[-2:] == [(90.0,), (100.0,)]


def test_items_are_split_by_the_chance_of_each_way() -> None:
    """Of 4,000 items 30% go to review, 20% to a second cleaning and the rest is delivered: each share within four
    standard errors (false alarm 6e-5 each; the seed is fixed)."""
    ways = (("review", 0.3), ("clean", 0.2), ("deliver", 0.5))
    clean = Stage("clean", "work", (("team", 1.0),), constant(1), {"done": "deliver"})
    stages = (annotate(1, "team", next={"labelled": ways, "tied": "deliver"}), review(1, "judges"), clean)
    log = simulate(line_of(4000, stages, people("team"), people("judges")))
    counts = log.tasks["stage"].value_counts()
    for stage, chance in (("review", 0.3), ("clean", 0.2)):
        assert abs(counts[stage] / 4000 - chance) < 4 * (chance * (1 - chance) / 4000) ** 0.5
    assert log.items["delivered_at"].notna().all()


def _returned(log: Log) -> tuple[int, int, int]:
    """Items, those cleaned at least twice, at least three times."""
    visits = log.tasks.groupby("item").size()
    return len(visits), int((visits > 1).sum()), int((visits > 2).sum())


def test_the_visits_of_a_loop_are_geometric() -> None:
    """With chance 0.4 of another visit, 40% of 3,000 items come again, and 40% of those a third time: nothing is
    remembered from visit to visit. Within four standard errors (false alarm 6e-5 each; the seed is fixed)."""
    all_items, twice, thrice = _returned(simulate(cleaning(3000, 0.4)))
    for part, whole in ((twice, all_items), (thrice, twice)):
        assert abs(part / whole - 0.4) < 4 * (0.24 / whole) ** 0.5


def test_an_item_is_new_to_everyone_when_it_comes_to_annotate_again() -> None:
    """Annotate (60 s, one annotator), clean (10 s), and back to annotate, for ever: the same annotator labels the item
    again in the same round, with a draw of time of its own, until the horizon at 200 s."""
    clean = Stage("clean", "work", (("cleaners", 1.0),), constant(10), {"done": "annotate"})
    stages = (annotate(to="clean"), clean)
    log = simulate(line_of(1, stages, people("annotators"), people("cleaners"), horizon_s=200.0))
    assert rows(log, "stage", "round", "replica", "enqueued_at", "started_at", "finished_at") == [
        ("annotate", 0, 0, 0.0, 0.0, 60.0),
        ("clean", 0, 0, 60.0, 60.0, 70.0),
        ("annotate", 0, 0, 70.0, 70.0, 130.0),
        ("clean", 0, 0, 130.0, 130.0, 140.0),
        ("annotate", 0, 0, 140.0, 140.0, None),
    ]


def test_work_gives_no_label_and_knows_no_author() -> None:
    """One person cleans (10 s), annotates (60 s) and cleans again (5 s): work is open to whoever labelled the item, and
    the label is the annotator's."""
    first = Stage("clean", "work", (("team", 1.0),), constant(10), {"done": "annotate"})
    last = Stage("tidy", "work", (("team", 1.0),), constant(5), {"done": "deliver"})
    log = simulate(line_of(1, (first, annotate(by="team", to="tidy"), last), people("team")))
    assert rows(log, "stage", "worker", "started_at", "finished_at", "label", "outcome") == [
        ("clean", 0, 0.0, 10.0, None, "done"),
        ("annotate", 0, 10.0, 70.0, "yes", "done"),
        ("tidy", 0, 70.0, 75.0, None, "done"),
    ]
    assert items(log, "delivered_at", "final_label") == [(75.0, "yes")]


def test_who_labels_an_item_that_came_back_may_have_labelled_it_before() -> None:
    """Two labels, 60 s, by one person who is there until 100 s and one who stays; then cleaning, 10 s, and back. On the
    second visit, from 70 s, the first person's label is broken off at 100 s and waits for somebody; the other's, who
    labelled the item on its first visit, is done at 130 s. That is lawful, although the first label is not given."""
    early = Calendar("early", "UTC", ((0, 0, 100),))
    clean = Stage("clean", "work", (("cleaners", 1.0),), constant(10), {"done": "annotate"})
    shares, ways = (("early", 0.5), ("long", 0.5)), {"labelled": "clean", "tied": "clean"}
    stage = Stage(
        "annotate", "annotate", shares, constant(60), ways, route="prefer", labels_per_item=2, shift_end="return"
    )
    pools = (dataclasses.replace(people("early"), calendar="early"), people("long"), people("cleaners"))
    log = simulate(line_of(1, (stage, clean), *pools, calendars=(ALWAYS, early), horizon_s=200.0))
    assert rows(log, "replica", "pool", "enqueued_at", "finished_at", "outcome", stage="annotate") == [
        (0, "early", 0.0, 60.0, "done"),
        (1, "long", 0.0, 60.0, "done"),
        (0, "early", 70.0, 100.0, "returned"),
        (1, "long", 70.0, 130.0, "done"),
        (0, "early", 100.0, None, None),
    ]
