"""Logs on disk: what is written comes back, and what is no log is refused by name."""

from __future__ import annotations

import csv
import json
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelcast.sim.errors import DataRefused
from labelcast.sim.kpis import kpis
from labelcast.sim.laws import check
from labelcast.sim.log import Log
from labelcast.sim.store import read_log, replications, shielded, write_log, write_tables_csv
from labelcast.sim.stored import METADATA


def equal(one: Log, other: Log) -> None:
    """Asserts that two logs are the same, dtypes and order of categories included."""
    for table in ("items", "tasks", "presence"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)
    assert one.provenance == other.provenance


def test_round_trip(trace: Any, tmp_path: Path) -> None:
    """Each replication comes back as it was, its own end included, in any order of reading."""
    logs = []
    for number in (0, 1, 5):
        trace.replication, trace.ended = number, 300 + number
        trace.items[number]["truth"] = "car"
        logs.append(trace.log())
    file = tmp_path / "new folder" / "log.parquet"
    write_log(file, iter(logs))
    assert replications(file) == [0, 1, 5]
    for number, log in reversed(list(zip((0, 1, 5), logs, strict=True))):
        again = read_log(file, number)
        equal(again, log)
        assert check(again) == []
    assert [path.name for path in file.parent.iterdir()] == ["log.parquet"]


def test_categories_come_back_in_order(trace: Any, tmp_path: Path) -> None:
    """Order of categories is meaning (stages sort by it), and categories that no row uses stay."""
    trace.categories["stage"] = ["review", "adjudicate", "prelabel", "annotate"]
    trace.categories["label"] = ["zebra", "truck", "car", ""]
    trace.roles["prelabel"] = "annotate"
    log = trace.log()
    write_log(tmp_path / "log", [log])
    again = read_log(tmp_path / "log")
    equal(again, log)
    assert list(again.tasks["stage"].cat.categories) == trace.categories["stage"]


def test_a_recorded_log(trace: Any, rows: Any, tmp_path: Path) -> None:
    """A real log has neither seed nor replication and many nulls; it, and a log without rows, come back too."""
    trace.replication = None
    for task in trace.tasks:
        task |= {"worker": None, "pool": None, "enqueued_at": None, "outcome": None}
    trace.items[3] |= {"gold": True, "segment": None, "arrived_at": None}
    trace.items[4] |= {"gold": False, "lot": 7}
    for number, log in enumerate((trace.log(), rows([], [], [], 0, replication=None).log())):
        write_log(tmp_path / str(number), [log])
        again = read_log(tmp_path / str(number))
        assert again.provenance.replication is None
        equal(again, log)


def test_a_programme(programme: Any, tmp_path: Path) -> None:
    """Drops, lots, parts of waits and promises come back; a file without promises has none."""
    log = programme.log()
    write_log(tmp_path / "log", [log])
    again = read_log(tmp_path / "log")
    equal(again, log)
    assert again.provenance.promises == {"review": 3_600_000, "adjudicate": 1_800_000}
    _damage_metadata(tmp_path / "log", lambda about: about["provenance"].pop("promises"))
    assert read_log(tmp_path / "log").provenance.promises == {}


def test_bytes_depend_on_the_logs_only(trace: Any, tmp_path: Path) -> None:
    """Writing equal logs twice, at other times and places, gives equal bytes; another log gives others."""
    write_log(tmp_path / "one", [trace.log()])
    time.sleep(1.1)  # a time stamp in seconds would show
    write_log(tmp_path / "elsewhere" / "two", [trace.log()])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "elsewhere" / "two").read_bytes()
    trace.tasks[3]["active_ms"] -= 1
    write_log(tmp_path / "three", [trace.log()])
    assert (tmp_path / "one").read_bytes() != (tmp_path / "three").read_bytes()


def test_nothing_half_written(trace: Any, tmp_path: Path) -> None:
    """When the logs stop coming with an error, the file that was there stays, and nothing else is left."""
    file = tmp_path / "log.parquet"
    write_log(file, [trace.log()])
    before = file.read_bytes()

    def breaking() -> Any:
        yield trace.log()
        raise RuntimeError("the run broke")

    with pytest.raises(RuntimeError, match="the run broke"):
        write_log(file, breaking())
    stranger = trace.log()
    trace.categories["label"] = ["truck", "car"]
    with pytest.raises(AssertionError, match="replications of one run"):
        write_log(file, [stranger, trace.log()])
    with pytest.raises(AssertionError, match="no log to write"):
        write_log(file, [])
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def _damage_metadata(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[METADATA])
    change(about)
    pq.write_table(table.replace_schema_metadata({METADATA: json.dumps(about).encode()}), path)


def _swap(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    pq.write_table(change(pq.read_table(path)), path)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "absent": (lambda path: path.unlink(), "there is no such file"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "it is no Parquet file, or only a part of one"),
    "empty": (lambda path: path.write_bytes(b""), "it is no Parquet file, or only a part of one"),
    "text": (lambda path: path.write_text("a,b\n1,2\n"), "it is no Parquet file, or only a part of one"),
    "truncated": (
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        "it is no Parquet file, or only a part of one",
    ),
    "another Parquet file": (
        lambda path: pq.write_table(pa.table({"a": [1]}), path),
        "it is a Parquet file of another kind",
    ),
    "metadata of another shape": (lambda path: _damage_metadata(path, lambda a: a.pop("provenance")), "'provenance'"),
    "an unknown field": (
        lambda path: _damage_metadata(path, lambda a: a["provenance"].update(mood=1)),
        "its metadata are damaged",
    ),
    "a vocabulary missing": (lambda path: _damage_metadata(path, lambda a: a["categories"].pop("stage")), "'stage'"),
    "a newer layout": (
        lambda path: _damage_metadata(path, lambda a: a.update(format=9)),
        "its layout is version 9; this labelcast reads version 5",
    ),
    "a column missing": (lambda path: _swap(path, lambda t: t.drop(["ready_at"])), "it lacks the columns ready_at"),
    "a column of another type": (
        lambda path: _swap(
            path, lambda t: t.set_column(t.schema.names.index("round"), "round", t.column("round").cast(pa.float64()))
        ),
        "columns have the wrong type: round (double, not int64)",
    ),
    "a name out of vocabulary": (
        lambda path: _damage_metadata(path, lambda a: a["categories"].update(label=["car"])),
        "items.final_label has values that are none of its categories",
    ),
    "a name twice in a vocabulary": (
        lambda path: _damage_metadata(path, lambda a: a["categories"].update(label=["car", "truck", "car"])),
        "unique",
    ),
    "a row without its item": (
        lambda path: _swap(
            path, lambda t: t.set_column(t.schema.names.index("item"), "item", pa.nulls(len(t), pa.int64()))
        ),
        "items.item has rows without a value",
    ),
    "no row of the run": (
        lambda path: _swap(path, lambda t: t.slice(1)),
        'replication 0 must have one row of table "run", with its end',
    ),
    "rows of two replications mixed": (
        lambda path: _swap(
            path, lambda t: pa.concat_tables([t, t.set_column(0, "replication", pa.array([1] * len(t)))])
        ),
        "its rows are not grouped by replication",
    ),
    "data flipped": (
        lambda path: path.write_bytes((b := path.read_bytes())[:4] + bytes(255 - byte for byte in b[4:400]) + b[400:]),
        "",
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_no_log(trace: Any, tmp_path: Path, name: str) -> None:
    """A file that is no log, or a damaged one, is refused with its name and the reason, never read in part."""
    file = tmp_path / "log.parquet"
    write_log(file, [trace.log()])
    damage, expected = DAMAGE[name]
    damage(file)
    with pytest.raises(DataRefused) as refused:
        read_log(file)
    assert str(file) in str(refused.value)
    assert expected in str(refused.value)


def test_any_flipped_bit(trace: Any, tmp_path: Path) -> None:
    """A bit flipped anywhere ends in a refusal or a log, never in another error; in the data, never in other data."""
    file, log = tmp_path / "log.parquet", trace.log()
    write_log(file, [log])
    whole = file.read_bytes()
    footer = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    chance = random.Random(7)
    refused = 0
    for _ in range(400):
        flipped = bytearray(whole)
        place = chance.randrange(len(whole))
        flipped[place] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        try:
            again = read_log(file)
        except DataRefused:
            refused += 1
        else:
            if place < footer:
                equal(again, log)
    assert refused > 200


def test_no_such_replication(trace: Any, tmp_path: Path) -> None:
    """Asking for a replication that is not there says which are."""
    write_log(tmp_path / "log", [trace.log()])
    with pytest.raises(DataRefused, match=r"no replication 3 \(there are: 0 to 0\)"):
        read_log(tmp_path / "log", 3)


def test_a_large_log_is_small(many: Log, tmp_path: Path) -> None:
    """30,000 tasks are written in less than 2 MB, and read and measured the same."""
    write_log(tmp_path / "log", [many])
    again = read_log(tmp_path / "log")
    assert (tmp_path / "log").stat().st_size < 2_000_000
    assert repr(kpis(again, None)) == repr(kpis(many, None))


def test_csv(trace: Any, tmp_path: Path) -> None:
    """CSV files hold every row, empty cells for null, and no cell that a spreadsheet would run."""
    trace.categories["label"] = ["=cmd|' /C calc'!A0", "@truck"]
    for row in [*trace.items, *trace.tasks]:
        for column in ("final_label", "truth", "label"):
            if row.get(column):
                row[column] = trace.categories["label"][row[column] == "truck"]
    trace.items[0]["arrived_at"] = -5
    log = trace.log()
    folder = tmp_path / "tables"
    write_tables_csv(folder, log)
    assert sorted(path.name for path in folder.iterdir()) == [
        "items.csv",
        "presence.csv",
        "provenance.json",
        "tasks.csv",
    ]
    with (folder / "items.csv").open(newline="") as file:
        items = list(csv.DictReader(file))
    assert [int(row["item"]) for row in items] == list(range(10))
    assert items[0]["arrived_at"] == "-300000"  # a number stays one
    assert items[0]["final_label"] == "'=cmd|' /C calc'!A0"
    assert items[4]["truth"] == "'@truck"
    assert items[9]["delivered_at"] == items[9]["final_label"] == items[9]["gold"] == ""
    with (folder / "tasks.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 20
    assert json.loads((folder / "provenance.json").read_text())["roles"] == trace.roles
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    write_tables_csv(folder, log)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_shielded() -> None:
    """Only what starts like a formula changes; two names that differ stay two cells."""
    assert [shielded(text) for text in ("=1", "+1", "-1", "@a", "\tx", "\rx", "a=b", "", "'=1")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\tx",
        "'\rx",
        "a=b",
        "",
        "'=1",
    ]
