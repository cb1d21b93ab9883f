"""Real exports against what is known of them from elsewhere: counts, and stamps read by another hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.cleaning import clean
from labelcast.calibration.crowd.batches import batches
from labelcast.calibration.fit import Fit
from labelcast.calibration.readers.recognise import read
from labelcast.sim.errors import DataRefused
from labelcast.sim.estimates.times import mean
from labelcast.sim.laws import check
from labelcast.sim.line import Distribution

pytestmark = pytest.mark.real

KNOWN = {
    # pattern: files, rows, workers, gold judgements, gold missed, most frequent page
    "crowdflower_crisis_*": (2, 9_962, 110, 1_366, 139, 10),
    "crowdflower_novelty_*": (6, 4_491, 110, 981, 17, 2),
    "mturk_*": (12, 15_753, 162, 0, 0, 1),
}


def _time(fit: Fit) -> Distribution:
    """The fitted time of the stage, as the engines draw it."""
    start = "stages.annotate.time."
    found = {one.path.removeprefix(start): one.value for one in fit.parameters if one.path.startswith(start)}
    family = next(iter(found)).split(".")[0]
    return Distribution(family, {path.split(".")[1]: value for path, value in found.items()})


@pytest.mark.parametrize("pattern", KNOWN)
def test_known_facts(pattern: str, exports: Path) -> None:
    """Files, rows, workers, test questions and units a page are those counted by other tools; every row is used; the
    log is lawful; workers in equal hours would keep the log's pace within a quarter."""
    files = sorted(exports.glob(f"{pattern}.csv.gz"))
    fit = calibrate(files, people="staff")
    count = fit.counts
    found = (len(files), fit.rows_read, count["workers"], count["gold_judgements"], count["gold_wrong"])
    assert (*found, count["units_per_page"]) == KNOWN[pattern]
    assert fit.rows_used == fit.rows_read
    assert fit.refused == ()
    assert check(fit.log) == []
    between = fit.parameter("pools.annotators.speed.spread").value
    learning = fit.parameter("pools.annotators.learning.exponent")
    done = fit.log.tasks.sort_values("started_at").groupby("worker").cumcount()
    practised = ((1.0 + done) ** -(learning.value if learning else 0.0)).mean()
    equal = mean(_time(fit)) * practised * math.exp(-(between**2) / 2)
    assert equal == pytest.approx(fit.log.tasks["active_ms"].mean() / 1000, rel=0.25)
    hours = fit.evidence.concurrent[~np.isnan(fit.evidence.concurrent)].sum()
    assert fit.evidence.on_shift.sum() == pytest.approx(
        hours, abs=fit.parameter("stages.annotate.labels_per_item").value
    )


@pytest.mark.parametrize(("pattern", "table"), [("crowdflower_crisis_*", "crisis_swdm2013"), ("mturk_*", "odre_mturk")])
def test_stamps_equal_those_read_by_another_hand(pattern: str, table: str, exports: Path) -> None:
    """Start and submit of every judgement equal, as local clock times, those of the tables made by other code."""
    mine = read(sorted(exports.glob(f"{pattern}.csv.gz"))).judgements
    theirs = pd.read_parquet(exports.parent / "annotation" / f"{table}.parquet")
    both = mine.merge(theirs, on=["item", "worker"], suffixes=("", "_theirs"))
    assert len(both) >= len(mine)
    ahead = (both["started_at"] - both["started_at_theirs"]).dt.total_seconds() / 3600
    same = both["submitted_at"] - both["started_at"] == both["submitted_at_theirs"] - both["started_at_theirs"]
    once = ~both.duplicated(["item", "worker"], keep=False)
    assert same[once].all()
    assert set(ahead[once]) <= ({0.0} if table.startswith("crisis") else {7.0, 8.0})


@pytest.mark.parametrize(
    ("pattern", "count"), [("mturk_*", 12), ("crowdflower_crisis_*", 2), ("crowdflower_novelty_*", 6)]
)
def test_each_export_of_a_crowd_is_a_batch(pattern: str, count: int, exports: Path) -> None:
    """As many batches as files, though Mechanical Turk's twelve are of four types of task."""
    export = read(sorted(exports.glob(f"{pattern}.csv.gz")))
    assert len(batches(clean(export.judgements, export.refusals).judgements)) == count


def test_hoarding_on_mturk(exports: Path) -> None:
    """About 15% of the assignments were accepted before the same worker's previous submit; corrected, the hoarded take
    no longer than the others would suggest, where raw they took three times as long (98 s against 33 s)."""
    export = read(sorted(exports.glob("mturk_*.csv.gz")))
    cleaned = clean(export.judgements, export.refusals)
    frame = cleaned.judgements
    raw = (frame["submitted_at"] - frame["started_at"]).dt.total_seconds()
    begin = frame["started_at"].astype("datetime64[ms]").astype("int64")
    hoarded = frame["begin_ms"] > begin
    assert 0.13 < hoarded.mean() < 0.19
    assert raw[hoarded].median() > 2.5 * raw[~hoarded].median()
    assert frame.loc[hoarded, "seconds"].median() < 1.3 * frame.loc[~hoarded, "seconds"].median()


def test_all_platforms_at_once(exports: Path) -> None:
    """Twenty files of three projects, two formats and five years are one fit."""
    fit = calibrate(sorted(exports.glob("*.csv.gz")))
    assert fit.rows_read == sum(known[1] for known in KNOWN.values())
    assert {one.format for one in fit.sources} == {"crowdflower", "mturk"}


@pytest.mark.parametrize(
    ("name", "rows", "used"),
    [("labelstudio_1.23.2_export.json", 120, 118), ("prodigy_multiannotator_5rows.jsonl", 5, 5),
     ("prolific_export_8rows.csv", 8, 4), ("zooniverse_classifications_5rows.csv", 5, 5)],
)  # fmt: skip
def test_samples_of_other_platforms(name: str, rows: int, used: int, exports: Path) -> None:
    """Each sample ends with a fit; rows without a label are counted."""
    fit = calibrate([exports / name])
    assert (fit.rows_read, fit.rows_used) == (rows, used)


@pytest.mark.parametrize(
    "table",
    ["odre_cf", "odre_mturk", "medrel_RelEx", "medrel_FactSpan", "medrel_RelDir", "novelty", "event_extraction",
     "nyt_relevance", "crisis_swdm2013", "crowdtruth_core_cf"],
)  # fmt: skip
def test_tables_need_no_map(table: str, exports: Path) -> None:
    """Tables that other code made are read by the names of their columns, stamps and all."""
    path = exports.parent / "annotation" / f"{table}.parquet"
    mine, theirs = read([path]).judgements, pd.read_parquet(path)
    theirs = theirs.iloc[mine["row"] - 1].reset_index(drop=True)
    for name in ("started_at", "submitted_at"):
        assert (mine[name] == theirs[name].astype("datetime64[ms]")).all()
    assert (mine["worker"] == theirs["worker"]).all()
    assert mine["active_seconds"].astype(float).tolist() == theirs["duration_s"].astype(float).tolist()


@pytest.mark.parametrize("name", ["doccano_sequence_labeling.jsonl", "xes_bpic2013_head.xes"])
def test_other_files_are_refused_by_name(name: str, exports: Path) -> None:
    """What lacks workers, and a log cut off after its head, are refused as such, not misread."""
    with pytest.raises(DataRefused, match=name.replace(".", r"\.")):
        calibrate([exports / name])


@pytest.mark.parametrize(
    ("name", "work", "lost", "steps"),
    [("02_teleclaims.xes.gz", 21_313, 3_512, 10), ("03_repairExample.xes.gz", 4_121, 3_613, 4),
     ("helpdesk.xes.gz", 21_269, 79, 14), ("reviewing.xes.gz", 1_452, 826, 6), ("receipt.csv.gz", 8_577, 0, 27),
     ("BPIC17W_train.csv.gz", 187_505, 0, 7), ("LoanApp_train.csv.gz", 5_976, 0, 12)],
)  # fmt: skip
def test_event_logs(name: str, work: int, lost: int, steps: int, exports: Path) -> None:
    """Published event logs as the events in them were counted by another reader: pairs of start and complete, or ends
    where there is no start, each with its activity as its stage."""
    export = read([exports.parent / "process" / name])
    found = export.judgements
    assert (len(found), sum(one.rows for one in export.refusals.summary())) == (work, lost)
    assert found["stage"].nunique() == steps
    assert (found["submitted_at"] >= found["started_at"]).all()
    assert found[["item", "worker", "submitted_at"]].notna().all(axis=None)


def test_an_object_centric_log(exports: Path) -> None:
    """The standard's own example: invoices are what most events are of, and who inserted one is read."""
    export = read([exports / "ocel20_example.json"])
    assert export.judgements["item"].value_counts().to_dict() == {"R3": 5, "R1": 2, "R2": 2}
    assert {*export.judgements["worker"]} >= {"Luke", "Robot"}
