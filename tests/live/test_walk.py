"""Where items stand by their rows: small logs, led along their lines by hand."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from layouts import sample
from lines import ALWAYS, OFFICE, constant

from labelcast.calibration.readers.recognise import Export, read
from labelcast.calibration.today.history import history
from labelcast.calibration.today.seen import GONE, moment_of
from labelcast.calibration.today.standing import Today, today
from labelcast.calibration.today.words import words_of
from labelcast.scenarios.earlier import earlier
from labelcast.sim.curves import curves
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.line import DELIVER, Line, Pool, Segment, Stage
from labelcast.sim.standing import InHand

START = datetime(2027, 1, 4, 9)
MINUTE = 60_000

Row = tuple[str, str, str, float, float | None, str]
"""item, step, worker, minutes of start and end (None: in hand), outcome."""


def line(labels: int = 1, fraction: float = 1.0, rounds: int = 1) -> Line:
    """Two annotators, a reviewer; rejected items go back so many times."""
    return Line(
        name="two steps",
        start=START,
        timezone="UTC",
        currency="EUR",
        horizon_s=30 * 86_400.0,
        segments=(Segment("items", backlog=10),),
        calendars=(ALWAYS,),
        pools=(Pool("team", 3, "always"), Pool("checkers", 1, "always")),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("team", 1.0),),
                constant(600.0),
                {"labelled": "review", "tied": "review"},
                labels_per_item=labels,
            ),
            Stage(
                "review",
                "review",
                (("checkers", 1.0),),
                constant(60.0),
                {"accepted": DELIVER, "rejected": "annotate", "exhausted": DELIVER},
                fraction=fraction,
                rounds=rounds,
            ),
        ),
        first="annotate",
    )


def export(folder: Path, rows: Sequence[Row]) -> Export:
    """A log of these rows."""
    stamp = "%Y-%m-%dT%H:%M:%S"
    table = pd.DataFrame(
        [
            {
                "item": item,
                "stage": step,
                "worker": who,
                "started_at": (START + pd.Timedelta(minutes=begin)).strftime(stamp),
                "submitted_at": "" if end is None else (START + pd.Timedelta(minutes=end)).strftime(stamp),
                "outcome": outcome or ("in progress" if end is None else "accepted"),
            }
            for item, step, who, begin, end, outcome in rows
        ]
    )
    path = folder / "log.csv"
    table.to_csv(path, index=False)
    return read([path])


def at(line: Line, found: Export, minutes: float) -> Today:
    """The line as this log shows it so many minutes after the start."""
    now = round(line.origin.timestamp() * 1000) + round(minutes * MINUTE)
    return today(line, found, words_of(line, found.judgements), now)


ROWS: tuple[Row, ...] = (
    ("a", "annotate", "ann", 0, 10, ""),
    ("b", "annotate", "bob", 0, 12, ""),
    ("a", "review", "rob", 12, 13, ""),
    ("c", "annotate", "ann", 10, 20, ""),
    ("b", "review", "rob", 13, 15, "rejected"),
    ("b", "annotate", "bob", 16, None, ""),
)


def test_items_stand_where_their_rows_leave_them(tmp_path: Path) -> None:
    """After 25 minutes a is delivered, b was sent back and is in bob's hand for nine minutes, c waits for review."""
    found = at(line(), export(tmp_path, ROWS), 25)
    standing = found.standing
    assert standing.begun == {"items": 3}
    assert standing.delivered == {"items": 1}
    b, c = standing.waits
    assert (b.stage, b.round, b.since_ms, b.given, b.wanted) == ("annotate", 1, 15 * MINUTE, (), ())
    assert b.in_hand == (InHand(0, "team", 1, 16 * MINUTE, 9 * 60.0),)
    assert (c.stage, c.round, c.since_ms, c.given, c.wanted) == ("review", 0, 20 * MINUTE, (("team", 0),), (0,))
    tasks = {(one.pool, one.slot): one.tasks for one in standing.people}
    assert tasks == {("team", 0): 2, ("team", 1): 1, ("checkers", 0): 2}
    judged = {(one.pool, one.slot): [(j.labels, j.rejected) for j in one.judged] for one in standing.people}
    assert judged == {("team", 0): [(1, 0)], ("team", 1): [(1, 1)], ("checkers", 0): []}


def test_an_earlier_moment_sees_only_what_was_known_then(tmp_path: Path) -> None:
    """After 14 minutes a is delivered, b is in the reviewer's hand, and ann is on c."""
    standing = at(line(), export(tmp_path, ROWS), 14).standing
    assert standing.delivered == {"items": 1}
    assert {(one.item, one.stage, len(one.in_hand)) for one in standing.waits} == {
        (1, "review", 1),
        (2, "annotate", 1),
    }


def test_an_item_wants_the_labels_that_it_lacks(tmp_path: Path) -> None:
    """Of three labels one is given and one in hand: one waits for somebody."""
    rows: list[Row] = [("a", "annotate", "ann", 0, 10, ""), ("a", "annotate", "bob", 5, None, "")]
    (one,) = at(line(labels=3), export(tmp_path, rows), 12).standing.waits
    assert (one.stage, one.given, one.wanted) == ("annotate", (("team", 0),), (2,))
    assert [mine.replica for mine in one.in_hand] == [1]


def test_a_label_after_a_review_is_a_round_more_though_no_row_says_rejected(tmp_path: Path) -> None:
    """Some platforms show only that the item came back."""
    rows: list[Row] = [
        ("a", "annotate", "ann", 0, 10, ""),
        ("a", "review", "rob", 12, 13, ""),
        ("a", "annotate", "ann", 20, 30, ""),
    ]
    found = at(line(), export(tmp_path, rows), 40)
    (one,) = found.standing.waits
    assert (one.stage, one.round) == ("review", 1)
    assert found.walked.off == 1


def test_rounds_end(tmp_path: Path) -> None:
    """Rejected after the last round, an item is delivered as it is."""
    rows: list[Row] = [
        ("a", "annotate", "ann", 0, 10, ""),
        ("a", "review", "rob", 12, 13, "rejected"),
        ("a", "annotate", "ann", 20, 30, ""),
        ("a", "review", "rob", 32, 33, "rejected"),
    ]
    found = at(line(), export(tmp_path, rows), 40)
    assert found.standing.waits == ()
    assert found.standing.delivered == {"items": 1}


@pytest.mark.parametrize(("fraction", "waiting"), [(1e-9, set[int]()), (1 - 1e-9, {6, 7}), (1.0, {1, 3, 4, 6, 7})])
def test_of_a_review_of_a_share_who_was_passed_over_does_not_wait(
    tmp_path: Path, fraction: float, waiting: set[int]
) -> None:
    """Of eight labelled items the reviewer has seen 0, 2 and 5: 1, 3 and 4 were not selected, if not all are; 6 and 7
    wait with the chance to be."""
    rows: list[Row] = [(f"i{n}", "annotate", "ann", 10 * n, 10 * n + 9, "") for n in range(8)]
    rows += [(f"i{n}", "review", "rob", 10 * n + 20, 10 * n + 21, "") for n in (0, 2, 5)]
    found = at(line(fraction=fraction), export(tmp_path, rows), 200)
    assert {one.item for one in found.standing.waits} == waiting
    assert found.standing.delivered == {"items": 8 - len(waiting)}


def test_what_a_review_of_a_share_sent_back_waits_for_it_again(tmp_path: Path) -> None:
    """Though nearly none is selected."""
    rows: list[Row] = [
        ("a", "annotate", "ann", 0, 10, ""),
        ("a", "review", "rob", 12, 13, "rejected"),
        ("a", "annotate", "ann", 20, 30, ""),
    ]
    (one,) = at(line(fraction=1e-9), export(tmp_path, rows), 40).standing.waits
    assert (one.stage, one.round) == ("review", 1)


def test_of_two_open_rows_of_one_person_the_later_is_in_hand(tmp_path: Path) -> None:
    """The other was left, and waits for somebody."""
    rows: list[Row] = [
        ("a", "annotate", "ann", 0, 10, ""),
        ("b", "annotate", "ann", 11, None, ""),
        ("c", "annotate", "ann", 15, None, ""),
    ]
    standing = at(line(), export(tmp_path, rows), 20).standing
    hands = {one.item: (len(one.in_hand), one.wanted) for one in standing.waits if one.stage == "annotate"}
    assert hands == {1: (0, (0,)), 2: (1, ())}


def test_work_over_the_end_of_a_shift_took_its_time_on_shift(tmp_path: Path) -> None:
    """Begun at 17:50 of a shift that ends at 18:00 and ended at 9:08 the next day, it took 18 minutes; the other 10."""
    office = dataclasses.replace(
        line(), calendars=(OFFICE,), pools=tuple(dataclasses.replace(one, calendar="office") for one in line().pools)
    )
    rows: list[Row] = [("a", "annotate", "ann", 0, 10, ""), ("b", "annotate", "ann", 8 * 60 + 50, 24 * 60 + 8, "")]
    (ann,) = at(office, export(tmp_path, rows), 25 * 60).standing.people
    (pace,) = ann.pace
    assert pace.tasks == 2
    assert pace.log_s == pytest.approx(math.log(600.0) + math.log(1080.0))


def test_people_of_the_past_keep_no_slot(tmp_path: Path) -> None:
    """Three slots: of four people the one who was there longest ago has none, and her label is nobody's."""
    rows: list[Row] = [(f"i{n}", "annotate", who, 10 * n, 10 * n + 9, "") for n, who in enumerate(["ann", *"bcd"])]
    found = at(line(), export(tmp_path, rows), 60)
    assert sorted(one.slot for one in found.standing.people) == [0, 1, 2]
    assert [one.given for one in found.standing.waits] == [(), (("team", 0),), (("team", 1),), (("team", 2),)]


def test_a_log_before_the_start_is_refused(tmp_path: Path) -> None:
    """With the date that the scenario's start should have."""
    rows: list[Row] = [("a", "annotate", "ann", -2000, -1990, "")]
    with pytest.raises(DataRefused, match=r"work was done on 2027-01-02, before the scenario's start on 2027-01-04"):
        at(line(), export(tmp_path, rows), 10)


def test_a_moment_before_anything_was_done_is_refused(tmp_path: Path) -> None:
    """With the moment."""
    with pytest.raises(DataRefused, match="nothing in it was done by 2027-01-04 09:05"):
        at(line(), export(tmp_path, ROWS), 5)


def test_words_of_a_log_are_those_of_the_line(tmp_path: Path) -> None:
    """By name without capitals, by what they usually are, or as is said; what is none is refused with what there is."""
    rows: list[Row] = [("a", "Labeling", "ann", 0, 10, ""), ("a", "QA", "rob", 12, 13, "")]
    found = export(tmp_path, rows).judgements
    assert words_of(line(), found).stages == {"Labeling": "annotate", "QA": "review"}
    other = dataclasses.replace(line(), stages=tuple(dataclasses.replace(one, kind="work") for one in line().stages))
    with pytest.raises(ScenarioRefused) as refused:
        words_of(other, found)
    assert str(refused.value).splitlines() == [
        "--stage: the log's step 'Labeling' is none of the scenario's. Say which it is: "
        '--stage "Labeling=annotate". There are: annotate, review.',
        "--stage: the log's step 'QA' is none of the scenario's. Say which it is: "
        '--stage "QA=annotate". There are: annotate, review.',
    ]
    said = {"Labeling": "annotate", "QA": "review"}
    assert words_of(other, found, said).stages == said
    with pytest.raises(ScenarioRefused, match="the log has no 'Labelling'"):
        words_of(other, found, {"Labelling": "annotate", "QA": "review"})
    with pytest.raises(ScenarioRefused, match=r"nothing of that name. Did you mean 'review'\?"):
        words_of(other, found, {"Labeling": "annotate", "QA": "reviews"})


def labels_only() -> Line:
    """Labels, one an item, and nothing after them."""
    plain = line()
    first = dataclasses.replace(plain.stages[0], next={"labelled": DELIVER, "tied": DELIVER})
    return dataclasses.replace(plain, stages=(first,), segments=(dataclasses.replace(plain.segments[0], backlog=200),))


def test_a_label_too_many_leaves_an_item_delivered_since_when_it_was(tmp_path: Path) -> None:
    """It is work and its worker's, and told of; the item came out with the first."""
    rows: list[Row] = [("a", "annotate", "ann", 0, 10, ""), ("a", "annotate", "bob", 30, 40, "")]
    found = at(labels_only(), export(tmp_path, rows), 50)
    (place,) = found.walked.places
    assert (place.stage, place.since_ms) == (DELIVER, 10 * MINUTE)
    assert [(one.replica, one.end_ms) for one in found.walked.done] == [(0, 10 * MINUTE), (1, 40 * MINUTE)]
    assert found.walked.off == 1


def test_earlier_dates_count_an_item_once(tmp_path: Path) -> None:
    """40 items by minute 400 and 10 after it; 30 of the old ones get a second label then: since then came 10."""
    rows: list[Row] = [(f"i{n}", "annotate", "ann", 10 * n, 10 * n + 9, "") for n in range(50)]
    rows += [(f"i{n}", "annotate", "bob", 400 + 3 * n, 402 + 3 * n, "") for n in range(30)]
    there, log = labels_only(), export(tmp_path, rows)
    now = at(there, log, 2000)
    until = at(there, log, 2000).standing.at_ms
    whole = curves(history(there, now), -(-until // 3_600_000))
    found = earlier(there, log, words_of(there, log.judgements), now, 1, 1, whole)
    (check,) = found.checks
    before = at(there, log, check.day * 1440)
    assert check.delivered == 50 - sum(before.standing.delivered.values())


def test_a_way_by_chance_is_no_surprise(tmp_path: Path) -> None:
    """From the first stage half goes to either of two: rows at both are expected, at none but these."""
    plain = line()
    first, review = plain.stages
    halves = (("left", 0.5), ("right", 0.5))
    ends = [dataclasses.replace(first, name=name, kind="work", next={"done": DELIVER}) for name in ("left", "right")]
    there = dataclasses.replace(
        plain, stages=(dataclasses.replace(first, next={"labelled": halves, "tied": halves}), *ends, review)
    )
    rows: list[Row] = [(f"i{n}", "annotate", "ann", n, n + 1, "") for n in range(40)]
    rows += [(f"i{n}", "left" if n % 2 else "right", "bob", 50 + n, 51 + n, "") for n in range(40)]
    assert at(there, export(tmp_path, rows), 100).walked.off == 0
    rows += [("i0", "review", "rob", 110, 111, "")]
    assert at(there, export(tmp_path, rows), 120).walked.off == 1


def test_a_review_of_a_share_may_be_passed_by(tmp_path: Path) -> None:
    """From a review of half of the items on the next one is expected for an item that was not chosen."""
    plain = line(fraction=0.5)
    first, review = plain.stages
    audit = dataclasses.replace(review, name="audit", fraction=1.0)
    review = dataclasses.replace(review, next={**review.next, "accepted": "audit"})
    there = dataclasses.replace(plain, stages=(first, review, audit))
    rows: list[Row] = [("a", "annotate", "ann", 0, 10, ""), ("a", "audit", "rob", 12, 13, "")]
    assert at(there, export(tmp_path, rows), 20).walked.off == 0


def test_test_questions_are_no_work(tmp_path: Path) -> None:
    """Of two items and a question that both answered, two items are begun and delivered. The answers are paid tasks."""
    stamp = "%Y-%m-%dT%H:%M:%S"
    rows = [("a", "ann", 0, ""), ("q", "ann", 10, "cat"), ("b", "bob", 0, ""), ("q", "bob", 10, "cat")]
    table = pd.DataFrame(
        [
            {
                "item": item,
                "worker": who,
                "started_at": (START + pd.Timedelta(minutes=begin)).strftime(stamp),
                "submitted_at": (START + pd.Timedelta(minutes=begin + 9)).strftime(stamp),
                "label": "cat",
                "gold": gold,
            }
            for item, who, begin, gold in rows
        ]
    )
    table.to_csv(tmp_path / "log.csv", index=False)
    there = labels_only()
    found = at(there, read([tmp_path / "log.csv"]), 30)
    assert found.standing.begun == found.standing.delivered == {"items": 2}
    assert found.walked.off == 0
    past = history(there, found)
    assert len(past.tasks) == 4
    assert past.items["dropped_as"].value_counts()["gold"] == 2
    assert past.items["delivered_at"].notna().sum() == 2


def test_one_name_in_two_segments_is_two_items(tmp_path: Path) -> None:
    """Each of two projects numbers its items from 0."""
    plain = labels_only()
    there = dataclasses.replace(plain, segments=(Segment("day", backlog=10), Segment("night", backlog=10)))
    found = export(tmp_path, [("0", "annotate", "ann", 0, 10, ""), ("0", "annotate", "bob", 20, 31, "")])
    found.judgements["project"] = ["day", "night"]
    assert at(there, found, 40).standing.delivered == {"day": 1, "night": 1}
    assert at(there, found, 15).standing.delivered == {"day": 1}


@pytest.mark.parametrize("layout", ["toloka", "prolific"])
def test_work_whose_end_a_platform_does_not_tell_is_left_out(tmp_path: Path, layout: str) -> None:
    """Of 40 tasks two were skipped or returned, and have no end."""
    (tmp_path / "log").write_bytes(sample(layout, 40))
    found = read([tmp_path / "log"])
    assert found.judgements["submitted_at"].isna().sum() == 2
    there = dataclasses.replace(labels_only(), start=found.judgements["started_at"].min().to_pydatetime())
    seen = today(there, found, words_of(there, found.judgements), moment_of(found)).log
    assert len(seen.rows) == 38
    assert sum(one.rows for one in seen.left_out.summary()) == 2


def test_a_log_from_before_the_start_on_its_day_is_refused_with_the_time(tmp_path: Path) -> None:
    """The date alone would be the same on both sides."""
    rows: list[Row] = [("a", "annotate", "ann", -40, -30, "")]
    with pytest.raises(DataRefused, match=r"on 2027-01-04T08:30, before the scenario's start on 2027-01-04T09:00"):
        at(line(), export(tmp_path, rows), 10)


def test_what_somebody_left_lying_long_ago_takes_nobody_s_slot(tmp_path: Path) -> None:
    """Four people of three slots have work in hand: the one who began hers first and did nothing since has none."""
    rows: list[Row] = [("x", "annotate", "ann", 0, None, "")]
    rows += [(f"i{n}", "annotate", who, 100, 110, "") for n, who in enumerate("bcd")]
    rows += [(f"j{n}", "annotate", who, 190, None, "") for n, who in enumerate("bcd")]
    found = at(line(), export(tmp_path, rows), 200)
    assert found.log.people.loc[found.log.people["number"] < GONE, "worker"].tolist() == ["b", "c", "d"]
    assert sum(len(one.in_hand) for one in found.standing.waits) == 3
