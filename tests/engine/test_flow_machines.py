"""Stages without people: a model that suggests labels, and the removal of duplicates."""

from __future__ import annotations

import dataclasses

from flows import NO, YES, annotate, backlog, items, line_of, people, rows, simulate
from lines import constant, logit

from labelcast.sim.line import Batch, Dedup, Gather, Line, Model, Segment, Stage, Suggestion


def prelabel(**more: object) -> Stage:
    """A model that takes 20 s for a batch and says yes whatever the truth is."""
    parts = {"model": Model(0.0, YES), **more}
    return Stage("suggest", "prelabel", (), constant(20), {"suggested": "annotate"}, **parts)  # type: ignore[arg-type]


def suggested(count: int, suggestion: Suggestion, **more: object) -> Line:
    """Items, each yes, and as many that are no; the model, two annotators who are never wrong, 60 s a label."""
    segments = (
        Segment("plain", backlog=count, classes={"yes": 1.0, "no": 0.0}),
        Segment("tricky", backlog=count, classes={"yes": 0.0, "no": 1.0}),
    )
    stages = (prelabel(**more), annotate(suggestion=suggestion))
    return line_of(0, stages, people("annotators", 2), segments=segments)


def test_one_server_takes_batches_in_order() -> None:
    """Five items, batches of two, one server, 20 s a batch: items 0 and 1 until 20 s, 2 and 3 until 40 s, 4 alone until
    60 s. The tasks have neither pool nor worker, and the suggestion is the first label that the item has."""
    stage = dataclasses.replace(prelabel(batch=Batch(2), servers=1), next={"suggested": "deliver"})
    log = simulate(line_of(5, (stage,), people("annotators")))
    assert rows(log, "item", "batch", "started_at", "finished_at", "suggestion", "outcome", "pool", "worker") == [
        (0, 1, 0.0, 20.0, "yes", "done", None, None),
        (1, 1, 0.0, 20.0, "yes", "done", None, None),
        (2, 2, 20.0, 40.0, "yes", "done", None, None),
        (3, 2, 20.0, 40.0, "yes", "done", None, None),
        (4, 3, 40.0, 60.0, "yes", "done", None, None),
    ]
    assert items(log, "final_label", "delivered_at")[-1] == ("yes", 60.0)


def test_two_servers_work_at_once_and_no_limit_means_all_at_once() -> None:
    """The same five: two servers end their batches at 20, 20 and 40 s; without a limit all end at 20 s. A set-up of 5 s
    is added to each batch once."""
    for servers, setup, ends in ((2, 0.0, [20, 20, 20, 20, 40]), (None, 0.0, [20] * 5), (1, 5.0, [25, 25, 50, 50, 75])):
        stage = prelabel(batch=Batch(2, setup_s=setup), servers=servers)
        stage = dataclasses.replace(stage, next={"suggested": "deliver"})
        log = simulate(line_of(5, (stage,), people("annotators")))
        assert [end for (end,) in rows(log, "finished_at")] == ends


def test_a_machine_may_wait_for_its_batch_to_fill() -> None:
    """Five items gather in threes, for 30 s at most, and are done in twos, all servers free: of the first three, 0
    and 1 are a batch and 2 another, from 0 to 20 s; items 3 and 4 are ready when 30 s have passed, and done at 50
    s."""
    stage = dataclasses.replace(prelabel(batch=Batch(2), gather=Gather(3, wait_s=30.0)), next={"suggested": "deliver"})
    log = simulate(line_of(5, (stage,), people("annotators")))
    assert rows(log, "item", "batch", "enqueued_at", "ready_at", "started_at", "finished_at") == [
        (0, 1, 0.0, 0.0, 0.0, 20.0),
        (1, 1, 0.0, 0.0, 0.0, 20.0),
        (2, 2, 0.0, 0.0, 0.0, 20.0),
        (3, 3, 0.0, 30.0, 30.0, 50.0),
        (4, 3, 0.0, 30.0, 30.0, 50.0),
    ]


def test_who_reads_the_suggestion_accepts_what_is_right_and_mends_what_is_wrong() -> None:
    """The model says yes to all at 20 s. Nobody is anchored: accepting takes half of 60 s, mending one and a half. Two
    annotators take items 0 and 1 (yes: done at 50 s), then 2 and 3 (no: done at 140 s); all labels are right."""
    log = simulate(suggested(2, Suggestion(anchoring=0.0, accept_time=0.5, fix_time=1.5)))
    assert rows(log, "item", "suggestion", "label", "started_at", "finished_at", stage="annotate") == [
        (0, "yes", "yes", 20.0, 50.0),
        (1, "yes", "yes", 20.0, 50.0),
        (2, "yes", "no", 50.0, 140.0),
        (3, "yes", "no", 50.0, 140.0),
    ]


def test_who_is_anchored_keeps_every_suggestion() -> None:
    """As above, and everyone is anchored: all labels are yes, each takes 30 s, and items 2 and 3 are wrong."""
    log = simulate(suggested(2, Suggestion(anchoring=1.0, accept_time=0.5, fix_time=1.5)))
    assert rows(log, "item", "label", "started_at", "finished_at", stage="annotate") == [
        (0, "yes", 20.0, 50.0),
        (1, "yes", 20.0, 50.0),
        (2, "yes", 50.0, 80.0),
        (3, "yes", 50.0, 80.0),
    ]
    assert items(log, "truth", "final_label") == [("yes", "yes")] * 2 + [("no", "yes")] * 2


def test_suggestions_are_kept_as_often_as_anchoring_says() -> None:
    """Annotators who are never wrong, 3,000 items on which the model is wrong, anchoring 0.3: 30% of the labels are
    wrong, within four standard errors (false alarm 6e-5; the seed is fixed)."""
    line = suggested(3000, Suggestion(anchoring=0.3), batch=Batch(3000))
    labels = simulate(line).items.query("segment == 'tricky'")["final_label"]
    assert abs((labels == "yes").mean() - 0.3) < 4 * (0.21 / 3000) ** 0.5


def test_a_model_is_right_as_often_as_its_skill_says() -> None:
    """Skill logit(0.7), 1.0 logit more on the class no: of 3,000 items of each class 70% and expit(logit(0.7) + 1) of
    the suggestions are right, within four standard errors (false alarm 6e-5 each; the seed is fixed)."""
    line = suggested(3000, Suggestion(), model=Model(logit(0.7), {"no": 1.0}), batch=Batch(3000))
    log = simulate(line)
    tasks = log.tasks.query("stage == 'suggest'").merge(log.items, on="item")
    right = tasks["suggestion"].astype(str) == tasks["truth"].astype(str)
    for segment, chance in (("plain", 0.7), ("tricky", 0.8638)):
        share = right[tasks["segment"] == segment].mean()
        assert abs(share - chance) < 4 * (chance * (1 - chance) / 3000) ** 0.5


def test_a_model_that_is_never_right_saves_nothing_when_all_read_it() -> None:
    """Model accuracy 0, anchoring 0: each label takes the manual time plus inspection, here a quarter of it, and is the
    label that would have been given without a model."""
    wrong = Model(0.0, NO)
    tired = people("annotators", 2, skill_mean=1.0)
    stages = (prelabel(model=wrong), annotate(suggestion=Suggestion(0.0, accept_time=1.25, fix_time=1.25)))
    with_model = simulate(line_of(40, stages, tired)).tasks.query("stage == 'annotate'")
    without = simulate(line_of(40, (annotate(),), tired)).tasks
    assert with_model["label"].tolist() == without["label"].tolist()
    assert with_model["active_ms"].tolist() == [75_000] * 40
    assert without["active_ms"].tolist() == [60_000] * 40


def test_dedup_drops_what_it_takes_for_a_duplicate() -> None:
    """Ten items, half of them duplicates, all found and no false alarm; batches of four take 5 s, one at a time. Just
    the duplicates are dropped, at 5, 10 and 15 s by their place, and only the others are labelled."""
    dedup = Stage("dedup", "dedup", (), constant(5), {"kept": "annotate"}, batch=Batch(4), servers=1)
    line = line_of(0, (dedup, annotate()), people("annotators"), segments=backlog(10, duplicates=0.5))
    log = simulate(line)
    copies = [original is not None for (original,) in items(log, "duplicate_of")]
    assert 2 < sum(copies) < 8
    assert items(log, "dropped_at", "dropped_as") == [
        (5.0 * (1 + place // 4), "duplicate") if copy else (None, None) for place, copy in enumerate(copies)
    ]
    assert [item for (item,) in rows(log, "item", stage="annotate")] == [n for n, copy in enumerate(copies) if not copy]


def test_dedup_that_finds_nothing_changes_nothing() -> None:
    """Recall 0: nothing is dropped, and everyone does what they would do without it, 5 s later."""
    dedup = Stage("dedup", "dedup", (), constant(5), {"kept": "annotate"}, dedup=Dedup(recall=0.0, precision=0.9))
    parts = {"segments": backlog(20, duplicates=0.5)}
    found = simulate(line_of(0, (dedup, annotate()), people("annotators", 3), **parts))
    plain = simulate(line_of(0, (annotate(),), people("annotators", 3), **parts))
    assert found.items["dropped_at"].isna().all()
    later = found.tasks.query("stage == 'annotate'")
    assert later["worker"].tolist() == plain.tasks["worker"].tolist()
    assert (later["started_at"].to_numpy() - plain.tasks["started_at"].to_numpy() == 5000).all()


def test_recall_and_precision_are_shares() -> None:
    """6,000 items, 20% duplicates, recall 0.8, precision 0.6: of the duplicates 80% are dropped, and of the others
    0.8 x 0.2 x 0.4 / (0.6 x 0.8) = 13.3%, so that 40% of what is dropped is no duplicate. Each share lies within four
    standard errors (false alarm 6e-5 each; the seed is fixed)."""
    ways = {"kept": "deliver"}
    dedup = Stage("dedup", "dedup", (), constant(5), ways, batch=Batch(6000), dedup=Dedup(0.8, 0.6))
    line = line_of(0, (dedup,), people("annotators"), segments=backlog(6000, duplicates=0.2))
    table = simulate(line).items
    copy, dropped = table["duplicate_of"].notna(), table["dropped_at"].notna()
    for share, chance, count in (
        (copy.mean(), 0.2, 6000),
        (dropped[copy].mean(), 0.8, copy.sum()),
        (dropped[~copy].mean(), 0.064 / 0.48, (~copy).sum()),
        ((~copy)[dropped].mean(), 0.4, dropped.sum()),
    ):
        assert abs(share - chance) < 4 * (chance * (1 - chance) / count) ** 0.5


def test_a_duplicate_is_what_its_original_is() -> None:
    """Truth, difficulty and which wrong label is likely are the original's; luck is its own: copies of an item on which
    annotators err at even odds are not all labelled alike."""
    even = people("annotators", 1, skill_mean=0.0)
    segments = backlog(300, duplicates=0.5, classes={"yes": 0.5, "no": 0.5})
    table = simulate(line_of(0, (annotate(),), even, segments=segments)).items
    copies = table[table["duplicate_of"].notna()]
    originals = table.set_index("item").loc[copies["duplicate_of"]]
    assert copies["truth"].tolist() == originals["truth"].tolist()
    same = copies["final_label"].to_numpy() == originals["final_label"].to_numpy()
    assert 0 < same.sum() < len(same)
