"""Generated exports in the layouts that platforms document: what a team of workers did, written as each would."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
    return "".join(json.dumps(line) + "\n" for line in lines)


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


LAYOUTS = {
    "label-studio": label_studio,
    "prodigy": prodigy,
    "toloka": toloka,
    "prolific": prolific,
    "zooniverse": zooniverse,
    "plain": plain,
}
