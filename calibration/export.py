"""A log as a platform's own export: what a round trip calibrates, and the sample that the demo reads.

Only tasks of the annotating stage are written, as platforms know no other. Cells are data for machines: they are quoted
as CSV demands, and not altered against spreadsheets' formulas.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from ..sim.files import whole
from ..sim.log import Log

Format = Literal["crowdflower", "mturk"]

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()  # noqa: SIM905


def write_export(log: Log, path: Path, *, format: Format = "crowdflower", units_per_page: int = 1) -> None:
    """Writes finished annotate tasks of `log` to `path`, gzipped when its name ends in .gz; whole or not at all.

    units_per_page: consecutive tasks of a worker that share a page and so a start and a submit (CrowdFlower; an MTurk
    assignment is one task). Stamps are whole seconds, CrowdFlower's in UTC and MTurk's in Pacific time. Test questions
    are the items whose `gold` is true. Equal logs give equal bytes.
    """
    table = TABLES[format](_judgements(log, units_per_page))
    out = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if format == "mturk" else csv.QUOTE_MINIMAL
    writer = csv.writer(out, quoting=quoting, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.itertuples(index=False, name=None))
    data = out.getvalue().encode()
    with whole(path) as part:
        part.write_bytes(gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data)


def _judgements(log: Log, units_per_page: int) -> pd.DataFrame:
    """Finished labels in the order of items: item, worker, started, submitted, posted (UTC), label, truth, gold."""
    stages = [name for name, kind in log.provenance.roles.items() if kind == "annotate"]
    tasks = log.tasks[log.tasks["stage"].isin(stages) & log.tasks["finished_at"].notna() & log.tasks["label"].notna()]
    tasks = tasks.assign(pool=tasks["pool"].astype(str), label=tasks["label"].astype(str))
    tasks = tasks.sort_values(["pool", "worker", "started_at", "finished_at", "item"], ignore_index=True)
    workers = tasks.groupby(["pool", "worker"])
    page = workers.ngroup() * (len(tasks) + 1) + workers.cumcount() // units_per_page
    stamps = tasks.groupby(page).agg(started=("started_at", "min"), submitted=("finished_at", "max"))
    items = log.items.set_index("item")
    origin = pd.Timestamp(log.provenance.moment).tz_convert("UTC")

    def moment(ms: pd.Series[int]) -> pd.Series[pd.Timestamp]:
        return (origin + pd.to_timedelta(ms.astype("int64"), unit="ms")).dt.floor("s")

    frame = pd.DataFrame(
        {
            "item": tasks["item"],
            "worker": tasks["pool"] + "-" + tasks["worker"].astype(str),
            "started": moment(page.map(stamps["started"])),
            "submitted": moment(page.map(stamps["submitted"])),
            "posted": moment(tasks["item"].map(items["arrived_at"])),
            "label": tasks["label"],
            "truth": tasks["item"].map(items["truth"].astype(object)),
            "gold": tasks["item"].map(items["gold"]).fillna(False).astype(bool),
        }
    )
    return frame.sort_values(["item", "submitted", "worker"], ignore_index=True)


def _crowdflower(judgements: pd.DataFrame) -> pd.DataFrame:
    gold = judgements["gold"]
    missed = gold & (judgements["label"] != judgements["truth"])
    tests = judgements[gold].assign(right=~missed[gold]).groupby("worker")["right"].mean()
    return pd.DataFrame(
        {
            "_unit_id": 100_000_000 + judgements["item"],
            "_created_at": _american(judgements["submitted"]),
            "_golden": np.where(gold, "true", "false"),
            "_id": 1_000_000_000 + np.arange(len(judgements)),
            "_missed": np.where(missed, "true", ""),
            "_started_at": _american(judgements["started"]),
            "_tainted": "false",
            "_channel": "labelcast",
            "_trust": judgements["worker"].map(tests).fillna(1.0).round(4),
            "_worker_id": judgements["worker"],
            "_country": "",
            "_region": "",
            "_city": "",
            "_ip": "",
            "label": judgements["label"],
            "item": judgements["item"],
            "label_gold": judgements["truth"].where(gold, ""),
        }
    )


def _mturk(judgements: pd.DataFrame) -> pd.DataFrame:
    number = np.arange(len(judgements))
    seconds = (judgements["submitted"] - judgements["started"]).dt.total_seconds().astype("int64")
    return pd.DataFrame(
        {
            "HITId": [f"3{item:029d}" for item in judgements["item"]],
            "HITTypeId": "3LABELCAST",
            "Title": "Label the item",
            "Reward": "$0.05",
            "CreationTime": _java(judgements["posted"]),
            "MaxAssignments": judgements.groupby("item")["item"].transform("size"),
            "AssignmentId": [f"3A{one:028d}" for one in number],
            "WorkerId": judgements["worker"],
            "AssignmentStatus": "Approved",
            "AcceptTime": _java(judgements["started"]),
            "SubmitTime": _java(judgements["submitted"]),
            "WorkTimeInSeconds": seconds,
            "Input.item": judgements["item"],
            "Answer.label": judgements["label"],
            "Approve": "",
            "Reject": "",
        }
    )


TABLES: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"crowdflower": _crowdflower, "mturk": _mturk}


def _american(stamps: pd.Series[pd.Timestamp]) -> list[str]:
    return [f"{t.month}/{t.day}/{t.year} {t.hour:02d}:{t.minute:02d}:{t.second:02d}" for t in stamps]


def _java(stamps: pd.Series[pd.Timestamp]) -> list[str]:
    local = stamps.dt.tz_convert("America/Los_Angeles")
    return [
        f"{WEEKDAYS[t.weekday()]} {MONTHS[t.month - 1]} {t.day:02d} {t.hour:02d}:{t.minute:02d}:{t.second:02d} "
        f"{t.tzname()} {t.year}"
        for t in local
    ]
