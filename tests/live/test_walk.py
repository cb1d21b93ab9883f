"""Where items stand by their rows: small logs, led along their lines by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from lines import ALWAYS, constant

from labelcast.calibration.readers.recognise import Export, read
from labelcast.calibration.today.standing import Today, today
from labelcast.calibration.today.words import words_of
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
