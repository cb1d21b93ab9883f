"""What readers hand on of limits of time and of work that had not ended, on small files of each platform."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from labelcast.calibration.readers.mapping import read_map
from labelcast.calibration.readers.names import NAMES
from labelcast.calibration.readers.recognise import Export, read

DAY = "2026-01-05T"


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def going(export: Export) -> list[tuple[str, str, str, str]]:
    """Item, worker, start and last moment of work under way."""
    rows = export.under_way
    return [
        (item, worker, f"{start:%H:%M:%S}", f"{last:%H:%M:%S}")
        for item, worker, start, last in zip(
            rows["item"], rows["worker"], rows["started_at"], rows["submitted_at"], strict=True
        )
    ]


def refused(export: Export) -> dict[str, int]:
    return {one.reason: one.rows for one in export.refusals.summary()}


def mturk(*rows: str, limit: str = "AssignmentDurationInSeconds") -> str:
    """Batch results of (item, worker, status, accepted, submitted), the limit being 600 s."""
    head = (
        f"HITId,HITTypeId,CreationTime,AssignmentId,WorkerId,AssignmentStatus,AcceptTime,SubmitTime,{limit},Answer.a\n"
    )
    out = head
    for number, row in enumerate(rows):
        item, worker, status, *stamps = row.split(" ")
        accepted, submitted = (f"Mon Jan 05 {one} UTC 2026" if one != "-" else "" for one in stamps)
        answer = "cat" if submitted else ""
        out += f"{item},T,,A{number},{worker},{status},{accepted},{submitted},600,{answer}\n"
    return out


@pytest.mark.parametrize("column", ["AssignmentDurationInSeconds", "AssignmentDuration"])
def test_assignments(column: str, tmp_path: Path) -> None:
    """An assignment's duration is its limit; without a submit and a status that says so it is under way until the
    file's last moment; approved without a submit is a fault of the file and stays refused as one."""
    text = mturk(
        "h1 w Approved 09:00:00 09:01:00", "h2 w Accepted 09:02:00 -", "h3 v Approved 09:00:00 -",
        "h3 u Rejected 09:00:00 09:04:00", limit=column,
    )  # fmt: skip
    export = read([written(tmp_path / "x.csv", text)])
    assert export.judgements["limit_seconds"].tolist() == [600.0, 600.0]
    assert going(export) == [("h2", "w", "09:02:00", "09:04:00")]
    assert export.under_way["limit_seconds"].tolist() == [600.0]
    assert refused(export) == {"still being worked on": 1, "SubmitTime is empty": 1}


def test_submissions_and_suites(tmp_path: Path) -> None:
    """Prolific's ACTIVE and Toloka's ACTIVE are under way until the last moment of their file, reviews included."""
    head = "Submission id,Participant id,Status,Started at,Completed at,Reviewed at\n"
    text = head + f"s1,p,APPROVED,{DAY}09:00:00Z,{DAY}09:05:00Z,{DAY}09:30:00Z\ns2,q,ACTIVE,{DAY}09:20:00Z,,\n"
    export = read([written(tmp_path / "x.csv", text)])
    assert going(export) == [("s2", "q", "09:20:00", "09:30:00")]
    head = "\t".join(f"ASSIGNMENT:{one}" for one in ("task_id", "worker_id", "status", "started", "submitted"))
    rows = [("t1", "a", "APPROVED", "09:00:00", "09:04:00"), ("t2", "b", "ACTIVE", "09:03:00", ""),
            ("t3", "b", "ACTIVE", "09:03:00", ""), ("t4", "b", "ACTIVE", "", "")]  # fmt: skip
    lines = ["\t".join([*row[:3], *(DAY + one if one else "" for one in row[3:])]) for row in rows]
    export = read([written(tmp_path / "x.tsv", "\n".join([head, *lines]) + "\n")])
    assert going(export) == [("t2", "b", "09:03:00", "09:04:00"), ("t3", "b", "09:03:00", "09:04:00")]
    assert refused(export) == {"still being worked on": 3}


def test_events_of_work_without_an_end(tmp_path: Path) -> None:
    """A start without an end is under way at the log's last event, suspended time taken off; what stays suspended was
    given back, and is not."""
    events = [("1", "ann", "start", "09:00"), ("1", "ann", "complete", "09:05"), ("2", "ann", "start", "09:10"),
              ("2", "ann", "suspend", "09:12"), ("2", "ann", "resume", "09:15"), ("3", "bob", "start", "09:16"),
              ("4", "eve", "start", "09:17"), ("4", "eve", "suspend", "09:20")]  # fmt: skip
    grouped = "".join(
        f'<trace><string key="concept:name" value="{case}"/>'
        + "".join(
            f'<event><string key="concept:name" value="A"/><string key="org:resource" value="{who}"/>'
            f'<string key="lifecycle:transition" value="{step}"/><date key="time:timestamp" value="{DAY}{at}:00Z"/>'
            "</event>"
            for one, who, step, at in events
            if one == case
        )
        + "</trace>"
        for case in "1234"
    )
    export = read([written(tmp_path / "x.xes", f'<?xml version="1.0"?><log>{grouped}</log>')])
    assert going(export) == [("2", "ann", "09:10:00", "09:20:00"), ("3", "bob", "09:16:00", "09:20:00")]
    assert export.under_way["active_seconds"].tolist() == [2 * 60 + 5 * 60, pd.NA]


def test_tables_that_only_begin(tmp_path: Path) -> None:
    """A row with a start, no end, no label and no outcome is under way; with a label or an outcome of its end it is a
    faulty row, as before. A map names the limit, and words of the file for work that goes on."""
    head = "item,worker,started_at,submitted_at,label,state,allowed\n"
    text = head + (
        f"1,w,{DAY}09:00:00Z,{DAY}09:01:00Z,cat,,90\n2,w,{DAY}09:02:00Z,,,,90\n3,w,{DAY}09:03:00Z,,dog,,90\n"
        f"4,v,{DAY}09:04:00Z,,,busy,\n5,v,{DAY}09:04:00Z,{DAY}09:09:00Z,cat,fine,-4\n"
    )
    path = written(tmp_path / "x.csv", text)
    plain = read([path])
    assert going(plain) == [("2", "w", "09:02:00", "09:09:00"), ("4", "v", "09:04:00", "09:09:00")]
    assert plain.judgements["limit_seconds"].isna().all()
    named = "columns: {item: item, worker: worker, started_at: started_at, submitted_at: submitted_at, label: label, "
    named += "outcome: state, limit_seconds: allowed}\noutcomes: {busy: active, fine: accepted}\n"
    export = read([path], by=read_map(written(tmp_path / "m.yaml", named), [*NAMES]))
    assert going(export) == going(plain)
    assert export.judgements["limit_seconds"].tolist() == [90.0, pd.NA]
    assert refused(export) == {"still being worked on": 2, "submitted_at is empty": 1}


def test_a_later_export_knows_more(tmp_path: Path) -> None:
    """What one file shows under way and another as ended has ended; under way in two files, it counts once, for as long
    as the later one tells."""
    early = mturk("h1 w Approved 09:00:00 09:01:00", "h2 w Accepted 09:02:00 -", "h3 v Accepted 09:00:30 -")
    late = mturk("h9 u Approved 09:00:00 09:09:00", "h2 w Approved 09:02:00 09:03:00", "h3 v Accepted 09:00:30 -")
    late = late.replace("A0", "A8").replace("A1", "A7")
    export = read([written(tmp_path / "a.csv", early), written(tmp_path / "b.csv", late)])
    assert going(export) == [("h3", "v", "09:00:30", "09:09:00")]
    assert len(export.judgements) == 3
