"""The names by which tables and logs in the wild call our columns."""

from __future__ import annotations

import re

NAMES: dict[str, tuple[str, ...]] = {
    "item": ("item", "itemid", "unit", "unitid", "task", "taskid", "caseid", "case", "caseconceptname", "documentid"),
    "worker": ("worker", "workerid", "annotator", "annotatorid", "user", "userid", "resource", "orgresource"),
    "started_at": ("startedat", "starttime", "starttimestamp", "started", "startat", "start", "begin", "acceptedat"),
    "submitted_at": ("submittedat", "endtime", "endtimestamp", "submitted", "completedat", "finishedat", "finished",
                     "completetimestamp", "timetimestamp", "timestamp", "createdat", "end", "ts"),
    "posted_at": ("postedat", "enabletime", "enabletimestamp", "posted", "arrivedat"),
    "assigned_at": ("assignedat",),
    "active_seconds": ("activeseconds", "activetime", "durations", "durationseconds", "leadtime", "duration"),
    "limit_seconds": ("limitseconds", "timelimitseconds"),
    "label": ("label", "answer", "response", "annotation"),
    "gold": ("gold", "goldlabel", "truth"),
    "golden": ("golden", "isgold", "testquestion"),
    "correct": ("correct",),
    "missed": ("missed",),
    "tainted": ("tainted",),
    "outcome": ("outcome", "status"),
    "project": ("batch", "project", "projectid", "dataset", "job", "jobid"),
    "stage": ("stage", "activity", "conceptname"),
    "role": ("role", "orgrole"),
    "reviewer": ("reviewer", "reviewerid"),
    "reviewed_at": ("reviewedat", "approvedat"),
    "attempt": ("attempt", "attemptno"),
    "judgement": ("judgement", "judgementid", "judgmentid", "annotationid", "assignmentid"),
    "reward": ("reward", "pay"),
}  # fmt: skip
"""Of each of our columns the names by which it is known, the surest first."""


def bare(name: str) -> str:
    """A name without capitals, blanks and signs."""
    return re.sub(r"[\W_]+", "", name.casefold())
