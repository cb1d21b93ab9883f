"""Generated exports in the layouts that platforms document: what a team of workers did, written as each would."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Job:
    """One judgement. number: from 1.  begin, end: moments, whole milliseconds."""

    number: int
    item: int
    worker: str
    begin: pd.Timestamp
    end: pd.Timestamp
    label: str
    skipped: bool


def jobs(rows: int, seed: int = 1) -> Iterator[Job]:
    """`rows` judgements of three workers, each item judged by all; one of 20 skipped."""
    rng = np.random.default_rng(seed)
    free = [pd.Timestamp("2026-01-05 09:00:00")] * 3
    for number in range(rows):
        who = number % 3
        begin = free[who] + pd.Timedelta(milliseconds=int(rng.integers(500, 3000)))
        end = begin + pd.Timedelta(milliseconds=int(rng.lognormal(10.3, 0.5)))
        free[who] = end
        yield Job(
            number + 1, number // 3, f"w{who}", begin, end, ["cat", "dog"][int(rng.random() < 0.3)], number % 20 == 7
        )


def iso(moment: pd.Timestamp) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def label_studio(rows: int) -> str:
    """A JSON export: one task an item."""
    tasks: dict[int, dict] = {}
    for job in jobs(rows):
        task = {"id": job.item, "project": 7, "data": {"text": f"é {job.item}"}, "created_at": "2026-01-05T08:00:00Z"}
        value = {"from_name": "kind", "type": "choices", "value": {"choices": [job.label]}}
        tasks.setdefault(job.item, task | {"annotations": [], "predictions": []})["annotations"].append(
            {
                "id": job.number, "completed_by": {"id": int(job.worker[1:]), "email": "a@b.c"},
                "created_at": iso(job.end),
                "lead_time": (job.end - job.begin).total_seconds(), "was_cancelled": job.skipped, "ground_truth": False,
                "draft_created_at": None, "result": [] if job.skipped else [value],
            }
        )  # fmt: skip
    return json.dumps(list(tasks.values()), ensure_ascii=False)


def prodigy(rows: int) -> str:
    """JSON lines; a named session a worker."""
    lines = [
        {
            "text": "é", "_input_hash": job.item, "_task_hash": job.number,
            "answer": "ignore" if job.skipped else "accept",
            "accept": [job.label], "_timestamp": int(job.end.timestamp()), "_session_id": f"set-{job.worker}",
        }
        for job in jobs(rows)
    ]  # fmt: skip
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def toloka(rows: int) -> str:
    """Tab-separated; one task an assignment."""
    head = ["INPUT:text", "OUTPUT:kind", "GOLDEN:kind", "ASSIGNMENT:task_id", "ASSIGNMENT:worker_id",
            "ASSIGNMENT:status", "ASSIGNMENT:started", "ASSIGNMENT:submitted",
            "ASSIGNMENT:accepted", "ASSIGNMENT:reward"]  # fmt: skip
    lines = [
        [f"é {job.item}", "" if job.skipped else job.label, "cat" if job.item % 5 == 0 else "", f"t{job.item}",
         job.worker,
         "SKIPPED" if job.skipped else "APPROVED", iso(job.begin)[:-1], "" if job.skipped else iso(job.end)[:-1],
         "2026-02-01T00:00:00.000", "0.05"]
        for job in jobs(rows)
    ]  # fmt: skip
    return "".join("\t".join(line) + "\n" for line in [head, *lines])


def prolific(rows: int) -> str:
    """The layout in use now."""
    head = "Submission id,Participant id,Status,Started at,Completed at,Reviewed at,Time taken,Completion code\n"
    return head + "".join(
        f"s{job.number},{job.worker},{'RETURNED' if job.skipped else 'APPROVED'},{iso(job.begin)},"
        f"{'' if job.skipped else iso(job.end)},2026-02-01T00:00:00.000Z,30,é\n"
        for job in jobs(rows)
    )


def zooniverse(rows: int) -> str:
    """Classifications; nobody can skip."""
    frame = pd.DataFrame(
        {
            "classification_id": str(job.number), "user_name": job.worker, "user_id": job.worker[1:],
            "workflow_id": "1",
            "created_at": f"{job.end:%Y-%m-%d %H:%M:%S} UTC", "gold_standard": "",
            "metadata": json.dumps({"started_at": iso(job.begin), "finished_at": iso(job.end),
                                    "live_project": not job.skipped}),
            "annotations": json.dumps([{"task": "T0", "task_label": "é", "value": [{"choice": job.label}]}],
                                       ensure_ascii=False),
            "subject_data": "{}", "subject_ids": str(job.item),
        }
        for job in jobs(rows)
    )  # fmt: skip
    return str(frame.to_csv(index=False))


def plain(rows: int) -> str:
    """A table in our own names."""
    return "item,worker,started_at,submitted_at,label,outcome,note\n" + "".join(
        f"{job.item},{job.worker},{iso(job.begin)},{iso(job.end)},{job.label},{'skip' if job.skipped else 'ok'},é\n"
        for job in jobs(rows)
    )


def american(moment: pd.Timestamp) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment:%H:%M:%S}"


def crowdflower(rows: int) -> str:
    """A full report, whose stamps are whole seconds; nobody can skip."""
    head = (
        "_unit_id,_created_at,_golden,_id,_missed,_started_at,_tainted,_channel,_trust,_worker_id,kind,text,kind_gold\n"
    )
    return head + "".join(
        f"{job.item},{american(job.end)},{str(job.item % 5 == 0).lower()},{job.number},,{american(job.begin)},false,é,"
        f"1,{job.worker},{job.label},é {job.item},{'cat' if job.item % 5 == 0 else ''}\n"
        for job in jobs(rows)
    )


def mturk(rows: int) -> str:
    """Batch results, whose stamps are whole seconds; nobody can skip."""
    head = ["HITId", "HITTypeId", "Reward", "CreationTime", "AssignmentId", "WorkerId", "AssignmentStatus",
            "AcceptTime", "SubmitTime", "WorkTimeInSeconds", "Input.text", "Answer.kind"]  # fmt: skip
    lines = [
        [f"H{job.item}", "T1", "$0.15", "Mon Jan 05 00:00:00 PST 2026", f"A{job.number}", job.worker, "Approved",
         f"{job.begin:%a %b %d %H:%M:%S} UTC {job.begin.year}", f"{job.end:%a %b %d %H:%M:%S} UTC {job.end.year}", "30",
         f"é {job.item}", job.label]
        for job in jobs(rows)
    ]  # fmt: skip
    return "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in [head, *lines])


def labelbox(rows: int) -> str:
    """NDJSON: one data row an item, in one project."""
    records: dict[int, dict] = {}
    for job in jobs(rows):
        row = {"id": f"r{job.item}", "external_id": f"é {job.item}", "details": {"created_at": "2026-01-05T08:00:00Z"}}
        project = {"name": "kinds", "labels": [], "project_details": {"batch_id": "b", "workflow_history": []}}
        record = records.setdefault(job.item, {"data_row": row, "projects": {"p1": project}})
        answer = {"name": "kind", "value": "kind", "radio_answer": {"name": job.label, "value": job.label}}
        record["projects"]["p1"]["labels"].append(
            {
                "id": f"l{job.number}", "label_kind": "Default",
                "annotations": {"objects": [], "classifications": [] if job.skipped else [answer]},
                "label_details": {"created_at": iso(job.end)[:-1] + "+00:00", "created_by": job.worker},
                "performance_details": {"seconds_to_create": (job.end - job.begin).total_seconds(),
                                        "seconds_to_review": 0, "skipped": job.skipped},
            }
        )  # fmt: skip
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records.values())


def sagemaker(rows: int) -> dict[str, str]:
    """Worker responses by the path of each file; nobody can skip."""
    files: dict[str, list[dict]] = {}
    for job in jobs(rows):
        path = f"job-é/annotations/worker-response/iteration-1/{job.item}/2026-01-05_09-00-00.json"
        files.setdefault(path, []).append(
            {
                "acceptanceTime": iso(job.begin), "submissionTime": iso(job.end), "workerId": job.worker,
                "timeSpentInSeconds": (job.end - job.begin).total_seconds(),
                "workerMetadata": {"identityData": {"identityProviderType": "Cognito", "issuer": "i", "sub": "s"}},
                "answerContent": {"crowd-classifier": {"label": job.label}},
            }
        )  # fmt: skip
    return {path: json.dumps({"answers": answers}) for path, answers in files.items()}


def cvat(rows: int) -> str:
    """Events: the client tells one when a job is opened, every 50 s, and when it is left."""
    head = ("scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,user_id,user_name,"
            "user_email,org_id,org_slug,payload\n")  # fmt: skip
    lines = []
    for job in jobs(rows):
        whole = (job.end - job.begin) // pd.Timedelta(milliseconds=1)
        for ms in [*range(0, whole, 50_000), whole]:
            at = job.begin + pd.Timedelta(milliseconds=ms)
            scope = "load:job" if ms == 0 else "save:job" if ms == whole else "change:frame"
            lines.append(
                f"{scope},,,,client,{iso(at)[:-1].replace('T', ' ')},1,0,1,1,{job.item},{job.worker},é,,,,{{}}\n"
            )
    return head + "".join(lines)


def xes(rows: int) -> str:
    """A trace an item, a start and a complete (or a skip) a judgement."""
    traces: dict[int, list[str]] = {}
    for job in jobs(rows):
        for step, at in (("start", job.begin), ("manualskip" if job.skipped else "complete", job.end)):
            traces.setdefault(job.item, []).append(
                f'<event><string key="concept:name" value="label é"/><string key="org:resource" value="{job.worker}"/>'
                f'<string key="lifecycle:transition" value="{step}"/><date key="time:timestamp" '
                f'value="{iso(at)[:-1]}+00:00"/><string key="cost" value="1"><int key="deep" value="2"/></string>'
                "</event>"
            )
    body = "".join(
        f'<trace><string key="concept:name" value="{item}"/>\n' + "\n".join(events) + "\n</trace>\n"
        for item, events in traces.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n{body}</log>\n'


def ocel(rows: int) -> str:
    """An event a judgement, of an item and a worker; nobody can skip."""
    done = list(jobs(rows))
    objects = [{"id": f"i{item}", "type": "Item é"} for item in sorted({job.item for job in done})]
    objects += [{"id": worker, "type": "Worker"} for worker in sorted({job.worker for job in done})]
    events = [
        {
            "id": f"e{job.number}", "type": "label", "time": iso(job.end),
            "attributes": [{"name": "start_time", "value": iso(job.begin)}, {"name": "label", "value": job.label}],
            "relationships": [{"objectId": f"i{job.item}", "qualifier": "of"},
                              {"objectId": job.worker, "qualifier": "by"}],
        }
        for job in done
    ]  # fmt: skip
    kinds = {"objectTypes": [{"name": "Item é"}], "eventTypes": [{"name": "label"}]}
    return json.dumps({**kinds, "objects": objects, "events": events}, ensure_ascii=False)


def event_log(rows: int) -> str:
    """A table of events with their case, activity, resource and step of life."""
    head = "case:concept:name,concept:name,org:resource,lifecycle:transition,time:timestamp,note\n"
    return head + "".join(
        f"{job.item},label,{job.worker},{step},{iso(at)},é\n"
        for job in jobs(rows)
        for step, at in (("start", job.begin), ("manualskip" if job.skipped else "complete", job.end))
    )


LAYOUTS = {
    "label-studio": label_studio,
    "prodigy": prodigy,
    "toloka": toloka,
    "prolific": prolific,
    "zooniverse": zooniverse,
    "plain": plain,
}

"""Layouts with labels, of which each judgement is one record."""


def sample(name: str, rows: int) -> bytes:
    """A file of any layout that we read, as its platform would write it."""
    if name == "sagemaker":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in sagemaker(rows).items():
                archive.writestr(path, text)
        return out.getvalue()
    return EVERY[name](rows).encode()


EVERY: dict[str, Callable[[int], str]] = {
    **LAYOUTS, "crowdflower": crowdflower, "mturk": mturk, "labelbox": labelbox, "cvat": cvat, "xes": xes, "ocel": ocel,
    "event-log": event_log,
}  # fmt: skip
"""Layouts that are one text; sagemaker is an archive of many."""

SAMPLES = (*EVERY, "sagemaker")
