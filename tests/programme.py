"""A small programme with every mechanism that leaves a mark in a log, written by hand; times in minutes.

Ten items and a test question. 0 is not sampled; 2 is found to repeat 1, 4 repeats it too and is not found, 3 is dropped
by mistake; 5 is rejected, reworked, and reviewed twice; 6 is escalated, while a label of it is under way; 7 and 8 are a
lot that is rejected, and then one that is accepted; 9 is gold; 10 waits to the end.
"""

from __future__ import annotations

from rows import CATEGORIES, Row, Rows, item_row, task_row

ENDED = 600
ROLES = {
    "dedup": "dedup",
    "model": "prelabel",
    "annotate": "annotate",
    "review": "review",
    "check": "review",
    "lots": "inspect",
    "adjudicate": "adjudicate",
}
NOBODY = (None, None)
TEAM_0, TEAM_1, CROWD_0, CROWD_1 = ("team", 0), ("team", 1), ("crowd", 0), ("crowd", 1)
REVIEWER_0, REVIEWER_1, EXPERT = ("reviewers", 0), ("reviewers", 1), ("experts", 0)


def programme() -> Rows:
    """The rows of the log."""
    return Rows(
        _items(),
        [{"consensus_ms": 0, "handoff_ms": 0} | row for row in (*_machines(), *_labels(), *_judgements())],
        _presence(),
        ENDED,
        CATEGORIES
        | {
            "segment": ["street", "night"],
            "stage": list(ROLES),
            "pool": ["team", "crowd", "reviewers", "experts"],
            "outcome": ["done", "accepted", "rejected", "returned", "expired", "surplus", "escalated"],
            "kind": ["working", "training", "absent_paid", "session", "overtime"],
        },
        dict(ROLES),
        promises={"review": 60, "adjudicate": 30},
    )


def _items() -> list[Row]:
    night = {"segment": "night"}
    return [
        item_row(0, 0, 10, None, None, "car") | {"dropped_at": 0, "dropped_as": "unsampled"},
        item_row(1, 0, 88, 88, "car", "car"),
        item_row(2, 0, None, None, None, "car") | {"duplicate_of": 1, "dropped_at": 5, "dropped_as": "duplicate"},
        item_row(3, 0, None, None, None, "car") | night | {"dropped_at": 5, "dropped_as": "duplicate"},
        item_row(4, 0, None, 120, "truck", "car") | {"duplicate_of": 1},
        item_row(5, 0, None, 100, "truck", "truck") | night,
        item_row(6, 0, None, 140, "car", "car") | night,
        item_row(7, 0, None, 130, "car", "truck") | night | {"lot": 2},
        item_row(8, 0, None, 130, "car", "car") | night | {"lot": 2},
        item_row(9, 200, None, None, None, "car") | {"gold": True, "dropped_at": 220, "dropped_as": "gold"},
        item_row(10, 500, 550, None, None, "car"),
    ]


def _machines() -> list[Row]:
    """Dedup takes eight items together at minute 3, having gathered them by minute 2; the model two."""
    rows = [task_row(item, "dedup", 0, 0, NOBODY, (0, 2, 3, 5), 2, None) for item in range(1, 9)]
    rows += [task_row(10, "dedup", 0, 0, NOBODY, (500, 500, 500, 505), 5, None)]
    suggests = {"suggestion": "car"}
    return rows + [task_row(item, "model", 0, 0, NOBODY, (5, 5, 5, 10), 5, None) | suggests for item in (1, 4)]


def _labels() -> list[Row]:
    handed = {"suggestion": "car", "handoff_ms": 2}
    return [
        task_row(1, "annotate", 0, 0, TEAM_0, (10, 12, 12, 20), 8, "car") | handed,
        task_row(1, "annotate", 0, 1, TEAM_1, (10, 12, 12, 30), 18, "car") | handed,
        task_row(4, "annotate", 0, 0, TEAM_0, (10, 12, 20, 40), 20, "truck") | handed,
        task_row(5, "annotate", 0, 0, TEAM_1, (5, 5, 30, 50), 20, "car"),
        task_row(5, "annotate", 1, 0, TEAM_1, (70, 70, 70, 80), 10, "truck"),
        task_row(6, "annotate", 0, 0, CROWD_0, (5, 5, 40, 50), 10, "car"),
        task_row(6, "annotate", 0, 1, ("crowd", None), (5, 5, None, 105), None, None, "escalated"),
        task_row(6, "annotate", 0, 2, CROWD_1, (5, 5, 55, 110), 55, "truck", "surplus"),
        task_row(7, "annotate", 0, 0, TEAM_0, (5, 5, 40, 60), 20, "car"),
        task_row(7, "annotate", 1, 0, TEAM_0, (80, 105, 110, 120), 10, "car"),
        task_row(8, "annotate", 0, 0, TEAM_1, (5, 5, 50, 65), 15, "truck"),
        task_row(8, "annotate", 1, 0, TEAM_1, (105, 105, 105, 115), 10, "car"),
        task_row(9, "annotate", 0, 0, TEAM_0, (200, 200, 200, 220), 20, "truck"),
        task_row(10, "annotate", 0, 0, ("team", None), (505, 505, None, None), None, None, None),
    ]


def _judgements() -> list[Row]:
    return [
        task_row(1, "review", 0, 0, REVIEWER_1, (20, 30, 80, 88), 8, None, "accepted") | {"consensus_ms": 10},
        task_row(4, "review", 0, 0, REVIEWER_0, (40, 40, 95, 100), 5, None, "returned"),
        task_row(4, "review", 0, 0, REVIEWER_1, (100, 100, 110, 120), 10, None, "accepted"),
        task_row(5, "review", 0, 0, REVIEWER_0, (50, 50, 60, 70), 10, None, "rejected"),
        task_row(5, "review", 1, 0, REVIEWER_0, (80, 80, 80, 90), 10, None, "accepted"),
        task_row(5, "check", 1, 0, REVIEWER_1, (90, 95, 95, 100), 5, None, "accepted") | {"handoff_ms": 5},
        task_row(7, "lots", 0, 0, REVIEWER_0, (60, 65, 70, 80), 10, None, "accepted"),
        task_row(8, "lots", 0, 0, REVIEWER_1, (65, 65, 100, 105), 5, None, "rejected"),
        task_row(8, "lots", 1, 0, REVIEWER_0, (115, 120, 120, 130), 10, None, "accepted"),
        task_row(6, "adjudicate", 0, 0, EXPERT, (105, 105, 105, 140), 35, "car"),
    ]


def _presence() -> list[Row]:
    return [
        {"pool": pool, "worker": worker, "from": start, "to": end, "kind": kind}
        for (pool, worker), start, end, kind in (
            (TEAM_0, 0, 240, "working"),
            (TEAM_0, 240, 260, "overtime"),
            (TEAM_0, 300, 360, "training"),
            (TEAM_1, 0, 240, "working"),
            (TEAM_1, 300, 420, "absent_paid"),
            (CROWD_0, 30, 90, "session"),
            (CROWD_1, 30, 115, "session"),
            (REVIEWER_0, 60, 600, "working"),
            (REVIEWER_1, 60, 600, "working"),
            (EXPERT, 0, 600, "working"),
        )
    ]
