"""What SageMaker's, Labelbox's, CVAT's and event logs' readers make of files whose meaning was worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from layouts import sample

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.readers.recognise import Export, read
from labelcast.calibration.steps import MIXED, of_step
from labelcast.sim.errors import DataRefused, ScenarioRefused

DAY = "2026-01-05T"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def seconds(export: Export) -> list[float]:
    """Time from start to submit of each row."""
    table = export.judgements
    return (table["submitted_at"] - table["started_at"]).dt.total_seconds().tolist()


def answer(worker: str, start: str, end: str, **content: Any) -> dict[str, Any]:
    return {"workerId": worker, "acceptanceTime": f"{DAY}{start}.000Z", "submissionTime": f"{DAY}{end}.000Z",
            "timeSpentInSeconds": 20.5, "answerContent": content}  # fmt: skip


def test_a_tree_of_ground_truth_responses(tmp_path: Path) -> None:
    """The object is the folder, with its job before it; ticks that are true are the answer; what lies beside the
    responses is not read; a file that is none is named; an answer without a worker is counted with its file."""
    base = tmp_path / "bucket" / "job-a" / "annotations" / "worker-response" / "iteration-1"
    ticks = {"cat": True, "dog": False}
    answers = [
        answer("w1", "09:00:00", "09:00:40", kind={"label": "cat"}),
        answer("w2", "09:00:00", "09:01:00", kind=ticks),
    ]
    written(base / "0" / "a.json", json.dumps({"answers": answers}))
    written(base / "1" / "a.json", json.dumps({"answers": [answer("w1", "09:02:00", "09:03:00", kind="dog")]}))
    written(base / "2" / "b.json", json.dumps({"answers": [answer("", "09:02:00", "09:03:00", kind="dog")]}))
    written(tmp_path / "bucket" / "job-a" / "manifests" / "output.manifest", '{"source-ref": "s3://x"}\n')
    export = read([tmp_path / "bucket"])
    table = export.judgements
    assert table["item"].tolist() == ["job-a/0", "job-a/0", "job-a/1"]
    assert table["label"].tolist() == ["cat", "cat", "dog"]
    assert table["active_seconds"].tolist() == [20.5] * 3
    assert (seconds(export), {*table["project"]}) == ([40.0, 60.0, 60.0], {"job-a"})
    (refused,) = export.refusals.summary()
    assert refused.reason == "no workerId"
    assert refused.first == "bucket/job-a/annotations/worker-response/iteration-1/2/b.json"
    written(base / "3" / "c.json", '{"answers": [')
    with pytest.raises(DataRefused, match=r"bucket/job-a/.*/3/c\.json: record 1: the file is cut off"):
        read([tmp_path / "bucket"])


def test_labels_reviews_and_projects_of_labelbox(tmp_path: Path) -> None:
    """A row labelled in two projects is an item in each; review time is no time of the labeller; the newest verdict
    counts; a skipped label has none; the benchmark is its row's truth; a row without labels is counted."""

    def label(number: str, kind: str, skipped: bool = False, **performance: Any) -> dict[str, Any]:
        chosen = [{"name": "kind", "radio_answer": {"name": kind}}]
        return {"id": number, "annotations": {"classifications": chosen},
                "label_details": {"created_at": f"{DAY}09:10:00.000+00:00", "created_by": f"by-{number}"},
                "performance_details": {"seconds_to_create": 90, "seconds_to_review": 30, "skipped": skipped,
                                        **performance}}  # fmt: skip

    history = [{"action": "Approve", "created_at": f"{DAY}12:00:00.000+00:00", "created_by": "eve"},
               {"action": "Reject", "created_at": f"{DAY}11:00:00.000+00:00", "created_by": "bob"}]  # fmt: skip
    row = {"id": "r1", "details": {"created_at": f"{DAY}08:00:00.000+00:00"}}
    first = {"name": "one", "labels": [label("a", "cat"), label("b", "dog", benchmark_reference_label="a")],
             "project_details": {"workflow_history": history}}  # fmt: skip
    second = {"name": "two", "labels": [label("c", "cat", skipped=True)], "project_details": {}}
    records = [{"data_row": row, "projects": {"p1": first, "p2": second}}, {"data_row": {"id": "r2"}, "projects": {}}]
    export = read([written(tmp_path / "x.ndjson", "".join(json.dumps(one) + "\n" for one in records))])
    table = export.judgements
    assert table["item"].tolist() == ["p1-r1", "p1-r1", "p2-r1"]
    assert table["project"].tolist() == ["one", "one", "two"]
    assert table["outcome"].tolist() == ["accepted", "accepted", "skipped"]
    assert table["reviewer"].fillna("").tolist() == ["eve", "eve", ""]
    assert table["reviewed_at"][0] == pd.Timestamp("2026-01-05 12:00:00")
    assert (seconds(export)[:2], table["active_seconds"][0]) == ([60.0, 60.0], 60.0)
    assert table["golden"].tolist() == [False, True, False]
    assert table["correct"].tolist() == [pd.NA, False, pd.NA]
    assert [one.reason for one in export.refusals.summary()] == ["nobody has labelled the row"]


def test_working_time_in_cvat(tmp_path: Path) -> None:
    """Gaps of at most 100 s count, for the job of the earlier event; a change of frame counts for as long as it lasts;
    a change of stage parts the work; the server's events are no work; worked out by hand."""
    lines = [
        # scope, obj_name, obj_val, source, at, duration, job, user, payload
        "create:job,,,server,08:00:00,,7,9,",
        "load:job,,,client,09:00:00,0,7,1,",
        "change:frame,,,client,09:01:00,5000,7,1,",  # 60 s, and 5 s of its own
        "save:job,,,client,09:01:45,0,7,1,",  # 40 s after its end
        "save:job,,,client,09:10:00,0,7,1,",  # a pause
        "load:job,,,client,09:10:10,0,8,1,",  # 10 s of job 7
        "save:job,,,client,09:10:30,0,8,1,",  # 20 s of job 8
        "update:job,stage,validation,server,10:00:00,,7,9,\"{'old_value': 'annotation'}\"",
        "load:job,,,client,10:30:00,0,7,2,",
        "save:job,,,client,10:31:00,0,7,2,",
        "update:job,stage,annotation,server,10:32:00,,7,2,\"{'old_value': 'validation'}\"",
        "load:job,,,client,11:00:00,0,7,1,",
        "save:job,,,client,11:00:30,0,7,1,",
        "load:job,,,client,12:00:00,0,7,3,",  # one event and no work
    ]
    rows = []
    for line in lines:
        scope, name, value, source, at, duration, job, user, payload = line.split(",", 8)
        rows.append(f"{scope},{name},{value},{source},2026-01-05 {at}.000,{duration},1,2,{job},{user},{payload}")
    head = "scope,obj_name,obj_val,source,timestamp,duration,project_id,task_id,job_id,user_id,payload\n"
    export = read([written(tmp_path / "x.csv", head + "\n".join(rows) + "\n")])
    table = export.judgements
    assert table["item"].tolist() == ["7", "8", "7", "7"]
    assert table["worker"].tolist() == ["1", "1", "2", "1"]
    assert table["stage"].fillna("").tolist() == ["annotation", "", "validation", "annotation"]
    assert table["active_seconds"].tolist() == [60 + 5 + 40 + 10, 20, 60, 30]
    assert table["attempt"].tolist() == [1, 1, 1, 2]
    assert table["posted_at"].notna().tolist() == [True, False, True, True]
    assert [one.reason for one in export.refusals.summary()] == ["no working time of the person on the job"]


def test_the_analytics_table_of_cvat(tmp_path: Path) -> None:
    """A row is a piece of work with its stage; one without working time is counted."""
    head = "Task ID,Job ID,Type,Assignee,Stage,State,User,Working time (ms),Start UTC time,End UTC time\n"
    text = (
        "1,7,Annotation,ann,annotation,completed,ann,45000,2026-01-05 09:00:00,2026-01-05 09:02:00\n"
        "1,7,Annotation,ann,validation,completed,bob,0,2026-01-05 10:00:00,2026-01-05 10:00:00\n"
    )
    export = read([written(tmp_path / "x.csv", head + text)])
    assert export.sources[0].format == "cvat-table"
    row = export.judgements.iloc[0]
    assert (row["item"], row["worker"], row["stage"], row["active_seconds"]) == ("7", "ann", "annotation", 45.0)
    assert [one.reason for one in export.refusals.summary()] == ["no working time in the row"]


def xes(*events: tuple[str, str, str, str, str]) -> str:
    """A log of (case, activity, resource, transition, time)."""
    cases = dict.fromkeys(case for case, *_ in events)
    body = ""
    for case in cases:
        body += f'<trace><string key="concept:name" value="{case}"/>'
        for _, activity, who, step, at in (one for one in events if one[0] == case):
            body += (
                f'<event><string key="concept:name" value="{activity}"/><string key="org:resource" value="{who}"/>'
                f'<string key="lifecycle:transition" value="{step}"/><date key="time:timestamp" '
                f'value="{DAY}{at}Z"/></event>'
            )
        body += "</trace>"
    return f'<?xml version="1.0"?><log xes.version="1.0">{body}</log>'


def test_lives_of_activities(tmp_path: Path) -> None:
    """Starts and ends are matched first in, first out by case, activity and resource; suspended time is not work; who
    suspends and does not come back gave the work back; who resumes another's work begins there; the rest is counted."""
    text = xes(
        ("1", "A", "ann", "schedule", "08:00:00"), ("1", "A", "ann", "start", "09:00:00"),
        ("1", "A", "ann", "start", "09:01:00"), ("1", "A", "bob", "start", "09:02:00"),
        ("1", "A", "ann", "complete", "09:05:00"), ("1", "A", "ann", "complete", "09:07:00"),
        ("1", "A", "bob", "suspend", "09:10:00"), ("1", "A", "eve", "resume", "09:20:00"),
        ("1", "A", "eve", "complete", "09:21:00"), ("1", "B", "eve", "complete", "09:22:00"),
        ("2", "A", "ann", "start", "10:00:00"), ("2", "A", "ann", "suspend", "10:01:00"),
        ("2", "A", "ann", "resume", "10:11:00"), ("2", "A", "ann", "complete", "10:12:00"),
        ("2", "A", "bob", "start", "10:30:00"), ("2", "B", "bob", "fly", "10:31:00"),
    )  # fmt: skip
    export = read([written(tmp_path / "x.xes", text)])
    table = export.judgements
    assert table["worker"].tolist() == ["ann", "ann", "bob", "eve", "ann"]
    assert seconds(export) == [300, 360, 480, 60, 720]
    assert table["outcome"].tolist() == ["accepted", "accepted", "returned", "accepted", "accepted"]
    assert table["active_seconds"].tolist() == [pd.NA, pd.NA, pd.NA, pd.NA, 120.0]
    assert table["posted_at"].notna().tolist() == [True, False, False, False, False]
    assert table["attempt"].tolist() == [1, 2, 1, 1, 1]
    assert sorted(one.reason[:26] for one in export.refusals.summary()) == [
        "complete without a start o", "lifecycle:transition is 'f", "still being worked on",
    ]  # fmt: skip


def test_a_log_of_ends_says_so(tmp_path: Path) -> None:
    """Without any start, work begins with the same resource's end before it, and the notes tell."""
    text = xes(("1", "A", "ann", "complete", "09:00:00"), ("2", "A", "ann", "complete", "09:05:00"))
    export = read([written(tmp_path / "x.xes", text)])
    assert seconds(export) == [0, 300]
    assert any("no start events" in note for note in export.notes)
    assert any("tells no start" in note for note in export.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><log>&b;</log>', "document type"),
        ('<?xml version="1.0"?><!DOCTYPE log SYSTEM "log.dtd"><log></log>', "document type"),
        ('<?xml version="1.0"?><log><trace><event/></trace>', "event 1 .line 1.: the file is cut off"),
        ('<?xml version="1.0"?><log><trace><event></trace></log>', "event 1 .line 1.: no sound XML: mismatched tag"),
        ('<?xml version="1.0"?><log></log>', "an XML log without any event"),
        ('<?xml version="1.0" encoding="shift_jis"?><log></log>', "encoding"),
    ],
)
def test_xml_that_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """Entities are never expanded; what is cut off or unsound is told with its place."""
    with pytest.raises(DataRefused, match=rf"x\.xes: .*{words}"):
        read([written(tmp_path / "x.xes", text)])


def ocel(tmp_path: Path, **change: Any) -> Path:
    event = {"id": "e1", "type": "label", "time": f"{DAY}09:00:40Z",
             "attributes": [{"name": "start_time", "value": f"{DAY}09:00:00Z"}],
             "relationships": [{"objectId": "o1"}, {"objectId": "o2"}, {"objectId": "ann"}, {"objectId": "b"}],
             **change}  # fmt: skip
    other = {"id": "e2", "type": "pay", "time": f"{DAY}10:00:00Z", "relationships": [{"objectId": "b"}]}
    objects = [{"id": "o1", "type": "Item"}, {"id": "o2", "type": "Item"}, {"id": "ann", "type": "Annotator"},
               {"id": "b", "type": "Batch"}]  # fmt: skip
    events = [event, event | {"id": "e3", "relationships": event["relationships"][:3]}, other]
    return written(
        tmp_path / "x.json", json.dumps({"objectTypes": [], "eventTypes": [], "events": events, "objects": objects})
    )


def test_objects_become_items(tmp_path: Path) -> None:
    """Of the types of objects that most events are of, people apart, that of most objects is the item; of two such
    objects of an event the first; the person is an object too; an event of no item is counted."""
    export = read([ocel(tmp_path)])
    assert export.judgements["item"].tolist() == ["o1"]
    assert export.judgements["worker"].tolist() == ["ann"]
    assert seconds(export) == [40.0]
    assert [(one.reason[:32], one.rows) for one in export.refusals.summary()] == [
        ("none of its objects is of the ty", 1), ("duplicate of a judgement met bef", 1),
    ]  # fmt: skip


def test_without_anybody_an_object_log_is_refused(tmp_path: Path) -> None:
    """Where nothing tells who did the work, the message says what there is."""
    with pytest.raises(DataRefused, match=r"x\.json: event 1: no attribute, type of object or qualifier .* start_time"):
        read([ocel(tmp_path, relationships=[{"objectId": "o1"}])])


@pytest.mark.parametrize(
    "head",
    ["case_id,activity,resource,start_time,end_time", "caseid,task,user,start_timestamp,end_timestamp",
     "CaseID,Activity,Resource,StartTimestamp,EndTimestamp",
     "case:concept:name,concept:name,org:resource,start_timestamp,time:timestamp"],
)  # fmt: skip
def test_event_logs_as_tables(head: str, tmp_path: Path) -> None:
    """Each layout in use: the case is the item, the activity the stage, with no map."""
    export = read([written(tmp_path / "x.csv", f"{head}\n1,A,ann,2026-01-05 09:00:00,2026-01-05 09:01:00\n")])
    row = export.judgements.iloc[0]
    assert (row["item"], row["stage"], row["worker"], seconds(export)) == ("1", "A", "ann", [60.0])


def test_steps_are_never_mixed_in_silence(tmp_path: Path) -> None:
    """A log of two steps is a line of two stages; fitted as one with a note and the reason where items enter at either;
    or one step of it, the other being counted; a step that is not there is refused with those that are."""
    text = sample("event-log", 300).decode().replace(",label,w1", ",Check it!,w1")
    path = written(tmp_path / "x.csv", text)
    whole = calibrate([path])
    assert not any(MIXED in note for note in whole.notes)
    assert {*whole.scenario["stages"]} == {"label", "check-it"}
    assert whole.rows_used + sum(each.rows for each in whole.refused) == whole.rows_read
    other = {"label": "Check it!", "Check it!": "label"}
    rows = [row.split(",") for row in text.splitlines()]
    odd = [row if not row[0].isdigit() or int(row[0]) % 2 else [row[0], other[row[1]], *row[2:]] for row in rows]
    swapped = "\n".join(",".join(row) for row in odd)
    mixed = calibrate([written(tmp_path / "y.csv", swapped)])
    (said,) = [note for note in mixed.notes if MIXED in note]
    assert "items begin at several steps" in said
    one = calibrate([path], step="check-it")
    assert not any(MIXED in note for note in one.notes)
    assert one.counts["workers"] == 1
    (left,) = [each for each in one.refused if each.reason == "of another step than Check it!"]
    assert one.rows_used + sum(each.rows for each in one.refused) == whole.rows_read == one.rows_read
    assert left.rows == 200
    with pytest.raises(ScenarioRefused, match=r"--step: .* There are: 'label', 'Check it!'"):
        of_step(read([path]), "fly")
