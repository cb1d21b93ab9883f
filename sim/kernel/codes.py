"""The words of the plan as numbers."""

from __future__ import annotations

from ..log import DROPPED, OUTCOMES

KINDS = ("annotate", "review", "adjudicate", "work", "inspect", "prelabel", "dedup")
ANNOTATE, REVIEW, ADJUDICATE, WORK, INSPECT, PRELABEL, DEDUP = range(7)

ROUTES = ("share", "prefer", "shortest", "skill", "difficulty")
SHARE, PREFER, SHORTEST, SKILL, DIFFICULTY = range(5)

RULES = ("majority", "weighted", "lead", "posterior")
MAJORITY, WEIGHTED, LEAD, POSTERIOR = range(4)

SHIFT_ENDS = ("pause", "finish", "return")
PAUSE, FINISH, RETURN = range(3)

DISCIPLINES = ("first", "last", "due", "shortest", "fair")
FIRST, LAST, DUE, QUICKEST, FAIR = range(5)

PICKS = ("idle", "skill", "past")
LONGEST_IDLE, MOST_SKILLED, MOST_OFTEN_RIGHT = range(3)

WAYS = {
    "labelled": 0,
    "tied": 1,
    "accepted": 0,
    "rejected": 1,
    "exhausted": 2,
    "decided": 0,
    "done": 0,
    "suggested": 0,
    "kept": 0,
}
"""Place of an outcome among those of its stage."""

ON, TIED, REJECTED, EXHAUSTED = 0, 1, 1, 2
MOST_WAYS = 3

DONE, ACCEPTED, TASK_REJECTED, RETURNED, SURPLUS, ESCALATED, SKIPPED, PREEMPTED, ASKED = (
    OUTCOMES.index(name)
    for name in ("done", "accepted", "rejected", "returned", "surplus", "escalated", "skipped", "preempted", "asked")
)
UNSAMPLED, DUPLICATE, GOLD = (DROPPED.index(name) for name in ("unsampled", "duplicate", "gold"))

VISIT = 256
"""As in reference/verdicts.py."""
